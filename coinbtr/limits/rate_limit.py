"""How many requests a client sends in what time: the user's choice."""

from __future__ import annotations

import math
from typing import Final, Literal
from urllib.parse import urlsplit

from attrs import field, frozen

from coinbtr.errors import ConfigurationError

Scope = Literal["public", "private"]

# As the description's `x-rate-limits` has them: assumed, not observed (ruling R048).
PUBLIC: Final = (60, 60)
PRIVATE: Final = (300, 60)

_SCHEMES = frozenset({"redis", "rediss", "redis+unix"})


def _budget(budget: tuple[int, int] | None) -> tuple[int, int] | None:
    return None if budget is None else _pair(budget)


def _pair(budget: object) -> tuple[int, int]:
    if not isinstance(budget, (tuple, list)) or len(budget) != 2:
        raise ConfigurationError(
            f"a rate limit is (requests, seconds), such as (60, 60), or None, not {budget!r}"
        )
    for number in budget:
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise ConfigurationError(
                f"a rate limit is two ints from 1, (requests, seconds), not {budget!r}"
            )
    return budget[0], budget[1]


def _wait(seconds: float | None) -> float | None:
    return None if seconds is None else _seconds(seconds)


def _seconds(seconds: object) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ConfigurationError(f"longest_wait must be seconds or None, not {seconds!r}")
    if not 0 <= seconds < math.inf:
        raise ConfigurationError(f"longest_wait must be 0 or more and finite, not {seconds}")
    return float(seconds)


def _redis(url: str | None) -> str | None:
    return None if url is None else _redis_url(url)


def _redis_url(url: object) -> str:
    # The URL may hold a password, so it is not repeated.
    if not isinstance(url, str) or urlsplit(url).scheme not in _SCHEMES:
        raise ConfigurationError("redis must be a URL such as redis://localhost:6379/0")
    from importlib.util import find_spec

    for module in ("limits", "redis"):
        if find_spec(module) is None:
            raise ConfigurationError(
                f"a shared rate limit needs {module}: pip install 'coinbtr[redis]'"
            )
    return url


@frozen(kw_only=True)
class RateLimit:
    """How many requests a client sends in what time, so that the exchange refuses none.

    The budget is counted for each server and API key, by all clients of this process together;
    public operations have one of their own for each server. In any stretch of `seconds`, at most
    `requests` are sent; each attempt counts. After a 429 that names a wait, all wait.

    Args:
        public: (requests, seconds) for what needs no token; None for no limit.
        private: (requests, seconds) for what needs one; None for no limit. By default 60 and 300 a
            minute, which is assumed (ruling R048).
        longest_wait: seconds that a call waits for its turn at most; beyond, it raises
            RateLimitExceeded at once and sends nothing. 0 never waits. None (the default) waits as
            long as the call's deadline allows. An order that waits is sent at its old price.
        redis: the URL of a Redis server, `redis://host:port/db`, through which all processes and
            machines with the same URL share one budget (`pip install 'coinbtr[redis]'`). The key
            itself is not stored there. While Redis can't be reached, each process keeps to the
            budget by itself, after one SharedLimitWarning. Machines' clocks should agree.

    Raises:
        ConfigurationError: one of these is not valid, or the extra is not installed.
    """

    public: tuple[int, int] | None = field(default=PUBLIC, converter=_budget)
    private: tuple[int, int] | None = field(default=PRIVATE, converter=_budget)
    longest_wait: float | None = field(default=None, converter=_wait)
    redis: str | None = field(default=None, converter=_redis, repr=False)


def to_rate_limit(rate_limit: object) -> RateLimit | ConfigurationError | None:
    """The rate limit of a client's parameter: one, "default", or None for none.

    The error is given back, not raised: the caller raises it from a frame without the token.
    """
    if rate_limit == "default":
        return RateLimit()
    if rate_limit is None or isinstance(rate_limit, RateLimit):
        return rate_limit
    return ConfigurationError(
        'rate_limit must be a RateLimit, "default", or None for no limit, not'
        f" {type(rate_limit).__name__}"
    )
