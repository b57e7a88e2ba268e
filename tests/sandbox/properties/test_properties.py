"""A sample of the properties; `make properties` runs 200,000 steps."""

from hypothesis import settings

from tests.sandbox.properties.machine import SETTINGS, Exchanging

TestExchanging = Exchanging.TestCase
TestExchanging.settings = settings(
    SETTINGS, max_examples=30, stateful_step_count=50, derandomize=True
)
