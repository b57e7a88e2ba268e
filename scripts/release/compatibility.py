"""Compares the public Python API with the release before."""

from __future__ import annotations

import re
from typing import Final

from scripts.release.running import RELEASE_TOOLS, ROOT, Failed, NotDone, Workplace, run

_FRAGMENTS: Final = ROOT / "changes"
# Where what users import is written; the clients' own folders are private by name only.
_PUBLIC: Final = (
    *("coinbtr/__init__.py", "coinbtr/_async/", "coinbtr/_sync/", "coinbtr/config.py"),
    *("coinbtr/description.py", "coinbtr/errors/", "coinbtr/guards.py", "coinbtr/limits/"),
    *(
        "coinbtr/models/",
        "coinbtr/outcomes.py",
        "coinbtr/recording/",
        "coinbtr/sandbox/embedded.py",
    ),
    *("coinbtr/sending/", "coinbtr/testing/", "coinbtr_pytest.py"),
)


def api(place: Workplace) -> str:
    """Let griffe look for what breaks callers; it must be told as breaking in `changes/`."""
    done = run(
        *(RELEASE_TOOLS / "griffe", "check", "coinbtr", "--against", place.base),
        *("--search", ".", "--format", "oneline", "--no-color"),
        cwd=ROOT,
        may_fail=True,
    )
    said = (done.stderr + done.stdout).splitlines()  # it tells what breaks on stderr
    if done.returncode and not any(re.match(r"\S+\.py:\d+: ", line) for line in said):
        raise NotDone(f"griffe could not compare: {' '.join(said[-3:])}")
    breaks = [line for line in said if line.startswith(_PUBLIC)]
    told = [path.name for path in _FRAGMENTS.glob("*.breaking.md")]
    if breaks and not told:
        raise Failed("\n".join(["nothing in changes/ tells of these:", *breaks]))
    return f"since {place.base}: {len(breaks)} breaking, {len(told)} told as such"
