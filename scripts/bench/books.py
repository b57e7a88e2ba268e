"""Feeds the stream to our order book and to those of others, each through its own interface."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from coinbtr.sandbox.core.book import OrderBook
from coinbtr.sandbox.core.orders import BUY, Order
from coinbtr.sandbox.core.units import SCALE
from scripts.bench.reference_book import ReferenceBook
from scripts.bench.stream import MARKET, Stream


def reference(operations: Stream) -> int:
    """Feed the reference."""
    book, number = ReferenceBook(), 0
    for operation in operations:
        if isinstance(operation, int):
            if operation in book.placed:
                book.cancel(operation)
        else:
            _, side, amount, price = operation
            book.place(number, 1 if side is BUY else -1, amount, price)
            number += 1
    return len(operations)


def ours(operations: Stream) -> int:
    """Feed the sandbox's book, as its trading desk does."""
    book = OrderBook()
    bids, asks = book.bids, book.asks
    orders: list[Order] = []
    for operation in operations:
        if isinstance(operation, int):
            order = orders[operation]
            if order.left:
                (bids if order.side is BUY else asks).remove(order)
                order.left = 0
            continue
        trader, side, amount, price = operation
        own, other = (bids, asks) if side is BUY else (asks, bids)
        order = Order(len(orders), trader, MARKET, side, price, amount, 0, 0)
        orders.append(order)
        fills = other.plan(trader, price, amount)
        if fills:
            order.left -= other.take(fills)
        if order.left:
            own.add(order)
    return len(operations)


def akhil4n(operations: Stream) -> int:
    """Feed akhil4n-orderbook."""
    import orderbook  # type: ignore[import-not-found]

    book, ids = orderbook.OrderBook(), list[str]()
    for operation in operations:
        if isinstance(operation, int):
            book.cancel_order(ids[operation])
            continue
        _, side, amount, price = operation
        named = orderbook.OrderSide.BID if side is BUY else orderbook.OrderSide.ASK
        order = orderbook.Order(named, price, amount)
        book.add_limit_order(order)
        ids.append(order.order_id)
    return len(operations)


def pyorderbook(operations: Stream) -> int:
    """Feed pyorderbook."""
    import pyorderbook as engine  # type: ignore[import-not-found]

    book, orders = engine.Book(), list[Any]()
    for operation in operations:
        if isinstance(operation, int):
            if book.get_order(orders[operation].id) is not None:
                book.cancel(orders[operation])
            continue
        _, side, amount, price = operation
        order = (engine.bid if side is BUY else engine.ask)(MARKET, price, amount)
        orders.append(order)
        book.match(order)
    return len(operations)


def lightmatchingengine(operations: Stream) -> int:
    """Feed lightmatchingengine."""
    from lightmatchingengine.lightmatchingengine import LightMatchingEngine, Side

    engine, orders = LightMatchingEngine(), list[Any]()
    for operation in operations:
        if isinstance(operation, int):
            if orders[operation].leaves_qty:
                engine.cancel_order(orders[operation].order_id, MARKET)
            continue
        _, side, amount, price = operation
        order, _ = engine.add_order(MARKET, price, amount, Side.BUY if side is BUY else Side.SELL)
        orders.append(order)
    return len(operations)


def fastlob(operations: Stream) -> int:
    """Feed fastlob."""
    import fastlob as engine  # type: ignore[import-not-found]

    book, ids = engine.Orderbook(start=False), list[str]()
    # Its own start makes a thread that looks for expired orders all the time.
    book._start_time, book._alive = 0, True  # noqa: SLF001
    for operation in operations:
        if isinstance(operation, int):
            # On such streams it loses levels that still hold orders, and fails to cancel those.
            with suppress(KeyError):
                book.cancel(ids[operation])
            continue
        _, side, amount, price = operation
        named = engine.OrderSide.BID if side is BUY else engine.OrderSide.ASK
        # It takes small numbers only.
        params = engine.OrderParams(named, price // SCALE, amount * 1000 // SCALE)
        ids.append(book.process(params).orderid())
    return len(operations)


ENGINES: Mapping[str, Callable[[Stream], int]] = {
    "akhil4n-orderbook": akhil4n,
    "pyorderbook": pyorderbook,
    "lightmatchingengine": lightmatchingengine,
    "fastlob": fastlob,
}
"""Pure-Python engines from PyPI, by the names of their packages."""
