"""The fast async engine, over pyreqwest (`coinbtr[fast]`): the only module that imports it.

Nothing is taken from the environment but the certificate store. No redirect is followed, no cookie
kept, and nothing sent again: only a request of which no byte was written, because the connection
that it was to have was closed meanwhile, gets another one.

pyreqwest's time-outs belong to a client, so there is one for each pair of them. Its clock for
`read` runs from the beginning, connecting and sending included, so that `connect` can't be longer;
`write` and `pool` have no clock of their own, as there is no limit of connections.
"""

from __future__ import annotations

import atexit
from collections import OrderedDict
from datetime import timedelta
from threading import Lock
from time import perf_counter, sleep
from typing import Any, Final

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import (
    BuilderError,
    DetailedPyreqwestError,
    PyreqwestError,
    RequestTimeoutError,
)
from pyreqwest.proxy import ProxyBuilder

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
    Timeout,
)

MOST_CLIENTS: Final = 8
"""Pairs of time-outs that have a client, and connections, of their own at the same time."""

# What the library below says of a connection that did not come about, and of nothing else. The
# classes of pyreqwest's errors don't tell: a connection lost after sending is a ConnectError, too.
_NO_CONNECTION: Final = "client error (Connect)"

LAST_MOMENT: Final = 0.05
"""Seconds that a process that used this engine waits at its end."""

# pyreqwest's own thread may be about to let go of Python when the program ends, and would abort the
# process (status 134) if Python went first. While this waits, it does.
atexit.register(sleep, LAST_MOMENT)


class AsyncFastEngine:
    """An `AsyncEngine` over a pool of connections."""

    def __init__(
        self, *, max_answer_bytes: int = MAX_ANSWER_BYTES, proxy: str | None = None
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._clients = _Clients(proxy)

    async def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        start = perf_counter()
        try:
            sending = _built(self._clients.of(request.timeout), request).build_streamed()
            async with sending as answer:
                body = await answer.body_reader.read(self._max_answer_bytes + 1)
        except PyreqwestError as error:
            raise _translated(error) from None
        return _response(answer, body, self._max_answer_bytes, start)

    async def aclose(self) -> None:
        """Close all connections; a second call does nothing."""
        for client in self._clients.all():
            await client.close()


class _Clients:
    """The clients for different time-outs; the least used are given up when there are many."""

    def __init__(self, proxy: str | None) -> None:
        self._proxy = proxy
        self._clients: OrderedDict[Timeout, Client] = OrderedDict()
        self._lock = Lock()
        # Errors of the configuration are raised when an engine is made.
        self.of(Timeout())

    def of(self, timeout: Timeout) -> Client:
        with self._lock:
            client = self._clients.get(timeout)
            if client is None:
                client = self._clients[timeout] = self._made(timeout)
                if len(self._clients) > MOST_CLIENTS:
                    self._clients.popitem(last=False)
            elif len(self._clients) > 1:
                self._clients.move_to_end(timeout)
            return client

    def all(self) -> list[Client]:
        with self._lock:
            return list(self._clients.values())

    def _made(self, timeout: Timeout) -> Client:
        # A moment less than `read`: who hears first that a connection doesn't come about.
        connect = min(timeout.connect, timeout.read * 0.95)
        builder = (
            ClientBuilder()
            .no_proxy()
            .follow_redirects(False)
            .connect_timeout(timedelta(seconds=connect))
            .read_timeout(timedelta(seconds=timeout.read))
        )
        if self._proxy is not None:
            builder = builder.proxy(ProxyBuilder.all(self._proxy))
        return builder.build()


def _built(client: Client, request: Request) -> Any:
    headers = dict(request.headers)
    if request.method == "POST" and not request.content:
        headers["Content-Length"] = "0"
    building = client.request(request.method, request.url).headers(headers)
    return building.body_bytes(request.content) if request.content else building


def _response(answer: Any, body: Any, limit: int, start: float) -> Response:
    content = b"" if body is None else body.to_bytes()
    if len(content) > limit:
        raise AnswerOverLimit(f"the answer is larger than {limit} bytes")
    pairs = answer.headers.items()
    headers = dict(pairs)
    if len(headers) != len(pairs):
        headers = {name: ", ".join(answer.get_header_all(name)) for name in headers}
    return Response(
        status=answer.status,
        headers=headers,
        content=content,
        elapsed=perf_counter() - start,
    )


def _translated(error: PyreqwestError) -> EngineError:
    """What pyreqwest's error is to engines: did a connection stand, or not?"""
    causes: list[str] = []
    if isinstance(error, DetailedPyreqwestError):
        causes = [cause["message"] for cause in error.details["causes"] or ()]
    # The last cause is the first in time; the others repeat the URL.
    reason = causes[-1] if causes else error.message
    if _NO_CONNECTION in causes:
        if isinstance(error, RequestTimeoutError):
            return ConnectTimedOut(reason)
        return NotConnected(reason)
    if isinstance(error, BuilderError):
        return NotConnected(reason)
    if isinstance(error, RequestTimeoutError):
        return AnswerTimedOut(reason)
    return ExchangeBroken(reason)
