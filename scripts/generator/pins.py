"""The two tools that decide every byte of the generated code, and their exact versions."""

import subprocess
import sysconfig
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

PINS: Final = {"openapi-python-client": "0.29.1", "ruff": "0.17.6"}

_RUFF: Final = Path(sysconfig.get_path("scripts")) / "ruff"

# Rules named and nothing read from the project: an edit of pyproject.toml must not change generated
# code.
_RUFF_RULES: Final = (
    "--isolated",
    "--no-cache",
    "--quiet",
    "--config=line-length=100",
    "--config=target-version='py311'",
    "--config=lint.isort.known-first-party=['coinbtr']",
)


class GenerationError(Exception):
    """Why nothing was generated, in words for the person who ran `make generate`."""


def require_pins() -> None:
    """Stop when a tool is not of the version whose output is committed."""
    for name, pinned in PINS.items():
        installed = version(name)
        if installed != pinned:
            raise GenerationError(
                f"{name} {installed} is installed, but the generated code is made with {pinned}: "
                "run `make setup`, or change both pins (here and in requirements/dev.in)"
            )


def format_python(folder: Path) -> None:
    """Sort the imports, drop unused ones, and format; the same on every machine."""
    _ruff(["check", "--fix-only", "--select=F401,I", *_RUFF_RULES, "."], folder)
    _ruff(["format", *_RUFF_RULES, "."], folder)


def _ruff(arguments: Sequence[str], folder: Path) -> None:
    done = subprocess.run(
        [_RUFF, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise GenerationError(f"ruff failed:\n{done.stderr or done.stdout}")
