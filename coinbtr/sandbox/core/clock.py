"""Clocks that the exchange is run by: the real one, and one that only moves when told to.

The core itself takes the time as an argument, in milliseconds since 1970 (UTC).
"""

import time
from typing import Protocol

DAY_MS = 24 * 60 * 60 * 1000
"""Milliseconds in the day over which tickers and volumes are taken."""


class Clock(Protocol):
    """Anything that tells the time in milliseconds since 1970 (UTC) and never goes back."""

    def now_ms(self) -> int:
        """Tell the time."""
        ...


class SystemClock:
    """The machine's own time, held where it is when somebody sets the machine back."""

    def __init__(self) -> None:
        self._latest = 0

    def now_ms(self) -> int:
        """Tell the machine's time, never earlier than the last time told."""
        self._latest = max(self._latest, time.time_ns() // 1_000_000)
        return self._latest


class ManualClock:
    """A clock for tests: it stands still until it is advanced.

    Args:
        start_ms: milliseconds since 1970 (UTC) to begin with; by default 2021-08-15T12:00:00Z.
    """

    def __init__(self, start_ms: int = 1_629_028_800_000) -> None:
        self._now = start_ms

    def now_ms(self) -> int:
        """Tell the time that was set."""
        return self._now

    def advance(self, *, seconds: int = 0, ms: int = 0) -> None:
        """Move forward by whole seconds and milliseconds.

        Raises:
            ValueError: the step would lead back.
        """
        step = seconds * 1000 + ms
        if step < 0:
            raise ValueError("a clock cannot be turned back: seconds and ms must not be negative")
        self._now += step
