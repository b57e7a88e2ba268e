"""`make release-check`: try the packages as a release would ship them, and end with a table.

Exit status: 0 everything passed, 1 something failed, 3 nothing failed, but something could not be
done. An audit that nobody could make counts as 0 if the maintainer said why, with --without-audit:
the table and the reports tell both reasons.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from typing import Final

from scripts.release import compatibility, dependencies, installed, packages, types_seen
from scripts.release.running import ROOT, Failed, NotDone, Workplace, run

Check = Callable[[Workplace], str]

# In this order: the later ones use the environments of the earlier.
CHECKS: Final[Mapping[str, Check]] = {
    "build": packages.build,
    "same bytes": packages.reproducible,
    "metadata": packages.metadata,
    "extras": installed.extras,
    "types": types_seen.types_seen,
    "tests": installed.tests,
    "newest": dependencies.newest,
    "lowest": dependencies.lowest,
    "materials": dependencies.bill_of_materials,
    "licences": dependencies.licences,
    "audit": dependencies.audit,
    "api": compatibility.api,
    "old tests": installed.old_tests,
}
PASSED: Final = "passed"
FAILED: Final = "FAILED"
NOT_DONE: Final = "not done"
EXCUSED: Final = "excused"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    parser.add_argument("--base", help="revision of the release before; the last tag, else HEAD~1")
    parser.add_argument(
        "--only", choices=CHECKS, nargs="+", help="these alone, in the folder of the last run"
    )
    parser.add_argument(
        "--without-audit",
        metavar="REASON",
        help="why to release even if no index could be asked for weaknesses",
    )
    options = parser.parse_args(arguments)
    excuses = {} if options.without_audit is None else {"audit": options.without_audit.strip()}
    if not all(excuses.values()):
        parser.error("--without-audit needs a reason, for whoever reads the reports")
    place = Workplace(folder=ROOT / "build/release", base=options.base or last_release())
    if not options.only:
        shutil.rmtree(place.folder, ignore_errors=True)
    place.folder.mkdir(parents=True, exist_ok=True)
    chosen = {name: CHECKS[name] for name in CHECKS if name in (options.only or CHECKS)}
    return report(chosen, place, excuses)


def report(
    checks: Mapping[str, Check], place: Workplace, excuses: Mapping[str, str] | None = None
) -> int:
    """Make the checks one after another, tell each, and give the exit status of all.

    Args:
        checks: each by its name.
        place: where they work.
        excuses: why a check may be missing, by its name, if it could not be made; a failure has no
            excuse, and neither has an error of the check itself.
    """
    results = {}
    for number, (name, check) in enumerate(checks.items(), 1):
        print(f"[{number}/{len(checks)}] {name} …", flush=True)
        began = time.monotonic()
        outcome, detail = attempt(check, place, (excuses or {}).get(name))
        results[name] = outcome, detail.splitlines()[0] if detail else ""
        print(f"    {outcome} in {time.monotonic() - began:.0f} s: {detail}", flush=True)
        if outcome == EXCUSED:
            place.reports.mkdir(exist_ok=True)
            (place.reports / f"{name}-not-done.txt").write_text(f"{detail}\n", encoding="utf-8")
    width = max(len(name) for name in checks)
    print()
    for name, (outcome, summary) in results.items():
        print(f"{name:{width}}  {outcome:8}  {summary}")
    outcomes = [outcome for outcome, _ in results.values()]
    kinds = (PASSED, FAILED, NOT_DONE, EXCUSED)
    counts = [f"{outcomes.count(one)} {one.lower()}" for one in kinds]
    print(f"\n{', '.join(counts)}")
    return 1 if FAILED in outcomes else 3 if NOT_DONE in outcomes else 0


def attempt(check: Check, place: Workplace, excuse: str | None = None) -> tuple[str, str]:
    """What came of one check, and a word about it; an error of the check itself is no pass."""
    try:
        return PASSED, check(place)
    except Failed as failed:
        return FAILED, str(failed)
    except NotDone as reason:
        return (EXCUSED, f"{excuse} ({reason})") if excuse else (NOT_DONE, str(reason))
    except (OSError, LookupError, ValueError) as error:
        return NOT_DONE, f"the check itself broke: {type(error).__name__}: {error}"


def last_release() -> str:
    """The last tag before this state, or the commit before it where there is none."""
    found = run("git", "describe", "--tags", "--abbrev=0", cwd=ROOT, may_fail=True)
    return found.stdout.strip() or "HEAD~1"


if __name__ == "__main__":
    sys.exit(main())
