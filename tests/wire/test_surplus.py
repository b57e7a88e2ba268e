"""What comes on a connection after an answer is not taken for the answer to the next request."""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from coinbtr.wire import idle
from coinbtr.wire.async_fast_engine import AsyncFastEngine
from coinbtr.wire.engine import AsyncEngine, Engine, Request
from coinbtr.wire.fast_engine import FastEngine
from coinbtr.wire.httpx_engine import AsyncHttpxEngine, HttpxEngine
from tests.wire.raw_server import read_request


def _serve(listening: socket.socket) -> None:
    """Answer each request with one answer too many, which comes with the first."""
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(connection,), daemon=True).start()


def _talk(connection: socket.socket) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    with connection:
        try:
            while connection.recv(65536):
                connection.sendall(head + b"right" + head + b"wrong")
        except OSError:
            return


@pytest.mark.parametrize("make", [HttpxEngine, FastEngine])
def test_a_second_answer_belongs_to_no_request(make: Callable[[], Engine]) -> None:
    """Three requests in a row each get their own answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening,), daemon=True).start()
        request = Request(method="GET", url=f"http://127.0.0.1:{listening.getsockname()[1]}/")
        engine = make()
        assert [engine.send(request).content for _ in range(3)] == [b"right"] * 3
        engine.close()


@pytest.mark.parametrize("make", [AsyncHttpxEngine, AsyncFastEngine])
def test_nor_to_one_that_is_awaited(make: Callable[[], AsyncEngine]) -> None:
    """The same for the async engines."""

    async def answers(request: Request) -> list[bytes]:
        engine = make()
        contents = [(await engine.send(request)).content for _ in range(3)]
        await engine.aclose()
        return contents

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening,), daemon=True).start()
        request = Request(method="GET", url=f"http://127.0.0.1:{listening.getsockname()[1]}/")
        assert asyncio.run(answers(request)) == [b"right"] * 3


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


class Idling:
    """A server that, when it is let, does something on its first connections after an answer."""

    def __init__(self, surplus: bytes, connections: int) -> None:
        self._let = threading.Semaphore(0)
        self._done = threading.Semaphore(0)
        self.accepted = 0
        self._surplus = surplus
        self._connections = connections
        self._meeting = threading.Barrier(connections)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def goes_on(self) -> None:
        """Let it do that on each of them, and wait until it is done."""
        for _ in range(self._connections):
            self._let.release()
        for _ in range(self._connections):
            assert self._done.acquire(timeout=5)

    def close(self) -> None:
        """Accept nobody any more."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.accepted += 1
            is_first = self.accepted <= self._connections
            threading.Thread(target=self._talk, args=(connection, is_first), daemon=True).start()

    def _talk(self, connection: socket.socket, is_first: bool) -> None:
        with connection, suppress(OSError):
            read_request(connection)
            if is_first:
                self._meeting.wait(5)  # so that each request has a connection of its own
            connection.sendall(HEAD + b"right")
            if is_first:
                self._let.acquire(timeout=5)
                connection.sendall(self._surplus)
                if not self._surplus:
                    connection.shutdown(socket.SHUT_WR)
                self._done.release()
            while read_request(connection):
                connection.sendall(HEAD + b"right")


IDLING = {
    "closed": b"",
    "another answer": HEAD + b"wrong",
    "a time-out": HEAD[:9] + b"408 Late\r\n",
}


@pytest.mark.parametrize("surplus", IDLING)
@pytest.mark.parametrize("make", [HttpxEngine, FastEngine])
def test_a_connection_on_which_something_came_is_not_used(
    make: Callable[[], Engine], surplus: str
) -> None:
    """Whether the server closed it or said something: the next request is sent on a new one."""
    server, engine = Idling(IDLING[surplus], 1), make()
    request = Request(method="POST", url=server.url, content=b"{}")
    assert engine.send(request).content == b"right"
    server.goes_on()
    assert [engine.send(request).content for _ in range(2)] == [b"right"] * 2
    assert server.accepted == 2
    engine.close()
    server.close()


@pytest.mark.parametrize("surplus", IDLING)
@pytest.mark.parametrize("make", [AsyncHttpxEngine, AsyncFastEngine])
def test_nor_is_any_of_several(make: Callable[[], AsyncEngine], surplus: str) -> None:
    """Of three, none is fit: the request is sent once, on a fourth."""
    server = Idling(IDLING[surplus], 3)
    request = Request(method="POST", url=server.url, content=b"{}")

    async def answers() -> list[bytes]:
        engine = make()
        first = await asyncio.gather(*(engine.send(request) for _ in range(3)))
        await asyncio.to_thread(server.goes_on)
        after = [await engine.send(request) for _ in range(2)]
        await engine.aclose()
        return [answer.content for answer in (*first, *after)]

    assert asyncio.run(answers()) == [b"right"] * 5
    assert server.accepted == 4
    server.close()


def test_only_so_many_connections_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that rest the longest are forgotten; one that has ended is not remembered at all."""
    monkeypatch.setattr(idle, "REMEMBERED", 2)
    resting = idle.Idle()
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"something")
        resting.rests(("ended",), -1)
        for ends in ("oldest", "older", "new"):
            resting.rests((ends,), here.fileno())
        fit = [resting.is_fit((ends,)) for ends in ("ended", "oldest", "older", "new", "new")]
    assert fit == [True, True, False, False, True]
