"""What the tests of the sandbox share: a trading floor, and an embedded sandbox with callers."""

import pytest

from coinbtr.sandbox import ManualClock, Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.floor import Floor


@pytest.fixture
def floor() -> Floor:
    """An exchange without orders, and three accounts with 1,000,000 MXN and 10 BTC each."""
    return Floor()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still."""
    return ManualClock()


@pytest.fixture
def sandbox(clock: ManualClock) -> Sandbox:
    """A seeded sandbox."""
    return Sandbox(clock=clock)


@pytest.fixture
def demo(sandbox: Sandbox) -> Caller:
    """The first funded account."""
    return Caller(sandbox, sandbox.token)


@pytest.fixture
def other(sandbox: Sandbox) -> Caller:
    """The second funded account."""
    return Caller(sandbox, sandbox.other_token)


@pytest.fixture
def anyone(sandbox: Sandbox) -> Caller:
    """Somebody without a token."""
    return Caller(sandbox, None)
