"""The fast engine, over libcurl (`coinbtr[fast]`): the only module that imports pycurl.

Nothing is taken from the environment but the certificate store. No redirect is followed and no
cookie kept. Left to itself, libcurl sends a request again, a POST as well, when a connection that
it had used before fails without an answer; but it asks before each sending, and a second one is
refused. The same question tells whether a connection stood.

libcurl's clock for the whole request is set to `read`: connecting, sending and the whole answer
count in it. `write` and `pool` have no clock of their own.
"""

from __future__ import annotations

import os
from time import perf_counter, sleep
from typing import Any, Final

import pycurl

from coinbtr.wire import forks
from coinbtr.wire.engine import (
    MAX_ANSWER_BYTES,
    AnswerOverLimit,
    AnswerTimedOut,
    ConnectTimedOut,
    EngineError,
    ExchangeBroken,
    NotConnected,
    Request,
    Response,
)

LONGEST_WAIT: Final = 0.5
"""Seconds after which a signal is heard that did not end the waiting for a socket by itself."""

_MOMENT: Final = 0.001
_YES: Final[int] = pycurl.PREREQFUNC_OK
_NO: Final[int] = pycurl.PREREQFUNC_ABORT


class FastEngine:
    """An `Engine` over a pool of connections; can be shared between threads."""

    def __init__(
        self, *, max_answer_bytes: int = MAX_ANSWER_BYTES, proxy: str | None = None
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._options = {
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.ACCEPT_ENCODING: "gzip, deflate",
            pycurl.NOSIGNAL: 1,
            pycurl.PROXY: proxy or "",
            pycurl.NOPROXY: "",  # else NO_PROXY would lead past the proxy that was asked for
            **_trusted(),
        }
        self._closed = False
        self._idle: list[_Line] = []
        self._parents: list[list[_Line]] = []
        forks.tell(self)

    def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        try:
            line = self._idle.pop()
        except IndexError:
            line = _Line(self._options, self._max_answer_bytes)
        answer = line.carried(request)
        # Not after an interrupt: it may have left anything half done.
        if self._closed:
            line.close()
        else:
            self._idle.append(line)
        if isinstance(answer, EngineError):
            raise answer
        return answer

    def forget(self) -> None:
        """Begin anew, in a forked process; kept, for closing them would speak to the server."""
        self._parents.append(self._idle)
        self._idle = []

    def close(self) -> None:
        """Close all connections; a second call does nothing."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()


class _Line:
    """One handle of libcurl with a connection of its own, for one request at a time."""

    def __init__(self, options: dict[int, Any], max_answer_bytes: int) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._head: list[bytes] = []
        self._body: list[bytes] = []
        self._size = 0
        self._stood = False
        self._curl = pycurl.Curl()
        for option, value in options.items():
            self._curl.setopt(option, value)
        self._curl.setopt(pycurl.PREREQFUNCTION, self._may_send)
        self._curl.setopt(pycurl.HEADERFUNCTION, self._head.append)
        self._curl.setopt(pycurl.WRITEFUNCTION, self._take)
        self._multi = pycurl.CurlMulti()

    def carried(self, request: Request) -> Response | EngineError:
        """The answer, or why there is none."""
        start = perf_counter()
        self._size, self._stood = 0, False
        self._prepare(request)
        failed = self._perform()
        answer = self._failure(*failed) if failed else self._answer(start)
        self._head.clear()
        self._body.clear()
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._multi.close()
        self._curl.close()

    def _prepare(self, request: Request) -> None:
        setopt, content, timeout = self._curl.setopt, request.content, request.timeout
        headers = [f"{name}: {value}" for name, value in request.headers.items()]
        if content or request.method == "POST":
            setopt(pycurl.POSTFIELDS, content)
            # libcurl would say that it is a form, and this takes that away again.
            if not any(name.lower() == "content-type" for name in request.headers):
                headers.append("Content-Type:")
        else:
            setopt(pycurl.HTTPGET, 1)
        setopt(pycurl.CUSTOMREQUEST, request.method)
        setopt(pycurl.URL, request.url)
        setopt(pycurl.HTTPHEADER, headers)
        # 0 would be no time-out at all.
        setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(timeout.connect * 1000)))
        setopt(pycurl.TIMEOUT_MS, max(1, int(timeout.read * 1000)))

    def _perform(self) -> tuple[int, str] | None:
        """Do the transfer; the code and the words of what went wrong.

        The waiting is ours, for libcurl's own would not let go of it for Ctrl-C.
        """
        multi = self._multi
        multi.add_handle(self._curl)
        try:
            while multi.perform()[1]:
                until = multi.timeout() / 1000  # libcurl's next clock; negative if it has none
                if multi.select(until if 0 <= until < LONGEST_WAIT else LONGEST_WAIT) == 0:
                    # There may be no socket yet, or one that select() can't wait for: from 1024 on.
                    sleep(_MOMENT)
            _, _, failed = multi.info_read()
        finally:
            multi.remove_handle(self._curl)
        return failed[0][1:] if failed else None

    def _may_send(self, *_: object) -> int:
        """Whether libcurl may send now that it has a connection: the first time only."""
        if self._stood:
            return _NO
        self._stood = True
        return _YES

    def _take(self, chunk: bytes) -> int | None:
        self._size += len(chunk)
        if self._size > self._max_answer_bytes:
            return 0  # none of it was taken, which ends the transfer
        self._body.append(chunk)
        return None

    def _answer(self, start: float) -> Response | EngineError:
        headers = _headers(self._head)
        if headers is None:
            return ExchangeBroken("the connection was closed within the answer's headers")
        return Response(
            status=self._curl.getinfo(pycurl.RESPONSE_CODE),
            headers=headers,
            content=b"".join(self._body),
            elapsed=perf_counter() - start,
        )

    def _failure(self, code: int, reason: str) -> EngineError:
        """What libcurl's error is to engines: did a connection stand, or not?"""
        timed_out = code == pycurl.E_OPERATION_TIMEDOUT
        if not self._stood:
            return ConnectTimedOut(reason) if timed_out else NotConnected(reason)
        if self._size > self._max_answer_bytes:
            return AnswerOverLimit(f"the answer is larger than {self._max_answer_bytes} bytes")
        return AnswerTimedOut(reason) if timed_out else ExchangeBroken(reason)


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


def _headers(lines: list[bytes]) -> dict[str, str] | None:
    """The headers of the answer, which comes after interim ones.

    None when they have no end: to libcurl an answer that is cut off there is complete.
    """
    headers: dict[str, str] = {}
    whole = False
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if line.startswith(b"HTTP/"):
            headers, whole = {}, False
        elif colon:
            name, value = name.lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        elif line == b"\r\n":
            whole = True
    return headers if whole else None
