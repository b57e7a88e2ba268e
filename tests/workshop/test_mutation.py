"""The score of `make mutation` counts what was not noticed, and what no test comes by."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from scripts import mutation
from scripts.mutation import PARTS, open_mutants, outcomes, report, score
from scripts.survivors import differences
from scripts.trials import Told


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of money with a mutant of each outcome, as mutmut keeps them."""
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    monkeypatch.setattr(mutation, "MUTANTS", tmp_path / "mutants")
    codes = {"a": 1, "b": 0, "c": 33, "d": 36, "e": None, "f": -24, "g": 3, "h": 255, "i": 2}
    source, mutated = tmp_path / "coinbtr", tmp_path / "mutants/coinbtr"
    source.mkdir()
    mutated.mkdir(parents=True)
    for name, some in (("money", codes), ("guards", {"x": None}), ("outcomes", {})):
        (source / f"{name}.py").touch()
        os.utime(source / f"{name}.py", (1, 1))
        (mutated / f"{name}.py").touch()
        text = json.dumps({"exit_code_by_key": some})
        (mutated / f"{name}.py.meta").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_outcomes_are_read_as_mutmut_keeps_them(kept: Path) -> None:
    """Each mutant by how its tests ended; other parts, and modules without mutants, are left out.

    255 is no verdict: mutmut calls it a time-out, and the tests were not found.
    """
    verdicts = {"killed": 2, "survived": 1, "no test": 1, "no end": 2, "not run": 2, "open": 1}
    assert outcomes(kept / "mutants", "money") == {"coinbtr/money.py": verdicts}
    assert outcomes(kept / "mutants", "reconcile") == {}


def test_it_goes_on_with_what_is_open(kept: Path) -> None:
    """What has no verdict is tried, and on demand what no test noticed."""
    assert open_mutants(["money"], {"open", "not run"}) == ["e", "h", "i"]
    assert open_mutants(["money"], {"open", "survived"}) == ["b", "e"]
    assert open_mutants(["reconcile"], {"open"}) == []
    assert open_mutants(["guards", "money"], {"open"}) == ["x", "e"]


# As mutmut makes them, a function with mutants goes by the variable; 4 stands for an endless one.
SUMS = """
import os, signal

def add(a, b):
    mutant = os.environ.get("MUTANT_UNDER_TEST", "").rpartition("_")[2]
    if mutant == "4":
        os.kill(os.getpid(), signal.SIGXCPU)
    if mutant == "5":
        raise KeyboardInterrupt
    return a - b if mutant == "1" else a + b
"""
TESTS = """
import pytest
from sums import add

def test_nothing():
    assert add

@pytest.mark.parametrize("a", [0, 2])
def test_the_sum(a):
    assert add(a, %d) == a + 1
"""


@pytest.mark.parametrize(("right", "codes"), [(1, [1, 0, 33, -24, 1]), (2, [None] * 5)])
def test_each_mutant_is_tried_by_its_tests(
    tmp_path: Path, repository: Path, right: int, codes: list[int | None]
) -> None:
    """Noticed, survived, no test, ended, interrupted; and none if a test fails by itself."""
    names = [f"sums.x_{'other' if one == 3 else 'add'}__mutmut_{one}" for one in range(1, 6)]
    tests = ["test_sums.py::test_the_sum[0]", "test_sums.py::test_the_sum[2]"]
    stats = {
        "tests_by_mangled_function_name": {"sums.x_add": tests},
        "duration_by_test": dict.fromkeys(tests, 0.001),
    }
    (tmp_path / "sums.py").write_text(SUMS, encoding="utf-8")
    (tmp_path / "test_sums.py").write_text(TESTS % right, encoding="utf-8")
    (tmp_path / "mutmut-stats.json").write_text(json.dumps(stats), encoding="utf-8")
    meta = tmp_path / "sums.py.meta"
    meta.write_text(json.dumps({"exit_code_by_key": dict.fromkeys(names)}), encoding="utf-8")
    command = [sys.executable, "-m", "scripts.trials", "2", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(repository), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        input="\n".join(names),
        capture_output=True,
        text=True,
        timeout=120,
    )
    found: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    assert list(found.values()) == codes, done.stdout + done.stderr
    assert (done.returncode == 0) is (right == 1)


def test_it_tells_what_lives_and_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """By name what no test noticed; the first, then one in a quarter of a minute, and the last."""
    told = Told(5, begun=100.0)
    for number, (code, now) in enumerate(
        ((1, 101.0), (0, 115.9), (3, 116.0), (-24, 130.0), (33, 130.4)), 1
    ):
        told.ended(f"money.x_add__mutmut_{number}", code, now)
    assert capsys.readouterr().out.splitlines() == [
        "  1 of 5 in 1 s",
        "  survived: money.x_add__mutmut_2",
        "  3 of 5 in 16 s",
        "  no end: money.x_add__mutmut_4",
        "  no test: money.x_add__mutmut_5",
        "  5 of 5 in 30 s",
    ]


PAGE = """
| where | breaks | the break | why |
|---|---|---|---|
| `money._exact` | 1 | `F` for `f` | the same |
| `guarding.Guard.__init__` | 2 | another time | not looked at |
| `guarding.Guard.__init__` | 1 | no list | not looked at |
"""


def test_what_lives_is_held_against_what_is_judged(kept: Path) -> None:
    """By function: those of which more live, or fewer, are named; the others are not."""
    init, exact = "coinbtr._sync.guarding.xǁGuardǁ__init____mutmut_", "coinbtr.money.x__exact"
    living = [*(f"{init}{one}" for one in (4, 7, 8)), f"{exact}__mutmut_41"]
    tried = [*living, f"{exact}__mutmut_9"]
    assert differences(tried, living, PAGE) == []
    assert differences(tried, tried[3:], PAGE) == [
        "guarding.Guard.__init__: 0 not noticed, 3 judged",
        "money._exact: 2 not noticed, 1 judged",
    ]
    assert differences(tried[3:], tried[3:4], PAGE) == []
    page = kept / mutation.JUDGED
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, encoding="utf-8")
    meta = {"exit_code_by_key": {f"{exact}__mutmut_{one}": one for one in (0, 1, 33)}}
    (kept / "mutants/coinbtr/money.py.meta").write_text(json.dumps(meta), encoding="utf-8")
    assert mutation.remarks(["money"]) == [
        f"Judged otherwise in {mutation.JUDGED}:",
        "money._exact: 2 not noticed, 1 judged",
    ]


def test_a_mixture_of_states_is_told(kept: Path) -> None:
    """What was tried on other code or tests stays tried: the score is not of one state then."""
    (kept / mutation.JUDGED).parent.mkdir(parents=True)
    (kept / mutation.JUDGED).touch()
    mutation.note_state()
    mutation.note_state()
    assert mutation.remarks(["limits"]) == []
    (kept / "tests/facade/test_money.py").write_text("assert True", encoding="utf-8")
    mutation.note_state()
    assert [line[:17] for line in mutation.remarks(["limits"])] == ["Tried on 2 states"]


def test_what_was_not_noticed_counts_against_it() -> None:
    """Of ten that have a verdict, eight noticed are 80: no end and no test are not noticed."""
    counts = Counter({"killed": 8, "no end": 1, "no test": 1, "open": 90, "not run": 7})
    assert score(counts) == 80


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        ({"killed": 90, "survived": 10}, 0),
        ({"killed": 89, "survived": 11}, 1),
        ({"killed": 89, "no end": 11}, 1),
        ({"killed": 99, "open": 1}, 1),
        ({"killed": 99, "not run": 1}, 1),
        ({}, 1),
    ],
)
def test_a_low_score_and_an_unfinished_run_fail(
    counts: dict[str, int], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing tried is no pass, either, nor a part whose floor nobody measured."""
    monkeypatch.setattr(mutation, "FLOORS", {"money": 90.0})
    assert report({"money": {"coinbtr/money.py": Counter(counts)}}) == status
    assert report({"limits": {"coinbtr/limits/window.py": Counter(counts)}}) == 1


def test_each_part_has_modules(repository: Path) -> None:
    """No pattern fits nothing, no test is missing, and no floor is of another part."""
    assert set(mutation.FLOORS) <= set(PARTS)
    for part in PARTS.values():
        assert all(list(repository.glob(pattern)) for pattern in part.modules)
        assert all((repository / "tests/facade" / test).exists() for test in part.tests)
