"""What happened on a market: the last price, and high, low and volume of the last 24 hours."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from coinbtr.sandbox.core.clock import DAY_MS
from coinbtr.sandbox.core.records import Trade


class DayStatistics:
    """A window of 24 hours over a market's trades; each trade costs constant time.

    `highs` keeps only trades that no later trade outbids (`lows` the other way), so that the
    first of it is the extreme of the window.
    """

    def __init__(self) -> None:
        self.last: int | None = None
        self.amount = 0
        self.value = 0
        self._trades: deque[Trade] = deque()
        self._highs: deque[Trade] = deque()
        self._lows: deque[Trade] = deque()

    def add(self, trade: Trade) -> None:
        """Count a trade that has just happened."""
        highs, lows, price = self._highs, self._lows, trade.price
        self.last = price
        self.amount += trade.amount
        self.value += trade.value
        self._trades.append(trade)
        while highs and highs[-1].price <= price:
            highs.pop()
        highs.append(trade)
        while lows and lows[-1].price >= price:
            lows.pop()
        lows.append(trade)

    def advance(self, now_ms: int) -> None:
        """Forget what is 24 hours old or older; the last price stays, however old."""
        while self._trades and self._trades[0].time_ms <= now_ms - DAY_MS:
            old = self._trades.popleft()
            self.amount -= old.amount
            self.value -= old.value
            for extremes in (self._highs, self._lows):
                if extremes[0] is old:
                    extremes.popleft()

    @property
    def high(self) -> int | None:
        """The highest price of the window, or None when nothing was traded."""
        return self._highs[0].price if self._highs else None

    @property
    def low(self) -> int | None:
        """The lowest price of the window, or None when nothing was traded."""
        return self._lows[0].price if self._lows else None

    def recent(self, limit: int) -> list[Trade]:
        """List the window's trades, newest first, `limit` at most."""
        return list(islice(reversed(self), limit))

    def __iter__(self) -> Iterator[Trade]:
        return iter(self._trades)

    def __reversed__(self) -> Iterator[Trade]:
        return reversed(self._trades)

    def load(self, trades: Iterable[Trade], last: int | None) -> None:
        """Take over a window's trades, oldest first, and the last price, which may be older."""
        for trade in trades:
            self.add(trade)
        self.last = last
