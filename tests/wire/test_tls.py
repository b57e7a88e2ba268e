"""The engines over TLS: whom they trust, and that a server they don't trust is told nothing."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from coinbtr.wire.engine import ExchangeBroken, NotConnected
from tests.wire.raw_server import Behaviour, RawServer, ok, serving
from tests.wire.test_engines import Send, name, request, send

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
