"""A budget that processes and machines share through Redis, by the library `limits`.

Never the reason that a request isn't sent: while Redis can't be reached, nobody waits for it.
"""

from __future__ import annotations

import time
import warnings
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from coinbtr.errors import SharedLimitWarning

if TYPE_CHECKING:
    from limits.strategies import MovingWindowRateLimiter

TIMEOUT: Final = 0.5
"""Seconds that Redis may take to connect, and to answer."""
PATIENCE: Final = 5.0
"""Seconds until Redis is tried again after it failed."""
_LEAST: Final = 0.005


class RedisServer:
    """One Redis server, as all budgets of this process use it. Safe for threads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = Lock()
        self._limiter: MovingWindowRateLimiter | None = None
        self._down_until = 0.0
        self._warned = False

    def take(self, owner: str, requests: int, seconds: int) -> float:
        """Take one turn: 0 if there was one, else the seconds until it is worth asking again."""
        if time.monotonic() < self._down_until:
            return 0.0
        try:
            from limits import RateLimitItemPerSecond

            item = RateLimitItemPerSecond(requests, seconds)
            limiter, wait = self._connected(), 0.0
            if not limiter.hit(item, owner):
                free_at = limiter.get_window_stats(item, owner).reset_time
                wait = max(_LEAST, free_at - time.time())
        except Exception as error:  # noqa: BLE001 - whatever ails Redis, requests must go out
            self._down(error)
            return 0.0
        self._warned = False
        return wait

    def _connected(self) -> MovingWindowRateLimiter:
        with self._lock:
            if self._limiter is None:
                from limits.storage import RedisStorage
                from limits.strategies import MovingWindowRateLimiter
                from redis.backoff import NoBackoff
                from redis.retry import Retry

                options: dict[str, Any] = {
                    "socket_timeout": TIMEOUT,
                    "socket_connect_timeout": TIMEOUT,
                    "retry": Retry(NoBackoff(), 0),
                }
                storage = RedisStorage(self._url, key_prefix="coinbtr", **options)
                self._limiter = MovingWindowRateLimiter(storage)
            return self._limiter

    def _down(self, error: Exception) -> None:
        with self._lock:
            self._down_until = time.monotonic() + PATIENCE
            first, self._warned = not self._warned, True
        if first:
            # The class alone: a message may repeat the URL, and with it a password.
            warnings.warn(
                f"the shared rate limit can't be reached ({type(error).__name__}): this process"
                " keeps to the budget by itself until it can",
                SharedLimitWarning,
                stacklevel=2,
            )


@frozen
class SharedBudget:
    """One budget on a server."""

    server: RedisServer
    owner: str
    requests: int
    seconds: int

    def take(self) -> float:
        """Take one turn: 0 if there was one, else the seconds until it is worth asking again."""
        return self.server.take(self.owner, self.requests, self.seconds)


_servers: dict[str, RedisServer] = {}
_lock = Lock()


def server(url: str) -> RedisServer:
    """The server at this URL: one for all clients of the process, with its connections."""
    with _lock:
        return _servers.setdefault(url, RedisServer(url))
