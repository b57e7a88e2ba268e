"""What faults look like on the wire: bytes, ends and resets, as a program of any language sees."""

import asyncio
import errno
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.faults import Fault
from coinbtr.sandbox.server import SandboxServer

GET = b"GET /api/v1/market/gettiker?market=btc-mxn HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    """A served sandbox on a free port."""
    with SandboxServer() as running:
        yield running


def spoken(server: SandboxServer, request: bytes = GET) -> tuple[bytes, int]:
    """What comes until the connection ends, and the error it ends with, 0 for a proper end."""
    port = urlsplit(server.address).port
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        try:
            while some := connection.recv(65_536):
                heard += some
        except ConnectionError as error:
            return heard, error.errno or -1
    return heard, 0


@pytest.mark.parametrize(
    ("kind", "end"),
    [("drop_answer", 0), ("reset_before", errno.ECONNRESET), ("reset_during", errno.ECONNRESET)],
)
def test_a_connection_ends_as_ordered(server: SandboxServer, kind: Any, end: int) -> None:
    """A drop is an end without a byte, a reset is a reset; the one midway comes after a part."""
    server.sandbox.faults.clear()
    server.sandbox.faults.add(Fault(kind=kind))
    for _ in range(20):
        heard, ended = spoken(server)
        assert ended == end
        if kind == "reset_during":
            head, _, body = heard.partition(b"\r\n\r\n")
            assert b"200 OK" in head
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            assert 0 < len(body) < length
        else:
            assert heard == b""


def test_a_reset_leaves_other_connections_alone(server: SandboxServer) -> None:
    """Of two open connections one is reset; the other is answered on."""
    port = urlsplit(server.address).port
    server.sandbox.faults.clear()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as other:
        other.sendall(GET)
        assert other.recv(65_536).startswith(b"HTTP/1.1 200")
        server.sandbox.faults.add(Fault(kind="reset_before", count=1))
        assert spoken(server) == (b"", errno.ECONNRESET)
        other.sendall(GET)
        assert other.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(("kind", "status"), [("html_page", 299), ("server_error", 599)])
def test_a_status_that_nobody_has_registered_is_answered(
    server: SandboxServer, kind: Any, status: int
) -> None:
    """Every status that a fault may have reaches the client, and the next request is answered."""
    server.sandbox.faults.clear()
    server.sandbox.faults.add(Fault(kind=kind, status=status, count=1))
    heard, _ = spoken(server, GET + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert heard.startswith(f"HTTP/1.1 {status} \r\n".encode())
    assert b"HTTP/1.1 200 OK\r\n" in heard


def test_a_truncated_body_is_a_whole_message(server: SandboxServer) -> None:
    """Its length is that of the half: only the JSON tells that something is missing."""
    server.sandbox.faults.clear()
    server.sandbox.faults.add(Fault(kind="truncated_body", count=1))
    heard, _ = spoken(server, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    head, _, body = heard.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert body.startswith(b'{"success":true')
    assert not body.endswith(b"}")


def test_a_latency_holds_nobody_else_up(server: SandboxServer) -> None:
    """While one answer is late, another request is answered at once."""
    port = urlsplit(server.address).port
    server.sandbox.faults.clear()
    server.sandbox.faults.add(Fault(kind="latency", ms=3_000, operations=("getTicker",)))
    with socket.create_connection(("127.0.0.1", port), timeout=30) as late:
        began = time.monotonic()
        late.sendall(GET)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as other:
            other.sendall(GET.replace(b"gettiker", b"get24hvolume"))
            assert other.recv(65_536).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 2.9
        assert late.recv(65_536).startswith(b"HTTP/1.1 200")
        # uvloop counts in whole milliseconds, from the one that has begun.
        assert time.monotonic() - began >= 2.998


def test_an_html_page_carries_the_mark(server: SandboxServer) -> None:
    """Even an answer that the exchange would never give says that it is the sandbox's."""
    server.sandbox.faults.clear()
    server.sandbox.faults.add(Fault(kind="html_page", count=1))
    heard, _ = spoken(server, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert heard.startswith(b"HTTP/1.1 502")
    assert heard.lower().count(b"coinbtr-sandbox: ") == 1
    assert b"<!DOCTYPE html>" in heard


def test_without_a_server_s_connections_the_server_decides(sandbox: Sandbox) -> None:
    """As a bare ASGI application it ends such a request with an exception, never with an answer."""
    sandbox.faults.add(Fault(kind="drop_answer"))
    sent: list[object] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/market/listbooks",
        "query_string": b"",
        "headers": [],
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(ConnectionAbortedError, match="fault on order"):
        asyncio.run(sandbox.asgi()(scope, receive, send))
    assert sent == []
