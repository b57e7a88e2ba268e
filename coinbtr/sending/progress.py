"""One call: how many attempts there were, how much time is left, is a request out?"""

from __future__ import annotations

from coinbtr.errors.base import CoinBTRError
from coinbtr.errors.refused import RateLimited
from coinbtr.sending.decision import Effect, Next, decide
from coinbtr.sending.retries import Retries
from coinbtr.sending.waiting import Clock


class Progress:
    """Counts the attempts of one call, watches its deadline, and knows where it stands.

    `under_way` says whether a request is out, `unknown` whether the last one ended without a clear
    answer.
    """

    under_way = False
    unknown = False

    def __init__(
        self, effect: Effect, retries: Retries, deadline: float | None, clock: Clock
    ) -> None:
        self._effect: Effect = effect
        self._retries = retries
        self._clock = clock
        self._start = clock.monotonic()
        self._end = None if deadline is None else self._start + deadline
        self.attempts = 0

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return self._clock.monotonic() - self._start

    @property
    def left(self) -> float | None:
        """Seconds until the deadline, 0 or less when it has passed; None without one."""
        return None if self._end is None else self._end - self._clock.monotonic()

    def after(self, error: CoinBTRError) -> Next | float:
        """What follows from the error of an attempt: the seconds to wait before the next, or not.

        `Next.RETRY` says that it could be sent again and that attempts or time are used up.
        """
        follows = decide(self._effect, error)
        if follows is not Next.RETRY or self.attempts >= self._retries.attempts:
            return follows
        wait = self._retries.wait(self.attempts)
        if isinstance(error, RateLimited) and error.retry_after is not None:
            wait = max(wait, error.retry_after)
        # A wait that leaves no time for an attempt is not worth waiting.
        return follows if self.left is not None and wait >= self.left else wait

    def noted(self, error: CoinBTRError) -> CoinBTRError:
        """The error with the number of attempts and the time that they took."""
        error.attempts = self.attempts
        error.elapsed = self.elapsed
        return error
