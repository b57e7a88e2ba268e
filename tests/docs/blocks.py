"""The code blocks of the pages."""

import re
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
CCXT = ROOT / "docs" / "ccxt.md"
"""Its Python needs ccxt: tests/ccxt/test_docs.py runs it."""
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, pages: Sequence[Path] = PAGES) -> list[tuple[str, str]]:
    """Every block of one language, by page and number."""
    found: list[tuple[str, str]] = []
    for page in pages:
        for number, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")), 1):
            if match[1] == language:
                found.append((f"{page.name} block {number}", match[2]))
    return found
