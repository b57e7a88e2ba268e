"""The default engines, over httpx: the only module of the package that imports it.

Nothing is taken from the environment but the certificate store: no proxy, which would see what goes
over plain http, and no .netrc, whose password would be sent beside the token. Redirects are not
followed and cookies not kept. httpx's own log lines, with whole URLs, are left out for these
engines and for nobody else: the logger `coinbtr` says what there is to say.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import perf_counter
from typing import Any, Final

import httpx

from coinbtr.wire.engine import (
    AnswerOverLimit,
    AnswerTimedOut,
    ConnectTimedOut,
    ExchangeBroken,
    NotConnected,
    Request,
    Response,
    Timeout,
)

MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024

_sending: ContextVar[bool] = ContextVar("coinbtr_sending", default=False)


def _not_ours(record: logging.LogRecord) -> bool:  # noqa: ARG001 - a filter is given it
    return not _sending.get()


# Once, whatever is imported how often: a filter stands in a logger's list until it is removed.
logging.getLogger("httpx").addFilter(_not_ours)


class HttpxEngine:
    """An `Engine` over a pool of connections; can be shared between threads."""

    def __init__(
        self, *, max_answer_bytes: int = MAX_ANSWER_BYTES, proxy: str | None = None
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        if proxy is None:
            self._client = httpx.Client(**_options(), verify=_certificates())
        else:
            through = httpx.HTTPTransport(verify=_certificates(), proxy=httpx.Proxy(proxy))
            self._client = httpx.Client(**_options(), transport=through)

    def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        start = perf_counter()
        with _translated():
            answer = self._client.send(_built(self._client.build_request, request), stream=True)
            try:
                body = _Body(self._max_answer_bytes)
                for chunk in answer.iter_bytes():
                    body.add(chunk)
            finally:
                answer.close()
        return _response(answer, body, start)

    def close(self) -> None:
        """Close all connections; a second call does nothing."""
        self._client.close()


class AsyncHttpxEngine:
    """An `AsyncEngine` over a pool of connections; for the tasks of one event loop."""

    def __init__(
        self, *, max_answer_bytes: int = MAX_ANSWER_BYTES, proxy: str | None = None
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        if proxy is None:
            self._client = httpx.AsyncClient(**_options(), verify=_certificates())
        else:
            through = httpx.AsyncHTTPTransport(verify=_certificates(), proxy=httpx.Proxy(proxy))
            self._client = httpx.AsyncClient(**_options(), transport=through)

    async def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        start = perf_counter()
        with _translated():
            built = _built(self._client.build_request, request)
            answer = await self._client.send(built, stream=True)
            try:
                body = _Body(self._max_answer_bytes)
                async for chunk in answer.aiter_bytes():
                    body.add(chunk)
            finally:
                await answer.aclose()
        return _response(answer, body, start)

    async def aclose(self) -> None:
        """Close all connections; a second call does nothing."""
        await self._client.aclose()


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


def _options() -> dict[str, Any]:
    return {
        "trust_env": False,
        "follow_redirects": False,
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    }


def _certificates() -> ssl.SSLContext:
    """The usual certificate store, or that of SSL_CERT_FILE and SSL_CERT_DIR."""
    return httpx.create_ssl_context(trust_env=True)


def _built(build_request: Callable[..., httpx.Request], request: Request) -> httpx.Request:
    return build_request(
        request.method,
        request.url,
        headers=dict(request.headers),
        content=request.content or None,
        timeout=_timeout(request.timeout),
    )


def _timeout(timeout: Timeout) -> httpx.Timeout:
    return httpx.Timeout(
        connect=timeout.connect, read=timeout.read, write=timeout.write, pool=timeout.pool
    )


def _response(answer: httpx.Response, body: _Body, start: float) -> Response:
    return Response(
        status=answer.status_code,
        headers=dict(answer.headers),
        content=body.whole(),
        elapsed=perf_counter() - start,
    )


@contextmanager
def _translated() -> Iterator[None]:
    """Turn httpx's errors into those of engines: did a connection stand, or not?"""
    mark = _sending.set(True)
    try:
        yield
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ConnectTimedOut(_reason(error)) from None
    except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.ProxyError) as error:
        raise NotConnected(_reason(error)) from None
    except httpx.TimeoutException as error:
        raise AnswerTimedOut(_reason(error)) from None
    except httpx.HTTPError as error:
        raise ExchangeBroken(_reason(error)) from None
    finally:
        _sending.reset(mark)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
