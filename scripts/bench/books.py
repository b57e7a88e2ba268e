"""Feeds the stream to our order book and to those of others, each through its own interface."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from coinbtr.sandbox.core.book import OrderBook
from coinbtr.sandbox.core.orders import BUY, SELL, Order
from scripts.bench.reference_book import ReferenceBook
from scripts.bench.stream import Event, Place

Run = Callable[[], int]


def reference(events: Sequence[Event]) -> int:
    """Feed the reference."""
    book = ReferenceBook()
    for event in events:
        if isinstance(event, Place):
            book.place(event.number, event.buys, event.price, event.amount)
        else:
            book.cancel(event.number)
    return len(events)


def ours(events: Sequence[Event]) -> int:
    """Feed the sandbox's book, as its trading desk does."""
    book = OrderBook()
    bids, asks = book.bids, book.asks
    orders: dict[int, Order] = {}
    for event in events:
        if isinstance(event, Place):
            number, amount, price = event.number, event.amount, event.price
            if event.buys:
                own, other, side = bids, asks, BUY
            else:
                own, other, side = asks, bids, SELL
            order = orders[number] = Order(number, number, "BTC-MXN", side, price, amount, 0, 0)
            fills = other.plan(number, price, amount)
            if fills:
                other.take(fills)
                for _, part in fills:
                    order.left -= part
                    order.filled += part
            if order.left:
                own.add(order)
        else:
            order = orders[event.number]
            if order.left:
                (bids if order.side is BUY else asks).remove(order)
    return len(events)


def akhil4n(events: Sequence[Event]) -> int:
    """Feed akhil4n-orderbook."""
    import orderbook  # type: ignore[import-not-found]

    book, ids = orderbook.OrderBook(), {}
    for event in events:
        if isinstance(event, Place):
            side = orderbook.OrderSide.BID if event.buys else orderbook.OrderSide.ASK
            order = orderbook.Order(side, event.price, event.amount)
            book.add_limit_order(order)
            ids[event.number] = order.order_id
        else:
            book.cancel_order(ids[event.number])
    return len(events)


def pyorderbook(events: Sequence[Event]) -> int:
    """Feed pyorderbook."""
    import pyorderbook as engine  # type: ignore[import-not-found]

    book, orders = engine.Book(), {}
    for event in events:
        if isinstance(event, Place):
            make = engine.bid if event.buys else engine.ask
            order = orders[event.number] = make("BTC-MXN", event.price, event.amount)
            book.match(order)
        elif book.get_order(orders[event.number].id) is not None:
            book.cancel(orders[event.number])
    return len(events)


def lightmatchingengine(events: Sequence[Event]) -> int:
    """Feed lightmatchingengine."""
    from lightmatchingengine.lightmatchingengine import LightMatchingEngine, Side

    engine, orders = LightMatchingEngine(), {}
    for event in events:
        if isinstance(event, Place):
            side = Side.BUY if event.buys else Side.SELL
            order, _ = engine.add_order("BTC-MXN", event.price, event.amount, side)
            orders[event.number] = order
        elif orders[event.number].leaves_qty:
            engine.cancel_order(orders[event.number].order_id, "BTC-MXN")
    return len(events)


def fastlob(events: Sequence[Event]) -> int:
    """Feed fastlob; it takes prices in hundredths at most, as the stream's are."""
    import fastlob as engine  # type: ignore[import-not-found]

    book, ids = engine.Orderbook(start=False), dict[int, Any]()
    # Its own start makes a thread that looks for expired orders all the time.
    book._start_time, book._alive = 0, True  # noqa: SLF001
    for event in events:
        if isinstance(event, Place):
            side = engine.OrderSide.BID if event.buys else engine.OrderSide.ASK
            params = engine.OrderParams(side, event.price, event.amount)
            ids[event.number] = book.process(params).orderid()
        else:
            # On such streams it loses levels that still hold orders, and fails to cancel those.
            with suppress(KeyError):
                book.cancel(ids[event.number])
    return len(events)


ENGINES: Mapping[str, Callable[[Sequence[Event]], int]] = {
    "akhil4n-orderbook": akhil4n,
    "pyorderbook": pyorderbook,
    "lightmatchingengine": lightmatchingengine,
    "fastlob": fastlob,
}
"""Pure-Python engines from PyPI, by the names of their packages."""
