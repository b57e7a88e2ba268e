"""A forked process uses none of its parent's connections: answers would be mixed up."""

import os
import socket
import threading
from collections.abc import Callable

import pytest

from coinbtr.wire.engine import Engine, Request
from coinbtr.wire.fast_engine import FastEngine
from coinbtr.wire.httpx_engine import HttpxEngine

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork"),
    # The server's thread sleeps in accept() and holds no lock that a child could want.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def _serve(listening: socket.socket) -> None:
    """Answer each request of a connection with the connection's number, and keep it open."""
    kept = []
    for number in range(3):
        connection, _ = listening.accept()
        kept.append(connection)
        threading.Thread(target=_talk, args=(connection, b"%d" % number), daemon=True).start()


def _talk(connection: socket.socket, number: bytes) -> None:
    while connection.recv(65536):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number)


@pytest.mark.parametrize("make", [HttpxEngine, FastEngine])
def test_a_forked_process_has_connections_of_its_own(make: Callable[[], Engine]) -> None:
    """The child's go over a new one, again and again, and the parent's over the one it had."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening,), daemon=True).start()
        request = Request(method="GET", url=f"http://127.0.0.1:{listening.getsockname()[1]}/")
        engine = make()
        assert engine.send(request).content == b"0"
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(writing, engine.send(request).content + engine.send(request).content)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            assert told.read() == b"11"
        assert engine.send(request).content == b"0"
        engine.close()
