"""The default engines, over httpx: the only module of the package that imports it.

They use httpx's transports, without its client: nothing follows a redirect, keeps a cookie, reads a
.netrc or logs a whole URL. Nothing is taken from the environment but the certificate store: no
proxy, which would see what goes over plain http.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from functools import lru_cache
from threading import Lock
from time import perf_counter
from typing import Any, Final, Generic, TypeVar

import httpx

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

BUSY: Final = 8
"""Requests under way on one of httpx's pools before another one is used."""
MOST_POOLS: Final = 13

T = TypeVar("T")

# What httpx can always uncompress.
_ENCODINGS: Final = {"Accept-Encoding": "gzip, deflate"}


class HttpxEngine:
    """An `Engine` over a pool of connections; can be shared between threads.

    `max_answer_seconds` is how long the body of an answer may take in all, however steadily its
    bytes come; None is without end.
    """

    def __init__(
        self,
        *,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        max_answer_seconds: float | None = None,
        proxy: str | None = None,
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._max_answer_seconds = max_answer_seconds
        trusted, through = _certificates(), _proxy(proxy)
        self._pools = _Pools(lambda: httpx.HTTPTransport(verify=trusted, proxy=through))

    def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        most = self._max_answer_seconds
        start = perf_counter()
        pool = self._pools.taken()
        try:
            answer = pool.transport.handle_request(_built(request))
            answer.stream = _Stream(answer)
            try:
                body = _Body(self._max_answer_bytes)
                for chunk in answer.iter_bytes():
                    body.add(chunk)
                    if most is not None and perf_counter() - start > most:
                        raise AnswerTimedOut(f"the answer takes longer than {most:g} s")
            finally:
                answer.close()
        except httpx.HTTPError as error:
            raise _translated(error) from None
        except EngineError:
            raise
        except BaseException:
            self._pools.leave(pool)
            raise
        finally:
            self._pools.give_back(pool)
        return _response(answer, body, start)

    def close(self) -> None:
        """Close all connections; a second call does nothing."""
        for pool in self._pools.all:
            pool.transport.close()


class AsyncHttpxEngine:
    """An `AsyncEngine` over a pool of connections; for the tasks of one event loop."""

    def __init__(
        self, *, max_answer_bytes: int = MAX_ANSWER_BYTES, proxy: str | None = None
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        trusted, through = _certificates(), _proxy(proxy)
        self._pools = _Pools(lambda: httpx.AsyncHTTPTransport(verify=trusted, proxy=through))

    async def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        start = perf_counter()
        pool = self._pools.taken()
        try:
            answer = await pool.transport.handle_async_request(_built(request))
            answer.stream = _AsyncStream(answer)
            try:
                body = _Body(self._max_answer_bytes)
                async for chunk in answer.aiter_bytes():
                    body.add(chunk)
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            raise _translated(error) from None
        finally:
            self._pools.give_back(pool)
        return _response(answer, body, start)

    async def aclose(self) -> None:
        """Close all connections; a second call does nothing."""
        for pool in self._pools.all:
            await pool.transport.aclose()


class _Stream(httpx.SyncByteStream):
    """The bytes of an answer; more than those, and its connection is not used again."""

    def __init__(self, answer: httpx.Response) -> None:
        self._bytes: Any = answer.stream
        self._connection: Any = answer.extensions.get("network_stream")

    def __iter__(self) -> Iterator[bytes]:
        yield from self._bytes
        if _has_surplus(self._bytes):
            self._connection.close()

    def close(self) -> None:
        self._bytes.close()


class _AsyncStream(httpx.AsyncByteStream):
    """The same, awaited."""

    def __init__(self, answer: httpx.Response) -> None:
        self._bytes: Any = answer.stream
        self._connection: Any = answer.extensions.get("network_stream")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._bytes:
            yield chunk
        if _has_surplus(self._bytes):
            await self._connection.aclose()

    async def aclose(self) -> None:
        await self._bytes.aclose()


# Where httpx has what h11 knows of a connection; it has no public way there.
_TO_H11: Final = ("_httpcore_stream", "_stream", "_connection", "_h11_state")


def _has_surplus(stream: Any) -> bool:
    """Whether bytes came after the answer, which httpx would take for the next one's."""
    for name in _TO_H11:
        stream = getattr(stream, name, None)
    return stream is not None and stream.trailing_data[0] != b""


class _Pool(Generic[T]):
    """One of httpx's transports, and how many requests it has under way."""

    def __init__(self, transport: T) -> None:
        self.transport = transport
        self.busy = 0


class _Pools(Generic[T]):
    """As many pools of connections as there is work for.

    httpx looks at every connection of a pool for every request, so one pool for many requests at
    once costs their square. Who calls one after the other has one pool, and its connections.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self.all = [_Pool(make())]
        forks.tell(self)

    def forget(self) -> None:
        """Begin anew, in a forked process; what goes with the old ones is this side's end alone."""
        self._lock = Lock()
        self.all = [_Pool(self._make())]

    def taken(self) -> _Pool[T]:
        with self._lock:
            pool = next((one for one in self.all if one.busy < BUSY), None)
            if pool is None and len(self.all) < MOST_POOLS:
                pool = _Pool(self._make())
                self.all.append(pool)
            if pool is None:
                pool = min(self.all, key=lambda one: one.busy)
            pool.busy += 1
            return pool

    def leave(self, pool: _Pool[T]) -> None:
        """Use it no more after an interrupt: a lock of its own may be held, and for ever.

        It is not closed: that takes the same lock.
        """
        with self._lock:
            self.all = [one for one in self.all if one is not pool]

    def give_back(self, pool: _Pool[T]) -> None:
        with self._lock:
            pool.busy -= 1


class _Body:
    """The chunks of an answer, up to a limit of uncompressed bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._chunks: list[bytes] = []

    def add(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            raise AnswerOverLimit(f"the answer is larger than {self._limit} bytes")
        self._chunks.append(chunk)

    def whole(self) -> bytes:
        return b"".join(self._chunks)


def _certificates() -> ssl.SSLContext:
    """The usual certificate store, or that of SSL_CERT_FILE and SSL_CERT_DIR."""
    return httpx.create_ssl_context(trust_env=True)


def _proxy(address: str | None) -> httpx.Proxy | None:
    return None if address is None else httpx.Proxy(address)


# Taking a URL apart costs as much as sending a request; those of a program repeat themselves.
_url = lru_cache(maxsize=256)(httpx.URL)


def _built(request: Request) -> httpx.Request:
    timeout = request.timeout
    return httpx.Request(
        request.method,
        _url(request.url),
        headers={**request.headers, **_ENCODINGS},
        content=request.content or None,
        extensions={
            "timeout": {
                "connect": timeout.connect,
                "read": timeout.read,
                "write": timeout.write,
                "pool": timeout.pool,
            }
        },
    )


def _response(answer: httpx.Response, body: _Body, start: float) -> Response:
    return Response(
        status=answer.status_code,
        headers=answer.headers,
        content=body.whole(),
        elapsed=perf_counter() - start,
    )


def _translated(error: httpx.HTTPError) -> EngineError:
    """What httpx's error is to engines: did a connection stand, or not?"""
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return ConnectTimedOut(reason)
    if isinstance(error, (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.ProxyError)):
        return NotConnected(reason)
    if isinstance(error, httpx.TimeoutException):
        return AnswerTimedOut(reason)
    return ExchangeBroken(reason)
