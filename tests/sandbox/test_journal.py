"""The journal's file: what is refused and why, what is new, and what happens on a full disk."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.control import running
from coinbtr.sandbox.journal import JOURNAL_VERSION, Journal, JournalError
from tests.sandbox.caller import Caller

BUY = "/trading/place/buylimit"
ORDER = {"market": "btc-mxn", "amount": 1, "price": 5_000}
DEMO, OTHER = "a-token-of-demo", "a-token-of-other"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where a journal may be made."""
    return tmp_path / "journal.db"


def opened(db: Path) -> Sandbox:
    """A sandbox on a file, whose clock stands still."""
    return Sandbox(clock=ManualClock(), db=db, token=DEMO, other_token=OTHER)


def written(db: Path, orders: int = 5) -> None:
    """Leave a file behind as a killed process does: entries, and no last checkpoint."""
    sandbox = opened(db)
    caller = Caller(sandbox, sandbox.token)
    for _ in range(orders):
        assert caller.post(BUY, ORDER).status == 200
    journal = sandbox._sequencer.journal
    assert journal is not None
    journal.close()


@pytest.fixture
def edit(db: Path) -> Iterator[Callable[[str], None]]:
    """Change a file that nobody has open."""

    def run(statement: str) -> None:
        connection = sqlite3.connect(db, isolation_level=None)
        connection.execute(statement)
        connection.close()

    return run  # type: ignore[return-value]  # an ordinary function


def test_a_recovery_gives_the_same_state(db: Path) -> None:
    """From entries alone, from a checkpoint, and from both, the dump is that of before."""
    written(db)
    with opened(db) as first:
        assert first.was_recovered
        dumped = first.exchange.dump()
        assert len(Caller(first, first.token).post("/trading/listopenorders").data) == 5
    with opened(db) as second:
        assert second.exchange.dump() == dumped
    written(db, 1)
    with opened(db) as third:
        assert len(Caller(third, third.token).post("/trading/listopenorders").data) == 6


def test_a_clock_that_went_a_long_way_is_recovered(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part of the way is an entry; none is told from the whole way gone at once."""
    with Sandbox(clock=ManualClock(), live=True, token=DEMO, other_token=OTHER) as whole:
        with monkeypatch.context() as patch:
            patch.setattr(running, "_PART_MS", 10**9)
            whole.advance(660)
        expected = whole.exchange.dump()
    first = Sandbox(clock=ManualClock(), db=db, live=True, token=DEMO, other_token=OTHER)
    first.advance(660)
    assert first.exchange.dump() == expected
    journal = first._sequencer.journal
    assert journal is not None
    journal.close()
    connection = sqlite3.connect(db)
    parts = connection.execute("SELECT data FROM entries WHERE kind = 'AdvanceClock'").fetchall()
    connection.close()
    assert parts == [("[300000]",), ("[300000]",), ("[60000]",)]
    with opened(db) as second:
        assert second.exchange.dump() == expected


def test_a_recovery_writes_no_checkpoint(db: Path, edit: Callable[[str], None]) -> None:
    """What was done again is not written down at once: opening stays cheap after a kill."""
    written(db, 20)
    sandbox = opened(db)
    journal = sandbox._sequencer.journal
    assert journal is not None
    journal.close()
    connection = sqlite3.connect(db)
    [[sequence]] = connection.execute("SELECT max(sequence) FROM checkpoints")
    [[entries]] = connection.execute("SELECT max(sequence) FROM entries")
    connection.close()
    assert (sequence, entries) == (0, 22)


def test_an_empty_file_is_new(db: Path) -> None:
    """What `touch` or a full disk left is begun, as a file that isn't there."""
    db.touch()
    with opened(db) as sandbox:
        assert not sandbox.was_recovered
    with opened(db) as sandbox:
        assert sandbox.was_recovered


def refused(db: Path, words: str) -> None:
    """Opening is refused with these words, and leaves every byte as it was."""
    before = db.read_bytes()
    for _ in range(2):  # the first refusal keeps no lock
        with pytest.raises(JournalError, match=words) as error:
            opened(db)
        assert str(db) in str(error.value)
    assert db.read_bytes() == before


def test_an_unknown_version_is_refused(db: Path, edit: Callable[[str], None]) -> None:
    """A file of another release is left alone, and the sentence says what to do."""
    written(db)
    edit(f"PRAGMA user_version = {JOURNAL_VERSION + 1}")
    refused(db, rf"version {JOURNAL_VERSION + 1}; .* reads version {JOURNAL_VERSION}")


def test_a_foreign_database_is_refused(db: Path, edit: Callable[[str], None]) -> None:
    """Another program's database is never written to."""
    edit("CREATE TABLE notes (text)")
    refused(db, "database of something else")


def test_a_file_that_is_no_database_is_refused(db: Path) -> None:
    """Nor is a text file."""
    db.write_text("dear diary\n" * 100)
    refused(db, "not a database")


def test_a_second_sandbox_is_refused(db: Path) -> None:
    """One at a time; when the first is closed, the second may."""
    with opened(db), pytest.raises(JournalError, match="another sandbox has it open"):
        opened(db)
    opened(db).close()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE entries SET data = replace(data, '00', '01') WHERE sequence = 4", "entry 4 isn't"),
        ("UPDATE entries SET data = substr(data, 1, 5) WHERE sequence = 4", "entry 4 isn't"),
        ("UPDATE entries SET at_ms = at_ms - 1 WHERE sequence = 4", "entry 4 isn't"),
        ("UPDATE entries SET kind = 'CancelOrder' WHERE sequence = 4", "entry 4 isn't"),
        ("DELETE FROM entries WHERE sequence = 4", "entry 4 is missing"),
        ("UPDATE checkpoints SET state = substr(state, 1, 999)", "as of entry 0 isn't"),
        ("DELETE FROM checkpoints", "begin with is missing"),
    ],
)
def test_a_damaged_entry_is_refused(
    db: Path, edit: Callable[[str], None], damage: str, words: str
) -> None:
    """Nothing is guessed: a changed, cut or missing entry is named, and nobody trades on it."""
    written(db)
    edit(damage)
    refused(db, words)


def test_a_cut_file_is_refused(db: Path) -> None:
    """Half a file is no journal."""
    written(db, 200)
    with opened(db):  # so that all is in the one file
        pass
    content = db.read_bytes()
    db.write_bytes(content[: len(content) // 2])
    with pytest.raises(JournalError, match=r"malformed|disk image"):
        opened(db)


@pytest.fixture
def full(db: Path) -> Iterator[Sandbox]:
    """A sandbox whose disk is full from now on: the file may not grow by a page any more."""
    sandbox = opened(db)
    journal = sandbox._sequencer.journal
    assert journal is not None
    [[pages]] = journal._connection.execute("PRAGMA page_count").fetchall()
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    yield sandbox
    sandbox.close()


def test_a_full_disk_ends_all_acceptance(
    full: Sandbox, db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The order that can't be kept is answered with 500, and so is all that comes after; health
    says why; what was acknowledged before is there after a restart, and nothing else."""
    caller = Caller(full, full.token)
    health = full.base_url.removesuffix("/api/v1") + "/_sandbox/health"
    assert caller.url("GET", health).status == 200
    acknowledged = 0
    with caplog.at_level(logging.CRITICAL, "coinbtr.sandbox"):
        while (answer := caller.post(BUY, ORDER)).status == 200:
            acknowledged += 1
            assert acknowledged < 1_000
        assert answer.refused == (500, "internal_error")
        assert caller.post(BUY, ORDER).refused == (500, "internal_error")
        assert caller.get("/wallet/listbalances").refused == (500, "internal_error")
    ill = caller.url("GET", health)
    assert ill.status == 503
    assert "journal" in ill.body["status"]
    full.close()
    with opened(db) as again:
        found = Caller(again, again.token).post("/trading/listopenorders", {"limit": 100}).data
        assert len(found) == min(acknowledged, 100)


def test_a_closed_sandbox_accepts_nothing(db: Path) -> None:
    """After `close` an order would be lost: it is refused."""
    sandbox = opened(db)
    sandbox.close()
    sandbox.close()
    logging.getLogger("coinbtr.sandbox").setLevel(logging.CRITICAL)
    try:
        answer = Caller(sandbox, sandbox.token).post(BUY, ORDER)
    finally:
        logging.getLogger("coinbtr.sandbox").setLevel(logging.NOTSET)
    assert answer.refused == (500, "internal_error")


def test_a_durability_of_another_name_is_refused(db: Path) -> None:
    """There are two."""
    with pytest.raises(ValueError, match="'normal' or 'full', not 'half'"):
        Journal(db, "half")  # type: ignore[arg-type]  # the mistake under test
