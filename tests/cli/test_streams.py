"""A stdout that is closed, full or no longer read ends no command with a wrong status."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coinbtr.sandbox import Sandbox
from tests.cli.conftest import process

BUY = ("buy", "btc-mxn", "--amount", "0.01", "--price", "500000", "--yes")


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_an_order_needs_no_stdout(closed: str, sandbox: Sandbox, at_sandbox: None) -> None:
    """With stdout closed, what is placed ends with 0, as if it were written to /dev/null."""
    command = [sys.executable, "-m", "coinbtr.cli", *BUY]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert len(sandbox.orders("demo")) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("config", "path"),
        ("sandbox", "--port", "0"),
        ("contract", "sandbox:", "--phase", "market"),
        ("record", "http://127.0.0.1:1/api/v1", "--port", "0", "--out", "session.jsonl"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_full_disk_is_told(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be written is one sentence and status 4; no recording is begun."""
    monkeypatch.chdir(tmp_path)
    with Path("/dev/full").open("w") as full:
        done = process(*arguments, stdout=full.fileno())
    assert done.status == 4
    assert done.err.splitlines() == [
        "coinbtr: the result could not be written: [Errno 28] No space left on device"
    ]
    assert not Path("session.jsonl").exists()


def test_a_verdict_that_nobody_reads_is_none() -> None:
    """`coinbtr contract … | head -1` does not say that the server deviates."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process("contract", "sandbox:", "--phase", "market", stdout=writing)
    finally:
        os.close(writing)
    assert (done.status, done.err) == (4, "")
