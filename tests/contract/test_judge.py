"""A recording is judged without sending anything: what it shows is found, and nothing else."""

import json
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from coinbtr.contract import Verdict
from coinbtr.contract.judging import judge_recording
from coinbtr.contract.report import Report
from coinbtr.recording.lines import Exchange, heading, read
from coinbtr.sandbox import ManualClock, Sandbox
from tests.contract import sessions
from tests.contract.conftest import Command
from tests.contract.tampering import OTHER_TOKEN, TOKEN


@pytest.mark.parametrize("name", sessions.SESSIONS)
def test_golden_sessions_keep(name: str, command: Command) -> None:
    """The sessions in the tests, recorded from the sandbox, are judged as keeping."""
    outcome = command("judge", str(sessions.FOLDER / f"{name}.jsonl"), tokens=False)
    assert outcome.status == 0, outcome.text
    assert "KEEPS" in outcome.text


@pytest.mark.parametrize("name", sessions.SESSIONS)
def test_golden_sessions_are_what_the_script_writes(name: str, tmp_path: Path) -> None:
    """Played again, a session asks for the same, in the same order, and answers the same."""
    path = tmp_path / "again.jsonl"
    sessions.record(name, path)
    kept, again = (
        list(read(one.read_text(encoding="ascii")))
        for one in (sessions.FOLDER / f"{name}.jsonl", path)
    )
    assert [(one.method, one.path, one.query, one.body, one.status) for one in again] == [
        (one.method, one.path, one.query, one.body, one.status) for one in kept
    ]


@pytest.mark.parametrize("seed", range(5))
def test_other_exchanges_keep_too(seed: int, tmp_path: Path) -> None:
    """No false alarm: every session on sandboxes of other seeds."""

    def make(clock: ManualClock) -> Sandbox:
        return Sandbox(seed=seed, clock=clock, token=TOKEN, other_token=OTHER_TOKEN)

    for name in sessions.SESSIONS:
        path = tmp_path / f"{name}.jsonl"
        sessions.record(name, path, make=make)
        report = judge_recording(path)
        assert report.findings == (), name
        assert report.verdict is Verdict.KEEPS


# ---------------------------------------------------------------- one rule of the history each

Change = Callable[[list[Exchange]], object]


def _lines(name: str) -> list[Exchange]:
    return list(read((sessions.FOLDER / f"{name}.jsonl").read_text(encoding="ascii")))


def _judged(lines: list[Exchange], path: Path) -> Report:
    path.write_text("\n".join([heading(lines[0].time), *(one.line() for one in lines)]) + "\n")
    return judge_recording(path)


def _at(lines: list[Exchange], path: str, number: int = 0) -> int:
    return [place for place, one in enumerate(lines) if one.path.endswith(path) and one.status][
        number
    ]


def _edit(path: str, change: Callable[[Any], object], number: int = 0) -> Change:
    """Change what one answer carries."""

    def edit(lines: list[Exchange]) -> None:
        place = _at(lines, path, number)
        body = json.loads(lines[place].answer, parse_float=lambda text: f"#{text}#")
        change(body["data"])
        text = json.dumps(body).replace('"#', "").replace('#"', "")
        lines[place] = evolve(lines[place], answer=text.encode())

    return edit


def _cancelled_twice(lines: list[Exchange]) -> None:
    place = _at(lines, "/cancel/buylimit", 1)
    lines.insert(place + 1, evolve(lines[place], time=_later(lines[place].time)))


def _with_limits(**limits: int) -> Callable[[Any], object]:
    return lambda books: [book.update(limits) for book in books]


def _at_least(amount: int) -> Callable[[Any], object]:
    return lambda coins: [coin.update(min_withdraw=amount) for coin in coins]


def _of_yesterday(made: Any) -> None:
    made["date"] = (datetime.fromisoformat(made["date"]) - timedelta(days=1)).strftime(
        "%Y-%m-%dT%H:%M:%S.000Z"
    )


def _later(time: str) -> str:
    return (datetime.fromisoformat(time) + timedelta(milliseconds=1)).isoformat()


def _used_again(data: Any) -> None:
    data["id"] = 1


@pytest.mark.parametrize(
    ("session", "change", "rule"),
    [
        ("ordering", _edit("/place/buylimit", lambda one: one.update(price=1)), "C401"),
        ("ordering", _edit("/listopenorders", lambda all_: all_.clear()), "C402"),
        ("ordering", _edit("/listopenorders", lambda all_: all_[0].update(price=1)), "C402"),
        ("ordering", _edit("/getopenorder", lambda one: one.update(market="LTC-MXN")), "C403"),
        ("ordering", _cancelled_twice, "C405"),
        ("ordering", _edit("/place/buylimit", _used_again, 1), "C406"),
        (
            "ordering",
            _edit(
                "/place/buylimit", lambda one: one.update(created_at="2020-01-01T00:00:00.000Z"), 1
            ),
            "C420",
        ),
        (
            "trading",
            _edit("/gettransaction", lambda one: one.update(created_at="2020-01-01T00:00:00.000Z")),
            "C421",
        ),
        ("withdrawing", _edit("/listwithdraws", lambda all_: all_.clear()), "C506"),
        ("looking", _edit("/getdepositaddress", lambda one: one.update(address="2N" * 9)), "C507"),
        ("ordering", _edit("/getorderbook", lambda book: book["bids"].clear()), "C601"),
        ("looking", _edit("/market/gettiker", lambda one: one.update(bid=None)), "C604"),
        ("trading", _edit("/get24hvolume", lambda one: one.update(volume=0), 1), "C605"),
        ("looking", _edit("/listdeposits", lambda all_: all_.pop(), 3), "C701"),
        ("looking", _edit("/user/profile", lambda one: one.update(username="another")), "C304"),
        (
            "looking",
            _edit("/user/profile", lambda one: one.update(created_at="2030-01-01T00:00:00.000Z")),
            "C412",
        ),
        ("ordering", _edit("/cancel/buylimit", lambda one: one.update(price=1), 1), "C413"),
        ("ordering", _edit("/listbooks", _with_limits(min_amount=1)), "C409"),
        ("mistaken", _edit("/listbooks", _with_limits(max_amount=100_000)), "C201"),
        ("withdrawing", _edit("/getcurrencies", _at_least(1)), "C409"),
        ("withdrawing", _edit("/withdraw", _of_yesterday), "C506"),
    ],
)
def test_history_is_followed(session: str, change: Change, rule: str, tmp_path: Path) -> None:
    """One answer that contradicts the others is found, and its rule named."""
    lines = _lines(session)
    change(lines)
    report = _judged(lines, tmp_path / "changed.jsonl")
    assert rule in {finding.code for finding in report.findings}, report.findings


@pytest.mark.parametrize(
    ("session", "coin", "rule"),
    [
        ("ordering", "MXN", "C501"),
        ("ordering", "MXN", "C502"),
        ("withdrawing", "BTC", "C504"),
        ("trading", "MXN", "C503"),
        ("mistaken", "MXN", "C408"),
    ],
)
def test_money_is_followed(session: str, coin: str, rule: str, tmp_path: Path) -> None:
    """Balances that are a unit off are found, and put down to what was done meanwhile."""
    lines = _lines(session)
    name = "available" if rule == "C501" else "balance"

    def change(data: Any) -> None:
        entry = next(
            one for one in (data if isinstance(data, list) else [data]) if one["coin"] == coin
        )
        number = entry[name].strip("#")
        last = "1" if number[-1] != "1" else "2"
        entry[name] = f"#{number[:-1]}{last}#"

    lines = [one for one in lines if one.account is not None]
    numbers = range(sum(one.path.endswith("/listbalances") for one in lines))
    found: set[str] = set()
    for number in numbers:
        changed = list(lines)
        _edit("/listbalances", change, number)(changed)
        if coin == "BTC":
            _edit("/getbalance", change, number)(changed)
        found |= {one.code for one in _judged(changed, tmp_path / "changed.jsonl").findings}
    assert rule in found


def _by_another(lines: list[Exchange], path: str) -> list[Exchange]:
    """Let the other account be shown what the first one was."""
    place = _at(lines, path)
    other = "account-2" if lines[place].account == "account-1" else "account-1"
    return [*lines, evolve(lines[place], account=other, time=_later(lines[-1].time))]


@pytest.mark.parametrize(
    ("session", "path", "rule"),
    [
        ("trading", "/gettransaction", "C303"),
        ("withdrawing", "/listwithdraws", "C303"),
        ("ordering", "/getopenorder", "C303"),
        ("trading", "/listdeposits", "C304"),
    ],
)
def test_what_is_anothers_is_found(session: str, path: str, rule: str, tmp_path: Path) -> None:
    """What one account was shown the other isn't, unless both tokens may be of one account."""
    lines = _by_another(_lines(session), path)
    found = {finding.code for finding in _judged(lines, tmp_path / "shown.jsonl").findings}
    assert rule in found
    alike = [one for one in lines if not one.path.endswith(("/user/session", "/user/profile"))]
    told = {finding.code for finding in _judged(alike, tmp_path / "alike.jsonl").findings}
    assert not told & {"C303", "C304"}


def test_what_overlaps_is_not_held_against_it(tmp_path: Path) -> None:
    """A list that was asked for while an order was placed may or may not show it."""
    lines = _lines("ordering")
    listed, placed = _at(lines, "/listopenorders"), _at(lines, "/place/buylimit", 1)
    _edit("/listopenorders", lambda all_: all_.pop(0))(lines)
    assert _judged(lines, tmp_path / "alone.jsonl").verdict is Verdict.DEVIATES
    # The order was on its way from before the list was asked for until after it was answered.
    ended = datetime.fromisoformat(lines[listed].time) + timedelta(milliseconds=1)
    taken = ended - datetime.fromisoformat(lines[placed].time)
    lines[placed] = evolve(lines[placed], time=ended.isoformat(), seconds=taken.total_seconds())
    assert _judged(lines, tmp_path / "overlapping.jsonl").verdict is Verdict.KEEPS


def test_after_a_lost_order_balances_are_not_held_against_it(tmp_path: Path) -> None:
    """What became of a lost order isn't known: no finding, and a note."""
    lines = _lines("ordering")
    place = _at(lines, "/place/buylimit")
    lost = evolve(lines[place], status=None, answer=b"", lost="no complete answer")
    lines[place] = lost
    report = _judged(lines, tmp_path / "lost.jsonl")
    assert report.findings == ()
    assert any("no answer" in note for note in report.notes)


# ------------------------------------------------------------------------------- HAR, and wrong use


@pytest.mark.parametrize("name", ["ordering", "mistaken"])
def test_a_har_file_is_judged_alike(name: str, tmp_path: Path, command: Command) -> None:
    """The same session as HAR keeps, what isn't of the API left aside; a changed one deviates."""
    path = tmp_path / "session.har"
    path.write_text(json.dumps(sessions.har(_lines(name))), encoding="utf-8")
    outcome = command("--replay", str(path), tokens=False)
    assert outcome.status == 0, outcome.text
    assert "1 exchanges are of no operation" in outcome.text
    lines = _lines("ordering")
    _edit("/place/buylimit", lambda one: one.update(price=1))(lines)
    path.write_text(json.dumps(sessions.har(lines)), encoding="utf-8")
    changed = command("judge", str(path), tokens=False)
    assert changed.status == 1
    assert "C401" in changed.codes
    assert "account-1" not in changed.text


def test_a_token_that_stands_in_a_har_file_is_not_shown(tmp_path: Path, command: Command) -> None:
    """Where bodies repeat the token of a header, terminal and reports name a variable."""
    token = "Kq7-secret_TOKEN.value"
    entry = {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 3,
        "request": {
            "method": "POST",
            "url": "https://exchange.test/api/v1/trading/place/buylimit",
            "headers": [{"name": "Authorization", "value": f"Token {token}"}],
            "postData": {"mimeType": "application/json", "text": json.dumps({"token": token})},
        },
        "response": {"status": 200, "headers": [], "content": {"text": json.dumps([token])}},
    }
    file, report = tmp_path / "session.har", tmp_path / "report"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), encoding="utf-8")
    outcome = command("judge", str(file), "--report", str(report), tokens=False)
    assert outcome.status == 1
    shown = [outcome.text, *(one.read_text(encoding="utf-8") for one in report.iterdir())]
    assert len(shown) == 4
    assert [one for one in shown if token in one] == []
    assert "$COINBTR_TOKEN" in outcome.text


def test_judging_sends_nothing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    outcome = command("judge", str(sessions.FOLDER / "looking.jsonl"), tokens=False)
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 2, "it is empty"),
        (b"\x00\x01", 2, "neither a HAR file nor a recording"),
        (b"{}", 2, "no HAR file"),
        (b'{"log": {"version": "2.0", "entries": []}}', 2, "version 2.0"),
        (b'{"log": {"version": "1.2", "entries": [{}]}}', 2, "no HAR file"),
        (b'{"log": {"version": "1.2", "entries": []}}', 4, "COULD NOT TEST"),
        (b'{"format": "coinbtr-recording", "version": 9}\n', 2, "version 9"),
        (b'{"format": "coinbtr-recording", "version": 1}\n', 4, "COULD NOT TEST"),
    ],
)
def test_what_is_no_recording(
    content: bytes, status: int, sentence: str, tmp_path: Path, command: Command
) -> None:
    """Another file is wrong use, with a sentence; a recording of nothing could not be tested."""
    path = tmp_path / "file"
    path.write_bytes(content)
    outcome = command("judge", str(path), tokens=False)
    assert (outcome.status, sentence in outcome.text) == (status, True), outcome.text


@pytest.mark.skipif(os.name != "posix", reason="there are no such files")
@pytest.mark.parametrize("device", ["/dev/full", "/dev/zero", "/dev/null"])
def test_a_device_is_not_read(
    device: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some have no end: none is opened."""
    monkeypatch.delattr(Path, "open")
    outcome = command("judge", device, tokens=False)
    assert outcome.status == 2, outcome.text
    assert f"{device}: it is a device" in outcome.text


def test_a_huge_file_is_not_read(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size says enough."""
    path = tmp_path / "huge.har"
    with path.open("wb") as file:
        file.truncate(2**29 + 1)
    monkeypatch.delattr(Path, "open")
    outcome = command("judge", str(path), tokens=False)
    assert outcome.status == 2, outcome.text
    assert "it is larger than 536870912 bytes" in outcome.text


def test_a_folder_is_no_recording(tmp_path: Path, command: Command) -> None:
    """What can't be read is wrong use, and the system says why."""
    outcome = command("judge", str(tmp_path), tokens=False)
    assert outcome.status == 2, outcome.text
    assert outcome.text.count("\n") == 1


def _feed(path: Path, content: bytes, times: int) -> threading.Thread:
    """Write into a pipe, again and again, as long as somebody reads."""

    def write() -> None:
        with suppress(BrokenPipeError), path.open("wb", buffering=0) as pipe:
            for _ in range(times):
                pipe.write(content)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_read_to_its_end(tmp_path: Path, command: Command) -> None:
    """It holds a recording as a file does; one without an end that begins otherwise is left."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = _feed(pipe, (sessions.FOLDER / "looking.jsonl").read_bytes(), 1)
    assert command("judge", str(pipe), tokens=False).status == 0
    writer.join()
    writer = _feed(pipe, b"y\n" * 50_000, 10**9)
    outcome = command("judge", str(pipe), tokens=False)
    writer.join()
    assert outcome.status == 2, outcome.text
    assert "neither a HAR file nor a recording" in outcome.text


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["judge"],
        ["judge", "no-such-file.har"],
        ["http://127.0.0.1:1/api/v1", "file.har"],
        ["http://127.0.0.1:1/api/v1", "--replay", "file.har"],
    ],
)
def test_wrong_use_of_judge(arguments: list[str], command: Command) -> None:
    """A missing file, or a URL beside one, is wrong use."""
    assert command(*arguments, tokens=False).status == 2
