"""Servers to test, and the user's own command to test them with."""

import re
from collections.abc import Callable, Iterator

import pytest
from attrs import frozen
from typer.testing import CliRunner

from coinbtr.cli.app import app
from coinbtr.sandbox.server import SandboxServer
from tests.contract.tampering import OTHER_TOKEN, TOKEN, TamperedSandbox


@frozen
class Outcome:
    """What the command did: its exit status, its text, and the codes of the rules in it."""

    status: int
    text: str

    @property
    def codes(self) -> set[str]:
        """The rules that findings name."""
        return set(re.findall(r"^(C\d{3})  ", self.text, re.MULTILINE))


Command = Callable[..., Outcome]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """`coinbtr contract` with these arguments, in this process."""
    monkeypatch.delenv("COINBTR_TOKEN", raising=False)
    monkeypatch.delenv("COINBTR_OTHER_TOKEN", raising=False)
    # Wide enough that no table is cut.
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, tokens: bool = True) -> Outcome:
        given = ("--token", TOKEN, "--other-token", OTHER_TOKEN) if tokens else ()
        done = CliRunner().invoke(app, ["contract", *arguments, *given])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Outcome(done.exit_code, done.output)

    return run


@pytest.fixture
def sandbox() -> TamperedSandbox:
    """A sandbox that may be tampered with."""
    return TamperedSandbox()


@pytest.fixture
def url(sandbox: TamperedSandbox) -> Iterator[str]:
    """Where that sandbox is served."""
    with SandboxServer(sandbox) as server:
        yield server.base_url
