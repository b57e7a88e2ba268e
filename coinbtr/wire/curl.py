"""One request by libcurl, and what came of it: what both fast engines build on.

Nothing is taken from the environment but the certificate store. No redirect is followed and no
cookie kept. Left to itself, libcurl sends a request again, a POST as well, when a connection that
it had used before fails without an answer; but it asks before each sending, and a second one is
refused. The same question tells whether a connection stood; and a connection on which something
came since its last answer is refused before anything is sent on it, and another one taken.

libcurl's clock for the whole request is set to `read`: connecting, sending and the whole answer
count in it. `write` and `pool` have no clock of their own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from time import perf_counter
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import pycurl

from coinbtr.wire.engine import (
    AnswerOverLimit,
    AnswerTimedOut,
    ConnectTimedOut,
    EngineError,
    ExchangeBroken,
    NotConnected,
    Request,
    Response,
    Timeout,
)
from coinbtr.wire.idle import Ends, Idle

Failed: TypeAlias = tuple[int, str] | None
"""libcurl's code and words for what went wrong; None if nothing did."""

_YES: Final[int] = pycurl.PREREQFUNC_OK
_NO: Final[int] = pycurl.PREREQFUNC_ABORT

_HEAD_ENDS: Final = (b"\r\n", b"\n")


class Transfer:
    """One handle of libcurl, for one request at a time; it is carried out by whoever has it."""

    def __init__(self, *, max_answer_bytes: int, proxy: str | None, idle: Idle) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._idle = idle
        self._ends: Ends = ()
        self.refused = False
        self._head: list[bytes] = []
        self._body: list[bytes] = []
        self._size = 0
        self._stood = False
        self._start = 0.0
        # What the handle is set to, from one request to the next.
        self._url = ""
        self._method = ""
        self._posts = False
        self._headers: Mapping[str, str] | None = None
        self._timeout: Timeout | None = None
        self.handle = pycurl.Curl()
        for option, value in _options(proxy).items():
            self.handle.setopt(option, value)
        self.handle.setopt(pycurl.PREREQFUNCTION, self._may_send)
        self.handle.setopt(pycurl.HEADERFUNCTION, self._head.append)
        self.handle.setopt(pycurl.WRITEFUNCTION, self._take)

    def begin(self, request: Request) -> None:
        """Set the handle to a request.

        To the same one again when it was carried out and `refused` the connection that it had.
        """
        self._start = perf_counter()
        # An interrupt may have kept what was read before from being taken away.
        self._head.clear()
        self._body.clear()
        self._size, self._stood, self.refused = 0, False, False
        setopt, timeout = self.handle.setopt, request.timeout
        if request.url != self._url:
            setopt(pycurl.URL, request.url)
            self._url = request.url
        posts = bool(request.content) or request.method == "POST"
        if posts:
            setopt(pycurl.POSTFIELDS, request.content)
        # Most requests of a client share their headers and time-outs.
        if (
            request.headers is not self._headers
            or posts is not self._posts
            or request.method != self._method
        ):
            self._set_kind(request, posts)
            self._method, self._posts, self._headers = request.method, posts, request.headers
        if timeout is not self._timeout:
            # 0 would be no time-out at all.
            setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(timeout.connect * 1000)))
            setopt(pycurl.TIMEOUT_MS, max(1, int(timeout.read * 1000)))
            self._timeout = timeout

    def rest(self) -> None:
        """Note that the answer is there, and the connection idle; the handle still has it."""
        self._idle.rests(self._ends, self.handle.getinfo(pycurl.ACTIVESOCKET))

    def end(self, failed: Failed) -> Response:
        """The answer; raises the EngineError that there is instead."""
        headers, content = _headers(self._head), b"".join(self._body)
        self._head.clear()
        self._body.clear()
        if failed is not None:
            raise self._failure(*failed)
        if headers is None:
            raise ExchangeBroken("the connection was closed within the answer's headers")
        status, elapsed = self.handle.getinfo(pycurl.RESPONSE_CODE), perf_counter() - self._start
        return Response(status, headers, content, elapsed)  # by name would cost twice as much

    def _set_kind(self, request: Request, posts: bool) -> None:
        headers = [f"{name}: {value}" for name, value in request.headers.items()]
        if not posts:
            self.handle.setopt(pycurl.HTTPGET, 1)
        elif not any(name.lower() == "content-type" for name in request.headers):
            # libcurl would say that it is a form, and this takes that away again.
            headers.append("Content-Type:")
        self.handle.setopt(pycurl.CUSTOMREQUEST, request.method)
        self.handle.setopt(pycurl.HTTPHEADER, headers)

    def _may_send(self, *ends: object) -> int:
        """Whether libcurl may send on the connection that it has: the first time only."""
        if self._stood:
            return _NO
        if not self._idle.is_fit(ends):
            self.refused = True
            return _NO
        self._ends = ends
        self._stood = True
        return _YES

    def _take(self, chunk: bytes) -> int | None:
        self._size += len(chunk)
        if self._size > self._max_answer_bytes:
            return 0  # none of it was taken, which ends the transfer
        self._body.append(chunk)
        return None

    def _failure(self, code: int, reason: str) -> EngineError:
        """What libcurl's error is to engines: did a connection stand, or not?"""
        reason = reason or f"libcurl gives its error {code}, and no words"
        timed_out = code == pycurl.E_OPERATION_TIMEDOUT
        if not self._stood:
            return ConnectTimedOut(reason) if timed_out else NotConnected(reason)
        if self._size > self._max_answer_bytes:
            return AnswerOverLimit(f"the answer is larger than {self._max_answer_bytes} bytes")
        return AnswerTimedOut(reason) if timed_out else ExchangeBroken(reason)


def _options(proxy: str | None) -> dict[int, Any]:
    return {
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
        pycurl.ACCEPT_ENCODING: "gzip, deflate",
        pycurl.NOSIGNAL: 1,
        pycurl.PROXY: proxy or "",
        pycurl.NOPROXY: "",  # else NO_PROXY would lead past the proxy that was asked for
        **_trusted(),
    }


def _trusted() -> dict[int, Any]:
    """The system's certificate store, or that of SSL_CERT_FILE and SSL_CERT_DIR."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        return {pycurl.SSL_OPTIONS: pycurl.SSLOPT_NATIVE_CA}
    # None takes away what pycurl found by itself.
    return {
        pycurl.CAINFO: file or None,
        pycurl.PROXY_CAINFO: file or None,
        pycurl.CAPATH: folder or None,
        pycurl.PROXY_CAPATH: folder or None,
    }


def _headers(lines: list[bytes]) -> Mapping[str, str] | None:
    """The headers of the answer, which comes after interim ones.

    None when they have no end: to libcurl an answer that is cut off there is complete.
    """
    headers: dict[str, str] = {}
    whole = False
    for line in lines:
        if line in _HEAD_ENDS:
            whole = True
        elif line[:5] == b"HTTP/":
            headers, whole = {}, False
        elif not whole:  # after the body there may be more, which is no header
            name, value = _split(line)
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return MappingProxyType(headers) if whole else None


@lru_cache(maxsize=128)
def _split(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name.lower(), value.strip()
