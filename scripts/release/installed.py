"""The wheel in environments of its own: a program for each extra, and tests from outside."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scripts.release import installing
from scripts.release.running import ROOT, Failed, NotDone, Workplace, run

_SAMPLES: Final = Path(__file__).parent / "samples"
# What a user meets: the facade, the wire, the fixtures, the command, the sandbox, the judge.
# Left out: what reads the repository, and what only measures or plays for long.
TESTS: Final = (
    "tests/facade",
    "tests/wire/test_direct.py",
    "tests/wire/test_engines.py",
    "tests/wire/test_shapes.py",
    "tests/testing/test_plugin.py",
    "tests/cli/test_operations.py",
    "tests/cli/test_money.py",
    "tests/cli/test_output.py",
    "tests/cli/test_profiles.py",
    "tests/sandbox/test_embedded.py",
    "tests/sandbox/test_served.py",
    "tests/sandbox/test_server.py",
    "tests/sandbox/test_order_rules.py",
    "tests/sandbox/test_matching.py",
    "tests/sandbox/test_bad_input.py",
    "tests/sandbox/test_transfers.py",
    "tests/sandbox/control",
    "tests/contract/test_judge.py",
    "tests/contract/test_run.py",
)
_LEFT_OUT: Final = (
    "tests/facade/faults",
    "tests/facade/test_cost.py",
    "tests/facade/test_exactness.py",
    "tests/facade/test_guest.py",
    "tests/facade/test_lifecycle.py",
    "tests/facade/test_names.py",
    "tests/facade/test_secrets.py",
    "tests/facade/test_soak.py",
    "tests/facade/test_sources.py",
)
# Long, and the program of the extra `all` is the same: a whole run of the contract test.
_DONE_BY_A_PROGRAM: Final = "tests/contract/test_run.py::test_the_sandbox_keeps_to_the_description"
# A shorter look, for other versions of what the package rests on: each of them is used here, or in
# the program of its extra.
SHORT: Final = (
    "tests/facade/limits/test_shared.py",
    "tests/facade/test_answers.py",
    "tests/facade/test_errors.py",
    "tests/facade/test_frames.py",
    "tests/facade/test_models.py",
    "tests/facade/test_observers.py",
    "tests/facade/test_sandbox.py",
    "tests/facade/test_sending.py",
    "tests/facade/test_unknown_outcome.py",
    "tests/wire/test_direct.py",
    "tests/wire/test_engines.py",
    "tests/cli/test_money.py",
    "tests/cli/test_profiles.py",
    "tests/sandbox/test_embedded.py",
    "tests/sandbox/test_served.py",
    "tests/sandbox/test_server.py",
    "tests/contract/test_judge.py",
    "tests/contract/test_run.py",
)
# Tests of the release before that rightly hold no more, a line each: `file::name  # why`; or
# `file  # why`, for what they share: it is taken from this state, and they are run with it.
OUTDATED: Final = Path(__file__).parent / "outdated.txt"
_SETTINGS: Final = """\
[pytest]
addopts =
    -ra -q --strict-markers --import-mode=importlib -p no:cacheprovider
    -n auto --dist worksteal
timeout = 300
markers = no_cover
"""


def extras(place: Workplace) -> str:
    """Install the wheel with each extra alone into an empty environment, and run its sample."""
    names = ["", *installing.extras(place)]
    missing = []
    for name in names:
        label = name or "base"
        installing.make(place, label)
        installing.install(place, label, installing.wheel_with(place, name))
        if not (_SAMPLES / f"{label}.py").is_file():
            missing.append(f"scripts/release/samples/{label}.py")
            continue
        run_sample(place, label, label)
    if missing:
        raise NotDone(f"installed, but there is no sample program: {', '.join(missing)}")
    return ", ".join(name or "the wheel alone" for name in names)


def run_sample(place: Workplace, environment: str, sample: str) -> None:
    """Run a sample program in an environment, outside the source tree.

    Raises:
        Failed: its exit status was not 0.
    """
    outside = place.folder / "outside" / environment
    outside.mkdir(parents=True, exist_ok=True)
    shutil.copy(_SAMPLES / f"{sample}.py", outside)
    run(place.python(environment), "-I", f"{sample}.py", cwd=outside, seconds=600)


def tests(place: Workplace) -> str:
    """Run the tests of what a user meets against the wheel with all its extras."""
    installing.install(place, "all", *installing.TEST_TOOLS)
    return run_tests(place, "all", copied(place), TESTS)


def old_tests(place: Workplace) -> str:
    """Run the tests of the release before against this wheel: what fails may break a user."""
    installing.install(place, "all", *installing.TEST_TOOLS)
    folder = copied(place, place.base)
    left_out = outdated(folder)
    said = run_tests(place, "all", folder, TESTS, left_out)
    return f"the tests of {place.base}, but for {len(left_out)} outdated: {said}"


def outdated(folder: Path) -> list[str]:
    """The old tests that are left out; a file that they share is brought up to date.

    Raises:
        Failed: a line has no reason, names nothing of the release before, or a whole file of tests.
    """
    left_out = []
    for line in OUTDATED.read_text(encoding="utf-8").splitlines():
        test, _, reason = line.partition("  # ")
        file, _, name = test.partition("::")
        if not reason:
            raise Failed(f"{OUTDATED.name} says no reason in {line!r}")
        source = folder / file
        there = source.is_file() and (not name or f"def {name}(" in source.read_text("utf-8"))
        if not there:
            raise Failed(f"the release before has no {test}: take it out of {OUTDATED.name}")
        if name:
            left_out.append(test)
        elif source.name.startswith("test_"):
            raise Failed(f"{OUTDATED.name} has all tests of {file}: name those that hold no more")
        else:
            shutil.copy(ROOT / file, source)
    return left_out


def run_tests(
    place: Workplace,
    name: str,
    folder: Path,
    chosen: Sequence[str],
    deselected: Sequence[str] = (),
) -> str:
    """Run chosen tests in a folder without the source, and give pytest's last line.

    Raises:
        Failed: one failed, or the package that they met was not the installed one.
    """
    python = place.python(name)
    found = run(python, "-c", "import coinbtr; print(coinbtr.__file__)", cwd=folder).stdout.strip()
    if not Path(found).is_relative_to(place.environment(name)):
        raise Failed(f"the tests would meet {found}")
    there = [path for path in chosen if (folder / path).exists()]
    left_out = [f"--ignore={path}" for path in _LEFT_OUT]
    left_out += [f"--deselect={test}" for test in (_DONE_BY_A_PROGRAM, *deselected)]
    done = run(python, "-m", "pytest", *there, *left_out, cwd=folder, seconds=3600)
    return done.stdout.strip().splitlines()[-1].strip("= ")


def copied(place: Workplace, revision: str | None = None) -> Path:
    """The tests of a revision, or those of the work tree, in a folder of their own."""
    folder = place.folder / f"tests of {revision or 'this'}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if not revision:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "tests", folder / "tests", ignore=ignored)
    else:
        archive = folder / "tests.tar"
        run("git", "archive", f"--output={archive}", revision, "tests", cwd=ROOT)
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    (folder / "pytest.ini").write_text(_SETTINGS, encoding="utf-8")
    return folder
