"""The windows of this process, by whose budget they count: the clients of one key share one."""

from __future__ import annotations

from threading import Lock
from typing import Final

from coinbtr.limits.window import Window

MANY: Final = 1000

_windows: dict[tuple[str, int, int], Window] = {}
_lock = Lock()


def window(owner: str, requests: int, seconds: int, now: float) -> Window:
    """The window of this owner and budget, made at the first call."""
    key = (owner, requests, seconds)
    with _lock:
        if key not in _windows:
            # A program that serves many keys in turn does not keep them all.
            if len(_windows) >= MANY:
                for idle in [old for old, one in _windows.items() if one.is_idle(now)]:
                    del _windows[idle]
            _windows[key] = Window(requests, seconds)
        return _windows[key]


def forget_all() -> None:
    """Begin anew: for tests, which must not wait for one another."""
    with _lock:
        _windows.clear()
