"""A good guest: threads, a forgotten close, quiet logs, proxies, and what can be kept on a disk."""

import asyncio
import copy
import gc
import logging
import pickle
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest

import coinbtr
from coinbtr import (
    AsyncCoinBTR,
    Attempt,
    AttemptEnd,
    ChangeKind,
    CoinBTR,
    ConfigurationError,
    NoConnection,
    OrderChange,
    Request,
    Response,
    Timeout,
    Unavailable,
    UnexpectedAnswer,
)
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.facade.scripted import TOKEN, URL, Script, ScriptedEngine, example_answer
from tests.facade.test_secrets import assert_clean, frames, strings


def test_one_client_for_many_threads() -> None:
    """Eight threads place and cancel over one client and real sockets; the ledger agrees."""
    with (
        SandboxServer() as server,
        CoinBTR(server.sandbox.token, base_url=server.base_url, rate_limit=None) as client,
    ):
        before = client.wallet.balance("mxn")

        def trader(number: int) -> list[int]:
            placed = []
            for turn in range(10):
                price = 1000 + number * 10 + turn
                order = client.trading.buy_limit("btc-mxn", amount="0.02", price=price)
                assert order.price == price
                placed.append(order.id)
                if turn % 2:
                    client.trading.cancel(order)
            return placed

        with ThreadPoolExecutor(8) as pool:
            placed = [one for orders in pool.map(trader, range(8)) for one in orders]
        assert len(set(placed)) == 80
        still_open = list(client.trading.iter_open_orders("btc-mxn", page_size=7))
        assert len(still_open) == 40
        assert {order.id for order in still_open} <= set(placed)
        after = client.wallet.balance("mxn")
        assert after.total == before.total
        assert after.frozen == sum(Decimal("0.02") * order.price for order in still_open)


def test_threads_share_what_the_client_knows() -> None:
    """An inferred operation warns once, however many threads call it at the same time."""
    script = Script([example_answer("listTransactions")])
    client = CoinBTR(TOKEN, base_url=URL, engine=ScriptedEngine(script), rate_limit=None)
    with warnings.catch_warnings(record=True) as caught, ThreadPoolExecutor(8) as pool:
        warnings.simplefilter("always")
        list(pool.map(lambda _: client.trading.transactions(), range(40)))
    assert len(script.requests) == 40
    assert [one.category for one in caught] == [coinbtr.InferredOperationWarning]


def forgotten(program: str, base_url: str = URL) -> int:
    """How often a program of its own is told that it forgot to close a client."""
    head = f"import asyncio\nfrom coinbtr import *\nurl = {base_url!r}\n"
    done = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", head + program],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    return done.stderr.count(
        "ResourceWarning: a client was not closed: use it in a `with` block, or call close()"
    )


@pytest.fixture
def served() -> Iterator[SandboxServer]:
    """An exchange on a port."""
    with SandboxServer() as server:
        yield server


ASK = "client.with_options(timeout=3).market.ticker('btc-mxn')\n"
ASYNC = """
async def main():
    client = AsyncCoinBTR(base_url=url)
    await client.market.ticker("btc-mxn")
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("program", "warnings_"),
    [
        (f"client = CoinBTR(base_url=url)\n{ASK}del client", 1),
        (f"client = CoinBTR(base_url=url)\n{ASK}", 1),
        (f"client = CoinBTR(base_url=url)\n{ASK}client.close()", 0),
        (f"with CoinBTR(base_url=url) as client: {ASK}", 0),
        (ASYNC, 1),
        (ASYNC.replace("client = A", "async with A").replace("url)\n", "url) as client:\n    "), 0),
        ("client = CoinBTR()", 0),
        (f"client = CoinBTR.sandbox()\n{ASK}", 0),
        ("try: CoinBTR('x')\nexcept ConfigurationError: 0", 0),
    ],
)
def test_a_forgotten_close_warns(served: SandboxServer, program: str, warnings_: int) -> None:
    """Who drops a client that holds connections is told once; what holds none needs no close."""
    assert forgotten(program, served.base_url) == warnings_


def test_an_engine_that_was_given_is_its_givers() -> None:
    """Whoever made it closes it, so a client over it may be dropped."""
    script = Script([example_answer("getTicker")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        CoinBTR(base_url=URL, engine=ScriptedEngine(script)).market.ticker("btc-mxn")
        gc.collect()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_httpx_is_quiet_for_us_and_for_nobody_else(
    kind: str, served: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    """No line of httpx with a whole URL comes from our client; another user's still comes."""
    caplog.set_level(logging.DEBUG)

    async def ask() -> None:
        async with AsyncCoinBTR(base_url=served.base_url) as client:
            await client.market.ticker("btc-mxn")

    if kind == "sync":
        with CoinBTR(base_url=served.base_url) as client:
            client.market.ticker("btc-mxn")
    else:
        asyncio.run(ask())
    assert {record.name for record in caplog.records} >= {"coinbtr"}
    assert "httpx" not in {record.name for record in caplog.records}
    assert not any("?market=" in record.getMessage() for record in caplog.records)
    with httpx.Client(trust_env=False) as mine:
        mine.get(f"{served.base_url}/market/listbooks")
    assert "httpx" in {record.name for record in caplog.records}


@pytest.fixture(autouse=True, params=["httpx", "fast"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each engine in turn, as the environment names it."""
    monkeypatch.setenv("COINBTR_ENGINE", request.param)
    return str(request.param)


class Proxy:
    """A proxy that answers CONNECT with one status, and keeps what it saw."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.saw = b""
        self.then = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            connection.settimeout(5)
            while b"\r\n\r\n" not in self.saw:
                self.saw += connection.recv(65536)
            connection.sendall(f"HTTP/1.1 {self.status}\r\n\r\n".encode())
            if self.status.startswith("200"):
                self.then = connection.recv(65536)

    def close(self) -> None:
        """Wait for its end."""
        self._thread.join(10)
        self._socket.close()


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("status", ["200 Go ahead", "407 Who are you", "502 Nowhere"])
def test_a_proxy_is_a_tunnel(kind: str, status: str) -> None:
    """It sees where to, who asks and TLS; never the token. If it refuses, nothing was sent."""
    proxy = Proxy(status)
    options: dict[str, Any] = {
        "base_url": "https://exchange.invalid/api/v1",
        "proxy": f"http://me:p4ssw0rd@{proxy.address}",
        "retries": 1,
    }

    async def ask() -> None:
        async with AsyncCoinBTR(TOKEN, **options) as client:
            await client.wallet.balance("btc")

    def ask_sync() -> None:
        with CoinBTR(TOKEN, **options) as client:
            client.wallet.balance("btc")

    try:
        with pytest.raises(NoConnection) as caught:
            ask_sync() if kind == "sync" else asyncio.run(ask())
    finally:
        proxy.close()
    assert proxy.saw.startswith(b"CONNECT exchange.invalid:443 HTTP/1.1\r\n")
    assert b"proxy-authorization: basic " in proxy.saw.lower()
    assert proxy.then[:2] == (b"\x16\x03" if status.startswith("200") else b"")
    assert TOKEN.encode() not in proxy.saw + proxy.then
    assert "p4ssw0rd" not in f"{caught.value!r}{caught.value}{vars(caught.value)}"
    assert_clean(caught.value)


@pytest.mark.parametrize(
    ("proxy", "options", "reason"),
    [
        ("proxy:3128", {}, "must look like"),
        ("socks5://p4ssw0rd@proxy:1080", {}, "must look like"),
        ("http://me:p4ssw0rd@proxy:99999", {}, "must look like"),
        ("http://me:p4ssw0rd@pro xy:1", {}, "must look like"),
        ("http://me:p4ssw0rd@proxy/path", {}, "must look like"),
        ("http://me:p4ssw0rd@", {}, "must look like"),
        (7, {}, "must be a str, not int"),
        (
            "http://me:p4ssw0rd@proxy:1",
            {"base_url": "http://127.0.0.1:8642/api/v1"},
            "needs a base URL with https",
        ),
        (
            "http://me:p4ssw0rd@proxy:1",
            {"engine": ScriptedEngine(Script([Unavailable("never asked")]))},
            "default engine only",
        ),
    ],
)
def test_a_proxy_that_will_not_do(proxy: Any, options: dict[str, Any], reason: str) -> None:
    """The error says what is wrong, and repeats no password; no frame holds it in the open."""
    options = {"base_url": URL, **options}
    with pytest.raises(ConfigurationError, match=reason) as caught:
        CoinBTR(TOKEN, proxy=proxy, **options)
    assert "p4ssw0rd" not in str(caught.value)
    ours = [one for one in frames(caught.value) if "/tests/" not in one.f_code.co_filename]
    assert ours
    for frame in ours:
        for text in strings(frame.f_locals):
            assert "p4ssw0rd" not in text


def test_what_is_public_can_be_kept_and_copied() -> None:
    """Answers, attempts, changes, options pickle and copy to equals; what holds a token doesn't."""
    with CoinBTR.sandbox() as client:
        order = client.trading.buy_limit("btc-mxn", amount="0.02", price="1000")
        attempt = Attempt(
            operation="x", effect="read", method="GET", path="/", base_url=URL, number=1
        )
        kept = [
            Response(status=200, headers={"A": "b"}, content=b"{}", elapsed=0.1),
            Timeout(read=3),
            coinbtr.Retries(),
            attempt,
            OrderChange(kind=ChangeKind.FILLED, order=order, before=order),
            client.market.books(),
            client.market.order_book("btc-mxn"),
        ]
        for one in kept:
            again = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own
            assert again == copy.deepcopy(one) == copy.copy(one) == one
        end = AttemptEnd(attempt=attempt, status=None, elapsed=0.1, error=UnexpectedAnswer("x"))
        again = pickle.loads(pickle.dumps(end))  # noqa: S301 - our own
        assert str(again.error) == "x"
        request = Request(method="GET", url=URL, headers={"Authorization": f"Token {TOKEN}"})
        for secret in (client, request, client.with_options(timeout=3)):
            for attempt_to in (pickle.dumps, copy.copy, copy.deepcopy):
                with pytest.raises(TypeError, match="token"):
                    attempt_to(secret)


def test_a_sandbox_outlives_its_clients() -> None:
    """Closing twice, closing a view, and closing one of several clients: each does its own only."""
    exchange = Sandbox()
    with CoinBTR.sandbox(exchange) as client:
        view = client.with_options(timeout=3)
        view.close()
        assert client.market.ticker("btc-mxn") == view.market.ticker("btc-mxn")
        client.close()
        with pytest.raises(coinbtr.ClientClosed):
            view.market.ticker("btc-mxn")
    assert CoinBTR.sandbox(exchange).market.ticker("btc-mxn").last
