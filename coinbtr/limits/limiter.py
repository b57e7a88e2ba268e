"""One client's budgets: which window an operation counts in, and what is too long to wait."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen
from coinbtr_api.operations import Operation

from coinbtr.errors import RateLimitExceeded
from coinbtr.limits.rate_limit import RateLimit, Scope
from coinbtr.limits.window import Window, window
from coinbtr.wire.secret import Token

if TYPE_CHECKING:
    from coinbtr.limits.shared import SharedBudget


@frozen
class Turn:
    """A turn in this process's window: when it comes, and whose it is."""

    at: float
    wait: float
    window: Window

    def give_back(self) -> None:
        """Let another have it."""
        self.window.give_back(self.at)


class Limiter:
    """The budgets of one server and key. Safe for threads; the caller tells the time.

    `window_of` gives the window of an owner and budget; by default those of this process.
    """

    def __init__(
        self,
        limit: RateLimit,
        base_url: str,
        token: Token | None,
        now: float,
        window_of: Callable[[str, int, int, float], Window] = window,
    ) -> None:
        self._longest = limit.longest_wait
        self._windows: dict[Scope, Window] = {}
        self._shared: dict[Scope, SharedBudget] = {}
        here = sha256(f"coinbtr {base_url}".encode()).hexdigest()[:24]
        owners: dict[Scope, tuple[str, tuple[int, int] | None]] = {
            "public": (f"public/{here}", limit.public),
            "private": (
                f"private/{here if token is None else token.fingerprint(base_url)}",
                limit.private,
            ),
        }
        for scope, (owner, budget) in owners.items():
            if budget is not None:
                self._windows[scope] = window_of(owner, *budget, now)
                if limit.redis is not None:
                    from coinbtr.limits.shared import SharedBudget, server

                    self._shared[scope] = SharedBudget(server(limit.redis), owner, *budget)

    def take(
        self, operation: Operation, now: float, left: float | None
    ) -> Turn | RateLimitExceeded | None:
        """A turn for one attempt, the error if it would come too late, None if nothing limits it.

        `left` is how many seconds the call has.
        """
        one = self._windows.get(_scope(operation))
        if one is None:
            return None
        at, taken = one.take(now, self._bound(left))
        if not taken:
            return self.exceeded(operation, at - now)
        return Turn(at, at - now, one)

    def shared(self, operation: Operation) -> SharedBudget | None:
        """What the budget is shared through, if it is."""
        return self._shared.get(_scope(operation))

    def is_too_long(self, waited: float, left: float | None) -> bool:
        """Whether a call that has `left` seconds should not wait that long in all."""
        bound = self._bound(left)
        return bound is not None and waited > bound

    def exceeded(self, operation: Operation, wait: float) -> RateLimitExceeded:
        """The error for a wait that is too long."""
        return RateLimitExceeded(
            f"the client's own rate limit for {_scope(operation)} operations has room in"
            f" {wait:.3g} s, which is too long to wait; nothing was sent",
            retry_after=wait,
            operation=operation.operation_id,
        )

    def pause(self, operation: Operation, until: float) -> None:
        """The exchange said 429: nobody of this process sends before `until`."""
        if (one := self._windows.get(_scope(operation))) is not None:
            one.pause(until)

    def _bound(self, left: float | None) -> float | None:
        bounds = [bound for bound in (self._longest, left) if bound is not None]
        return min(bounds) if bounds else None


def _scope(operation: Operation) -> Scope:
    return "private" if operation.secured else "public"
