"""The server around the sandbox: where it listens, how it stops, and that it calls nobody."""

import asyncio
import http.client
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest

from coinbtr import CoinBTR
from coinbtr.__about__ import __version__
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.faults import Fault
from coinbtr.sandbox.server import SandboxServer


def health(host: str, port: int | None) -> int:
    """The status of the health answer at an address."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.request("GET", "/_sandbox/health")
    status = connection.getresponse().status
    connection.close()
    return status


def has_ipv6() -> bool:
    """Whether this machine has a loopback of version 6."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="needs a machine that has IPv6")


@needs_ipv6
def test_it_speaks_ipv6() -> None:
    """At ::1 the real client trades, and a fault finds its connection there, too."""
    with SandboxServer(host="::1") as server:
        assert server.address.startswith("http://[::1]:")
        token = server.sandbox.token
        with CoinBTR(token, base_url=server.base_url, retries=1) as client:
            assert client.wallet.balance("btc").available == 10
        server.sandbox.faults.add(Fault(kind="reset_before"))
        port = urlsplit(server.address).port
        with socket.create_connection(("::1", port), timeout=30) as connection:
            connection.sendall(b"GET /api/v1/market/listbooks HTTP/1.1\r\nHost: x\r\n\r\n")
            with pytest.raises(ConnectionResetError):
                connection.recv(100)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - refused
def test_only_loopback_unless_told(host: str) -> None:
    """Other addresses are refused with what to say, before a sandbox is made."""
    with pytest.raises(ValueError, match="unless you say expose"):
        SandboxServer(host=host)


def test_a_name_is_no_address() -> None:
    """What a name stands for may change: even exposed, an address is wanted."""
    with pytest.raises(ValueError, match=r"IP address .* not 'example\.com'"):
        SandboxServer(host="example.com", expose=True)


def test_exposed_it_listens_everywhere() -> None:
    """On all addresses of the machine; the address that it tells works from here."""
    with SandboxServer(host="0.0.0.0", expose=True) as server:  # noqa: S104 - on purpose
        url = urlsplit(server.address)
        assert url.hostname == "127.0.0.1"
        assert health("127.0.0.1", url.port) == 200
        assert health("127.0.0.2", url.port) == 200, "any address of the machine"


def test_the_loops_of_a_program_stay_its_own() -> None:
    """The server has an event loop of its own kind; those of a program around it are as before."""

    async def kind() -> type[asyncio.AbstractEventLoop]:
        return type(asyncio.get_running_loop())

    before = asyncio.run(kind())
    with SandboxServer():
        assert asyncio.run(kind()) is before
    assert asyncio.run(kind()) is before


def test_a_stop_finishes_what_was_accepted() -> None:
    """A request that is under way when the server is told to stop is done and answered."""
    server = SandboxServer()
    server.start()
    server.sandbox.faults.add(Fault(kind="latency", ms=3_000, operations=("getTicker",)))
    answers: list[bytes] = []
    port = urlsplit(server.address).port

    def ask() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(
                b"GET /api/v1/market/gettiker?market=btc-mxn HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            answers.append(connection.makefile("rb").read())

    asking = threading.Thread(target=ask)
    asking.start()
    deadline = time.monotonic() + 30
    while not server.sandbox.requests.count("getTicker") and time.monotonic() < deadline:
        time.sleep(0.005)
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began > 0.5, "it waited for the answer"
    asking.join()
    assert answers[0].startswith(b"HTTP/1.1 200")
    assert b'"market":"BTC-MXN"' in answers[0]
    with pytest.raises(ConnectionRefusedError):
        health("127.0.0.1", port)


def test_even_what_is_no_http_is_answered_with_the_mark() -> None:
    """The server's own 400 says that it is the sandbox's; every answer says it once."""
    with SandboxServer() as server:
        port = urlsplit(server.address).port
        for request in (
            b"\x16\x03\x01 hello\r\n\r\n",
            b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            b"GET /_sandbox/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                connection.sendall(request)
                answer = connection.makefile("rb").read().lower()
            assert answer.count(f"coinbtr-sandbox: {__version__}".encode()) == 1, answer


def test_too_many_connections_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its number of connections the server answers 503, and lives on when they are gone."""
    with SandboxServer(Sandbox()) as server:
        port = urlsplit(server.address).port
        monkeypatch.setattr("coinbtr.sandbox.connections.MOST_CONNECTIONS", 20)
        crowd = []
        for _ in range(30):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/_sandbox/health")
            crowd.append((connection, connection.getresponse()))
        statuses = [answer.status for _, answer in crowd]
        assert statuses == [200] * 20 + [503] * 10
        assert crowd[-1][1].getheader("coinbtr-sandbox") == __version__
        for connection, _ in crowd:
            connection.close()
        deadline = time.monotonic() + 30
        while health("127.0.0.1", port) != 200:
            assert time.monotonic() < deadline


NO_CONNECT = """
import ctypes, errno, platform, socket, struct, sys, threading
CONNECT = {"x86_64": 42, "aarch64": 203}[platform.machine()]
# Load the number of the system call; if it is connect(2), refuse with EPERM; else allow.
program = b"".join(
    struct.pack("HBBI", *line)
    for line in [
        (0x20, 0, 0, 0), (0x15, 0, 1, CONNECT), (0x06, 0, 0, 0x00050000 | errno.EPERM),
        (0x06, 0, 0, 0x7FFF0000),
    ]
)
code = ctypes.create_string_buffer(program)
libc = ctypes.CDLL(None, use_errno=True)
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
wanted = Filter(4, ctypes.addressof(code))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(wanted), 0, 0):
    sys.exit(77)
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except PermissionError:
    pass  # the filter holds
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
sandbox = Sandbox(token="a-token", db=sys.argv[1], durability="full", live=True)
with SandboxServer(sandbox) as server:
    print(server.base_url, flush=True)
    sys.stdin.read()
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except PermissionError:
    print("never connected")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux to forbid a system call")
@pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")
def test_it_never_opens_a_connection(tmp_path: object) -> None:
    """With connect(2) forbidden to its whole process, it starts, trades, withdraws and stops."""
    process = subprocess.Popen(
        [sys.executable, "-c", NO_CONNECT, f"{tmp_path}/journal.db"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    base_url = process.stdout.readline().strip()
    if not base_url and process.wait(60) == 77:
        pytest.skip("this machine doesn't let a process forbid itself a system call")
    with CoinBTR("a-token", base_url=base_url, allow_withdrawals=True, watermark="read") as client:
        client.market.order_book("btc-mxn")
        client.trading.buy_limit("btc-mxn", amount="0.01", price="1000000")
        client.wallet.withdraw("btc", address="2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG", amount="0.1")
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest == "never connected\n"
