"""A moving window: at most so many turns in any stretch of so many seconds.

A turn is taken ahead of time: who takes one learns how long to wait for it. So nobody polls, who
comes first is served first, and threads, tasks and event loops can share a window. The clients of
one key share one: this process keeps them by whose budget they count.
"""

from __future__ import annotations

from bisect import insort
from threading import Lock
from typing import Final

MANY: Final = 1000


class Window:
    """The turns of one budget. Safe for threads; the caller tells the time, in seconds."""

    def __init__(self, requests: int, seconds: float) -> None:
        self._requests = requests
        self._seconds = seconds
        self._turns: list[float] = []
        self._not_before = 0.0
        self._lock = Lock()

    def take(self, now: float, longest: float | None = None) -> tuple[float, bool]:
        """The time of the next turn, and whether it was taken: not if it is beyond `longest`."""
        with self._lock:
            self._forget(now)
            at = max(now, self._not_before)
            if len(self._turns) >= self._requests:
                # With the turn that many turns ago, this one would be one too many.
                at = max(at, self._turns[-self._requests] + self._seconds)
            if longest is not None and at - now > longest:
                return at, False
            insort(self._turns, at)
            return at, True

    def give_back(self, at: float) -> None:
        """Let another have a turn that was taken and not used."""
        with self._lock:
            if at in self._turns:
                self._turns.remove(at)

    def pause(self, until: float) -> None:
        """Let no turn come before this time, apart from those that are taken."""
        with self._lock:
            self._not_before = max(self._not_before, until)

    def is_idle(self, now: float) -> bool:
        """Whether nothing that would be forgotten with this window matters any more."""
        with self._lock:
            self._forget(now)
            return not self._turns and self._not_before <= now

    def _forget(self, now: float) -> None:
        old = 0
        for turn in self._turns:
            if turn > now - self._seconds:
                break
            old += 1
        del self._turns[:old]


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
