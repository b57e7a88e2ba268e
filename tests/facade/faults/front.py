"""A server in front of the real sandbox that misbehaves when told to, over real sockets.

It knows the truth: `carried` lists each request that the sandbox carried out.
"""

import re
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

from attrs import define, field

from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import Request, Response

FAILED: Final = b'{"success": false, "msg": {"error": "Not now.", "code": "%s"}}'
HTML: Final = b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"

# What an order, a withdrawal and a deposit address of somebody else look like, in one.
SOMEBODY_ELSES: Final = (
    b'{"success": true, "msg": "", "data": {"id": 9007199254740991, "market": "LTC-MXN",'
    b' "side": "SELL", "price": 1500.00, "initial_amount": 0.5, "amount": 0.5, "filled": 0,'
    b' "is_open": true, "created_at": "2018-07-02T04:57:55.942Z", "coin": "LTC", "txid": "f00d",'
    b' "status": "signed", "date": "2018-07-02T04:57:55.942Z", "address": "somebody-elses"}}'
)

MOST_SECONDS: Final = 30
"""The end of a wait for what always comes: a test that fails must end, too."""

# What is sent back instead of the answer: bytes, or what is done with the connection.
Spoil = Callable[["Front", socket.socket, Response], None]


@define
class Trouble:
    """One way to fail: at which stage, and whether the request is carried out first."""

    spoil: Spoil
    stage: Literal["accepted", "begun", "read"] = "read"
    carried_out: bool = False
    times: int = 1


@define(eq=False)
class Front:
    """Where it listens, what it has carried out, and the trouble that is ahead."""

    sandbox: Sandbox
    port: int
    carried: list[str] = field(factory=list)
    arrived: list[str] = field(factory=list)
    trouble: Trouble | None = None
    stopped: threading.Event = field(factory=threading.Event)
    received: threading.Event = field(factory=threading.Event)

    @property
    def url(self) -> str:
        """The base URL of its API."""
        return f"http://127.0.0.1:{self.port}/api/v1"

    def next_trouble(self) -> Trouble | None:
        """The trouble for the request that has come, counted down."""
        trouble = self.trouble
        if trouble is not None:
            trouble.times -= 1
            if not trouble.times:
                self.trouble = None
        return trouble


def reset(_: Front, connection: socket.socket, __: Response) -> None:
    """Cut the connection off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silence(front: Front, connection: socket.socket, _: Response) -> None:
    """Say nothing until the client has had enough."""
    front.received.set()
    connection.settimeout(MOST_SECONDS)
    try:
        connection.recv(1)
    finally:
        connection.close()


def instead(
    status: int, content: bytes, *headers: bytes, kind: bytes = b"application/json"
) -> Spoil:
    """Answer this, whatever the sandbox said."""
    return lambda _, connection, __: connection.sendall(_http(status, content, kind, *headers))


def cut(_: Front, connection: socket.socket, answer: Response) -> None:
    """Answer the first half only, as if it were the whole."""
    half = answer.content[: len(answer.content) // 2]
    connection.sendall(_http(answer.status, half, b"application/json"))


@contextmanager
def fronting(sandbox: Sandbox) -> Iterator[Front]:
    """A front on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        front = Front(sandbox, listening.getsockname()[1])
        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=_accept, args=(front, listening, threads))
        accepting.start()
        try:
            yield front
        finally:
            front.stopped.set()
            accepting.join()
            for thread in threads:
                thread.join()


def _accept(front: Front, listening: socket.socket, threads: list[threading.Thread]) -> None:
    while not front.stopped.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        if front.trouble is not None and front.trouble.stage == "accepted":
            front.next_trouble()
            # Not a byte is read; but a reset before the client has seen its connection stand is
            # a refusal to it, so the first byte is waited for.
            select.select([connection], [], [], MOST_SECONDS)
            reset(front, connection, Response(status=200))
            continue
        thread = threading.Thread(target=_serve, args=(front, connection))
        thread.start()
        threads.append(thread)


def _serve(front: Front, connection: socket.socket) -> None:
    connection.settimeout(0.05)
    with connection:
        while not front.stopped.is_set():
            try:
                first = connection.recv(10)
            except TimeoutError:
                if front.trouble is not None and front.trouble.stage == "accepted":
                    return  # so that the next request needs a connection of its own
                continue
            except OSError:
                return
            if not first or not _one(front, connection, first):
                return


def _one(front: Front, connection: socket.socket, first: bytes) -> bool:
    """Serve one request; whether the connection goes on."""
    trouble = front.next_trouble()
    nothing = Response(status=200)
    try:
        if trouble is not None and trouble.stage == "begun":
            trouble.spoil(front, connection, nothing)
            return False
        request = _request(front, connection, first)
        front.arrived.append(request.url)
        if trouble is not None and not trouble.carried_out:
            trouble.spoil(front, connection, nothing)
            return connection.fileno() >= 0
        answer = front.sandbox.handle(request)
        if answer.status == 200:
            front.carried.append(request.url.partition("/api/v1")[2].split("?")[0])
        if trouble is not None:
            trouble.spoil(front, connection, answer)
            return connection.fileno() >= 0
        connection.sendall(_http(answer.status, answer.content, b"application/json"))
    except OSError:
        return False
    return True


def _request(front: Front, connection: socket.socket, first: bytes) -> Request:
    connection.settimeout(MOST_SECONDS)
    received = first
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while len(body) < int(length[1] if length else 0):
        body += connection.recv(65536)
    connection.settimeout(0.05)
    line, *rows = head.decode("latin-1").split("\r\n")
    method, path, _ = line.split(" ")
    headers = dict(row.split(": ", 1) for row in rows)
    base = front.sandbox.base_url.removesuffix("/api/v1")
    return Request(method=method, url=base + path, headers=headers, content=body)


def _http(status: int, content: bytes, kind: bytes, *headers: bytes) -> bytes:
    lines = [
        b"HTTP/1.1 %d Some Words" % status,
        b"Content-Type: " + kind,
        b"Content-Length: %d" % len(content),
        *headers,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + content
