"""What can't be predicted (ids, times, hashes): judged by form and history, exact once seen."""

from datetime import datetime
from typing import Any, Final, Literal

from attrs import define, field

Kind = Literal["order", "trade", "time", "txid"]

_MOST: Final = 9_007_199_254_740_991
_SECOND: Final = 1000


@define(eq=False)
class History:
    """What the server has given out so far, and what time it was.

    Attributes:
        taken: ids that are given away, by kind; they are never used again (ruling R034).
        stands_still: whether the server's clock only moves when it is told to.
        elapsed: seconds that the clock was told to move on, in all.
    """

    stands_still: bool = False
    elapsed: int = 0
    taken: dict[str, set[Any]] = field(factory=lambda: {"order": set(), "trade": set()})
    _latest: int | None = None
    _latest_at: int = 0

    def problem_with_id(self, kind: Kind, seen: Any) -> str | None:
        """Say what is wrong with a new id, or take it."""
        if isinstance(seen, bool) or not isinstance(seen, int) or not 1 <= seen <= _MOST:
            return f"is {seen!r}, and an id is an integer from 1"
        if seen in self.taken[kind]:
            return f"is {seen}, which was given away before"
        self.taken[kind].add(seen)
        return None

    def problem_with_time(self, seen: Any) -> str | None:
        """Say what is wrong with the time of something new, or take it."""
        when = milliseconds(seen)
        if when is None:
            return f"is {seen!r}, which is no time in UTC"
        if self._latest is not None:
            moved = (self.elapsed - self._latest_at) * _SECOND
            if when < self._latest:
                return f"is {seen}, earlier than something that was before it"
            if self.stands_still and when != self._latest + moved:
                return f"is {seen}, and {moved // _SECOND} s have passed since the last event"
        self._latest, self._latest_at = when, self.elapsed
        return None


@define(eq=False)
class Unknown:
    """One value that the server chooses: anything in order until it is seen, then that."""

    kind: Kind
    history: History
    value: Any = None

    def learn(self, seen: Any) -> str | None:
        """Take the value from an answer.

        Returns:
            What is wrong with it, or None.
        """
        if self.kind == "time":
            problem = self.history.problem_with_time(seen)
        elif self.kind == "txid":
            is_text = isinstance(seen, str) and 1 <= len(seen) <= 128
            problem = None if is_text else f"is {seen!r}, and a hash is a text"
        else:
            problem = self.history.problem_with_id(self.kind, seen)
        if problem is None:
            self.value = seen
        return problem

    @property
    def shown(self) -> Any:
        """What to expect in an answer: the value, or this when it isn't known yet."""
        return self if self.value is None else self.value


def milliseconds(text: Any) -> int | None:
    """Read a time of the wire, in milliseconds since 1970; None for what is none in UTC."""
    if not isinstance(text, str) or not text.endswith("Z"):
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(when.timestamp()) * _SECOND + when.microsecond // _SECOND
