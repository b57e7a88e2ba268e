"""The user's own command, as the tests of the contract test run it."""

from tests.contract.conftest import alike, command, sandbox, url

__all__ = ["alike", "command", "sandbox", "url"]
