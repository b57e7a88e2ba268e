"""What came in and how it was answered: the last requests, and how many of each operation.

No header is kept, and the token of a request nowhere in it.
"""

from collections import Counter, deque
from threading import Lock
from typing import Final, NamedTuple
from urllib.parse import unquote

KEPT: Final = 1_000
"""How many requests are remembered."""

MOST_OF_A_BODY: Final = 4_096
"""How much of a body is remembered, in bytes."""

_BLANK: Final = "***"


class RecordedRequest(NamedTuple):
    """A request that was answered, or that a fault kept from it.

    Attributes:
        time_ms: when it came by the sandbox's clock, in milliseconds since 1970.
        method: such as `POST`.
        path: as it was sent, without the query.
        query: as it was sent, without the `?`.
        operation: the operationId; None when the path or the method isn't the description's.
        account: the name of the account whose token it came with; None without one.
        status: of the answer; None when a fault let none go out.
        duration_us: how long the sandbox worked, in microseconds; waiting isn't counted.
        faults: the kinds of the faults that were done to it.
        body: the beginning of what was sent, as text.
    """

    time_ms: int
    method: str
    path: str
    query: str
    operation: str | None
    account: str | None
    status: int | None
    duration_us: int
    faults: tuple[str, ...] = ()
    body: str = ""


class RequestLog:
    """Remembers the last requests to the exchange's API; can be shared between threads.

    Health and control plane are not in it.

    Args:
        keep: how many are remembered.
    """

    def __init__(self, keep: int = KEPT) -> None:
        self._last: deque[RecordedRequest] = deque(maxlen=keep)
        self._counts: Counter[str | None] = Counter()
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<RequestLog of {sum(self._counts.values())} requests>"

    def list(self, limit: int | None = None, operation: str | None = None) -> list[RecordedRequest]:
        """Tell the last requests, newest first.

        Args:
            limit: how many at most; by default all that are remembered.
            operation: its operationId; by default those of all, and of none.

        Raises:
            ValueError: the limit is below zero.
        """
        if limit is not None and limit < 0:
            raise ValueError(f"limit must be 0 or more, not {limit}")
        with self._lock:
            found = list(reversed(self._last))
        if operation is not None:
            found = [request for request in found if request.operation == operation]
        return found[:limit]

    def count(self, operation: str | None = None) -> int:
        """Count the requests since the start or the last `clear`, forgotten ones included.

        Args:
            operation: its operationId; by default all requests.
        """
        with self._lock:
            return self._counts.total() if operation is None else self._counts[operation]

    def clear(self) -> None:
        """Forget all, and count from zero."""
        with self._lock:
            self._last.clear()
            self._counts.clear()

    def record(self, request: RecordedRequest) -> None:
        """Take a request up."""
        with self._lock:
            self._last.append(request)
            self._counts[request.operation] += 1


def without(token: str, text: str) -> str:
    """Blank a token out of a text; a text that hides it behind percent signs is blanked whole."""
    if not token:
        return text
    text = text.replace(token, _BLANK)
    return _BLANK if "%" in text and token in unquote(text) else text
