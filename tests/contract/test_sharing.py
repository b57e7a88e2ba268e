"""Machines that share a Redis share the failures that they found."""

import sys

import pytest
from hypothesis.database import ExampleDatabase

from coinbtr.contract.model.session import Session
from coinbtr.contract.model.sharing import database
from coinbtr.contract.model.table import Table
from coinbtr.contract.server import Server
from coinbtr.sandbox import ManualClock
from tests.contract.conftest import Command
from tests.contract.tampering import OTHER_TOKEN, TOKEN, TamperedSandbox
from tests.facade.limits.conftest import RedisProcess, redis_server
from tests.mutants.catalogue import named

__all__ = ["redis_server"]


def _cases(database: ExampleDatabase | None, *, steps: int, seed: int) -> set[tuple[str, str]]:
    """What a session finds on a sandbox that fills the younger order first."""
    clock = ManualClock()
    sandbox = TamperedSandbox(clock=clock)
    named("the younger order first").make(sandbox)
    server = Server(sandbox.base_url, {"mine": TOKEN, "other": OTHER_TOKEN}, sandbox.engine())
    assert server.prove()
    session = Session(
        table=Table(server, lambda seconds: clock.advance(seconds=seconds)),
        market="BTC-MXN",
        steps=steps,
        seed=seed,
        clock=lambda: 0.0,
        database=database,
    )
    session.run()
    return set(session.cases)


def test_a_found_failure_is_shared(redis_server: RedisProcess) -> None:
    """What one machine found, another begins with: one play is enough then, and wasn't before."""
    shared = database(redis_server.url)
    assert _cases(None, steps=50, seed=2) == set()
    assert _cases(shared, steps=20_000, seed=1)
    assert _cases(shared, steps=50, seed=2)


def test_a_wrong_address_is_refused(command: Command) -> None:
    """An address that is none ends the command with status 2 and says what is wrong."""
    outcome = command("sandbox:", "--share", "ftp://somewhere", tokens=False)
    assert outcome.status == 2
    assert "--share" in outcome.text


def test_without_redis_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is needed for sharing only."""
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ModuleNotFoundError, match="pip install"):
        database("redis://127.0.0.1")
