"""The time that waits and deadlines go by: the machine's own, or a test's."""

from __future__ import annotations

import asyncio
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

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait, in a thread."""
        time.sleep(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait, in a task."""
        await asyncio.sleep(seconds)


SYSTEM_CLOCK: Final = SystemClock()
