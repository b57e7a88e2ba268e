"""`make mutation`: mutmut breaks the code of money, errors and sending; the tests must notice.

What is broken, and which tests look, is said in pyproject.toml. It goes on where it was stopped, in
the folder `mutants`; exit status 1 if fewer than LEAST of 100 are noticed.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
MUTANTS: Final = ROOT / "mutants"
LEAST: Final = 85.0

# As mutmut keeps them: a test failed; it passed; no test comes by; it ran without end or was ended.
_OUTCOMES: Final = {1: "killed", 3: "killed", 0: "survived", 33: "no test", 5: "no test"}
_OPEN: Final = "open"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("--children", type=int, default=2, help="processes at a time")
    parser.add_argument("--score", action="store_true", help="only tell what was found so far")
    options = parser.parse_args(arguments)
    if not options.score:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(options.children)]
        if status := subprocess.run(command, cwd=ROOT, check=False).returncode:
            print("mutmut itself failed", file=sys.stderr)
            return status
    return report(outcomes(MUTANTS))


def outcomes(folder: Path) -> dict[str, Counter[str]]:
    """How many mutants of each module ended how."""
    found = {}
    for path in sorted(folder.rglob("*.py.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        if codes:
            found[path.relative_to(folder).as_posix().removesuffix(".meta")] = Counter(
                _OPEN if code is None else _OUTCOMES.get(code, "no end") for code in codes
            )
    return found


def score(counts: Counter[str]) -> float:
    """How many of 100 mutants whose tests came to an end were noticed.

    One without an end proves nothing: on a busy machine tests are ended that would have passed.
    """
    tried = counts["killed"] + counts["survived"] + counts["no test"]
    return 100 * counts["killed"] / tried if tried else 0.0


def report(found: dict[str, Counter[str]]) -> int:
    """Print a table of all modules, and give the exit status."""
    kinds = ("killed", "no end", "survived", "no test", _OPEN)
    print(f"{'':36}{''.join(f'{kind:>10}' for kind in kinds)}     score")
    total = sum(found.values(), Counter[str]())
    for name, counts in [*found.items(), ("all", total)]:
        print(f"{name:36}{''.join(f'{counts[kind]:10}' for kind in kinds)}{score(counts):8.1f} %")
    if total[_OPEN] or not total:
        print("not done yet: call it again", file=sys.stderr)
        return 1
    return int(score(total) < LEAST)


if __name__ == "__main__":
    sys.exit(main())
