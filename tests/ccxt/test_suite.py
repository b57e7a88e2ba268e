"""ccxt's own tests find nothing wrong, and leave nothing untried without a reason."""

import json

import pytest

from tests.ccxt.__main__ import SKIPS, problems, run

SAID = """\
[INFO] TESTING DONE       coinbtr fetchBalance
[TEST_FAILURE] coinbtr fetchTicker ["BTC/MXN"] | AssertionError
[TEST_WARNING] coinbtr fetchDeposits could not be tested
"""


@pytest.mark.parametrize("sync", [True, False], ids=["sync", "async"])
def test_ccxts_own_tests_pass(sync: bool) -> None:
    """Everything in `has` is tried by them, or named with the reason why not."""
    said = run(sync=sync)
    assert problems(said) == [], said


def test_what_goes_wrong_is_seen() -> None:
    """A failure, a warning that stands for one, and a method that nobody tried."""
    found = problems(SAID)
    assert '[TEST_FAILURE] coinbtr fetchTicker ["BTC/MXN"] | AssertionError' in found
    assert "[TEST_WARNING] coinbtr fetchDeposits could not be tested" in found
    assert "fetchMyTrades: nobody tried it" in found
    assert "fetchBalance: nobody tried it" not in found


def test_each_skip_has_its_reason() -> None:
    """In words, not as a flag."""
    skips = json.loads(SKIPS.read_bytes())["coinbtr"]["skipMethods"]
    reasons = [
        reason
        for skip in skips.values()
        for reason in ([skip] if isinstance(skip, str) else skip.values())
    ]
    assert reasons
    assert all(isinstance(reason, str) and " " in reason for reason in reasons)
