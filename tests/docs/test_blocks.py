"""Every Python block of the README and of the docs does what it says; console blocks have a test of
their own.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from coinbtr.contract.rules import RULES
from tests.docs.pages import ROOT, Block, blocks

# The page for ccxt's users is run where ccxt is: tests/ccxt/test_docs.py.
PYTHON = [
    block for block in blocks() if block.language == "python" and block.page != "docs/ccxt.md"
]


def test_every_block_has_a_language_that_is_tested() -> None:
    """A block is Python, a console session, an edit, or shown only: no other slips through."""
    # What a `diff` changes is changed in tests/workshop/test_new_operation.py.
    assert {block.language for block in blocks()} == {"python", "console", "diff", "text"}
    edits = {block.page for block in blocks() if block.language == "diff"}
    assert edits == {"CONTRIBUTING.md"}
    assert len(PYTHON) >= 20


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.name)
def test_each_python_block_runs(block: Block, tmp_path: Path) -> None:
    """A block is a whole program: it runs in a process of its own and prints something."""
    program = tmp_path / "block.py"
    program.write_text(block.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", program], capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, f"{block.name}: {done.stderr}"
    assert done.stdout, block.name


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
