"""The sandbox over real sockets: the server, and what only a socket can send."""

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
from uvicorn.protocols.http import auto

from coinbtr.__about__ import __version__
from coinbtr.sandbox import Sandbox, http_connection, protocol
from coinbtr.sandbox import server as serving
from coinbtr.sandbox.asgi import Receive, Scope, Send
from coinbtr.sandbox.control import running as control
from coinbtr.sandbox.server import SandboxServer

TOKEN = "sandbox-token-of-the-tests"


@pytest.fixture(scope="module", params=["httptools", "h11", "asgi"])
def server(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    """A served sandbox on a free port; also without httptools, and with something put around it."""
    sandbox = Sandbox(token=TOKEN)
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "h11":
            patch.setitem(sys.modules, "httptools", None)
            # Imported above, so that they are put back afterwards.
            for name in (http_connection.__name__, protocol.__name__, auto.__name__):
                patch.delitem(sys.modules, name)
        elif request.param == "asgi":
            app = sandbox.asgi()

            async def around(scope: Scope, receive: Receive, send: Send) -> None:
                await app(scope, receive, send)

            patch.setattr(sandbox, "asgi", lambda: around)
        with SandboxServer(sandbox) as running:
            yield running


def _exchange(server: SandboxServer, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send raw bytes on a connection of their own and read one answer."""
    port = urlsplit(server.address).port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        for part in parts:
            connection.sendall(part)
        answer = connection.makefile("rb")
        status = int(answer.readline().split()[1])
        headers: dict[str, str] = {}
        while line := answer.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, answer.read(int(headers.get("content-length", 0)))


def _head(method: str, target: str, *headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


SECURED = f"Authorization: Token {TOKEN}"
JSON = "Content-Type: application/json"
BUY = "/api/v1/trading/place/buylimit"
ORDER = b'{"market": "btc-mxn", "amount": 0.01, "price": 500000}'


def test_health_proves_the_sandbox(server: SandboxServer) -> None:
    """The health answer and the header say sandbox and version."""
    status, headers, content = _exchange(server, _head("GET", "/_sandbox/health"))
    assert (status, headers["coinbtr-sandbox"]) == (200, __version__)
    assert json.loads(content)["service"] == "coinbtr-sandbox"


def test_the_query_is_read(server: SandboxServer) -> None:
    """Path and query arrive apart, with the client's address in the session."""
    status, _, content = _exchange(server, _head("GET", "/api/v1/market/gettiker?market=xem-btc"))
    assert (status, json.loads(content)["data"]["market"]) == (200, "XEM-BTC")
    status, _, content = _exchange(server, _head("GET", "/api/v1/user/session", SECURED))
    assert (status, json.loads(content)["data"]["ip"]) == (200, "127.0.0.1")


def test_a_chunked_body_is_read(server: SandboxServer) -> None:
    """An order in chunks is an order, and the answer's numbers are plain decimals."""
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, ORDER[i : i + 1]) for i in range(len(ORDER)))
    head = _head("POST", BUY, SECURED, JSON, "Transfer-Encoding: chunked")
    status, _, content = _exchange(server, head, chunks + b"0\r\n\r\n")
    assert status == 200
    assert b'"price":500000.00000000' in content


def test_a_large_body_is_refused_while_it_streams(server: SandboxServer) -> None:
    """Of 5 MB without a length only the limit is read before 413 comes; the server lives on."""
    head = _head("POST", BUY, SECURED, JSON, "Transfer-Encoding: chunked")
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    status, headers, content = _exchange(server, head, *[chunk] * 3)
    assert (status, headers["coinbtr-sandbox"]) == (413, __version__)
    assert b"body_too_large" in content
    assert _exchange(server, _head("GET", "/_sandbox/health"))[0] == 200


def test_an_announced_large_body_is_not_waited_for(server: SandboxServer) -> None:
    """A Content-Length over the limit is refused before a single byte of it came."""
    head = _head("POST", BUY, SECURED, JSON, "Content-Length: 5000000")
    assert _exchange(server, head)[0] == 413


def test_a_refused_head_needs_no_body(server: SandboxServer) -> None:
    """With a wrong token the answer comes without waiting for the body."""
    head = _head("POST", BUY, "Authorization: Token x", JSON, "Content-Length: 60")
    assert _exchange(server, head)[0] == 401


def test_five_megabytes_leave_the_connection_usable(server: SandboxServer) -> None:
    """A client that sends all 5 MB reads its 413 and goes on with the same connection."""
    port = urlsplit(server.address).port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(_head("POST", BUY, SECURED, JSON, "Content-Length: 5000000"))
        connection.sendall(b" " * 5_000_000)
        connection.sendall(_head("GET", "/_sandbox/health", "Connection: close"))
        answers = connection.makefile("rb").read()
    assert answers.count(b"HTTP/1.1 413") == 1
    assert answers.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"])
def test_other_methods_get_405(server: SandboxServer, method: str) -> None:
    """A method that isn't documented is answered with 405 and `Allow`."""
    head = _head(method, "/api/v1/market/listbooks", "Connection: close")
    status, headers, _ = _exchange(server, head)
    assert (status, headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1",
        "/api/v1/market%2Flistbooks",
        "/api/v1/market/listbooks%00",
        "/%ff%fe",
        "//x/",
    ],
)
def test_weird_paths_are_not_found(server: SandboxServer, target: str) -> None:
    """Paths are compared as they were sent, without decoding."""
    status, _, content = _exchange(server, _head("GET", target))
    assert status == 404
    assert b"not_found" in content


def test_headers_that_are_no_ascii_do_no_harm(server: SandboxServer) -> None:
    """Bytes above 127 in a token are a wrong token, elsewhere they are ignored."""
    head = _head("GET", "/api/v1/wallet/listbalances", "Authorization: Token é\xff", "X-É: é")
    assert _exchange(server, head)[0] in (400, 401)
    head = _head("GET", "/api/v1/wallet/listbalances", SECURED, "X-Name: é\xff")
    assert _exchange(server, head)[0] == 200


def test_two_authorization_headers_are_refused(server: SandboxServer) -> None:
    """A request with two tokens isn't guessed at."""
    head = _head("GET", "/api/v1/wallet/listbalances", SECURED, SECURED)
    status, _, content = _exchange(server, head)
    assert status == 401
    assert b"invalid_token" in content


class Advance:
    """An advance by 40 s over HTTP that is held up after its first part, at 10 s, until `go_on`."""

    def __init__(self, server: SandboxServer, patch: pytest.MonkeyPatch) -> None:
        self.go_on = Event()
        self._server = server
        self._is_midway = Event()
        self._before = server.sandbox.advance().skipped_seconds
        server.sandbox.credit("btc", 1, confirmed=False)  # so that something is due on the way
        patch.setattr(control, "_PART_MS", 10_000)
        patch.setattr(control, "sleep", self._hold)
        self._caller = Thread(target=self._call)
        self._caller.start()
        assert self._is_midway.wait(30)

    def ended(self) -> tuple[int, int]:
        """Status and skipped seconds of its answer."""
        self._caller.join(30)
        return self._told(self._answer)

    def looked_at(self) -> tuple[int, int]:
        """The same of an answer that the control plane gives now."""
        return self._told(_exchange(self._server, _head("GET", "/_sandbox/overview", self._secret)))

    @property
    def _secret(self) -> str:
        return f"Authorization: Secret {self._server.sandbox.control_secret}"

    def _call(self) -> None:
        body = b'{"seconds": 40}'
        head = _head(
            "POST", "/_sandbox/clock/advance", self._secret, JSON, f"Content-Length: {len(body)}"
        )
        try:
            self._answer = _exchange(self._server, head + body)
        except (OSError, IndexError):  # the server went away
            self._answer = 0, {}, b""

    def _hold(self, _: float) -> None:
        self._is_midway.set()
        self.go_on.wait(60)

    def _told(self, answer: tuple[int, dict[str, str], bytes]) -> tuple[int, int]:
        told = json.loads(answer[2], parse_float=Decimal)["data"]["skipped_seconds"]
        return answer[0], int(told - self._before)


def test_others_are_served_while_the_clock_goes_a_long_way(
    server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the way they see a time on the way; its caller is answered when the clock has arrived."""
    advance = Advance(server, monkeypatch)
    try:
        assert advance.looked_at() == (200, 10)
        status, _, content = _exchange(server, _head("GET", "/api/v1/wallet/listbalances", SECURED))
        assert status == 200
        assert b'"pending":1.00000000' in content
    finally:
        advance.go_on.set()
    assert advance.ended() == (200, 40)
    _, _, content = _exchange(server, _head("GET", "/api/v1/wallet/listbalances", SECURED))
    assert b'"pending":1.00000000' not in content


def test_a_server_stops_while_the_clock_goes_a_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the end of it as for any other request, and no longer."""
    monkeypatch.setattr(serving, "_FINISH_SECONDS", 0)
    with SandboxServer(Sandbox(token=TOKEN)) as server:
        advance = Advance(server, monkeypatch)
    with pytest.raises(RuntimeError, match="isn't running"):
        _ = server.address
    advance.go_on.set()
    for thread in threading.enumerate():
        if thread.name == "coinbtr-beside":
            thread.join(30)
    assert server.sandbox.advance().skipped_seconds == 40


def test_only_loopback_is_served() -> None:
    """The sandbox listens to this machine only."""
    for host in ("0.0.0.0", "192.168.0.1", "example.com", ""):  # noqa: S104 - refused, that's the point
        with pytest.raises(ValueError, match="loopback"):
            SandboxServer(host=host)


def test_a_taken_port_is_an_error_and_stopping_frees_it(server: SandboxServer) -> None:
    """A second server on the same port raises; after a stop the port can be bound again."""
    port = urlsplit(server.address).port
    assert port
    with pytest.raises(OSError, match="in use"):
        SandboxServer(port=port).start()
    with SandboxServer() as first:
        freed = urlsplit(first.address).port
    assert freed
    with SandboxServer(port=freed) as second:
        assert urlsplit(second.address).port == freed
    with pytest.raises(RuntimeError, match="running"):
        _ = second.address


GET_ADDRESS = r"""
COIN=btc

curl -X POST \
-H "Content-Type: application/json" \
-H "Authorization: Token $COINBTR_TOKEN" \
-d "{ \"coin\": \"$COIN\" }" \
https://coinbtr.com/api/v1/wallet/getdepositaddress
"""
WITHDRAW = r"""
ADDRESS='2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG'
COIN=btc
AMOUNT=0.001

curl -X POST \
-H "Content-Type: application/json" \
-H "Authorization: Token $COINBTR_TOKEN" \
-d "{ \"coin\": \"$COIN\", \"address\": \"$ADDRESS\", \"amount\": $AMOUNT }" \
https://coinbtr.com/api/v1/wallet/withdraw
"""
LIST_BALANCES = r"""
curl -X GET \
-H "Content-Type: application/json" \
-H "Authorization: Token $COINBTR_TOKEN" \
https://coinbtr.com/api/v1/wallet/listbalances
"""


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="needs curl, as the reference's samples do"
)
@pytest.mark.parametrize(
    ("sample", "status", "shown"),
    [
        (GET_ADDRESS, 405, b"method_not_allowed"),
        (WITHDRAW, 200, b'"status":"signed"'),
        (LIST_BALANCES, 200, b'"depositAddress":'),
    ],
    ids=["lines 83-90", "lines 119-128", "lines 160-165"],
)
def test_the_reference_s_samples_do_what_the_rulings_say(
    server: SandboxServer, sample: str, status: int, shown: bytes
) -> None:
    """The reference's `curl` calls, with only scheme, host, port and token replaced.

    Lines 83-90 (a POST where the heading says GET) are refused by ruling R010; the two others work.
    """
    script = sample.replace("https://coinbtr.com", server.address)
    script = script.replace("curl ", r"curl -s -w '\n%{http_code}' ")
    done = subprocess.run(
        ["sh", "-c", script],
        capture_output=True,
        check=True,
        timeout=30,
        env={"COINBTR_TOKEN": TOKEN, "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )
    content, _, code = done.stdout.rpartition(b"\n")
    assert int(code) == status
    assert shown in content
