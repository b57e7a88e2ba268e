"""The sandbox's core: its order book beside others, and a whole operation of the exchange."""

from collections.abc import Sequence
from functools import partial

from coinbtr.sandbox.core.commands import CancelOrder, PlaceOrder
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import Order
from scripts.bench.books import ENGINES, ours, reference
from scripts.bench.figures import Figure, Part, at_least, at_most
from scripts.bench.stream import TICK, Event, Place, stream
from scripts.bench.timing import interleaved

MARKET = "BTC-MXN"
AMOUNT_STEP = 100
RESTING = 200_000


def measure(*, quick: bool) -> Part:
    """Feed one stream to our book, the reference, the engines of PyPI, and the exchange."""
    events = stream(20_000 if quick else 100_000)
    few = events[:2_000]  # some of the peers are slow
    costs = interleaved(
        {
            "reference": partial(reference, events),
            "book": partial(ours, events),
            "exchange": partial(_exchange, events),
            **{name: partial(run, few) for name, run in ENGINES.items()},
        },
        rounds=5 if quick else 9,
    )
    book = costs["book"].median
    engines = {name: costs["reference"].median / costs[name].median for name in ENGINES}
    speed = costs["reference"].median / book
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
            "a whole operation of the exchange, the book = 1", costs["exchange"].median / book, 5
        ),
        at_most(f"cost with {RESTING:,} resting orders, with 2,000 = 1", flat, 1.5),
        Figure("the reference, an event", str(costs["reference"])),
        Figure("the book, an event", str(costs["book"])),
        Figure("the exchange, an event", str(costs["exchange"])),
    ]
    about = (
        f"{len(events):,} events of which 30 % cancel; CPU of one event."
        " The reference is a plain book of some 40 lines on scaled integers"
        " (`scripts/bench/reference_book.py`)."
    )
    return Part("The exchange's core", about, figures)


def _funded() -> Exchange:
    exchange = Exchange()
    for name in ("buyer", "seller"):
        account = exchange.open_account(name, f"{name}@sandbox.invalid", now_ms=0)
        for coin in ("BTC", "MXN"):
            exchange.wallets.deposit(account.id, coin, 10**20, now_ms=0, confirmed=True)
    return exchange


def _place(event: Place) -> PlaceOrder:
    account, side = (1, "BUY") if event.buys else (2, "SELL")
    return PlaceOrder(account, MARKET, side, event.amount * AMOUNT_STEP, event.price * TICK)


def _exchange(events: Sequence[Event]) -> int:
    exchange = _funded()
    orders: dict[int, Order] = {}
    for now_ms, event in enumerate(events):
        exchange.advance(now_ms)
        if isinstance(event, Place):
            orders[event.number] = _place(event).apply(exchange, now_ms)
        else:
            order = orders[event.number]
            if order.is_open:
                CancelOrder(order.account_id, order.id, order.side).apply(exchange, now_ms)
    return len(events)


def _growth(length: int) -> float:
    """Tell what an order that comes and goes costs in a full book, in a nearly empty one = 1."""
    churn = [Place(number, number % 2 == 0, 0, 1_000) for number in range(length)]

    def loaded(resting: int) -> Exchange:
        exchange = _funded()
        for number in range(resting):
            buys = number % 2 == 0
            # A thousand levels a side, away from where the churn is.
            price = 100_000_000 + (-1 if buys else 1) * (1_000 + number % 1_000)
            _place(Place(number, buys, price, 1_000)).apply(exchange, 0)
        return exchange

    def run(exchange: Exchange) -> int:
        for event in churn:
            price = 100_000_000 + (-500 if event.buys else 500)
            order = _place(Place(event.number, event.buys, price, 1_000)).apply(exchange, 0)
            CancelOrder(order.account_id, order.id, order.side).apply(exchange, 0)
        return 2 * len(churn)

    costs = interleaved(
        {"few": partial(run, loaded(2_000)), "many": partial(run, loaded(RESTING))}, rounds=5
    )
    return costs["many"].median / costs["few"].median
