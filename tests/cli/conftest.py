"""A served sandbox, the command in this process or in one of its own, and a home of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define
from typer.testing import CliRunner

from coinbtr.cli.app import app
from coinbtr.cli.reporting import stderr
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer

TOKEN = "t0ken-of-the-tests"


@define
class Outcome:
    """What a command wrote, and its exit status."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No configuration, log or variable of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("COINBTR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("FORCE_COLOR", "NO_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)
    stderr.cache_clear()
    yield
    stderr.cache_clear()


@pytest.fixture
def sandbox() -> Sandbox:
    """The exchange behind the server."""
    return Sandbox(token=TOKEN)


@pytest.fixture
def server(sandbox: Sandbox) -> Iterator[SandboxServer]:
    """The sandbox on a port."""
    with SandboxServer(sandbox) as served:
        yield served


@pytest.fixture
def at_sandbox(server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that name the served sandbox."""
    monkeypatch.setenv("COINBTR_BASE_URL", server.base_url)
    monkeypatch.setenv("COINBTR_TOKEN", server.sandbox.token)


def interruptible() -> None:
    """For a new process: Ctrl-C counts, also where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(*arguments: str, stdin: str | None = None) -> Outcome:
    """The command within this process."""
    stderr.cache_clear()
    done = CliRunner().invoke(app, list(arguments), input=stdin, prog_name="coinbtr")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Outcome(done.exit_code, done.stdout, done.stderr)


def process(*arguments: str, stdin: str | None = None, **streams: int) -> Outcome:
    """The command in a process of its own, as a shell runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "coinbtr.cli", *arguments],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        stdout=streams.get("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    return Outcome(done.returncode, done.stdout or "", done.stderr)
