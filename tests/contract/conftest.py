"""Servers to test, and the user's own command to test them with."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest
from attrs import frozen
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import engine, providers
from hypothesis.internal.constants_ast import Constants
from typer.testing import CliRunner

from coinbtr import contract
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

    @property
    def requests(self) -> int:
        """How many requests the last line says there were."""
        [number] = re.findall(r" ([\d,]+) requests, ", self.text)
        return int(number.replace(",", ""))


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


@pytest.fixture(autouse=True)
def alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seed draws the same, whichever tests ran before, and however quick the machine is.

    Hypothesis also draws constants of the modules that are loaded so far, and looks for no other
    failure 10 seconds after the first one. It has no settings for either.
    """
    monkeypatch.setattr(providers, "_get_local_constants", Constants)
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", LRUCache(1024))
    clock = SimpleNamespace(monotonic=lambda: 0.0, perf_counter=lambda: 0.0)
    monkeypatch.setattr(engine, "time", clock)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run's clock stands still: steps bound it, and a slow machine does what a quick one does."""
    monkeypatch.setattr(contract, "run", partial(contract.run, clock=lambda: 0.0))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run's clock goes on by 0.1 s whenever it is read, on any machine."""
    clock = count(0.0, 0.1)
    monkeypatch.setattr(contract, "run", partial(contract.run, clock=lambda: next(clock)))


@pytest.fixture
def sandbox() -> TamperedSandbox:
    """A sandbox that may be tampered with."""
    return TamperedSandbox()


@pytest.fixture
def url(sandbox: TamperedSandbox) -> Iterator[str]:
    """Where that sandbox is served."""
    with SandboxServer(sandbox) as server:
        yield server.base_url
