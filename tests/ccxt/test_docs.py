"""The page for ccxt's users, and the example, do what they say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.docs.pages import ROOT, Block, blocks

TOKEN = "only-for-the-example"
PYTHON = [
    block for block in blocks() if block.language == "python" and block.page == "docs/ccxt.md"
]


def run(program: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A program in a process of its own, in which a warning of ours is an error."""
    return subprocess.run(
        [sys.executable, "-W", "error::UserWarning", program],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.name)
def test_each_python_block_runs(block: Block, tmp_path: Path) -> None:
    """A block is a whole program: it runs in a process of its own and prints something."""
    program = tmp_path / "block.py"
    program.write_text(block.text, encoding="utf-8")
    done = run(program)
    assert done.returncode == 0, f"{block.name}: {done.stderr}"
    assert done.stdout, block.name


def test_the_page_has_blocks() -> None:
    """Those above are not none."""
    assert len(PYTHON) >= 4


def test_the_example_trades() -> None:
    """It bids with the best, and takes its order back."""
    with SandboxServer(Sandbox(token=TOKEN)) as server:
        done = run(
            ROOT / "examples" / "ccxt_bot.py",
            COINBTR_BASE_URL=server.base_url,
            COINBTR_TOKEN=TOKEN,
        )
        with server.sandbox.client() as client:
            assert client.trading.open_orders() == []
    assert done.returncode == 0, done.stderr
    placed, cancelled = done.stdout.splitlines()
    assert placed.split()[1] == "open"
    assert cancelled == f"{placed.split()[0]} canceled"
