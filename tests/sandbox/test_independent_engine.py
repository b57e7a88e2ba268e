"""The exchange fills orders as engines do that know nothing of it: same price, amount and order.

20,000 operations here; `make engines` runs 300,000.
"""

import os
from collections.abc import Callable, Iterable

import pytest
from lightmatchingengine import lightmatchingengine as light

from coinbtr.sandbox.core.book import BookSide
from coinbtr.sandbox.core.orders import BUY, Order
from scripts.bench.reference_book import ReferenceBook
from scripts.bench.stream import MARKET, Placing, funded, stream

OPERATIONS = int(os.environ.get("COINBTR_ENGINE_OPERATIONS", "20000"))

Fill = tuple[int, int, int, int]
"""Taker, maker, price and amount; an order's number is its place in the stream, from 1."""

Operations = Iterable[Placing | int]


def ours(operations: Operations) -> list[Fill]:
    """What the whole exchange fills."""
    exchange = funded()
    orders: list[Order] = []
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
    return [
        (trade.taker_order, trade.maker_order, trade.price, trade.amount)
        for trade in exchange.trading.days[MARKET]
    ]


def lightmatchingengine(operations: Operations) -> list[Fill]:
    """What the engine of the package `lightmatchingengine` fills."""
    engine = light.LightMatchingEngine()
    orders: list[light.Order] = []
    fills: list[Fill] = []
    for operation in operations:
        if isinstance(operation, int):
            if orders[operation].leaves_qty:
                assert engine.cancel_order(orders[operation].order_id, MARKET) is not None
            continue
        _, side, amount, price = operation
        sign = light.Side.BUY if side is BUY else light.Side.SELL
        order, trades = engine.add_order(MARKET, price, amount, sign)
        orders.append(order)
        # It tells a taker's part of each level first, and then the makers' parts.
        fills += [
            (order.order_id, trade.order_id, trade.trade_price, trade.trade_qty)
            for trade in trades
            if trade.order_id != order.order_id
        ]
    return fills


def book_of_forty_lines(operations: Operations) -> list[Fill]:
    """What the reference book of these tests fills."""
    book, number = ReferenceBook(), 0
    fills: list[Fill] = []
    for operation in operations:
        if isinstance(operation, int):
            if operation + 1 in book.placed:
                book.cancel(operation + 1)
            continue
        _, side, amount, price = operation
        number += 1
        met = book.place(number, 1 if side is BUY else -1, amount, price)
        fills += [(number, *fill) for fill in met]
    return fills


@pytest.mark.parametrize("engine", [lightmatchingengine, book_of_forty_lines])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_stream_gives_the_same_fills(
    engine: Callable[[Operations], list[Fill]], seed: int
) -> None:
    """Limit orders and cancellations at random: who met whom, at which price, with how much."""
    operations = stream(OPERATIONS, seed)
    expected = engine(operations)
    assert len(expected) > OPERATIONS // 5
    assert ours(operations) == expected


def test_another_priority_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book that serves the newest order of a price first fills differently."""
    add = BookSide.add

    def jump(self: BookSide, order: Order) -> None:
        add(self, order)
        self._levels[self._sign * order.price].move_to_end(order.id, last=False)

    monkeypatch.setattr(BookSide, "add", jump)
    operations = stream(2_000)
    assert ours(operations) != lightmatchingengine(operations)
