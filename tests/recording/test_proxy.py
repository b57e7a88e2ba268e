"""`coinbtr record` stands between a program and a server, and changes nothing."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from coinbtr import CoinBTR, CoinBTRError
from coinbtr.recording import Recorder
from coinbtr.recording.lines import read
from coinbtr.recording.proxy import RecordingProxy
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from coinbtr.wire.engine import Request
from coinbtr.wire.httpx_engine import HttpxEngine

TOKEN = "token-of-the-account-demo"


def test_what_goes_through_is_what_was_sent(tmp_path: Path) -> None:
    """Methods, bodies, headers and statuses arrive as they were, each request once."""
    path = tmp_path / "session.jsonl"
    engine, program = HttpxEngine(), HttpxEngine()
    with (
        SandboxServer(Sandbox(token=TOKEN)) as server,
        Recorder(path, server.base_url) as recorder,
        RecordingProxy(server.base_url, engine, recorder) as proxy,
    ):
        headers = {"Authorization": f"Token {TOKEN}"}
        for method, place in (
            ("GET", "/market/getorderbook?market=btc-mxn"),
            ("GET", "/wallet/listbalances"),
            ("PUT", "/trading/listopenorders"),
            ("GET", "/no/such/path"),
        ):
            direct, through = (
                program.send(Request(method=method, url=base + place, headers=headers))
                for base in (server.base_url, proxy.base_url)
            )
            assert (through.status, through.content) == (direct.status, direct.content)
            assert through.headers.get("allow") == direct.headers.get("allow")
            assert through.headers["content-type"] == direct.headers["content-type"]
        with CoinBTR(token=TOKEN, base_url=proxy.base_url) as exchange:
            exchange.trading.buy_limit("btc-mxn", amount="0.01", price="500000")
            assert len(exchange.trading.open_orders()) == 1
    for one in (engine, program):
        one.close()
    lines = list(read(path.read_text(encoding="ascii")))
    assert [one.method for one in lines][:4] == ["GET", "GET", "PUT", "GET"]
    assert [one.status for one in lines][:4] == [200, 200, 405, 404]
    assert sum(one.path == "/trading/place/buylimit" for one in lines) == 1


def test_a_body_that_is_not_read_is_no_request(tmp_path: Path) -> None:
    """Of what the proxy refuses nothing reaches the server, whatever its body looks like."""
    path = tmp_path / "session.jsonl"
    hidden = b"GET /api/v1/market/listbooks HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"POST /api/v1/wallet/withdraw HTTP/1.1\r\nHost: x\r\n"
    engine = HttpxEngine()
    with (
        SandboxServer() as server,
        Recorder(path, server.base_url) as recorder,
        RecordingProxy(server.base_url, engine, recorder) as proxy,
    ):
        port = urlsplit(proxy.base_url).port
        for announced in (b"Transfer-Encoding: chunked", b"Content-Length: " + b"9" * 5_000):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as program:
                program.sendall(head + announced + b"\r\n\r\n" + hidden)
                heard = b""
                with suppress(ConnectionResetError):  # what it sent is left unread
                    while some := program.recv(65_536):
                        heard += some
            assert heard.count(b"HTTP/1.1 ") <= 1
        assert server.sandbox.requests.list() == []
    engine.close()
    assert list(read(path.read_text(encoding="ascii"))) == []


def test_a_server_that_is_not_there_breaks_the_connection(tmp_path: Path) -> None:
    """The proxy answers nothing of its own: the program sees what a lost server looks like."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    target, engine = f"http://127.0.0.1:{port}/api/v1", HttpxEngine()
    path = tmp_path / "session.jsonl"
    with (
        Recorder(path, target) as recorder,
        RecordingProxy(target, engine, recorder) as proxy,
        CoinBTR(token=TOKEN, base_url=proxy.base_url, retries=1) as exchange,
        pytest.raises(CoinBTRError),
    ):
        exchange.wallet.balances()
    engine.close()
    assert [one.lost for one in read(path.read_text(encoding="ascii"))] == ["not connected"]


def test_the_command_records_until_it_is_stopped(tmp_path: Path) -> None:
    """`coinbtr record URL --out FILE` prints its base URL, and ends with SIGTERM."""
    path = tmp_path / "session.jsonl"
    with SandboxServer(Sandbox(token=TOKEN)) as server:
        with subprocess.Popen(
            [
                *(sys.executable, "-m", "coinbtr.cli", "record", server.base_url),
                *("--out", path, "--port", "0"),
            ],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as running:
            assert running.stdout is not None
            said = [running.stdout.readline() for _ in range(4)]
            base_url = re.sub(r"^Base URL: +", "", said[0]).strip()
            with CoinBTR(token=TOKEN, base_url=base_url) as exchange:
                exchange.wallet.balances()
            running.send_signal(signal.SIGTERM)
            rest = running.stdout.read()
        assert running.returncode == 0
    assert "Recorded 1 requests" in rest
    assert TOKEN.encode() not in path.read_bytes()
    assert len(list(read(path.read_text(encoding="ascii")))) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["http://example.org/api/v1", "--out", "new.jsonl"], "https"),
        (["http://127.0.0.1:1/api/v1", "--out", "there.jsonl"], "exists"),
        (["http://127.0.0.1:1/api/v1", "--out", "no/folder.jsonl"], "No such file"),
    ],
)
def test_wrong_use_of_the_command(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    """What can't be meant ends with 2 and a sentence, and a file that is there stays."""
    (tmp_path / "there.jsonl").write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "coinbtr.cli", "record", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert (tmp_path / "there.jsonl").read_text() == "mine"
    assert not (tmp_path / "new.jsonl").exists()
