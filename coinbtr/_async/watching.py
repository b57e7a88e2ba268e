"""Watches what the exchange has no stream for: reads it politely and gives what has changed."""

from __future__ import annotations

import logging
from collections import deque
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

from coinbtr.arguments import to_seconds
from coinbtr.calls import AsyncCall
from coinbtr.errors import (
    ClientClosed,
    CoinBTRError,
    NetworkError,
    RateLimited,
    RateLimitExceeded,
    ServerError,
    UnexpectedAnswer,
)
from coinbtr.timer import AsyncTimer

T = TypeVar("T")

_LONGEST_WAIT: Final = 60.0
_PASSING: Final = (NetworkError, RateLimited, RateLimitExceeded, ServerError, UnexpectedAnswer)

_log = logging.getLogger("coinbtr")


class AsyncWatch(Generic[T]):
    """The changes of something, one after the other, for as long as one iterates.

    It reads every `interval` seconds while somebody waits for the next change, and never faster; a
    slow reader makes it read less often. A failed reading that may pass is logged and tried again,
    after growing waits; when nothing could be read for `patience` seconds its error is raised, and
    the next step goes on. Any other error is raised at once. It ends, without an error, after
    `stop` or when the client is closed. In a `with` block it is stopped at its end.
    """

    def __init__(
        self,
        what: str,
        changes: AsyncCall[[], list[T]],
        *,
        interval: float,
        patience: float | None,
        timer: AsyncTimer | None = None,
    ) -> None:
        """Read by `changes()`, which gives what is new since it last came to its end."""
        self._what = what
        self._changes = changes
        self._interval = to_seconds(interval, "interval")
        self._patience = None if patience is None else to_seconds(patience, "patience")
        self._timer = timer or AsyncTimer()
        self._found: deque[T] = deque()
        self._due: float | None = None
        self._failing_since: float | None = None
        self._failures = 0

    def stop(self) -> None:
        """End the iteration at once, also of who is waiting; a second call does nothing."""
        self._found.clear()
        self._timer.stop()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._timer.stopped:
            if self._found:
                return self._found.popleft()
            await self._until_due()
            if not self._timer.stopped:
                await self._read()
        raise StopAsyncIteration

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def _until_due(self) -> None:
        if self._due is not None and (left := self._due - self._timer.now()) > 0:
            await self._timer.wait(left)

    async def _read(self) -> None:
        begun = self._timer.now()
        self._due = begun + self._interval
        try:
            found = await self._changes()
        except ClientClosed:
            self.stop()
        except _PASSING as error:
            self._failed(error, begun)
        else:
            if self._failures:
                _log.info("watching %s: reads again after %d failures", self._what, self._failures)
            self._failures, self._failing_since = 0, None
            self._found.extend(found)

    def _failed(self, error: CoinBTRError, begun: float) -> None:
        now = self._timer.now()
        if self._failing_since is None:
            self._failing_since = begun
        self._failures += 1
        grown = min(self._interval * 2.0 ** min(self._failures - 1, 30), _LONGEST_WAIT)
        asked_for = getattr(error, "retry_after", None) or 0.0
        wait = max(self._interval, grown, asked_for)
        self._due = now + wait
        if self._patience is not None and now - self._failing_since >= self._patience:
            self._failing_since = now
            raise error
        _log.warning("watching %s: %s; reading again in %.1f s", self._what, error, wait)


class Latest(Generic[T]):
    """Reads one thing and gives it if it differs from the last reading; the first always."""

    def __init__(self, read: AsyncCall[[], T]) -> None:
        self._read = read
        self._last: T | None = None

    async def changes(self) -> list[T]:
        """What is new: one object, or none."""
        now = await self._read()
        if now == self._last:
            return []
        self._last = now
        return [now]
