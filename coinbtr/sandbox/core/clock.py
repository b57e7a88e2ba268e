"""Clocks that the exchange is run by: the real one, and one that only moves when told to.

The core itself takes the time as an argument, in milliseconds since 1970 (UTC).
"""

import time
from typing import Protocol

DAY_MS = 24 * 60 * 60 * 1000
"""Milliseconds in the day over which tickers and volumes are taken."""


class Clock(Protocol):
    """Anything that tells the time in milliseconds since 1970 (UTC) and can be moved on."""

    @property
    def skipped_ms(self) -> int:
        """How far it has been moved on, in milliseconds."""
        ...

    def now_ms(self) -> int:
        """Tell the time; it never goes back."""
        ...

    def advance(self, *, seconds: int = 0, ms: int = 0) -> None:
        """Move forward by whole seconds and milliseconds.

        Raises:
            ValueError: the step would lead back.
        """
        ...

    def resume(self, now_ms: int, skipped_ms: int) -> None:
        """Go on from where a kept state stopped."""
        ...


class SystemClock:
    """The machine's own time and what it was moved on by; held where it is when the machine's
    time is set back.
    """

    def __init__(self) -> None:
        self._latest = 0
        self._skipped = 0

    @property
    def skipped_ms(self) -> int:
        """How far it runs ahead of the machine's time, in milliseconds."""
        return self._skipped

    def now_ms(self) -> int:
        """Tell the time, never earlier than the last time told."""
        self._latest = max(self._latest, time.time_ns() // 1_000_000 + self._skipped)
        return self._latest

    def advance(self, *, seconds: int = 0, ms: int = 0) -> None:
        """Run ahead of the machine's time by so much more.

        Raises:
            ValueError: the step would lead back.
        """
        self._skipped += _step(seconds, ms)

    def resume(self, now_ms: int, skipped_ms: int) -> None:
        """Run ahead as far as a kept state did; never less than now."""
        self._skipped = max(self._skipped, skipped_ms)
        self._latest = max(self._latest, now_ms)


class ManualClock:
    """A clock for tests: it stands still until it is advanced.

    Args:
        start_ms: milliseconds since 1970 (UTC) to begin with; by default 2021-08-15T12:00:00Z.
    """

    def __init__(self, start_ms: int = 1_629_028_800_000) -> None:
        self._now = start_ms
        self._skipped = 0

    @property
    def skipped_ms(self) -> int:
        """How far it has been moved on, in milliseconds."""
        return self._skipped

    def now_ms(self) -> int:
        """Tell the time that was set."""
        return self._now

    def advance(self, *, seconds: int = 0, ms: int = 0) -> None:
        """Move forward by whole seconds and milliseconds.

        Raises:
            ValueError: the step would lead back.
        """
        step = _step(seconds, ms)
        self._now += step
        self._skipped += step

    def resume(self, now_ms: int, skipped_ms: int) -> None:
        """Stand where a kept state stopped, even if that was earlier."""
        self._now, self._skipped = now_ms, skipped_ms


def _step(seconds: int, ms: int) -> int:
    step = seconds * 1000 + ms
    if step < 0:
        raise ValueError("a clock cannot be turned back: seconds and ms must not be negative")
    return step
