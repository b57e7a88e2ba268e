"""Bytes that follow an answer are not taken for the answer to the next request."""

import asyncio
import socket
import threading
from collections.abc import Callable

import pytest

from coinbtr.wire.async_fast_engine import AsyncFastEngine
from coinbtr.wire.engine import AsyncEngine, Engine, Request
from coinbtr.wire.fast_engine import FastEngine
from coinbtr.wire.httpx_engine import AsyncHttpxEngine, HttpxEngine


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
