"""A sample of the properties; `make properties` runs 200,000 steps."""

from hypothesis import HealthCheck, settings

from tests.sandbox.properties.machine import Exchanging

TestExchanging = Exchanging.TestCase
TestExchanging.settings = settings(
    max_examples=30,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
