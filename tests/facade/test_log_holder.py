"""An intent log is one client's: another one is refused, wherever it is."""

import gc
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from coinbtr import ConfigurationError, IntentLogError, unresolved
from coinbtr.sending import log as logs
from coinbtr.sending.log import IntentLog, left_open
from tests.facade.lossy import buy, desk
from tests.facade.scripted import Facade, example_answer
from tests.facade.test_intent_log import CANCEL, PLACE
from tests.facade.test_sending import run, scripted

HOLDER = """
import sys
from coinbtr.sending.log import IntentLog
log = IntentLog(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""
OPENER = """
import sys
from coinbtr import CoinBTR, ConfigurationError
try:
    CoinBTR("t", base_url="http://127.0.0.1:1/api/v1", intent_log=sys.argv[1]).close()
    print("opened")
except ConfigurationError as refused:
    print(refused)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "intents.jsonl"


def refusal(path: Path) -> str:
    """What a second client is told."""
    return (
        f"intent_log {path} is held by another client, in this process or in another one: give each"
        " client a log of its own, or close that one first"
    )


@contextmanager
def holding(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the log open."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def opened_elsewhere(path: Path) -> str:
    """What another process says that tries to open the log."""
    done = subprocess.run(
        [sys.executable, "-c", OPENER, path], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_second_client_is_refused(facade: Facade, path: Path) -> None:
    """With the path and what to do; the first one goes on, and closing it frees the log."""
    first, _, _ = scripted(facade.kind, example_answer("withdraw"), intent_log=path)
    with pytest.raises(ConfigurationError) as caught:
        scripted(facade.kind, example_answer("withdraw"), intent_log=path)
    assert str(caught.value) == refusal(path)
    run(facade.kind, first, "withdraw")
    assert left_open(path) == []
    second, _, _ = scripted(facade.kind, example_answer("withdraw"), intent_log=path)
    run(facade.kind, second, "withdraw")


def test_views_of_one_client_share_its_log(path: Path) -> None:
    """They are one client; and to read a log is free: what is under way is told, too."""
    made = desk(intent_log=path)
    seen: list[int] = []
    inner = made.engine.inner.send

    def look(request: Any) -> Any:
        if "/place/" in request.url:
            seen.append(len(unresolved(path)))
        return inner(request)

    made.engine.inner.send = look  # type: ignore[method-assign]  # to look while it is under way
    buy(made.client.with_options(deadline=5))
    assert seen == [1]
    assert unresolved(path) == []
    made.client.close()


def test_another_process_is_refused_until_this_one_closes(path: Path) -> None:
    """And the other way round; a holder that is killed holds nothing."""
    log = IntentLog(path)
    assert opened_elsewhere(path) == refusal(path)
    log.close()
    assert opened_elsewhere(path) == "opened"
    with holding(path) as process:
        with pytest.raises(ConfigurationError, match="held by another client"):
            IntentLog(path)
        process.send_signal(signal.SIGKILL)
        process.wait()
    IntentLog(path).close()


def test_who_is_refused_writes_nothing(path: Path) -> None:
    """Not even the end of a line that another client is writing just now."""
    log = IntentLog(path)
    path.write_bytes(b'{"open": "half of a li')
    with pytest.raises(ConfigurationError):
        IntentLog(path)
    assert path.read_bytes() == b'{"open": "half of a li'
    log.close()


def test_a_client_that_is_forgotten_holds_nothing(path: Path) -> None:
    """Without a close its log is free as soon as it is gone."""
    made = desk(intent_log=path)
    del made
    gc.collect()
    IntentLog(path).close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("closes", [True, False])
def test_a_forked_child_neither_holds_nor_breaks_it(path: Path, closes: bool) -> None:
    """It sends nothing that moves money, the parent's log stays held, and is free after a close."""
    made = desk(intent_log=path)
    there, back = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with pytest.raises(IntentLogError) as caught:
                buy(made.client)
            if closes:
                made.client.close()
            os.write(back[1], str(caught.value).encode())
            os.close(back[1])
            os.close(there[1])
            os.read(there[0], 1)  # until the parent has looked
            status = 0
        finally:
            os._exit(status)
    os.close(back[1])
    with os.fdopen(back[0], "rb") as told:
        assert "forked from; make a client here, with a log of its own" in told.read().decode()
        with pytest.raises(ConfigurationError, match="held by another client"):
            IntentLog(path)
        buy(made.client)
        assert len(path.read_bytes().splitlines()) == 2
        made.client.close()
        IntentLog(path).close()  # although the child is there still
    os.close(there[1])
    assert os.waitpid(child, 0)[1] == 0
    os.close(there[0])


def test_a_new_logs_folder_is_synced_once(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut can't take the first intent with its file; behind a link, the real folder."""
    folders: list[tuple[int, int]] = []
    sync = os.fsync

    def note(file: int) -> None:
        at = os.fstat(file)
        if stat.S_ISDIR(at.st_mode):
            folders.append((at.st_dev, at.st_ino))
        sync(file)

    monkeypatch.setattr(os, "fsync", note)
    (tmp_path / "real").mkdir()
    path.symlink_to(tmp_path / "real" / "log")
    log = IntentLog(path)
    at = (tmp_path / "real").stat()
    assert folders == [(at.st_dev, at.st_ino)]
    log.opened(PLACE)
    log.close()
    IntentLog(path).close()
    assert len(folders) == 1


def test_a_folder_that_can_not_be_synced_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log promises what it can't keep there: it is not opened, and not held."""

    def refuse(_: Path) -> None:
        raise OSError("no such thing here")

    monkeypatch.setattr(logs, "_sync_folder", refuse)
    with pytest.raises(ConfigurationError, match="can't be opened: no such thing here"):
        IntentLog(path)
    monkeypatch.undo()
    log = IntentLog(path)
    log.opened(CANCEL)
    log.close()
    assert left_open(path) == [CANCEL]
