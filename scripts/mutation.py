"""`make mutation`: mutmut breaks the code of money, errors and sending; the tests must notice.

What can be broken is said in pyproject.toml, and which tests shall notice it below. Each part goes
on where it was stopped, in the folder `mutants`; exit status 1 if one is not done, or scores less
than its floor. What lives and is not judged in tests/facade/survivors.md is named at the end.
"""

import argparse
import json
import os
import subprocess
import sys
import tomllib
from collections import Counter
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Final

from attrs import frozen

from scripts.survivors import differences

ROOT: Final = Path(__file__).parent.parent
MUTANTS: Final = ROOT / "mutants"
JUDGED: Final = "tests/facade/survivors.md"
STATE: Final = ("coinbtr", "tests/facade")


@frozen
class Part:
    """Modules that are broken together, and those tests of the facade that shall notice it."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


_SENT: Final = (
    *("test_intents.py", "test_intent_log.py", "test_log_holder.py", "test_hazards.py"),
    *("test_sending.py", "test_sending_words.py", "test_agreement.py"),
)
_LOOKED_UP: Final = ("test_unknown_outcome.py", "test_lookups.py", "test_lost_cancels.py")
_BESIDE: Final = ("test_observers.py", "test_raw.py")
_ANSWERED: Final = ("test_answers.py", "test_answer_words.py", "test_outgoing.py")
_AROUND: Final = ("test_lifecycle.py", "test_watching.py", "test_secrets.py", "limits")

PARTS: Final = {
    "money": Part(
        ("coinbtr/money.py",),
        ("test_money.py", "test_arguments.py", "test_quantize.py", "test_guard_words.py"),
    ),
    "sending": Part(
        ("coinbtr/sending/*",),
        (*_SENT, *_LOOKED_UP, *_BESIDE, "test_record.py", "test_retries.py"),
    ),
    "seam": Part(
        ("coinbtr/_sync/seam.py",),
        (*_SENT, *_LOOKED_UP, *_BESIDE, *_ANSWERED, *_AROUND),
    ),
    "reconcile": Part(
        ("coinbtr/_sync/reconcile.py", "coinbtr/matching.py", "coinbtr/outcomes.py"),
        (*_LOOKED_UP, "test_matching.py", *_SENT),
    ),
    "errors": Part(
        ("coinbtr/errors/*",),
        (
            *(
                *_ANSWERED,
                "test_agreement.py",
                "test_errors.py",
                "test_arguments.py",
                "test_lifecycle.py",
            ),
            *("test_guard_words.py", "limits"),
        ),
    ),
    "guards": Part(
        ("coinbtr/guards.py", "coinbtr/_sync/guarding.py"),
        ("test_guards.py", "test_guard_words.py", "test_config.py"),
    ),
    "limits": Part(("coinbtr/limits/*", "coinbtr/_sync/gating.py"), ("limits", "test_config.py")),
    "wire": Part(
        ("coinbtr/wire/*",),
        (
            *(*_ANSWERED, "test_agreement.py", "test_secrets.py", "test_sending.py"),
            "test_sending_words.py",
        ),
    ),
}
# What was measured, to the tenth below: of 100 mutants, how many the tests must notice at least.
FLOORS: Final[dict[str, float]] = {
    "money": 100.0,
    "sending": 97.8,
    "seam": 99.2,
    "reconcile": 97.4,
    "errors": 99.1,
    "guards": 99.2,
    "limits": 98.5,
    "wire": 99.2,
}

_KINDS: Final = ("killed", "no end", "survived", "no test", "not run", "open")
# As mutmut keeps them: a test failed; it passed; no test comes by; it was ended, by wall clock or
# processor time. Anything else is no verdict: 255 above all, by which its tests were not found.
_OUTCOMES: Final[dict[int | None, str]] = {
    None: "open",
    0: "survived",
    **dict.fromkeys((1, 3), "killed"),
    **dict.fromkeys((5, 33), "no test"),
    **dict.fromkeys((-24, -14, -9, 24, 36, 152), "no end"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all, if none is named")
    parser.add_argument("--children", type=int, default=2, help="processes at a time")
    parser.add_argument("--again", action="store_true", help="try anew what no test noticed so far")
    parser.add_argument("--score", action="store_true", help="only tell what was found so far")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part is named {', '.join(sorted(unknown))}: {', '.join(PARTS)}")
    parts = options.parts or list(PARTS)
    if not options.score and (status := run(parts, options.children, again=options.again)):
        return status
    status = report({part: outcomes(MUTANTS, part) for part in parts})
    for line in remarks(parts):
        print(line)
    return status


def run(parts: list[str], children: int, *, again: bool) -> int:
    """Try what is open; gives the exit status."""
    redo = {"open", "not run"} | ({"survived", "no test", "no end"} if again else set())
    # Tests come in the order of a set of strings.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    if again:
        (MUTANTS / "mutmut-stats.json").unlink(missing_ok=True)  # knows no functions that are new
    # By two mutants mutmut breaks what was changed, and finds which tests come by each function.
    first = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", "coinbtr.outcomes.*"]
    if status := subprocess.run(first, cwd=ROOT, check=False, env=environment).returncode:
        print("mutmut itself failed", file=sys.stderr)
        return status
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    selection: list[str] = settings["pytest_add_cli_args_test_selection"]
    options = [*settings["pytest_add_cli_args"], *(one for one in selection if one[:2] == "--")]
    note_state()
    for number, part in enumerate(parts, 1):
        names = open_mutants([part], redo)
        print(f"{part}, {number} of {len(parts)}: {len(names)} to try", flush=True)
        tests = [f"tests/facade/{test}" for test in PARTS[part].tests]
        command = [sys.executable, "-m", "scripts.trials", str(children), *tests, *options]
        given = "\n".join(names)
        if names and (
            status := subprocess.run(
                command, cwd=MUTANTS, check=False, env=environment, input=given, text=True
            ).returncode
        ):
            return status
    return 0


def note_state() -> None:
    """Note which code and tests the following trials are of."""
    files = sorted(path for folder in STATE for path in (ROOT / folder).rglob("*.py"))
    state = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    if state not in noted_states():
        with (MUTANTS / "states").open("a", encoding="utf-8") as kept_states:
            kept_states.write(f"{state}\n")


def noted_states() -> list[str]:
    """The states of code and tests that mutants were tried on."""
    file = MUTANTS / "states"
    return file.read_text("utf-8").split() if file.exists() else []


def open_mutants(parts: list[str], redo: set[str]) -> list[str]:
    """The mutants of the parts that ended so."""
    return [
        name
        for path in paths(MUTANTS, parts)
        for name, code in kept(MUTANTS / f"{path}.meta").items()
        if outcome(code) in redo
    ]


def paths(folder: Path, parts: list[str]) -> list[str]:
    """The modules of the parts that mutmut has a file about."""
    metas = (meta.relative_to(folder).as_posix() for meta in folder.rglob("*.py.meta"))
    patterns = [pattern for part in parts for pattern in PARTS[part].modules]
    modules = (meta.removesuffix(".meta") for meta in metas)
    return sorted(path for path in modules if any(fnmatch(path, one) for one in patterns))


def kept(meta: Path) -> dict[str, int | None]:
    """How the tests of each mutant ended, by mutmut's file about a module."""
    if not meta.exists():
        return {}
    codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return codes


def outcome(code: int | None) -> str:
    """What the exit code of a mutant's tests means."""
    return _OUTCOMES.get(code, "not run")


def outcomes(folder: Path, part: str) -> dict[str, Counter[str]]:
    """How many mutants of each module of a part ended how."""
    found = {}
    for path in paths(folder, [part]):
        if codes := kept(folder / f"{path}.meta"):
            found[path] = Counter(outcome(code) for code in codes.values())
    return found


def score(counts: Counter[str]) -> float:
    """How many of 100 mutants were noticed: a test failed.

    One without an end was not: on a busy machine tests are ended that would have passed.
    """
    tried = counts.total() - counts["open"] - counts["not run"]
    return 100 * counts["killed"] / tried if tried else 0.0


def report(found: dict[str, dict[str, Counter[str]]]) -> int:
    """Print a table of all modules by part, and give the exit status."""
    print(f"{'':32}{''.join(f'{kind:>10}' for kind in _KINDS)}     score")
    faults = []
    for part, modules in found.items():
        total = sum(modules.values(), Counter[str]())
        for name, counts in [*modules.items(), (f"= {part}", total)]:
            numbers = "".join(f"{counts[kind]:10}" for kind in _KINDS)
            print(f"{name:32}{numbers}{score(counts):8.1f} %")
        if total["open"] or total["not run"] or not total:
            faults.append(f"{part} is not done yet: call it again")
        elif (floor := FLOORS.get(part)) is None:
            faults.append(f"{part} has no floor yet: write it into scripts/mutation.py")
        elif score(total) < floor:
            faults.append(f"{part} scores less than {floor} %: see `mutmut results`")
    print("\n".join(faults), file=sys.stderr)
    return int(bool(faults))


def remarks(parts: list[str]) -> list[str]:
    """What a reader of the table should know besides."""
    living = open_mutants(parts, {"survived", "no test", "no end"})
    tried = open_mutants(parts, {"killed"}) + living
    lines = differences(tried, living, (ROOT / JUDGED).read_text("utf-8"))
    if lines:
        lines.insert(0, f"Judged otherwise in {JUDGED}:")
    if (number := len(noted_states())) > 1:
        lines.append(
            f"Tried on {number} states of code and tests; what one noticed was not tried on the"
            " next. `rm -r mutants` before it tries all on one."
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
