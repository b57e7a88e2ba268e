"""The sandbox's core: its order book beside others, and a whole operation of the exchange."""

from functools import partial
from typing import Final

from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import BUY, SELL, Order
from coinbtr.sandbox.core.units import SCALE
from scripts.bench.books import ENGINES, ours, reference
from scripts.bench.figures import Figure, Part, at_least, at_most
from scripts.bench.stream import MARKET, MIDDLE, Stream, funded, stream
from scripts.bench.timing import interleaved

RESTING: Final = 200_000


def measure(*, quick: bool) -> Part:
    """Feed one stream to our book, the reference, the engines of PyPI, and the exchange."""
    operations = stream(20_000 if quick else 100_000)
    few = operations[:2_000]  # some of the peers are slow
    costs = interleaved(
        {
            "reference": partial(reference, operations),
            "book": partial(ours, operations),
            "exchange": partial(_exchange, operations),
            **{name: partial(run, few) for name, run in ENGINES.items()},
        },
        rounds=5 if quick else 9,
    )
    plain, book = costs["reference"], costs["book"]
    engines = {name: plain.against(costs[name]).median for name in ENGINES}
    speed = plain.against(book).median
    flat = _growth(10_000 if quick else 20_000)
    figures = [
        at_least("speed of the book, the reference = 1", speed, 0.8),
        Figure(
            "the fastest pure-Python engine of PyPI, the reference = 1",
            f"{max(engines.values()):.2f}",
            f"< {speed:.2f}",
            max(engines.values()) < speed,
        ),
        *(Figure(f"· {name}", f"{engines[name]:.2f}") for name in ENGINES),
        at_most(
            "a whole operation of the exchange, the book = 1",
            costs["exchange"].against(book).median,
            5,
        ),
        at_most(f"cost with {RESTING:,} resting orders, with 2,000 = 1", flat, 1.5),
        Figure("the reference, an operation", str(costs["reference"])),
        Figure("the book, an operation", str(costs["book"])),
        Figure("the exchange, an operation", str(costs["exchange"])),
    ]
    about = (
        f"{len(operations):,} operations of which 30 % cancel; CPU of one operation."
        " The reference is a plain book of some 40 lines on scaled integers"
        " (`scripts/bench/reference_book.py`)."
    )
    return Part("The exchange's core", about, figures)


def _exchange(operations: Stream) -> int:
    return _feed(funded(), operations)


def _feed(exchange: Exchange, operations: Stream) -> int:
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
    return len(operations)


def _growth(length: int) -> float:
    """Tell what an operation costs over a full book, over a nearly empty one = 1."""
    operations = stream(length)
    # Each round goes on where the one before it ended: what it leaves in the book is little.
    few, many = _loaded(2_000), _loaded(RESTING)
    costs = interleaved(
        {"few": partial(_feed, few, operations), "many": partial(_feed, many, operations)},
        rounds=5,
    )
    return costs["many"].against(costs["few"]).median


def _loaded(resting: int) -> Exchange:
    """Make an exchange in whose book so many orders rest, far from the stream's prices."""
    exchange = funded()
    for number in range(resting):
        side = BUY if number % 2 else SELL
        away = 2_000 + number % 10_000
        price = (MIDDLE - away if side is BUY else MIDDLE + away) * SCALE
        trader = 1 if side is BUY else 2
        exchange.trading.place(trader, MARKET, side, amount=SCALE // 1000, price=price, now_ms=0)
    return exchange
