"""Every code block of the README and of the docs does what it says."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coinbtr.contract.rules import RULES
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.docs.blocks import CCXT, FENCE, PAGES, ROOT, blocks

HERE = [page for page in PAGES if page != CCXT]


def commands() -> Iterator[tuple[str, str]]:
    """Every line of every console block that a person would type, by page."""
    for name, block in blocks("console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield name, line.removeprefix("$ ")


def test_every_block_has_a_language_that_is_tested_here() -> None:
    """A block is Python, a console session, or a drawing: nothing slips through untested."""
    languages = {
        match[1] for page in PAGES for match in FENCE.finditer(page.read_text(encoding="utf-8"))
    }
    assert languages <= {"python", "console", "text"}
    assert len(blocks("python")) >= 4


@pytest.mark.parametrize(
    ("name", "block"), blocks("python", HERE), ids=[name for name, _ in blocks("python", HERE)]
)
def test_each_python_block_runs(name: str, block: str, tmp_path: Path) -> None:
    """A block is a whole program: it runs in a process of its own and prints something."""
    program = tmp_path / "block.py"
    program.write_text(block, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", program], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, f"{name}: {done.stderr}"
    assert done.stdout, name


@pytest.mark.parametrize("command", sorted({command for _, command in commands()}))
def test_each_command_exists(command: str) -> None:
    """A command of a console block is a target of the Makefile or a subcommand with its options."""
    words = shlex.split(command.rsplit(" | ", maxsplit=1)[-1], comments=True)
    while "=" in words[0]:  # a variable for this command alone
        words.pop(0)
    if words[0] == "make":
        targets = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{words[1]}:.*## ", targets, re.MULTILINE)
        return
    assert words[0] == "coinbtr"
    options = [word for word in words if word.startswith("--")]
    names = words[1:3] if words[1] == "config" else words[1:2]
    shown = subprocess.run(
        [sys.executable, "-m", "coinbtr.cli", *names, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "", "NO_COLOR": "1", "COLUMNS": "200"},
    )
    assert shown.returncode == 0, shown.stderr
    assert all(option in shown.stdout for option in options)


def test_the_contract_command_of_the_readme_runs() -> None:
    """`coinbtr contract URL` of the README finds nothing on a sandbox; a few phases do here."""
    readme = {command for name, command in commands() if name.startswith("README")}
    token = "my-sandbox-token"
    assert f"COINBTR_SANDBOX_TOKEN={token} coinbtr sandbox --port 8642" in readme
    assert f"COINBTR_TOKEN={token} coinbtr contract http://127.0.0.1:8642/api/v1" in readme
    with SandboxServer(Sandbox(token=token)) as server:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "coinbtr.cli", "contract", server.base_url),
                *("--phase", "examples", "--phase", "orders"),
            ],
            env=os.environ | {"COINBTR_TOKEN": token},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "KEEPS" in done.stdout


def test_the_rules_of_the_contract_test_are_documented() -> None:
    """The page of the contract test lists each rule with its code, and no other."""
    page = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| (C[0-9]{3}) \| (.+) \|$", page, re.MULTILINE)) == RULES


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    """Under 160 lines, and every relative link of it names a file that is there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 160
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]
