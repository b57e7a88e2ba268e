"""The score of `make mutation` counts what was not noticed, and what no test comes by."""

import json
from collections import Counter
from pathlib import Path

import pytest

from scripts.mutation import outcomes, report, score


def test_the_outcomes_are_read_as_mutmut_keeps_them(tmp_path: Path) -> None:
    """Each mutant of a module by how its tests ended; a module without mutants is left out."""
    (tmp_path / "coinbtr").mkdir()
    codes = {"a": 1, "b": 0, "c": 33, "d": 36, "e": None, "f": -24, "g": 3}
    for name, kept in (("money", codes), ("empty", {})):
        text = json.dumps({"exit_code_by_key": kept})
        (tmp_path / f"coinbtr/{name}.py.meta").write_text(text, encoding="utf-8")
    assert outcomes(tmp_path) == {
        "coinbtr/money.py": {"killed": 2, "survived": 1, "no test": 1, "no end": 2, "open": 1}
    }


def test_what_no_test_comes_by_counts_against_it() -> None:
    """Of ten that came to an end, eight noticed are 80; the others don't count."""
    counts = Counter({"killed": 8, "no end": 7, "survived": 1, "no test": 1, "open": 90})
    assert score(counts) == 80


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        ({"killed": 99, "survived": 1}, 0),
        ({"killed": 50, "survived": 50}, 1),
        ({"killed": 99, "open": 1}, 1),
        ({}, 1),
    ],
)
def test_a_low_score_and_an_unfinished_run_fail(counts: dict[str, int], status: int) -> None:
    """Nothing tried is no pass, either."""
    assert report({"coinbtr/money.py": Counter(counts)}) == status
