"""Commands of trading: limit orders and the account's own trades."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coinbtr.cli.arguments import (
    All,
    Amount,
    Book,
    Limit,
    Offset,
    OnlyBook,
    OrderId,
    Price,
    TransactionId,
)
from coinbtr.cli.commands import Commands

if TYPE_CHECKING:
    from coinbtr.cli.desk import Desk

trading = Commands("Trading")


@trading.moves(
    "buy",
    "coinbtr buy btc-mxn --amount 0.01 --price 900000 --dry-run",
    "coinbtr buy btc-mxn --amount 0.01 --price 900000 --yes --output json",
)
def buy(desk: "Desk", book: Book = None, *, amount: Amount, price: Price) -> Any:
    """Place an order to buy at a price or less; it is never sent twice."""
    from coinbtr.cli import plans

    return plans.order(desk, "BUY", desk.book(book), amount, price)


@trading.moves("sell", "coinbtr sell btc-mxn --amount 0.01 --price 1100000")
def sell(desk: "Desk", book: Book = None, *, amount: Amount, price: Price) -> Any:
    """Place an order to sell at a price or more; it is never sent twice."""
    from coinbtr.cli import plans

    return plans.order(desk, "SELL", desk.book(book), amount, price)


@trading.moves("cancel", "coinbtr cancel 42 43", "coinbtr cancel --all --book btc-mxn --yes")
def cancel(
    desk: "Desk",
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="[ID]...", help="Ids of open orders.", show_default=False),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", "-a", help="All open orders.")] = False,
    book: Annotated[
        str | None, typer.Option(help="With --all: only this book's.", show_default=False)
    ] = None,
) -> Any:
    """Cancel open orders; what was traded stays traded."""
    from coinbtr.cli import cancelling

    return cancelling.plan(desk, ids or [], every=every, book=book)


@trading.reads("orders", "coinbtr orders", "coinbtr orders btc-mxn --watch", of="Order")
def orders(
    desk: "Desk",
    book: OnlyBook = None,
    *,
    limit: Limit = 50,
    offset: Offset = 0,
    every: All = False,
) -> Any:
    """The account's open orders, newest first."""
    if every:
        return desk.all_of(desk.exchange.trading.iter_open_orders(book), "orders")
    return desk.exchange.trading.open_orders(book, limit=limit, offset=offset)


@trading.reads("order", "coinbtr order 42")
def order(
    desk: "Desk",
    id: OrderId,  # noqa: A002 - it names the argument
) -> Any:
    """One open order."""
    return desk.exchange.trading.open_order(id)


@trading.reads(
    "transactions", "coinbtr transactions", "coinbtr transactions --all -o csv", of="Transaction"
)
def transactions(
    desk: "Desk",
    book: OnlyBook = None,
    *,
    limit: Limit = 50,
    offset: Offset = 0,
    every: All = False,
) -> Any:
    """The account's own trades, newest first."""
    if every:
        return desk.all_of(desk.exchange.trading.iter_transactions(book), "transactions")
    return desk.exchange.trading.transactions(book, limit=limit, offset=offset)


@trading.reads("transaction", "coinbtr transaction 7")
def transaction(
    desk: "Desk",
    id: TransactionId,  # noqa: A002 - it names the argument
) -> Any:
    """One of the account's own trades."""
    return desk.exchange.trading.transaction(id)
