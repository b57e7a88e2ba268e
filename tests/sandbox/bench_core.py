"""What the core costs: its book against a book of forty lines, the whole exchange against its book.

`python -m tests.sandbox.bench_core` prints CPU per operation and the ratios, which hold from
machine to machine; single figures don't.
"""

import gc
import sys
from collections.abc import Callable, Iterable
from random import Random
from time import process_time
from typing import Final, NamedTuple

from coinbtr.sandbox.core.book import OrderBook
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import BUY, SELL, Order, Side
from coinbtr.sandbox.core.units import SCALE
from tests.sandbox.reference_book import ReferenceBook

OPERATIONS: Final = 100_000
MARKET: Final = "BTC-MXN"
MIDDLE: Final = 100_000
TRADERS: Final = 8


class Placing(NamedTuple):
    """A limit order of the stream; its number is its place among the orders."""

    trader: int
    side: Side
    amount: int
    price: int


Stream = list[Placing | int]
"""Orders, and for cancellations the numbers of earlier orders (which may be filled by then)."""


def stream(length: int, seed: int = 1, cancels: float = 0.3) -> Stream:
    """Draw limit orders around one price, and cancellations among them."""
    rng = Random(seed)
    made: Stream = []
    placed = 0
    for _ in range(length):
        if placed and rng.random() < cancels:
            made.append(rng.randrange(max(0, placed - 2_000), placed))
            continue
        side = rng.choice((BUY, SELL))
        away = int(rng.gauss(30, 60))
        price = MIDDLE - away if side is BUY else MIDDLE + away
        amount = rng.randint(1, 100) * SCALE // 1000
        # A pool for each side: no order meets one of its own account.
        trader = rng.randrange(TRADERS) * 2 + (1 if side is BUY else 2)
        made.append(Placing(trader, side, amount, price * SCALE))
        placed += 1
    return made


def run_reference(operations: Iterable[Placing | int]) -> None:
    """Run a stream through the book of forty lines."""
    book, number = ReferenceBook(), 0
    for operation in operations:
        if isinstance(operation, int):
            if operation in book.placed:
                book.cancel(operation)
        else:
            _, side, amount, price = operation
            book.place(number, 1 if side is BUY else -1, amount, price)
            number += 1


def run_book(operations: Iterable[Placing | int]) -> None:
    """Run a stream through the exchange's own book."""
    book = OrderBook()
    orders: list[Order] = []
    for operation in operations:
        if isinstance(operation, int):
            order = orders[operation]
            if order.left:
                (book.bids if order.side is BUY else book.asks).remove(order)
                order.left = 0
            continue
        trader, side, amount, price = operation
        own, other = (book.bids, book.asks) if side is BUY else (book.asks, book.bids)
        order = Order(len(orders), trader, MARKET, side, price, amount, 0, 0)
        orders.append(order)
        fills = other.plan(trader, price, amount)
        if fills:
            order.left -= other.take(fills)
        if order.left:
            own.add(order)


def run_exchange(operations: Iterable[Placing | int]) -> None:
    """Run a stream through validation, ledger, fees, records and statistics."""
    exchange = funded()
    place, cancel = exchange.trading.place, exchange.trading.cancel
    orders: list[Order] = []
    now_ms = 0
    for operation in operations:
        now_ms += 10
        if isinstance(operation, int):
            order = orders[operation]
            if order.is_open:
                cancel(order.account_id, order.id, order.side)
        else:
            trader, side, amount, price = operation
            orders.append(place(trader, MARKET, side, amount=amount, price=price, now_ms=now_ms))


def funded() -> Exchange:
    """An exchange with rich traders and empty books."""
    exchange = Exchange()
    for number in range(1, 2 * TRADERS + 1):
        account = exchange.open_account(f"trader{number}", "", now_ms=0)
        for coin in ("BTC", "MXN"):
            exchange.wallets.deposit(account.id, coin, 10**20, now_ms=0, confirmed=True)
    return exchange


def cpu(run: Callable[[Stream], None], operations: Stream, rounds: int = 3) -> float:
    """Measure the CPU of one operation in microseconds, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        start = process_time()
        run(operations)
        best = min(best, process_time() - start)
    return best * 1e6 / len(operations)


def with_resting(count: int) -> float:
    """Measure a stream over a book in which so many orders rest already, far from its prices."""
    exchange = funded()
    for number in range(count):
        side = BUY if number % 2 else SELL
        away = 2_000 + number % 10_000
        price = (MIDDLE - away if side is BUY else MIDDLE + away) * SCALE
        trader = 1 if side is BUY else 2
        exchange.trading.place(trader, MARKET, side, amount=SCALE // 1000, price=price, now_ms=0)
    operations = stream(20_000)
    orders: list[Order] = []
    gc.collect()
    start = process_time()
    for operation in operations:
        if isinstance(operation, int):
            order = orders[operation]
            if order.is_open:
                exchange.trading.cancel(order.account_id, order.id, order.side)
        else:
            trader, side, amount, price = operation
            orders.append(
                exchange.trading.place(trader, MARKET, side, amount=amount, price=price, now_ms=0)
            )
    return (process_time() - start) * 1e6 / len(operations)


def main() -> int:
    """Measure and print."""
    operations = stream(OPERATIONS)
    reference, book, exchange = (
        cpu(run, operations) for run in (run_reference, run_book, run_exchange)
    )
    print(f"book of forty lines  {reference:6.2f} µs")
    print(f"the exchange's book  {book:6.2f} µs  {reference / book:.2f} of its speed")
    print(f"whole exchange       {exchange:6.2f} µs  {exchange / book:.2f} times the book's cost")
    for count in (1_000, 20_000, 200_000):
        print(f"with {count:7,} resting  {with_resting(count):6.2f} µs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
