"""The last 24 hours of a market: what the ticker and the volume tell of its trades."""

from decimal import Decimal
from typing import Any, Final

from attrs import define, evolve, field, frozen

from coinbtr.contract.model.rules import value_of

DAY: Final = 86_400
"""Seconds in the window."""


@frozen
class Past:
    """What was traded before the model began: known in sum only."""

    volume: Decimal
    value: Decimal
    high: Decimal | None
    low: Decimal | None


NOTHING: Final = Past(Decimal(0), Decimal(0), None, None)


@define(eq=False)
class Day:
    """The tape of one market (ruling R051).

    Attributes:
        last: the price of the last trade, however long ago, or None.
        past: what lies before the model's own trades.
    """

    last: Decimal | None
    past: Past
    _tape: list[tuple[int, Decimal, Decimal]] = field(factory=list)

    def add(self, elapsed: int, price: Decimal, amount: Decimal) -> None:
        """Write down a trade."""
        self._tape.append((elapsed, price, amount))
        self.last = price

    def wait(self, elapsed: int) -> None:
        """Forget what is older than 24 hours by now."""
        if elapsed > DAY:
            self.past = NOTHING
        self._tape = [trade for trade in self._tape if elapsed - trade[0] < DAY]

    def is_on_the_edge(self, elapsed: int) -> bool:
        """Tell whether a trade would be 24 hours old to the second, which nothing decides."""
        return elapsed == DAY or any(elapsed - trade[0] == DAY for trade in self._tape)

    @property
    def own(self) -> Past:
        """What the model itself saw traded."""
        prices = [price for _, price, _ in self._tape]
        return Past(
            sum((amount for _, _, amount in self._tape), Decimal(0)),
            sum((value_of(amount, price) for _, price, amount in self._tape), Decimal(0)),
            max(prices, default=None),
            min(prices, default=None),
        )

    def totals(self) -> Past:
        """Add both up."""
        own, past = self.own, self.past
        highs = [price for price in (own.high, past.high) if price is not None]
        lows = [price for price in (own.low, past.low) if price is not None]
        return evolve(
            own,
            volume=own.volume + past.volume,
            value=own.value + past.value,
            high=max(highs, default=None),
            low=min(lows, default=None),
        )

    def shrink(self, volume: dict[str, Any], ticker: dict[str, Any]) -> bool:
        """Let past trades run out where the server's clock goes by itself.

        Returns:
            Whether what is left can be what is left of them.
        """
        own = self.own
        left = volume["volume"] - own.volume, volume["value"] - own.value
        if not (0 <= left[0] < self.past.volume and 0 <= left[1] < self.past.value):
            return False
        self.past = Past(left[0], left[1], ticker["high"], ticker["low"])
        return True
