"""The engines over TLS: whom they trust, and that a server they don't trust is told nothing."""

import asyncio
import gc
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from coinbtr.wire.async_fast_engine import AsyncFastEngine
from coinbtr.wire.engine import ExchangeBroken, NotConnected, Request, Response
from coinbtr.wire.fast_engine import FastEngine
from coinbtr.wire.httpx_engine import HttpxEngine
from tests.wire.raw_server import Behaviour, RawServer, ok, serving
from tests.wire.test_engines import Send, answers_all, name, request, send

__all__ = ["name", "send"]  # fixtures


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who signs the certificates of these tests."""
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Let the engines trust that authority, and no other."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    return authority


@contextmanager
def secured(certificate: trustme.LeafCert, *behaviours: Behaviour) -> Iterator[RawServer]:
    """A server that shows this certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    with serving(*behaviours, tls=context) as server:
        yield server


def test_a_trusted_server_is_asked(send: Send, trusted: trustme.CA) -> None:
    """The request arrives whole, and so does the answer; SSL_CERT_FILE names whom to trust."""
    with secured(trusted.issue_cert("127.0.0.1"), ok(b'{"a": 1.10}')) as server:
        [answer] = send(request(f"{server.url}/path"))
    assert (answer.status, answer.content) == (200, b'{"a": 1.10}')
    [sent] = server.received
    assert b"Authorization: Token abc\r\n" in sent


def test_a_connection_lost_under_tls_is_broken(send: Send, trusted: trustme.CA) -> None:
    """The request was sent, so that nobody knows what became of it: it must not count as unsent."""
    with (
        secured(trusted.issue_cert("127.0.0.1"), lambda _: None) as server,
        pytest.raises(ExchangeBroken),
    ):
        send(request(server.url))
    assert len(server.received) == 1


class AsyncFast:
    """The async engine, whose loop is there as long as it is."""

    def __init__(self) -> None:
        self._engine = AsyncFastEngine()
        self._loop = asyncio.new_event_loop()

    def send(self, request: Request) -> Response:
        """In that loop."""
        return self._loop.run_until_complete(self._engine.send(request))

    def send_elsewhere(self, request: Request) -> Response:
        """In another."""
        return asyncio.run(self._engine.send(request))

    def close(self) -> None:
        """Close the engine, then its loop."""
        self._loop.run_until_complete(self._engine.aclose())
        self._loop.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("make", [HttpxEngine, FastEngine, AsyncFast])
@pytest.mark.parametrize("keeps", [True, False])
def test_a_forked_process_leaves_its_parents_connection_alone(
    make: Any, keeps: bool, trusted: trustme.CA
) -> None:
    """Nor closes it: the server would be told that there is nothing more to come."""
    certificate = trusted.issue_cert("127.0.0.1")
    with secured(certificate, answers_all) as server, secured(certificate, ok()) as other:
        engine = make()
        assert engine.send(request(server.url)).status == 200
        child = os.fork()
        if child == 0:
            status = 0
            try:
                send_there = getattr(engine, "send_elsewhere", engine.send)
                status = send_there(request(other.url)).status
                if not keeps:
                    del engine, send_there
                gc.collect()
            finally:
                os._exit(0 if status == 200 else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert engine.send(request(server.url)).status == 200
        engine.close()
    assert (len(server.received), len(other.received)) == (1, 1)


FORKING = """
import asyncio, os, sys
from coinbtr.wire.engine import Request
from coinbtr.wire.engines import async_engine_maker, engine_maker
kind, url = sys.argv[1:]
engine = (engine_maker if kind == "sync" else async_engine_maker)("fast", {})()
loop = asyncio.new_event_loop()
def send():
    sent = engine.send(Request(method="POST", url=url))
    return (sent if kind == "sync" else loop.run_until_complete(sent)).status
print(send())
child = os.fork()
if not child:
    sys.exit()
os.waitpid(child, 0)
print(send())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_nor_when_it_ends(kind: str, trusted: trustme.CA) -> None:
    """An interpreter that ends lets go of all that it has."""
    with secured(trusted.issue_cert("127.0.0.1"), answers_all) as server:
        done = subprocess.run(
            [sys.executable, "-c", FORKING, kind, server.url],
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.stdout, done.stderr, done.returncode) == ("200\n200\n", "", 0)
    assert len(server.received) == 1


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("fault", ["another authority", "another host", "expired"])
def test_who_is_not_trusted_is_told_nothing(send: Send, trusted: trustme.CA, fault: str) -> None:
    """No byte of the request is sent, so that it counts as not connected; the token stays here."""
    certificate = {
        "another authority": lambda: trustme.CA().issue_cert("127.0.0.1"),
        "another host": lambda: trusted.issue_cert("exchange.test"),
        "expired": lambda: trusted.issue_cert(
            "127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO + timedelta(days=1)
        ),
    }[fault]()
    with secured(certificate, ok()) as server, pytest.raises(NotConnected):
        send(request(server.url))
    assert server.received == []
