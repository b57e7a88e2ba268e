"""A server that goes away wasn't tested to the end; one that breaks a connection deviates."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from coinbtr.contract.server import HEALTH_PATH
from coinbtr.wire.engine import Request
from tests.contract.conftest import Command
from tests.contract.tampering import TamperedSandbox


class Server(HTTPServer):
    """A sandbox's server, one connection at a time; from answer `number` on it does `lose`.

    It goes on to say that it is the sandbox. (Schemathesis sends again what is lost once.)
    """

    def __init__(
        self, sandbox: TamperedSandbox, number: int, lose: Callable[["Server"], None]
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sandbox = sandbox
        self.number = number
        self.lose = lose
        self.count = 0


class Handler(BaseHTTPRequestHandler):
    """Answers from the sandbox."""

    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        """Answer, or break the connection."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        server = self.server
        assert isinstance(server, Server)
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        server.count += 1
        if server.count >= server.number and HEALTH_PATH not in self.path:
            server.lose(server)
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            method=self.command, url=f"http://sandbox{self.path}", headers=headers, content=content
        )
        response = server.sandbox.handle(request)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if "content-length" not in response.headers:
            self.send_header("content-length", str(len(response.content)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(response.content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def served(sandbox: TamperedSandbox, number: int, lose: Callable[[Server], None]) -> Iterator[str]:
    """Serve it in a thread, and give the base URL."""
    server = Server(sandbox, number, lose)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def close(server: Server) -> None:
    """Close: first nobody listens any more, then the connection breaks."""
    server.socket.close()


ONE = ("--operation", "cancelBuyLimitOrder")


@pytest.mark.parametrize(
    ("phase", "number", "only"),
    [("near-misses", 20, ONE), ("model", 90, ()), ("coverage", 20, ONE)],
)
def test_4_when_the_server_closes(
    phase: str, number: int, only: tuple[str, ...], sandbox: TamperedSandbox, command: Command
) -> None:
    """A request that meets the very closing is no finding: nobody listens afterwards."""
    with served(sandbox, number, close) as url:
        outcome = command(url, "--phase", phase, *only)
    assert (outcome.status, outcome.codes) == (4, set()), outcome.text
    assert "it stopped answering; the last request was" in outcome.text


@pytest.mark.parametrize(
    ("phase", "number", "only"), [("near-misses", 20, ONE), ("model", 9, ()), ("coverage", 20, ONE)]
)
def test_1_when_connections_break(
    phase: str, number: int, only: tuple[str, ...], sandbox: TamperedSandbox, command: Command
) -> None:
    """A server that goes on listening owes an answer: C105, whoever sent the request."""
    with served(sandbox, number, lambda _: None) as url:
        outcome = command(url, "--phase", phase, *only)
    assert (outcome.status, outcome.codes) == (1, {"C105"}), outcome.text
