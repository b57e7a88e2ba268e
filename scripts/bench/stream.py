"""The random stream of orders that every book is fed with: 70 % limit orders, 30 % cancels."""

from random import Random

from attrs import frozen

TICK = 1_000_000
"""One step of the price, in units: 0.01."""

MIDDLE = 100_000_000
"""The price, in ticks, around which orders stand: 1,000,000.00."""


@frozen
class Place:
    """A limit order; `price` in ticks, `amount` in steps of the book."""

    number: int
    buys: bool
    price: int
    amount: int


@frozen
class Cancel:
    """The end of an order that was placed before; it may be filled already."""

    number: int


Event = Place | Cancel


def stream(length: int, seed: int = 1) -> list[Event]:
    """Draw a stream of events; orders meet often, and levels hold several orders."""
    rng = Random(seed)  # noqa: S311 - repeatable on purpose
    events: list[Event] = []
    placed: list[int] = []
    for number in range(length):
        if placed and rng.random() < 0.3:
            at = rng.randrange(len(placed))
            placed[at], placed[-1] = placed[-1], placed[at]
            events.append(Cancel(placed.pop()))
        else:
            price = MIDDLE + rng.randint(-50, 50)
            events.append(Place(number, rng.random() < 0.5, price, rng.randint(100, 10_000)))
            placed.append(number)
    return events
