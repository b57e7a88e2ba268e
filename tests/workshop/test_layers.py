"""The layers' arrows hold, and a step over one of them is seen."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def broken_contracts(root: Path) -> list[str]:
    """The names of the contracts that the code under `root` breaks."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": f"{root}:{root / 'generated'}", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return re.findall(r"^(.+) BROKEN\b.*$", done.stdout, re.MULTILINE)


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """A copy of the code and the contracts, to be spoiled."""
    shutil.copyfile(repository / "pyproject.toml", tmp_path / "pyproject.toml")
    for package in ("coinbtr", "generated"):
        shutil.copytree(
            repository / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_the_layers_hold(repository: Path) -> None:
    """Nothing imports what lies above it."""
    assert broken_contracts(repository) == []


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("coinbtr/money.py", "import coinbtr.wire.engine", "Each layer knows those below it only"),
        (
            "coinbtr/wire/engine.py",
            "import coinbtr.sandbox",
            "Each layer knows those below it only",
        ),
        ("generated/coinbtr_api/types.py", "import coinbtr.money", "Each layer"),
        ("coinbtr/sandbox/core/clock.py", "import httpx", "The sandbox's core"),
        ("coinbtr/sandbox/core/clock.py", "import asyncio", "The sandbox's core"),
        ("coinbtr/sandbox/core/clock.py", "import coinbtr.sandbox.router", "In the sandbox"),
        ("coinbtr/contract/rules.py", "import coinbtr.sandbox", "The contract test knows"),
        ("coinbtr/wire/shape.py", "import yaml", "The facade and all below it"),
        ("coinbtr/config.py", "import httpx", "httpx is imported in its engine"),
        ("coinbtr/wire/shape.py", "import ccxt", "ccxt, and the HTTP clients"),
        (
            "coinbtr/testing/options.py",
            "import coinbtr.ccxt",
            "Each layer knows those below it only",
        ),
        ("coinbtr/ccxt/errors.py", "import coinbtr.ccxt.transport", "In the adapter"),
        ("coinbtr/wire/verdict.py", "import pycurl", "pycurl is imported"),
    ],
)
def test_a_step_over_a_layer_is_seen(copy: Path, module: str, line: str, contract: str) -> None:
    """Each contract breaks when an import goes the wrong way."""
    path = copy / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    assert any(name.startswith(contract) for name in broken_contracts(copy))
