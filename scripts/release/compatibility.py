"""Compares the public Python API with the release before."""

from __future__ import annotations

import re
from typing import Final

from coinbtr.__about__ import __version__
from scripts.release.running import RELEASE_TOOLS, ROOT, Failed, NotDone, Workplace, run

_FRAGMENTS: Final = ROOT / "changes"
_CHANGELOG: Final = ROOT / "CHANGELOG.md"
# Where what users import is written; the clients' own folders are private by name only.
_PUBLIC: Final = (
    *("coinbtr/__init__.py", "coinbtr/_async/", "coinbtr/_sync/", "coinbtr/config.py"),
    *("coinbtr/description.py", "coinbtr/errors/", "coinbtr/guards.py", "coinbtr/limits/"),
    *("coinbtr/models/", "coinbtr/outcomes.py", "coinbtr/recording/"),
    *("coinbtr/sandbox/embedded.py", "coinbtr/testing/", "coinbtr/wire/engine.py"),
    # Of what is decided about sending, users hold these alone.
    *(f"coinbtr/sending/{name}.py" for name in ("intent", "log", "observers", "raw", "retries")),
    "coinbtr_pytest.py",
)


def api(place: Workplace) -> str:
    """Let griffe look for what breaks callers; what it finds must be told as breaking."""
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
    if breaks and not _told():
        raise Failed("\n".join(["neither changes/ nor CHANGELOG.md tells of these:", *breaks]))
    return f"since {place.base}: {len(breaks)} breaking{', told as such' if breaks else ''}"


def _told() -> bool:
    """Whether a break is told: in a file of `changes/`, or where a release has moved it."""
    log = _CHANGELOG.read_text(encoding="utf-8")
    of_this_version = re.search(
        rf"^## {re.escape(__version__)} \(.*?(?=^## |\Z)", log, re.DOTALL | re.MULTILINE
    )
    return any(_FRAGMENTS.glob("*.breaking.md")) or (
        of_this_version is not None and "\n### Breaking\n" in of_this_version[0]
    )
