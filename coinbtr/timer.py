"""A clock to wait by, and a way to end the waiting: for whoever reads the same thing repeatedly."""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic


class Timer:
    """Waits in a thread; `stop`, from any thread, ends the waiting for good."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        """Seconds on a clock that nobody sets."""
        return monotonic()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    def wait(self, seconds: float) -> None:
        """Wait that long, or until it is stopped."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """End the waiting, and all further waiting."""
        self._stopped.set()


class AsyncTimer:
    """The same for the tasks of one event loop."""

    def __init__(self) -> None:
        import asyncio

        self._stopped = asyncio.Event()

    def now(self) -> float:
        """Seconds on a clock that nobody sets."""
        return monotonic()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    async def wait(self, seconds: float) -> None:
        """Wait that long, or until it is stopped."""
        import asyncio

        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)

    def stop(self) -> None:
        """End the waiting, and all further waiting; to be called in the loop's own thread."""
        self._stopped.set()
