"""A server that reads one request and answers with the bytes that a test gives it, or with none."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from attrs import define, field

Behaviour = Callable[[socket.socket], None]


@define
class RawServer:
    """Where it listens, and what it was sent."""

    port: int
    scheme: str = "http"
    received: list[bytes] = field(factory=list)

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"{self.scheme}://127.0.0.1:{self.port}"


def says(content: bytes) -> Behaviour:
    """Send these bytes and close."""
    return lambda connection: connection.sendall(content)


def ok(body: bytes = b"{}", *headers: bytes) -> Behaviour:
    """Send a complete answer."""
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return says(b"\r\n".join(lines) + b"\r\n\r\n" + body)


@contextmanager
def serving(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """A server whose connections behave like these, one after the other, the last one for ever.

    It is done with a connection when the client or the block is, however long that takes.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        server = RawServer(listening.getsockname()[1], "http" if tls is None else "https")
        under_way = _UnderWay()
        thread = threading.Thread(
            target=_serve, args=(listening, server, behaviours, under_way, tls)
        )
        thread.start()
        try:
            yield server
        finally:
            under_way.stop()
            thread.join()


class _UnderWay:
    """The connection that is being served, which the end of the block breaks off."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._connection: socket.socket | None = None

    def take(self, connection: socket.socket) -> None:
        """Serve this one, unless all is over."""
        self._connection = connection
        if self.stopped.is_set():
            self.stop()

    def stop(self) -> None:
        """End it: whoever reads from it reads its end."""
        self.stopped.set()
        if self._connection is not None:
            with suppress(OSError):
                # Of the socket itself: TLS would take leave of the client.
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


def _serve(
    listening: socket.socket,
    server: RawServer,
    behaviours: tuple[Behaviour, ...],
    under_way: _UnderWay,
    tls: ssl.SSLContext | None,
) -> None:
    turn = 0
    while not under_way.stopped.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        connection.settimeout(None)
        under_way.take(connection)
        try:
            with (
                connection if tls is None else tls.wrap_socket(connection, server_side=True) as talk
            ):
                under_way.take(talk)
                request = read_request(talk)
                if request:
                    server.received.append(request)
                    behaviours[min(turn, len(behaviours) - 1)](talk)
                    turn += 1
        except OSError:
            connection.close()


def read_request(connection: socket.socket) -> bytes:
    """Read a whole request, which may come in several pieces; of what is no HTTP, the first."""
    received = connection.recv(65536)
    while received.startswith((b"GET ", b"POST ", b"PUT ")):
        head, end, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if end and len(body) >= int(length[1] if length else 0):
            break
        received += connection.recv(65536)
    return received
