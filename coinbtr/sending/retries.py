"""How often and after which wait a request is sent again. The waits are tenacity's."""

from __future__ import annotations

import math
from typing import Final

from attrs import evolve, frozen

from coinbtr.errors.base import ConfigurationError

MOST_ATTEMPTS: Final = 100


@frozen(kw_only=True)
class Retries:
    """How often a call is attempted, where it is certain that nothing was done, or only read.

    `attempts` counts the first one, too: 1 never sends again. The wait before each further attempt
    is random, up to `first_wait` seconds and then twice as much each time, at most `longest_wait`;
    a Retry-After of the exchange is the least.
    """

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 8.0

    def wait(self, attempt: int) -> float:
        """Seconds to wait after the attempt of this number, from 1."""
        # Here, not above: who never retries never pays for the import.
        from tenacity import RetryCallState, Retrying, wait_random_exponential

        state = RetryCallState(Retrying(), None, (), {})
        state.attempt_number = attempt
        waits = wait_random_exponential(
            multiplier=self.first_wait, max=self.longest_wait, min=self.first_wait / 10
        )
        return min(float(waits(state)), self.longest_wait)


def to_retries(retries: Retries | int, base: Retries | None = None) -> Retries:
    """The checked policy of a number of attempts, or of a Retries.

    Raises ConfigurationError for less than one attempt, and for waits that are negative or endless.
    """
    if isinstance(retries, bool) or not isinstance(retries, (int, Retries)):
        raise ConfigurationError(
            f"retries must be a number of attempts or a Retries, not {type(retries).__name__}"
        )
    policy = evolve(base or Retries(), attempts=retries) if isinstance(retries, int) else retries
    attempts: object = policy.attempts
    if isinstance(attempts, bool) or not isinstance(attempts, int):
        raise ConfigurationError(f"retries must be a whole number of attempts, not {attempts!r}")
    if not 1 <= attempts <= MOST_ATTEMPTS:
        raise ConfigurationError(
            f"retries must be from 1 attempt (never send again) to {MOST_ATTEMPTS}, not {attempts}"
        )
    for name in ("first_wait", "longest_wait"):
        seconds: object = getattr(policy, name)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise ConfigurationError(f"retries: {name} must be a number of seconds")
        if not 0 <= seconds < math.inf:
            raise ConfigurationError(f"retries: {name} must be 0 or more and finite")
    return policy


def to_deadline(deadline: float | None) -> float | None:
    """The checked seconds that all attempts of a call may take; None for no bound.

    Raises ConfigurationError for 0, negatives and anything that is no number; infinity is no bound.
    """
    if deadline is None or deadline == math.inf:
        return None
    given: object = deadline
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise ConfigurationError(f"deadline must be a number of seconds or None, not {given!r}")
    if not given > 0:  # NaN, too
        raise ConfigurationError(f"deadline must be above 0 seconds, not {given}")
    return deadline
