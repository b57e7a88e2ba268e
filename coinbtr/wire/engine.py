"""What carries one request to a server and one answer back: the interface under the wire seam.

An engine knows nothing of the API: it neither retries, nor follows redirects, nor reads the body.
It imports nothing of the package, so that every engine (httpx, the in-process sandbox, a scripted
one in a test) can build on it.
"""

# ruff: noqa: N818 - the names say what happened, and read so in an `except` line.
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NoReturn, Protocol

from attrs import field, frozen

MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
"""The largest answer that an engine reads, in uncompressed bytes, unless it is told otherwise."""


@frozen(kw_only=True)
class Timeout:
    """The longest waits, in seconds, for each step of one request.

    `connect` ends with TCP and TLS done, `read` is the wait for the next bytes of the answer,
    `write` for the next bytes of the request to be taken, `pool` for a free connection.
    """

    connect: float = 5.0
    read: float = 15.0
    write: float = 10.0
    pool: float = 5.0

    @property
    def longest(self) -> float:
        """The longest of them."""
        return max(self.connect, self.read, self.write, self.pool)


def _frozen_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    # Frozen ones are the seam's own, which all its requests share.
    return headers if type(headers) is MappingProxyType else MappingProxyType(dict(headers))


def _lower_case_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    if type(headers) is MappingProxyType:
        return headers
    return MappingProxyType({name.lower(): value for name, value in headers.items()})


@frozen
class Request:
    """One HTTP request: `url` is absolute and carries the query, `content` is the body as sent.

    Its repr shows the method and the URL only: the headers hold the token.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict, repr=False, converter=_frozen_headers)
    content: bytes = field(default=b"", repr=False)
    timeout: Timeout = field(factory=Timeout, repr=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a request is not pickled or copied: its headers hold the token")


@frozen
class Response:
    """One HTTP answer of any status: the body as bytes (uncompressed), header names in lower case.

    They are brought into it, but for those of a `MappingProxyType`, which must be in it already.
    `elapsed` is the time in seconds from sending to the last byte. A server may repeat what it was
    sent, so the repr shows the status only.
    """

    status: int
    headers: Mapping[str, str] = field(factory=dict, repr=False, converter=_lower_case_headers)
    content: bytes = field(default=b"", repr=False)
    elapsed: float = 0.0

    def __reduce__(self) -> tuple[Any, ...]:
        return _response, (self.status, dict(self.headers), self.content, self.elapsed)


def _response(status: int, headers: dict[str, str], content: bytes, elapsed: float) -> Response:
    return Response(status=status, headers=headers, content=content, elapsed=elapsed)


class EngineError(Exception):
    """The request brought no complete answer; `reason` says why. It never leaves the seam."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotConnected(EngineError):
    """No connection came about (refused, DNS, TLS): the server can't have seen the request."""


class ConnectTimedOut(NotConnected):
    """No connection came about in time."""


class ExchangeBroken(EngineError):
    """The connection stood and then failed: the server may have carried the request out."""


class AnswerTimedOut(ExchangeBroken):
    """The connection stood, and the answer (or the taking of the request) did not come in time."""


class AnswerOverLimit(ExchangeBroken):
    """The answer is larger than the engine reads."""


class Engine(Protocol):
    """Sends a request and gives the whole answer, or an `EngineError`: did a connection stand?"""

    def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, whatever its status.

        Raises `NotConnected` when no connection came about, `ExchangeBroken` for any failure after
        that.
        """
        ...

    def close(self) -> None:
        """Give back what the engine holds; a second call does nothing."""
        ...


class AsyncEngine(Protocol):
    """The same as `Engine`, awaited."""

    async def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, whatever its status.

        Raises `NotConnected` when no connection came about, `ExchangeBroken` for any failure after
        that.
        """
        ...

    async def aclose(self) -> None:
        """Give back what the engine holds; a second call does nothing."""
        ...
