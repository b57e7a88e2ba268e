"""The time that waits and deadlines go by: the machine's own, or a test's."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final, Protocol


class Clock(Protocol):
    """What the seam tells the time by, and waits with."""

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        ...

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, in a thread."""
        ...

    async def async_sleep(self, seconds: float) -> None:
        """Wait, in a task."""
        ...


class SystemClock:
    """The machine's own time."""

    # Seconds that only ever grow. Asked several times for each call, so it's the function itself.
    monotonic = staticmethod(time.monotonic)

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait, in a thread."""
        time.sleep(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait, in a task."""
        import asyncio  # a program without a loop has no use for it

        await asyncio.sleep(seconds)


SYSTEM_CLOCK: Final = SystemClock()

SETTLE: Final = 5.0
"""Seconds after a loss until "not found" is believed, unless the caller says otherwise."""
DEFAULT_INTERVAL: Final = 5.0
"""Seconds from one reading of what is watched to the next."""
DEFAULT_PATIENCE: Final = 60.0
"""Seconds without one good reading until a watch raises the error."""
