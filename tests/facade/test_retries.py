"""The policy of sending again: its bounds, to the last value that is taken, and its waits."""

import math
import random
from typing import Any

import pytest

from coinbtr import ConfigurationError, Retries
from coinbtr.errors import NoConnection, RateLimited
from coinbtr.sending.decision import Next
from coinbtr.sending.progress import Progress
from coinbtr.sending.retries import to_deadline, to_retries
from tests.facade.faults.steering import PatientClock

PATIENT = Retries(attempts=9, first_wait=0.5, longest_wait=3)


@pytest.mark.parametrize(("attempt", "most"), [(1, 0.5), (2, 1), (3, 2), (4, 3), (9, 3)])
def test_the_waits_double_up_to_the_longest(
    attempt: int, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A random wait: at least a tenth of the first one, at most twice as long each time."""
    monkeypatch.setattr(random, "uniform", max)
    assert PATIENT.wait(attempt) == most
    monkeypatch.setattr(random, "uniform", min)
    assert PATIENT.wait(attempt) == 0.05
    monkeypatch.setattr(random, "uniform", lambda least, most: (least + most) / 2)
    assert PATIENT.wait(attempt) == (0.05 + most) / 2


def test_a_longest_wait_below_the_least_is_kept() -> None:
    """The longest wait is the last word, whatever the first one would be."""
    for attempt in (1, 9):
        assert Retries(first_wait=10, longest_wait=0.25).wait(attempt) == 0.25


def test_no_wait_at_all() -> None:
    """A first wait of 0 makes all of them 0."""
    assert [Retries(first_wait=0).wait(attempt) for attempt in (1, 5)] == [0, 0]


@pytest.mark.parametrize("attempts", [1, 2, 100])
def test_a_number_of_attempts_keeps_the_waits(attempts: int) -> None:
    """The least and the most included; the waits are those of the policy that it replaces."""
    assert to_retries(attempts) == Retries(attempts=attempts)
    assert to_retries(attempts, PATIENT) == Retries(
        attempts=attempts, first_wait=0.5, longest_wait=3
    )
    given = Retries(attempts=attempts, first_wait=0, longest_wait=0)
    assert to_retries(given, PATIENT) is given


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (0, "retries must be from 1 attempt (never send again) to 100, not 0"),
        (101, "retries must be from 1 attempt (never send again) to 100, not 101"),
        (True, "retries must be a number of attempts or a Retries, not bool"),
        ("3", "retries must be a number of attempts or a Retries, not str"),
        (Retries(attempts=True), "retries must be a whole number of attempts, not True"),
        (Retries(attempts=1.5), "retries must be a whole number of attempts, not 1.5"),  # type: ignore[arg-type]  # the mistake
        (Retries(first_wait=-0.1), "retries: first_wait must be 0 or more and finite"),
        (Retries(first_wait=math.inf), "retries: first_wait must be 0 or more and finite"),
        (Retries(longest_wait=-0.1), "retries: longest_wait must be 0 or more and finite"),
        (Retries(longest_wait=math.nan), "retries: longest_wait must be 0 or more and finite"),
        (Retries(first_wait=True), "retries: first_wait must be a number of seconds"),
        (Retries(longest_wait="8"), "retries: longest_wait must be a number of seconds"),  # type: ignore[arg-type]  # the mistake
    ],
)
def test_a_policy_beyond_its_bounds_is_refused(bad: Any, words: str) -> None:
    """The whole sentence: what it is about, what would be right, and what was given."""
    with pytest.raises(ConfigurationError) as caught:
        to_retries(bad)
    assert str(caught.value) == words


@pytest.mark.parametrize("seconds", [0.001, 0.5, 1, 86400, None])
def test_a_deadline_above_0_is_taken(seconds: float | None) -> None:
    """As it was given; None for no bound."""
    assert to_deadline(seconds) == seconds


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (0, "deadline must be above 0 seconds, not 0"),
        (-0.5, "deadline must be above 0 seconds, not -0.5"),
        (math.nan, "deadline must be above 0 seconds, not nan"),
        (False, "deadline must be a number of seconds or None, not False"),
        ("3", "deadline must be a number of seconds or None, not '3'"),
    ],
)
def test_a_deadline_of_nothing_is_refused(bad: Any, words: str) -> None:
    """The whole sentence."""
    with pytest.raises(ConfigurationError) as caught:
        to_deadline(bad)
    assert str(caught.value) == words


def progress(attempts: int, deadline: float | None, passed: float = 0) -> Progress:
    """A call that may be attempted so often, after one attempt that took `passed` seconds."""
    clock = PatientClock(seconds=100)
    made = Progress("order", Retries(attempts=attempts, first_wait=0), deadline, clock)
    made.attempts = 1
    clock.seconds += passed
    return made


def test_a_wait_that_takes_all_that_is_left_is_not_waited() -> None:
    """A 429 that asks for as long as the call has is the end; a moment less is waited for."""
    limited = RateLimited("?", status=429, retry_after=4.0)
    assert progress(2, deadline=10, passed=6).after(limited) is Next.RETRY
    assert progress(2, deadline=10, passed=5.75).after(limited) == 4.0
    assert progress(2, deadline=None, passed=99).after(limited) == 4.0
    assert progress(1, deadline=None).after(limited) is Next.RETRY


def test_the_time_is_up_at_the_deadline_itself() -> None:
    """What is left counts down from the call's begin, and 0 seconds are none."""
    assert progress(2, deadline=10, passed=4).left == 6
    assert progress(2, deadline=10, passed=10).left == 0
    assert progress(2, deadline=None, passed=1e9).left is None
    error = progress(2, deadline=10, passed=3).noted(NoConnection("?"))
    assert (error.attempts, error.elapsed) == (1, 3)
