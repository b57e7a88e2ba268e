"""The exit status tells a script what happened: 0 keeps, 1 deviates, 2 wrong use, 4 not tested."""

import socket
import subprocess
import sys
from typing import NoReturn

import pytest

from tests.contract.conftest import Command
from tests.contract.tampering import TamperedSandbox
from tests.mutants.catalogue import named


def test_0_when_it_keeps(url: str, command: Command) -> None:
    """A server that keeps to the description as far as it was tried gives 0."""
    outcome = command(url, "--phase", "market")
    assert (outcome.status, outcome.codes) == (0, set())


def test_1_when_it_deviates(sandbox: TamperedSandbox, url: str, command: Command) -> None:
    """One finding is enough for 1; it says what was seen and gives a line to repeat it."""
    sandbox.tamper = named("the volume as a string").make(sandbox)
    outcome = command(url, "--phase", "market")
    assert outcome.status == 1
    assert "  repeat  curl -i " in outcome.text
    assert "  seen    " in outcome.text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["http://example.org/api/v1"], "https"),
        (["https://user:secret@example.org"], "user or password"),
        (["http://127.0.0.1:1/api/v1", "--profile", "slow"], "quick, full"),
        (["http://127.0.0.1:1/api/v1", "--max-time", "nan"], "--max-time"),
        (["http://127.0.0.1:1/api/v1", "--operation", "getMoon"], "getOrderBook"),
        (["http://127.0.0.1:1/api/v1", "--phase", "moon"], "coverage"),
        (["http://127.0.0.1:1/api/v1", "--token", "Token abc"], "--token"),
    ],
)
def test_2_for_wrong_use(arguments: list[str], sentence: str, command: Command) -> None:
    """What can't be meant is refused before anything is sent, with a sentence."""
    outcome = command(*arguments, tokens=False)
    assert outcome.status == 2, outcome.text
    assert sentence in outcome.text
    assert "secret" not in outcome.text.replace("user or password", "")


def test_4_when_nobody_listens(command: Command) -> None:
    """A server that can't be reached wasn't tested."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    outcome = command(f"http://127.0.0.1:{port}/api/v1")
    assert outcome.status == 4, outcome.text
    assert "COULD NOT TEST" in outcome.text


def test_4_without_a_token_on_the_sandbox(url: str, command: Command) -> None:
    """Most of the sandbox needs a token: without one the run says so and ends."""
    outcome = command(url, tokens=False)
    assert outcome.status == 4, outcome.text
    assert "COINBTR_TOKEN" in outcome.text


def test_4_with_a_token_that_the_sandbox_does_not_know(url: str, command: Command) -> None:
    """A wrong token is no deviation of the server."""
    outcome = command(url, "--token", "no-such-token", tokens=False)
    assert outcome.status == 4, outcome.text
    assert "--token" in outcome.text


def test_the_token_may_come_from_the_environment(
    url: str, sandbox: TamperedSandbox, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COINBTR_TOKEN stands for --token; without a second token the trades aren't tried."""
    monkeypatch.setenv("COINBTR_TOKEN", sandbox.token)
    outcome = command(url, "--phase", "trades", "--phase", "tokens", tokens=False)
    assert outcome.status == 0, outcome.text
    assert "--other-token" in outcome.text


def test_without_the_extra_it_says_what_to_install() -> None:
    """Without schemathesis the command says in one sentence what to install."""
    program = (
        "import sys; sys.modules['schemathesis'] = None\n"
        "from coinbtr.cli import main\n"
        "sys.argv = ['coinbtr', 'contract', 'http://127.0.0.1:1/api/v1']\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 4, done.stderr
    assert done.stderr.count("\n") == 1
    assert "pip install 'coinbtr[contract]'" in done.stderr


def test_ctrl_c_is_no_verdict(url: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a run with 130, also among the generated requests: never with 'keeps'."""

    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("requests.Session.request", interrupted)
        outcome = command(url, "--phase", "examples", "--operation", "getTicker")
    assert outcome.status == 130, outcome.text
    assert "KEEPS" not in outcome.text
