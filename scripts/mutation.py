"""`make mutation`: mutmut breaks the code of money, errors and sending; the tests must notice.

What can be broken, and which tests look, is said in pyproject.toml. Each part goes on where it was
stopped, in the folder `mutants`; exit status 1 if a part is not done, or scores below its floor.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
MUTANTS: Final = ROOT / "mutants"

PARTS: Final = {
    "money": ("coinbtr/money.py",),
    "sending": ("coinbtr/sending/*",),
    "seam": ("coinbtr/_sync/seam.py",),
    "reconcile": ("coinbtr/_sync/reconcile.py", "coinbtr/matching.py", "coinbtr/outcomes.py"),
    "errors": ("coinbtr/errors/*",),
    "guards": ("coinbtr/guards.py", "coinbtr/_sync/guarding.py"),
    "limits": ("coinbtr/limits/*", "coinbtr/_sync/gating.py"),
    "wire": ("coinbtr/wire/*",),
}
# What was measured, less one point: of 100 mutants, how many the tests must notice at least.
FLOORS: Final[dict[str, float]] = {"money": 98.2}

_KINDS: Final = ("killed", "no end", "survived", "no test", "not run", "open")
# As mutmut keeps them: a test failed; it passed; no test comes by; it was ended, by wall clock or
# processor time. Anything else is no verdict: 255 above all, by which its tests were not found.
_OUTCOMES: Final[dict[int | None, str]] = {
    None: "open",
    0: "survived",
    **dict.fromkeys((1, 3), "killed"),
    **dict.fromkeys((5, 33), "no test"),
    **dict.fromkeys((-24, -9, 24, 36, 152), "no end"),
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
    return report({part: outcomes(MUTANTS, part) for part in parts})


def run(parts: list[str], children: int, *, again: bool) -> int:
    """Try what is open, as long as that makes it less; gives mutmut's exit status."""
    redo = {"open", "not run"} | ({"survived", "no test", "no end"} if again else set())
    before: list[str] = []
    while (names := open_mutants(parts, redo)) and names != before:
        print(f"{len(names)} to try of {', '.join(parts)}", flush=True)
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names]
        # Tests come in the order of a set of strings.
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        done = subprocess.run(command, cwd=ROOT, check=False, env=environment)
        if done.returncode:
            print("mutmut itself failed", file=sys.stderr)
            return done.returncode
        before, redo = names, {"open", "not run"}
    return 0


def open_mutants(parts: list[str], redo: set[str]) -> list[str]:
    """The mutants of the parts that ended so; a pattern for each module that was changed since."""
    names: list[str] = []
    for source in sorted((ROOT / "coinbtr").rglob("*.py")):
        path = source.relative_to(ROOT).as_posix()
        if not any(fnmatch(path, pattern) for part in parts for pattern in PARTS[part]):
            continue
        mutated = MUTANTS / path
        if not mutated.exists() or mutated.stat().st_mtime <= source.stat().st_mtime:
            names.append(f"{path.removesuffix('.py').replace('/', '.')}.x*__mutmut_*")
        codes = kept(MUTANTS / f"{path}.meta")
        names += [name for name, code in codes.items() if outcome(code) in redo]
    return names


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
    for meta in sorted(folder.rglob("*.py.meta")):
        path = meta.relative_to(folder).as_posix().removesuffix(".meta")
        if any(fnmatch(path, pattern) for pattern in PARTS[part]) and (codes := kept(meta)):
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


if __name__ == "__main__":
    sys.exit(main())
