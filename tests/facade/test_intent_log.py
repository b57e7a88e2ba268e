"""The intent log: what it gives back is what was written, and a cut line is never taken for one."""

import json
import logging
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from coinbtr import (
    ConfigurationError,
    ConnectionLost,
    Intent,
    MalformedAnswer,
    Watermark,
    unresolved,
)
from coinbtr.sending.log import IntentLog, effects, left_open
from tests.facade.lossy import buy, desk

PLACE = Intent(
    operation="placeBuyLimitOrder",
    book="BTC-MXN",
    side="BUY",
    amount=Decimal("0.00000001"),
    price=Decimal("900000.50"),
    watermark=Watermark(order_id=7, transaction_id=0),
    when=datetime(2020, 1, 1, 12, 30, 15, 250000, tzinfo=UTC),
)
CANCEL = Intent(operation="cancelSellLimitOrder", order_id=12, watermark=Watermark())
WITHDRAW = Intent(
    operation="withdraw",
    coin="BTC",
    address="there",
    amount=Decimal(2),
    watermark=Watermark(txid=""),
)

OPENED = (
    b'{"open": "a", "operation": "placeBuyLimitOrder", "book": "BTC-MXN", "side": "BUY",'
    b' "amount": "0.01", "price": "1", "coin": null, "address": null, "order_id": null,'
    b' "watermark": {}, "when": "2020-01-01T00:00:00+00:00"}'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "intents.jsonl"


def test_what_was_left_open_comes_back_as_it_was(path: Path) -> None:
    """All that an intent holds, to the last digit, oldest first; what was closed doesn't."""
    log = IntentLog(path)
    for intent in (PLACE, CANCEL, WITHDRAW):
        log.opened(intent)
    assert left_open(path) == [PLACE, CANCEL, WITHDRAW]
    log.closed(CANCEL, "done")
    log.lost(PLACE)
    assert left_open(path) == [PLACE, WITHDRAW]
    log.closed(PLACE, "found", 8)
    log.closed(WITHDRAW, "done", "txid")
    log.close()
    log.close()
    assert left_open(path) == []
    assert effects(path) == {8: PLACE.id, "txid": WITHDRAW.id}


def test_a_log_is_closed_once_whatever_its_number(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a program that has closed its standard input the file may be 0; it is closed as well."""
    log, closed = IntentLog(path), list[int]()
    os.close(log._file)
    log._file = 0
    with monkeypatch.context() as patch:
        patch.setattr(os, "close", closed.append)
        log.close()
        log.close()
    assert closed == [0]
    log = IntentLog(path)
    os.close(log._file)
    log._file = 0
    with monkeypatch.context() as patch:
        patch.setattr(os, "close", closed.append)
        log.__del__()  # as when it is forgotten without a close
    log._file = -1
    assert closed == [0, 0]


def test_a_log_that_was_never_opened_is_forgotten_in_peace() -> None:
    """What is no path raises, and nothing is printed of it when it goes."""
    unmade = IntentLog.__new__(IntentLog)
    with pytest.raises(TypeError):
        unmade.__init__(5)  # type: ignore[misc]  # on purpose
    unmade.__del__()


def test_what_a_fork_forgets_it_writes_no_more(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever held its lock in the parent: an intent is refused, an outcome is a warning."""
    log = IntentLog(path)
    log._lock.acquire()
    log.forget()
    told = "it belongs to the process that this one was forked from; make a client here, with a log"
    with pytest.raises(OSError, match=told):
        log.opened(PLACE)
    log.closed(PLACE, "done", 8)
    assert [told in one.message for one in caplog.records] == [True]
    assert path.read_bytes() == b""


def test_an_order_that_was_told_of_instead_is_on_record(path: Path) -> None:
    """A later process is told of it, and where in the answer it stood."""
    log = IntentLog(path)
    log.opened(PLACE)
    log.lost(PLACE, 9)
    log.close()
    (lost,) = unresolved(path)
    assert isinstance(lost.cause, MalformedAnswer)
    assert (lost.cause.path, lost.cause.answered) == ("$.data", 9)


def test_what_a_log_holds_open_is_unknown_since_it_was_read(path: Path) -> None:
    """Each as an error with its intent: the settle interval begins with the reading."""
    log = IntentLog(path)
    log.opened(PLACE)
    log.close()
    (lost,) = unresolved(path)
    assert lost.intent == PLACE
    assert isinstance(lost.cause, ConnectionLost)
    assert lost.lost_at is not None
    assert lost.lost_at > PLACE.when
    assert str(lost) == (
        "placeBuyLimitOrder: it is not known whether this was done:"
        " buy 0.00000001 BTC-MXN at 900000.50; the process ended before the outcome was on record"
    )


def test_a_line_says_what_became_of_it_and_when(path: Path) -> None:
    """JSON without exponents, with the time of writing in UTC."""
    log = IntentLog(path)
    log.opened(PLACE)
    log.closed(PLACE, "done", 8)
    log.close()
    opened, closed = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (opened["open"], opened["amount"], opened["price"]) == (
        PLACE.id,
        "0.00000001",
        "900000.50",
    )
    assert {**closed, "at": None} == {
        "close": PLACE.id,
        "outcome": "done",
        "effect": 8,
        "at": None,
    }
    assert datetime.fromisoformat(closed["at"]).utcoffset() == timedelta(0)


def test_only_an_opening_waits_for_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It must be there before the request goes out; a closing that is lost is looked up again."""
    synced: list[int] = []
    log = IntentLog(path)
    monkeypatch.setattr(os, "fsync", synced.append)
    log.closed(PLACE, "done")
    assert synced == []
    log.opened(PLACE)
    assert len(synced) == 1
    log.close()


def test_a_closing_that_fails_leaves_it_open(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told in the program's log; an opening that fails is an error."""
    log = IntentLog(path)
    log.opened(PLACE)
    monkeypatch.setattr(os, "write", lambda _file, data: len(data) - 1)
    with caplog.at_level(logging.WARNING, logger="coinbtr"):
        log.closed(PLACE, "done")
    words = "the disk took a part of the line only"
    assert caplog.messages == [f"the intent log could not be written to: {words}"]
    with pytest.raises(OSError, match=words):
        log.opened(CANCEL)
    monkeypatch.undo()
    log.close()
    assert left_open(path) == [PLACE]


@pytest.mark.parametrize("cut", [b'{"open": "cut o', b"[1]", b"\xff\xfe", b"7", b"null"])
def test_what_a_kill_left_behind_is_no_intent(path: Path, cut: bytes) -> None:
    """The next log begins a line of its own, and what isn't a whole line is passed over."""
    path.write_bytes(cut)
    log = IntentLog(path)
    log.opened(PLACE)
    log.close()
    assert path.read_bytes().startswith(cut + b"\n{")
    assert left_open(path) == [PLACE]
    log = IntentLog(path)
    log.closed(PLACE, "done")
    log.close()
    assert path.read_bytes().count(b"\n") == 3
    assert left_open(path) == []


@pytest.mark.parametrize(
    "line",
    [
        b'{"open": "a"}',
        b'{"open": ["a"]}',
        b'{"close": {}, "outcome": "done"}',
        OPENED.replace(b'"0.01"', b'"much"'),
        OPENED.replace(b"2020-01-01", b"2020-99-01"),
        OPENED.replace(b"{}", b'{"colour": 1}'),
    ],
)
def test_a_line_that_can_not_be_read_is_named(path: Path, line: bytes) -> None:
    """What it was to do may have been done: it is neither skipped nor taken for another."""
    path.write_bytes(OPENED + b"\n")
    assert [intent.id for intent in left_open(path)] == ["a"]
    path.write_bytes(OPENED.replace(b'"a"', b'"b"') + b"\n" + line + b"\n")
    with pytest.raises(ConfigurationError) as caught:
        unresolved(path)
    assert str(path) in caught.value.message
    assert line[:60].decode() in caught.value.message
    assert len(line) <= 60 or line[:61].decode() not in caught.value.message
    assert caught.value.__cause__ is None


def test_a_log_that_can_not_be_used_is_refused(tmp_path: Path) -> None:
    """Opened or read: the error says which, and why."""
    uses: list[tuple[Any, str]] = [
        (IntentLog, "intent_log can't be opened"),
        (unresolved, "the intent log can't be read"),
        (effects, "the intent log can't be read"),
    ]
    for use, words in uses:
        with pytest.raises(ConfigurationError, match=words):
            use(tmp_path)


def test_a_log_is_its_owners_alone(path: Path) -> None:
    """Whatever the umask would allow."""
    before = os.umask(0)
    try:
        IntentLog(path).close()
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_client_takes_over_what_the_log_holds_open(path: Path) -> None:
    """It is unresolved there, with its cause and time, and looking it up closes it in the log."""
    log = IntentLog(path)
    log.opened(PLACE)
    log.close()
    made = desk(intent_log=path)
    (mine,) = made.client.unresolved
    assert mine.intent == PLACE
    assert isinstance(mine.cause, ConnectionLost)
    assert mine.lost_at is not None
    assert mine.lost_at > PLACE.when
    assert made.client.reconcile(mine).kind == "not_found"
    assert made.client.unresolved == ()
    made.client.close()
    assert left_open(path) == []


def test_what_a_lookup_found_is_in_the_log(path: Path) -> None:
    """The word for what became of it, and the order's id: a later process claims it for nobody."""
    made = desk(intent_log=path)
    buy(made.client)
    found = made.lose("after", buy).reconcile()
    made.client.close()
    last = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    assert (last["outcome"], last["effect"]) == ("found", found.order.id)
    assert found.order.id in effects(path)
