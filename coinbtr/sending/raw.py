"""A result with the HTTP answer that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from attrs import field, frozen

from coinbtr.errors import UnexpectedAnswer
from coinbtr.sending.observers import Captured
from coinbtr.wire.engine import Response

T = TypeVar("T")


@frozen(kw_only=True)
class RawResponse(Generic[T]):
    """What a method gives (`parsed`), with the answer behind it and how many attempts it took."""

    parsed: T
    response: Response = field(repr=False)
    attempts: int

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, their names in lower case."""
        return self.response.headers

    @property
    def elapsed(self) -> float:
        """Seconds from sending to the last byte, of the last attempt."""
        return self.response.elapsed

    @property
    def content(self) -> bytes:
        """The body, to the byte (uncompressed)."""
        return self.response.content


def with_response(parsed: T, kept: Captured) -> RawResponse[T]:
    """The result with the answer that was captured."""
    if kept.response is None:
        raise UnexpectedAnswer("the result came without a request")
    return RawResponse(parsed=parsed, response=kept.response, attempts=kept.attempts)
