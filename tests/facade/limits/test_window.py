"""A moving window gives at most so many turns in any stretch of time, in the order of asking."""

import time
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coinbtr.limits import window as windows
from coinbtr.limits.window import Window

# What a program does: seconds pass, it asks for a turn, or gives back one that it had.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.floats(0, 12, allow_nan=False)),
        st.tuples(st.just("take"), st.sampled_from([None, 0.0, 3.0])),
        st.tuples(st.just("give back"), st.integers(0, 5)),
    ),
    max_size=60,
)


@given(requests=st.integers(1, 5), steps=STEPS)
def test_never_more_than_the_budget(requests: int, steps: list[tuple[str, Any]]) -> None:
    """Whatever is asked for and given back, any ten seconds hold no more turns than allowed."""
    window, now = Window(requests, 10), 1000.0
    turns: list[float] = []
    for what, how in steps:
        if what == "pass":
            now += how
        elif what == "take":
            at, taken = window.take(now, how)
            assert at >= now
            if taken:
                turns.append(at)
                assert how is None or at - now <= how
            else:
                assert at - now > how
        elif coming := [turn for turn in turns if turn > now]:
            turns.remove(coming[int(how) % len(coming)])
            window.give_back(coming[int(how) % len(coming)])
        turns.sort()
        for first, last in zip(turns, turns[requests:], strict=False):
            assert last - first >= 10 - 1e-9


def test_turns_come_in_order_and_none_is_wasted() -> None:
    """A burst goes out at once; the rest is spread so that the budget is used up and no more."""
    window = Window(3, 10)
    assert [window.take(100.0)[0] for _ in range(7)] == [100, 100, 100, 110, 110, 110, 120]
    assert window.take(125.0)[0] == 125
    assert window.take(200.0)[0] == 200


def test_a_turn_beyond_patience_is_not_taken() -> None:
    """Who doesn't wait leaves the turn to others."""
    window = Window(1, 10)
    assert window.take(0.0, 0) == (0.0, True)
    assert window.take(4.0, 5) == (10.0, False)
    assert window.take(4.0, 6) == (10.0, True)
    assert window.take(4.0) == (20.0, True)


def test_a_pause_holds_for_all() -> None:
    """After a 429 nobody sends before the time that it names."""
    window = Window(5, 10)
    window.pause(30.0)
    window.pause(20.0)
    assert window.take(0.0)[0] == 30
    assert window.take(40.0)[0] == 40


class Interrupted(float):
    """A time whose comparison lets another thread go on: in the midst of taking a turn."""

    def __lt__(self, other: float) -> bool:
        time.sleep(0)
        return super().__lt__(other)

    def __gt__(self, other: float) -> bool:
        time.sleep(0)
        return super().__gt__(other)


def test_threads_share_a_window() -> None:
    """Eight threads that ask 500 times get 500 turns, none of them too early."""
    window = Window(10, 1.0)
    turns: list[float] = []

    def ask() -> None:
        turns.extend(window.take(Interrupted(0))[0] for _ in range(500))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns.sort()
    assert len(turns) == 4000
    assert all(last - first >= 1 for first, last in zip(turns, turns[10:], strict=False))
    assert turns[-1] == 399
    assert all(later >= sooner for sooner, later in pairwise(turns))


def test_windows_that_nobody_needs_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that serves many keys keeps those that are still in use."""
    monkeypatch.setattr(windows, "MANY", 4)
    kept = windows.window("busy", 1, 60, 0.0)
    kept.take(100.0)
    for number in range(3):
        windows.window(f"idle {number}", 1, 60, 0.0)
    windows.window("new", 1, 60, 110.0)
    assert windows.window("busy", 1, 60, 110.0) is kept
    assert set(windows._windows) == {("busy", 1, 60), ("new", 1, 60)}
