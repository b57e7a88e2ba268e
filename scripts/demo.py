"""`make demo`: a session on a sandbox exchange, told in the terminal, then the contract test.

Everything goes the way that a user's program goes: the facade, HTTP, a server that keeps state.
"""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterable
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from coinbtr import (
    CoinBTR,
    CoinBTRError,
    InferredOperationWarning,
    Order,
    OrderBook,
    PriceLevel,
    Refused,
)
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer

BOOK = "btc-mxn"
BAR = 30
console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)


def main() -> int:
    """Play the session and run the contract test; gives the exit status of the worse of both."""
    with SandboxServer(Sandbox(seed=2018)) as server:
        console.print(f"[bold]SANDBOX[/] a play-money exchange listens on {server.base_url}")
        with CoinBTR(
            token=server.sandbox.token, base_url=server.base_url, allow_withdrawals=True
        ) as exchange:
            play(exchange)
        return check(server)


def play(exchange: CoinBTR) -> None:
    """One session: look, trade, cancel, withdraw, be refused, count."""
    title("The books", "exchange.market.books()")
    show(
        ("book", "price step", "amount step", "least value", "maker", "taker"),
        [
            (
                book.name,
                *map(number, (book.price_step, book.amount_step, book.min_value)),
                *(f"{100 * fee:.2f} %" for fee in (book.maker_fee, book.taker_fee)),
            )
            for book in exchange.market.books()
        ],
    )

    title("The ticker", f'exchange.market.ticker("{BOOK}")')
    ticker = exchange.market.ticker(BOOK)
    prices = (ticker.last, ticker.bid, ticker.ask, ticker.high, ticker.low, ticker.volume)
    show(("last", "bid", "ask", "24 h high", "24 h low", "24 h volume"), [map(number, prices)])

    title("The order book", f'exchange.market.order_book("{BOOK}", limit=8)')
    depth(book := exchange.market.order_book(BOOK, limit=8))

    title("What we have", "exchange.wallet.balances()")
    balances(exchange)

    title("Buy at the best ask, sell at the best bid", "exchange.trading.buy_limit, .sell_limit")
    bought = exchange.trading.buy_limit(BOOK, amount="0.05", price=book.best_ask.price)
    sold = exchange.trading.sell_limit(BOOK, amount="0.02", price=book.best_bid.price)
    orders([bought, sold])
    console.print("both met resting orders; the trades, from exchange.trading.transactions()")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InferredOperationWarning)
        trades = exchange.trading.transactions(BOOK)
    for warning in caught:
        console.print(f"[yellow]{warning.category.__name__}[/]: {warning.message}")
    show(
        ("trade", "order", "side", "price", "amount", "value", "fee", "as"),
        [
            (
                str(trade.id),
                str(trade.order_id),
                str(trade.side),
                *map(number, (trade.price, trade.amount, trade.value)),
                f"{number(trade.fee_amount)} {trade.fee_coin}",
                str(trade.filled_as),
            )
            for trade in trades
            if trade.order_id in (bought.id, sold.id)
        ],
    )

    title("An order that waits, and is cancelled", "exchange.trading.cancel(order)")
    waiting = exchange.trading.buy_limit(BOOK, amount="0.01", price=book.bids[-1].price)
    orders(exchange.trading.open_orders(BOOK))
    exchange.trading.cancel(waiting)
    console.print(f"cancelled; open orders left: {len(exchange.trading.open_orders(BOOK))}")

    title("A withdrawal", 'exchange.wallet.withdraw("btc", address=…, amount="0.001")')
    sent = exchange.wallet.withdraw(
        "btc", address="2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG", amount="0.001"
    )
    console.print(f"{sent.status} at {sent.date:%H:%M:%S} UTC, txid {sent.txid}")

    title("An order that the exchange refuses", 'exchange.trading.buy_limit(…, amount="99", …)')
    refused(exchange, amount="99", price=book.best_ask.price)

    title("A price that can't be exact", "exchange.trading.buy_limit(…, price=0.1 + 0.2)")
    refused(exchange, amount="0.01", price=0.1 + 0.2)

    title("What we have now", "exchange.wallet.balances()")
    balances(exchange)


def refused(exchange: CoinBTR, *, amount: str, price: Decimal | float) -> None:
    """Try an order that can't be placed, and show the error that says so."""
    try:
        exchange.trading.buy_limit(BOOK, amount=amount, price=price)  # type: ignore[arg-type]  # a float, on purpose
    except CoinBTRError as error:
        status = f", HTTP {error.status}, {error.code}" if isinstance(error, Refused) else ""
        console.print(f"[bold red]{type(error).__name__}[/]{status}: {error.message}")
    else:
        raise SystemExit("an order was placed that should have been refused")


def check(server: SandboxServer) -> int:
    """Run the contract test's short profile on the server that was just traded on."""
    title("Does this server keep to the description?", "coinbtr contract URL --profile quick")
    command = [sys.executable, "-m", "coinbtr.cli", "contract", server.base_url]
    tokens = {
        "COINBTR_TOKEN": server.sandbox.token,
        "COINBTR_OTHER_TOKEN": server.sandbox.other_token,
    }
    status = subprocess.run(
        [*command, "--profile", "quick"],
        env=os.environ | tokens,
        check=False,
    ).returncode
    if status == 0:
        console.print(
            "\n[bold]What to try next[/]\n"
            "  .venv/bin/coinbtr sandbox          an exchange on a port, with a curl line to try\n"
            "  README.md                          the same session in ten lines of Python\n"
            "  docs/rulings.md                    what was decided about the API, and why\n"
            "  make help                          everything else"
        )
    return status


def title(text: str, call: str) -> None:
    """Begin a scene: what happens, and the call that does it."""
    console.print(f"\n[bold cyan]{text}[/]  [dim]{call}[/]")


def show(header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table, its first column to the left and the others to the right."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for position, name in enumerate(header):
        table.add_column(name, justify="right" if position else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def number(value: Decimal | None) -> str:
    """A number without exponent, grouped by thousands, without zeros that say nothing."""
    if value is None:
        return "–"
    whole, _, fraction = f"{value:,f}".partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"


def depth(book: OrderBook) -> None:
    """Draw the order book: asks, the spread, bids, with a bar for the amount of each level."""
    most = max(level.amount for level in (*book.asks, *book.bids))

    def draw(levels: Iterable[PriceLevel], colour: str) -> None:
        for level in levels:
            bar = "█" * max(1, round(BAR * level.amount / most))
            console.print(
                f"{number(level.price):>16} {number(level.amount):>12} [{colour}]{bar}[/]"
            )

    draw(reversed(book.asks), "red")
    console.print(f"[dim]{number(book.spread):>16}       spread[/]")
    draw(book.bids, "green")


def balances(exchange: CoinBTR) -> None:
    """Print the balances that aren't zero."""
    show(
        ("coin", "available", "in orders", "pending", "total"),
        [
            (held.coin, *map(number, (held.available, held.frozen, held.pending, held.total)))
            for held in exchange.wallet.balances()
            if held.total
        ],
    )


def orders(placed: Iterable[Order]) -> None:
    """Print orders as they stand."""
    show(
        ("order", "side", "price", "amount", "filled", "state"),
        [
            (
                str(order.id),
                str(order.side),
                *map(number, (order.price, order.amount, order.filled)),
                "open" if order.is_open else "closed",
            )
            for order in placed
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
