"""What the tests of the sandbox share: a trading floor, and an embedded sandbox with callers."""

import sqlite3
from collections.abc import Iterator

import pytest

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.journal import Journal
from tests.sandbox.caller import Caller
from tests.sandbox.floor import Floor


@pytest.fixture(autouse=True)
def _no_journal_stays_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sandbox that a test leaves lets go of its file: from 3.13 on, SQLite would warn later."""
    opened: list[sqlite3.Connection] = []
    begin = Journal._open

    def noted(journal: Journal) -> sqlite3.Connection:
        opened.append(begin(journal))
        return opened[-1]

    monkeypatch.setattr(Journal, "_open", noted)
    yield
    for connection in opened:
        connection.close()


@pytest.fixture
def floor() -> Floor:
    """An exchange without orders, and three accounts with 1,000,000 MXN and 10 BTC each."""
    return Floor()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still."""
    return ManualClock()


@pytest.fixture
def sandbox(clock: ManualClock) -> Sandbox:
    """A seeded sandbox."""
    return Sandbox(clock=clock)


@pytest.fixture
def demo(sandbox: Sandbox) -> Caller:
    """The first funded account."""
    return Caller(sandbox, sandbox.token)


@pytest.fixture
def other(sandbox: Sandbox) -> Caller:
    """The second funded account."""
    return Caller(sandbox, sandbox.other_token)


@pytest.fixture
def anyone(sandbox: Sandbox) -> Caller:
    """Somebody without a token."""
    return Caller(sandbox, None)
