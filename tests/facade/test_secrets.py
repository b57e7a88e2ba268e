"""The token is nowhere but in the header that it belongs in."""

import asyncio
import copy
import logging
import pickle
import socketserver
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from coinbtr import (
    AsyncCoinBTR,
    CoinBTR,
    CoinBTRError,
    ConfigurationError,
    Request,
    Retries,
    errors,
)
from coinbtr.wire.secret import Token
from tests.facade.scripted import CALLS, OPEN, TOKEN, URL, Facade, Script, answer, example_answer
from tests.facade.test_answers import FAULTS

ECHO = f'{{"success": false, "msg": {{"error": "Bad {TOKEN}!", "code": "{TOKEN}"}}}}'


def strings(value: object, depth: int = 3) -> Iterator[str]:
    """Every text within a value that somebody who prints it could see."""
    yield from (repr(value), str(value))
    if depth and isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key, depth - 1)
            yield from strings(inner, depth - 1)
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from strings(inner, depth - 1)
    elif depth and isinstance(value, Request):
        yield from strings(dict(value.headers), depth - 1)


def frames(error: BaseException | None) -> Iterator[FrameType]:
    """The frames of an exception, its causes and its contexts."""
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            yield trace.tb_frame
            trace = trace.tb_next
        yield from frames(error.__cause__)
        error = error.__context__


def assert_clean(error: BaseException) -> None:
    """No frame of ours or below, and nothing in the error, shows the token."""
    seen = [frame for frame in frames(error) if "/tests/" not in frame.f_code.co_filename]
    assert seen, "no frame was looked at"
    for frame in seen:
        for name, value in frame.f_locals.items():
            where = f"{name} in {frame.f_code.co_qualname}"
            assert not any(TOKEN in text for text in strings(value)), where
    for text in strings(vars(error)):
        assert TOKEN not in text
    assert TOKEN not in f"{error!s}{error!r}{error.args}"


class Leaky:
    """An engine whose failure holds the request in a local, a cause and a context."""

    def __init__(self, failure: BaseException) -> None:
        self.failure = failure

    def send(self, request: Request) -> Any:
        """Fail, with the token in every place where it could be found."""
        authorization = dict(request.headers)
        assert TOKEN in authorization["Authorization"]
        try:
            raise OSError(f"inner {authorization}")
        except OSError as inner:
            raise self.failure from inner

    def close(self) -> None:
        """Nothing to close."""


class AsyncLeaky(Leaky):
    """The same, awaited."""

    async def send(self, request: Request) -> Any:
        """Fail, a few frames down."""
        await asyncio.sleep(0)
        return super().send(request)

    async def aclose(self) -> None:
        """Nothing to close."""


FAST = Retries(attempts=2, first_wait=0)

FAILURES = [
    *(fault for fault, _ in FAULTS.values() if isinstance(fault, Exception)),
    RuntimeError(f"a bug, with the token {TOKEN}"),
    KeyboardInterrupt(),
    asyncio.CancelledError(),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_no_frame_of_an_exception_holds_the_token(kind: str, failure: BaseException) -> None:
    """Frames, causes and contexts are walked: nothing of the request is left below the seam."""

    def call() -> None:
        client = CoinBTR(TOKEN, base_url=URL, engine=Leaky(failure), retries=FAST)
        client.wallet.balance("btc")

    async def call_async() -> None:
        client = AsyncCoinBTR(TOKEN, base_url=URL, engine=AsyncLeaky(failure), retries=FAST)
        await client.wallet.balance("btc")

    with pytest.raises((CoinBTRError, KeyboardInterrupt, asyncio.CancelledError)) as caught:
        call() if kind == "sync" else asyncio.run(call_async())
    assert_clean(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_no_unknown_outcome_holds_the_token(kind: str, failure: BaseException) -> None:
    """Neither the error, nor its cause, nor what the client keeps of it, has a frame from below."""
    kept: list[errors.OutcomeUnknown] = []
    options: dict[str, Any] = {
        "base_url": URL,
        "retries": FAST,
        "guards": OPEN,
        "watermark": "seen",
    }

    def call() -> None:
        client = CoinBTR(TOKEN, engine=Leaky(failure), **options)
        try:
            CALLS["withdraw"][1](client)
        finally:
            kept.extend(client.unresolved)

    async def call_async() -> None:
        client = AsyncCoinBTR(TOKEN, engine=AsyncLeaky(failure), **options)
        try:
            await CALLS["withdraw"][1](client)
        finally:
            kept.extend(client.unresolved)

    with pytest.raises((CoinBTRError, KeyboardInterrupt, asyncio.CancelledError)) as caught:
        call() if kind == "sync" else asyncio.run(call_async())
    assert_clean(caught.value)
    assert bool(kept) is (not isinstance(caught.value, errors.NoConnection))
    for lost in (caught.value, *kept):
        if isinstance(lost, errors.OutcomeUnknown):
            assert lost.cause is not None
            assert not list(frames(lost.cause))
            assert (lost.__cause__, lost.__context__) == (None, None)
            assert TOKEN.encode() not in pickle.dumps(lost)
            assert not any(TOKEN in text for text in strings(vars(lost.cause)))


@pytest.mark.parametrize("fault", FAULTS)
def test_no_answer_brings_the_token_out(facade: Facade, fault: str) -> None:
    """The same for every fault that an answer can have."""
    with pytest.raises(CoinBTRError) as caught:
        facade.run(CALLS["withdraw"][1], FAULTS[fault][0])
    assert_clean(caught.value)


@pytest.mark.parametrize(
    "echo",
    [
        answer(ECHO, 409),
        answer(ECHO, 200),
        answer(f"<html>{TOKEN}</html>", 200, "text/html"),
        answer(f'{{"success": true, "data": {{"{TOKEN}": "{TOKEN}"}}}}'),
        answer("{" + TOKEN),
        answer("", 302, location=f"https://evil.test/{TOKEN}"),
        answer("x", 200, f"text/{TOKEN}"),
        answer(f'"{TOKEN.replace("/", "%2F")}"', 500),
    ],
)
def test_a_token_that_comes_back_is_blacked_out(facade: Facade, echo: Any) -> None:
    """A server that repeats the token gets it into no message, code, excerpt or frame."""
    with pytest.raises(CoinBTRError) as caught:
        facade.run(CALLS["withdraw"][1], echo)
    assert_clean(caught.value)
    assert TOKEN.replace("/", "%2F") not in str(caught.value)
    assert "[token]" in f"{caught.value} {caught.value.excerpt}"


def test_a_refused_configuration_holds_no_token(facade: Facade) -> None:
    """The constructor's own frames don't hold it either."""
    kind = CoinBTR if facade.kind == "sync" else AsyncCoinBTR
    with pytest.raises(ConfigurationError) as caught:
        kind(TOKEN)
    assert_clean(caught.value)


def test_no_repr_shows_the_token(facade: Facade) -> None:
    """Client, its parts, request, and the wrapper itself."""
    script = Script([example_answer("getBalance")])
    reprs: list[str] = []

    def look(client: Any) -> Any:
        parts = [client, client.account, client.wallet, client.trading, client.market]
        seam = client.wallet._seam
        reprs.extend(repr(one) for one in [*parts, seam, vars(seam), vars(client)])
        return client.wallet.balance("btc")

    facade.run(look, script=script)
    reprs += [repr(script.requests), repr(Token(TOKEN)), f"{Token(TOKEN)}"]
    assert TOKEN in script.requests[0].headers["Authorization"]
    assert not any(TOKEN in text for text in reprs)


def test_the_wrapper_is_neither_pickled_nor_copied() -> None:
    """A token in a pickle is a token on a disk."""
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never pickled"):
            attempt(Token(TOKEN))


def test_a_pickled_error_holds_no_token(facade: Facade) -> None:
    """Not even of a server that repeats it."""
    with pytest.raises(errors.Refused) as caught:
        facade.run(CALLS["withdraw"][1], answer(ECHO, 409))
    assert TOKEN.encode() not in pickle.dumps(caught.value)


class Quiet(socketserver.BaseRequestHandler):
    """Answers any request with the same refusal, over a real socket."""

    def handle(self) -> None:
        """Read once, answer once."""
        assert f"Token {TOKEN}".encode() in self.request.recv(65536)
        body = b'{"success": false, "msg": {"error": "No.", "code": "invalid_token"}}'
        self.request.sendall(
            b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that refuses everything."""
    with socketserver.TCPServer(("127.0.0.1", 0), Quiet) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/api/v1"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_no_log_line_shows_the_token(
    server: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger at its loudest, over real sockets, httpx and all below it included."""
    caplog.set_level(logging.NOTSET)

    def call() -> None:
        with CoinBTR(TOKEN, base_url=server) as client:
            client.wallet.balance("btc")

    async def call_async() -> None:
        async with AsyncCoinBTR(TOKEN, base_url=server) as client:
            await client.wallet.balance("btc")

    with pytest.raises(errors.AuthenticationError) as caught:
        call() if kind == "sync" else asyncio.run(call_async())
    assert_clean(caught.value)
    assert any(record.name.startswith("httpcore") for record in caplog.records)
    for record in caplog.records:
        assert TOKEN not in f"{record.getMessage()}{record.args}"
