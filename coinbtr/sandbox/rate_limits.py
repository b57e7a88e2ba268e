"""Rate limits as a server keeps them: by token where one is needed, by address elsewhere."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from attrs import field, frozen

from coinbtr import description

MOST_CALLERS: Final = 10_000
"""How many callers are remembered; the one that was quiet longest is forgotten first."""


@frozen
class RateLimit:
    """So many requests in so many seconds, counted in fixed windows from the first on."""

    requests: int
    seconds: int

    def __attrs_post_init__(self) -> None:
        for name in ("requests", "seconds"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(f"{name} must be an int, not {value!r}")
            if value < 1:
                raise ValueError(f"{name} must be 1 or more, not {value}")


def _described(name: str) -> RateLimit:
    limit = description.load()["x-rate-limits"][name]
    return RateLimit(limit["requests"], limit["seconds"])


@frozen(kw_only=True)
class RateLimits:
    """What one caller may send: `public` by address, `private` by token.

    By default the numbers of the description (ruling R048).
    """

    public: RateLimit = field(factory=lambda: _described("public"))
    private: RateLimit = field(factory=lambda: _described("private"))


class RateLimiter:
    """Counts requests by caller; can be shared between threads.

    Args:
        limits: what one caller may send.
    """

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._windows: OrderedDict[tuple[str, str], list[int]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str, *, private: bool, now_ms: int) -> int:
        """Count a request; gives 0, or the whole seconds to wait when it is one too many.

        Args:
            caller: the digest of the token, or the address.
            private: which of the limits it comes under.
            now_ms: the time, in milliseconds since 1970.
        """
        limit = self._limits.private if private else self._limits.public
        key = ("token" if private else "address", caller)
        with self._lock:
            window = self._windows.get(key)
            if window is None or now_ms >= window[0]:
                window = self._windows[key] = [now_ms + limit.seconds * 1000, 0]
                if len(self._windows) > MOST_CALLERS:
                    self._windows.popitem(last=False)
            self._windows.move_to_end(key)
            if window[1] >= limit.requests:
                return -(-(window[0] - now_ms) // 1000)
            window[1] += 1
            return 0
