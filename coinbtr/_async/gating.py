"""Waits for a request's turn in the client's own rate limit."""

from __future__ import annotations

from typing import Final

from coinbtr_api.operations import Operation

from coinbtr.errors import RateLimited, RateLimitExceeded
from coinbtr.limits.limiter import Limiter, Turn
from coinbtr.sending.waiting import Clock

LONGEST_PAUSE: Final = 300.0
"""Seconds that one 429 can keep all calls waiting, whatever it says."""


class Gate:
    """Lets each attempt through when its turn comes."""

    def __init__(self, limiter: Limiter | None) -> None:
        self._limiter = limiter

    async def take(
        self, operation: Operation, left: float | None, clock: Clock
    ) -> RateLimitExceeded | None:
        """Wait for the turn of one attempt; the error, given back, if that takes too long.

        `left` is how many seconds the call has. A turn that a cancelled call waited for is given
        back.
        """
        if self._limiter is None:
            return None
        turn = self._limiter.take(operation, clock.monotonic(), left)
        if not isinstance(turn, Turn):
            return turn
        try:
            if turn.wait > 0:
                await clock.async_sleep(turn.wait)
            late = await _shared(self._limiter, operation, turn.wait, left, clock)
        except BaseException:
            turn.give_back()
            raise
        if late is not None:
            turn.give_back()
        return late

    def note(self, operation: Operation, error: RateLimited, clock: Clock) -> None:
        """Let nobody send before the time that the exchange's 429 names, within reason."""
        if self._limiter is not None and error.retry_after:
            pause = min(error.retry_after, LONGEST_PAUSE)
            self._limiter.pause(operation, clock.monotonic() + pause)


async def _shared(
    limiter: Limiter, operation: Operation, waited: float, left: float | None, clock: Clock
) -> RateLimitExceeded | None:
    budget = limiter.shared(operation)
    if budget is None:
        return None
    from coinbtr.limits.off_loop import async_off_loop

    while (wait := await async_off_loop(budget.take)) > 0:
        waited += wait
        if limiter.is_too_long(waited, left):
            return limiter.exceeded(operation, wait)
        await clock.async_sleep(wait)
    return None
