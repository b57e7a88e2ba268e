"""What all tests share: where the repository is, and how Hypothesis behaves on a busy machine."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadline: two cores shared with other tests say nothing about a single example's time.
settings.register_profile(
    "coinbtr", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("coinbtr")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).parent.parent
