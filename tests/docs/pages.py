"""The blocks of all pages that people read: README, CONTRIBUTING, the examples' page, the docs."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "examples/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@frozen
class Block:
    """One block of a page: `page` from the root, `number` among the blocks of its page."""

    page: str
    number: int
    language: str
    text: str

    @property
    def name(self) -> str:
        """What a failure names."""
        return f"{self.page} block {self.number}"


@frozen
class Step:
    """A command of a console block, and the lines that are said to follow it."""

    command: str
    lines: tuple[str, ...]


def blocks() -> Iterator[Block]:
    """Every block of every page."""
    for page in PAGES:
        for number, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")), 1):
            name = page.relative_to(ROOT).as_posix()
            yield Block(name, number, match[2], match[3])


def steps(page: str) -> list[Step]:
    """What is typed on a page, in its order; a command may go on after a backslash."""
    found: list[Step] = []
    for block in blocks():
        if (block.page, block.language) == (page, "console"):
            for line in block.text.replace("\\\n", "").splitlines():
                if line.startswith("$ "):
                    found.append(Step(line.removeprefix("$ "), ()))
                else:
                    found[-1] = Step(found[-1].command, (*found[-1].lines, line))
    return found
