"""The fast async engine beside an event loop: many at once, cancellations, other loops, forks."""

import asyncio
import gc
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from unittest import mock

import pycurl
import pytest

from coinbtr.wire import async_fast_engine
from coinbtr.wire.async_fast_engine import AsyncFastEngine
from coinbtr.wire.engine import EngineError, ExchangeBroken, NotConnected, Request, Response

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """What the engine is for."""
    return "asyncio"


class Server:
    """Answers each request of a connection with the connection's number, when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.let.set()
        self.got = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept nobody any more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        try:
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(
                    target=self._talk, args=(connection, b"%d" % self.connections), daemon=True
                ).start()
                self.connections += 1
        except OSError:
            return

    def _talk(self, connection: socket.socket, number: bytes) -> None:
        with connection, suppress(ConnectionError):
            while connection.recv(65536):
                self.got.release()
                self.let.wait(10)
                answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(number), number)
                connection.sendall(answer)
        self.ended.release()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of its own."""
    one = Server()
    yield one
    one.let.set()
    one.close()


def get(server: Server) -> Request:
    """A request to it."""
    return Request(method="GET", url=server.url)


async def until_under_way(
    engine: AsyncFastEngine, server: Server, number: int = 1
) -> list[asyncio.Task[Response]]:
    """As many requests, which the server has and does not answer."""
    server.let.clear()
    calls = [asyncio.create_task(engine.send(get(server))) for _ in range(number)]
    for _ in calls:
        await asyncio.to_thread(server.got.acquire)
    return calls


async def test_there_are_as_many_connections_as_requests_at_once(server: Server) -> None:
    """None waits for another's, and all are used again, up to the number that is kept."""
    engine = AsyncFastEngine()
    calls = await until_under_way(engine, server, 20)
    server.let.set()
    numbers = {(await call).content for call in calls}
    assert len(numbers) == server.connections == 20
    again = await asyncio.gather(*(engine.send(get(server)) for _ in range(20)))
    assert {answer.content for answer in again} == numbers
    assert server.connections == 20
    await engine.aclose()


async def test_no_more_are_kept_than_wanted(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After many at once, connections are closed, and what libcurl holds for them goes."""
    monkeypatch.setattr(async_fast_engine, "MOST_IDLE", 3)
    engine = AsyncFastEngine()
    calls = await until_under_way(engine, server, 8)
    server.let.set()
    await asyncio.gather(*calls)
    for _ in range(5):
        assert await asyncio.to_thread(server.ended.acquire, timeout=5)
    assert engine._lines is not None
    assert len(engine._lines.idle) == 3
    await engine.aclose()


async def test_a_cancelled_request_takes_its_connection_along(server: Server) -> None:
    """Its late answer is nobody else's."""
    engine = AsyncFastEngine()
    [call] = await until_under_way(engine, server)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    server.let.set()
    assert await asyncio.to_thread(server.ended.acquire, timeout=5)
    assert (await engine.send(get(server))).content == b"1"
    await engine.aclose()


async def test_a_cancellation_may_meet_the_answer(server: Server) -> None:
    """Both in one turn of the loop: the task is cancelled, and the engine goes on."""
    loop, failures = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, context: failures.append(context))
    engine = AsyncFastEngine()
    [call] = await until_under_way(engine, server)
    server.let.set()
    time.sleep(0.1)  # noqa: ASYNC251 - so that the answer is there when the loop looks again
    loop.call_soon(call.cancel)
    with pytest.raises(asyncio.CancelledError):
        await call
    assert (await engine.send(get(server))).status == 200
    assert failures == []
    await engine.aclose()


async def test_a_close_lets_what_is_under_way_end(server: Server) -> None:
    """An order that was sent still gets its answer; then nothing is left open."""
    engine = AsyncFastEngine()
    [call] = await until_under_way(engine, server)
    await engine.aclose()
    server.let.set()
    assert (await call).content == b"0"
    assert await asyncio.to_thread(server.ended.acquire, timeout=5)


def test_each_loop_has_connections_of_its_own(
    server: Server, request: pytest.FixtureRequest
) -> None:
    """A program may run one loop after the other, with one client; the first one's are closed."""
    engine = AsyncFastEngine()
    gc.disable()
    request.addfinalizer(gc.enable)
    assert asyncio.run(engine.send(get(server))).content == b"0"
    assert asyncio.run(engine.send(get(server))).content == b"1"
    assert server.ended.acquire(timeout=5)  # the first loop's
    asyncio.run(engine.aclose())
    assert server.ended.acquire(timeout=5)


def test_a_loop_that_ends_first_takes_its_requests_along(server: Server) -> None:
    """They are cancelled, and the engine serves the next loop."""
    engine = AsyncFastEngine()

    async def leave() -> None:
        await until_under_way(engine, server)

    asyncio.run(leave())
    server.let.set()
    assert asyncio.run(engine.send(get(server))).content == b"1"
    asyncio.run(engine.aclose())


def test_a_loop_that_is_closed_under_a_request_is_no_error(server: Server) -> None:
    """Its coroutine ends where it is, and the engine serves the next loop."""
    engine, loop = AsyncFastEngine(), asyncio.new_event_loop()
    [call] = loop.run_until_complete(until_under_way(engine, server))
    loop.close()
    coroutine: Any = call.get_coro()
    coroutine.close()  # as the collector does
    server.let.set()
    assert asyncio.run(engine.send(get(server))).content == b"1"
    asyncio.run(engine.aclose())


class Blind(asyncio.SelectorEventLoop):
    """A loop that watches no sockets, as Windows' own."""

    add_reader = asyncio.AbstractEventLoop.add_reader


def test_a_loop_that_watches_no_sockets_is_refused() -> None:
    """Before anything is sent, with what to do."""
    engine = AsyncFastEngine()
    with (
        asyncio.Runner(loop_factory=Blind) as runner,
        pytest.raises(NotConnected, match=r'Blind watches no sockets: .* engine="httpx"'),
    ):
        runner.run(engine.send(Request(method="GET", url="http://127.0.0.1:1/")))


class Faulty:
    """libcurl's multi interface when it can't go on."""

    def __init__(self, whole: Any) -> None:
        self.socket_action = mock.Mock(side_effect=pycurl.error(4, "out of memory"))
        self._whole = whole

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


async def test_a_fault_of_libcurl_itself_leaves_nobody_waiting(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits is told that the exchange broke, and the next request begins anew."""
    engine = AsyncFastEngine()
    calls = await until_under_way(engine, server, 2)
    assert engine._lines is not None
    monkeypatch.setattr(engine._lines, "_multi", Faulty(engine._lines._multi))
    server.let.set()
    for call in calls:
        with pytest.raises(ExchangeBroken, match="out of memory"):
            await call
    assert (await engine.send(get(server))).content == b"2"
    await engine.aclose()


@pytest.mark.parametrize("number", range(1, 7))
def test_an_interrupt_within_libcurl_leaves_nobody_waiting(
    server: Server, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it watches a socket: a loop that goes on ends that call and serves the next."""
    engine, loop = AsyncFastEngine(), asyncio.new_event_loop()
    watch, watched = async_fast_engine._Lines._watch, 0

    def interrupted(lines: Any, *event: int) -> None:
        nonlocal watched
        watched += 1
        if watched == number:
            raise KeyboardInterrupt
        watch(lines, *event)

    async def call() -> str:
        try:
            return (await asyncio.wait_for(engine.send(get(server)), 5)).content.decode()
        except EngineError:
            return "broken"

    monkeypatch.setattr(async_fast_engine._Lines, "_watch", interrupted)
    calls = [loop.create_task(call()) for _ in range(2)]
    interrupts = 0
    for task in calls:
        try:
            loop.run_until_complete(task)
        except KeyboardInterrupt:
            interrupts += 1
            loop.run_until_complete(asyncio.wait([task]))
    assert watched >= number
    assert interrupts <= 1
    later = loop.create_task(call())
    try:
        assert loop.run_until_complete(later).isdecimal()
    except KeyboardInterrupt:
        loop.run_until_complete(asyncio.wait([later]))
    assert loop.run_until_complete(call()).isdecimal()
    loop.run_until_complete(engine.aclose())
    loop.close()


async def test_what_libcurl_does_not_take_is_not_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No connection came about, so that it may be sent again, and the next request begins anew."""
    engine = AsyncFastEngine()
    await engine.send(get(server))
    assert engine._lines is not None
    faulty: Any = Faulty(engine._lines._multi)
    faulty.add_handle = mock.Mock(side_effect=pycurl.error(11, "aborted by callback"))
    monkeypatch.setattr(engine._lines, "_multi", faulty)
    with pytest.raises(NotConnected, match="aborted by callback"):
        await engine.send(get(server))
    assert (await engine.send(get(server))).content == b"1"
    await engine.aclose()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(server: Server) -> None:
    """The child's go over a new one, and the parent's over the one that it had."""
    engine = AsyncFastEngine()
    with asyncio.Runner() as runner:
        assert runner.run(engine.send(get(server))).content == b"0"
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(writing, asyncio.run(engine.send(get(server))).content)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            assert told.read() == b"1"
        assert runner.run(engine.send(get(server))).content == b"0"
        runner.run(engine.aclose())
