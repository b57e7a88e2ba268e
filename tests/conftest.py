"""What all tests share: where the repository is, and how Hypothesis behaves on a busy machine."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from coinbtr.limits.window import forget_all

# No deadline: two cores shared with other tests say nothing about a single example's time.
settings.register_profile(
    "coinbtr", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("coinbtr")


@pytest.fixture(autouse=True)
def _own_rate_limit() -> None:
    """No test waits for the requests of another: they share a process, and often a key."""
    forget_all()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).parent.parent
