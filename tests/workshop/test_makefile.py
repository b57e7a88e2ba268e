"""The Makefile tells what it can do, and the README and CI use its own words."""

import os
import re
import shutil
import subprocess
from pathlib import Path


def test_help_lists_every_target(repository: Path) -> None:
    """Each target that a person may call has one line in `make help`, the default."""
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)
    phony = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    said = make(repository)
    listed = re.findall(r"^  make (\S+) +\S.*$", said, re.MULTILINE)
    assert listed == targets == phony
    assert len(said.splitlines()) == len(targets)
    assert {
        *("help", "setup", "demo", "test", "lint", "generate", "check-generated"),
        *("sandbox", "contract", "docs", "build"),
    } <= set(targets)


def test_ci_runs_the_test_command_of_the_readme(repository: Path) -> None:
    """CI and people run one and the same command."""
    script = repository / ".ci/run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert {"make test", "exec make browser"} <= set(lines)
    assert re.search(r"^\$ make test$", (repository / "README.md").read_text(), re.MULTILINE)


def test_nothing_is_done_twice(repository: Path, tmp_path: Path) -> None:
    """With the environment in place, a target goes straight to its own command."""
    shutil.copyfile(repository / "Makefile", tmp_path / "Makefile")
    for name in ("requirements/dev.lock", "pyproject.toml", ".venv/.locked", ".venv/.stamp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert make(tmp_path, "--dry-run", "demo") == ".venv/bin/python -m scripts.demo\n"

    (tmp_path / ".venv/.locked").unlink()
    assert "requirements/dev.lock" in make(tmp_path, "--dry-run", "demo")


def make(repository: Path, *arguments: str) -> str:
    """What make prints, without the variables of a make around this test."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    clean.pop("MFLAGS", None)
    return subprocess.run(
        ["make", *arguments], cwd=repository, env=clean, check=True, capture_output=True, text=True
    ).stdout
