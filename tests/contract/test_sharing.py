"""Machines that share a Redis share the failures that they found."""

import sys

import pytest
from redis import Redis

from coinbtr.contract.model.sharing import database
from tests.contract.behaviours import BEHAVIOURS
from tests.contract.conftest import Command
from tests.contract.tampering import TamperedSandbox
from tests.facade.limits.conftest import RedisProcess, redis_server

__all__ = ["redis_server"]


def test_a_found_failure_is_shared(
    redis_server: RedisProcess, sandbox: TamperedSandbox, url: str, command: Command
) -> None:
    """What one run finds lies in the Redis, without any token, and the next one begins with it."""
    defect = next(one for one in BEHAVIOURS if one.name == "the younger order first")
    sandbox.tamper = defect.make(sandbox)
    options = (url, "--phase", "model", "--profile", "full", "--share", redis_server.url)
    first = command(*options)
    assert first.status == 1, first.text
    keys = Redis.from_url(redis_server.url).keys("coinbtr-contract:*")
    assert keys
    second = command(*options, "--seed", "99")
    assert second.status == 1, second.text
    assert first.codes & second.codes


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
