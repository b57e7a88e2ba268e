"""A lost answer: status 3, never sent again, looked up from the intent log."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coinbtr.sandbox import Sandbox
from coinbtr.sending.log import IntentLog, left_open
from coinbtr.wire.engine import Request, Response
from tests.cli.conftest import Outcome, interruptible, process, run
from tests.cli.terminal import terminal
from tests.facade.faults.front import Front, fronting
from tests.facade.test_intent_log import PLACE

ORDER = ("btc-mxn", "--amount", "0.01", "--price", "900000", "--yes")
PRICED = ("--amount", "0.01", "--price", "1900000")
WITHDRAWAL = (
    *("withdraw", "btc", "--amount", "0.01", "--yes", "--allow-withdrawals"),
    *("--address", "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"),
)


class Swallowing(Sandbox):
    """A sandbox whose next answer to a request of these paths is swallowed."""

    def __init__(self) -> None:
        super().__init__(token="t0ken-that-nobody-may-see")
        self.swallow: str | None = None
        self.carries_out = True
        self.sent: list[str] = []
        self.reached = threading.Event()
        self.goes_on: threading.Event | None = None

    def handle(self, request: Request, *, peer: str = "127.0.0.1") -> Response:
        """The answer, or a connection that breaks."""
        path = request.url.partition("/api/v1")[2]
        moves = path.startswith(("/trading/place", "/trading/cancel", "/wallet/withdraw"))
        if moves:
            self.sent.append(path)
        if not moves or self.swallow is None or self.swallow not in path:
            return super().handle(request, peer=peer)
        self.swallow = None
        if self.carries_out:
            super().handle(request, peer=peer)
        self.reached.set()
        if self.goes_on is not None:
            self.goes_on.wait(30)
        raise OSError


@pytest.fixture
def exchange() -> Swallowing:
    """The sandbox behind the front."""
    return Swallowing()


@pytest.fixture(autouse=True)
def _front(exchange: Swallowing, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    with fronting(exchange) as front:
        monkeypatch.setenv("COINBTR_BASE_URL", front.url)
        monkeypatch.setenv("COINBTR_TOKEN", exchange.token)
        yield front


def reconciled(*more: str) -> tuple[Outcome, list[dict[str, object]]]:
    """What `coinbtr reconcile` says."""
    done = run("reconcile", "--settle", "0", "-o", "json", *more)
    return done, json.loads(done.out)


@pytest.mark.parametrize("carries_out", [True, False])
@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("place/buylimit", ("buy", *ORDER)),
        ("place/selllimit", ("sell", "btc-mxn", *PRICED, "--yes")),
        ("withdraw", WITHDRAWAL),
    ],
)
def test_a_lost_answer_is_looked_up(
    path: str, command: tuple[str, ...], carries_out: bool, exchange: Swallowing
) -> None:
    """Status 3 and the way to reconcile; reconcile tells what became of it, and closes it."""
    exchange.swallow, exchange.carries_out = path, carries_out
    done = run(*command)
    assert done.status == 3
    assert "coinbtr reconcile" in done.err
    assert done.out == ""
    assert len(exchange.sent) == 1
    looked, (found,) = reconciled()
    assert (looked.status, found["outcome"]) == (0, "found" if carries_out else "not_found")
    if carries_out:
        assert found["txid" if path == "withdraw" else "order_id"]
    assert len(exchange.sent) == 1
    assert reconciled()[1] == []


def test_a_lost_answer_is_told_once(exchange: Swallowing) -> None:
    """In a process of its own the logger of the package doesn't say it a second time."""
    exchange.swallow = "place/buylimit"
    done = process("buy", *ORDER)
    assert done.status == 3
    assert done.err.count("it is not known whether this was done") == 1


def test_nothing_more_is_sent_until_it_is_known(exchange: Swallowing) -> None:
    """While an outcome is unknown, buying ends with 3 and sends nothing; cancelling may go on."""
    exchange.swallow = "place"
    assert run("buy", *ORDER).status == 3
    again = run("buy", *ORDER)
    assert again.status == 3
    assert "Nothing was sent" in again.err
    assert len(exchange.sent) == 1
    assert run("buy", *ORDER[:-1]).status == 3  # it is not even asked for
    assert run("buy", *ORDER, "--dry-run").status == 1
    assert run("cancel", "--all", "--yes").status == 0
    assert reconciled()[0].status in (0, 3)


def test_what_is_lost_while_somebody_thinks_counts(exchange: Swallowing) -> None:
    """An answer that another command loses while this one asks keeps this one from sending."""
    asked = terminal("sell", "btc-mxn", *PRICED)
    assert asked.until(lambda now: "[y/N]" in now.text)
    exchange.swallow = "place"
    assert run("buy", *ORDER).status == 3
    asked.type("y\n")
    assert asked.end() == 3
    assert len(exchange.sent) == 1


def test_a_lost_cancel_is_looked_up(exchange: Swallowing) -> None:
    """A cancel whose answer is lost ends with 3; what came of it is told."""
    run("buy", *ORDER)
    exchange.swallow = "cancel"
    done = run("cancel", "--all", "--yes", "-o", "json")
    assert done.status == 3
    assert [one["outcome"] for one in json.loads(done.out)] == ["OutcomeUnknown"]
    assert "coinbtr reconcile" in done.err
    _, (found,) = reconciled()
    assert found["outcome"] == "cancelled"


def test_a_log_of_a_running_program_is_its_own(exchange: Swallowing, tmp_path: Path) -> None:
    """Status 2, and the path; once it is closed, what it left open is looked up."""
    path = tmp_path / "bot.jsonl"
    log = IntentLog(path)
    log.opened(PLACE)
    for more in ((), ("--forget", PLACE.id)):
        done = run("reconcile", "--log", str(path), *more)
        assert done.status == 2
        assert f"intent_log {path} is held by another client" in " ".join(done.err.split())
    assert left_open(path) == [PLACE]
    log.close()
    _, (found,) = reconciled("--log", str(path))
    assert found["id"] == PLACE.id
    assert found["outcome"] == "not_found"
    assert exchange.sent == []


def test_what_can_not_be_told_stays_open(exchange: Swallowing, tmp_path: Path) -> None:
    """An ambiguous outcome ends with 3 and stays; --forget closes it by hand."""
    exchange.swallow = "place"
    assert run("buy", *ORDER).status == 3
    # A second one alike, placed by somebody else with the same token.
    (log,) = (tmp_path / "state/coinbtr/intents").glob("*.jsonl")
    kept = log.read_bytes()
    log.write_bytes(b"")
    assert run("buy", *ORDER).status == 0
    log.write_bytes(kept)
    looked, (found,) = reconciled()
    assert (looked.status, found["outcome"]) == (3, "ambiguous")
    assert found["reason"]
    assert reconciled("--forget", str(found["id"]))[1] == []
    assert run("reconcile", "--forget", "nothing").status == 2


def test_a_killed_command_leaves_its_intent(exchange: Swallowing) -> None:
    """After kill -9 in the middle of sending, reconcile finds the order."""
    exchange.swallow, exchange.goes_on = "place", threading.Event()
    command = [sys.executable, "-m", "coinbtr.cli", "buy", *ORDER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as killed:
        assert exchange.reached.wait(30)
        killed.send_signal(signal.SIGKILL)
    exchange.goes_on.set()
    _, (found,) = reconciled()
    assert found["outcome"] == "found"


def test_ctrl_c_after_sending_is_an_unknown_outcome(exchange: Swallowing) -> None:
    """An interrupt while the answer is waited for ends with 3, not as if nothing had been sent."""
    exchange.swallow, exchange.goes_on = "place", threading.Event()
    command = [sys.executable, "-m", "coinbtr.cli", "buy", *ORDER]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    ) as interrupted:
        assert exchange.reached.wait(30)
        interrupted.send_signal(signal.SIGINT)
        _, err = interrupted.communicate(timeout=30)
    exchange.goes_on.set()
    assert interrupted.returncode == 3, err
    assert "interrupted" in err
    assert "coinbtr reconcile" in err
    assert "Traceback" not in err
    assert reconciled()[1][0]["outcome"] == "found"


def test_two_commands_send_one_after_the_other(exchange: Swallowing) -> None:
    """What another command is sending just now is waited for, and not taken for lost."""
    exchange.swallow, exchange.goes_on = "place", threading.Event()
    command = [sys.executable, "-m", "coinbtr.cli", "buy", *ORDER]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first,
        ThreadPoolExecutor() as pool,
    ):
        assert exchange.reached.wait(30)
        second = pool.submit(run, "sell", "btc-mxn", *PRICED, "--yes")
        with pytest.raises(TimeoutError):
            second.result(timeout=1)
        exchange.goes_on.set()
        assert first.wait(30) == 3
        # The first one's answer was swallowed after all, so the second one sends nothing.
        assert second.result().status == 3
    assert len(exchange.sent) == 1


def test_an_answer_that_takes_too_long_is_lost(exchange: Swallowing) -> None:
    """--timeout bounds the wait; what was sent stays unknown."""
    exchange.swallow, exchange.goes_on = "place", threading.Event()
    done = run("buy", *ORDER, "--timeout", "0.5")
    exchange.goes_on.set()
    assert done.status == 3


def test_the_log_is_for_its_owner_alone(exchange: Swallowing, tmp_path: Path) -> None:
    """The log is 0600 in a folder of 0700, names the server, and never holds the token."""
    old = os.umask(0)
    try:
        run("buy", *ORDER)
    finally:
        os.umask(old)
    folder = tmp_path / "state/coinbtr/intents"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (log,) = folder.glob("*.jsonl")
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert log.name.startswith("127.0.0.1_")
    assert exchange.token not in log.name + log.read_text(encoding="utf-8")


def test_no_order_without_its_log(exchange: Swallowing, tmp_path: Path) -> None:
    """If the log can't be made, nothing is sent."""
    (tmp_path / "state").write_text("a file where a folder should be")
    done = run("buy", *ORDER)
    assert done.status == 2
    assert "Traceback" not in done.err
    assert exchange.sent == []


def test_each_account_has_a_log_of_its_own(
    exchange: Swallowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lost order of one token is never looked up with another; that there is one is told."""
    exchange.swallow = "place"
    assert run("buy", *ORDER).status == 3
    monkeypatch.setenv("COINBTR_TOKEN", exchange.other_token)
    done, found = reconciled()
    assert found == []
    assert "--log" in done.err
    assert run("buy", *ORDER).status == 0


def test_nobody_listening_makes_no_refusal(exchange: Swallowing) -> None:
    """If stderr breaks while the answer is lost, the status is still 3."""
    exchange.swallow, exchange.goes_on = "place", threading.Event()
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "coinbtr.cli", "buy", *ORDER]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=writing) as buying:
        assert exchange.reached.wait(30)
        os.close(reading)
        os.close(writing)
        exchange.goes_on.set()
    assert buying.returncode == 3
