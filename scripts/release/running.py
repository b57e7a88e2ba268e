"""What every check does: run a tool, keep what it said, and end as passed, failed or not done."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

ROOT: Final = Path(__file__).parents[2]
TOOLS: Final = ROOT / ".venv/bin"
RELEASE_TOOLS: Final = ROOT / ".venv/release/bin"
NODE_TOOLS: Final = ROOT / "openapi/lint/node_modules/.bin"
_SHOWN_LINES: Final = 30


class Failed(Exception):  # noqa: N818 - an outcome
    """What was checked is not as a release must be; the text says in what."""


class NotDone(Exception):  # noqa: N818 - an outcome
    """The check could not be made, which is no pass; the text says why."""


@frozen
class Workplace:
    """Where a run works: everything below `build/release`, made anew each time.

    `base` is the revision of the release before, that this one is compared with.
    """

    folder: Path
    base: str

    @property
    def dist(self) -> Path:
        """The wheel and the source archive that would be published."""
        return self.folder / "dist"

    @property
    def reports(self) -> Path:
        """The bill of materials, the licences and the audit."""
        return self.folder / "reports"

    @property
    def wheel(self) -> Path:
        """The wheel that would be published."""
        found = list(self.dist.glob("*.whl"))
        if len(found) != 1:
            raise NotDone("there is no wheel to look at")
        return found[0]

    def environment(self, name: str) -> Path:
        """The folder of a virtual environment."""
        return self.folder / "environments" / name

    def python(self, name: str) -> Path:
        """The interpreter of a virtual environment."""
        return self.environment(name) / "bin/python"


def run(
    *command: str | Path,
    cwd: Path,
    variables: Mapping[str, str] | None = None,
    seconds: float = 1800,
    may_fail: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a tool outside this checkout's Python, and give what it said.

    Raises:
        Failed: its exit status was not 0, unless it may fail; the text ends with its last lines.
        NotDone: it took longer than `seconds`.
    """
    # No PYTHONPATH, no virtual environment of ours: what is tried must stand alone.
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "COINBTR_", "MAKE", "COV", "PYTEST_"))
        and name not in {"VIRTUAL_ENV", "MFLAGS"}
    }
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**clean, **(variables or {})},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotDone(f"{Path(command[0]).name} took more than {seconds:.0f} s") from None
    if done.returncode and not may_fail:
        said = (done.stdout + done.stderr).strip().splitlines()[-_SHOWN_LINES:]
        words = " ".join(str(part) for part in [Path(command[0]).name, *command[1:4]])
        raise Failed("\n".join([f"{words} … ended with {done.returncode}", *said]))
    return done
