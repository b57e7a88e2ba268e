"""Whether the pages that show a verdict of the contract test show how many operations there are."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scripts.places.place import Place
from scripts.rulings import operations

_PAGES: Final = ("README.md", "docs/contract.md", "docs/images/demo.svg")
# A picture has spaces of its own.
_COUNT: Final = re.compile(r"\b(\d+)( |&#160;)of\2\1\2operations")


def stale(root: Path, document: Mapping[str, Any]) -> Iterator[Place]:
    """The lines that show another number."""
    count = len(list(operations(document)))
    for file, text in _shown(root):
        for number, line in enumerate(text.splitlines(), 1):
            if any(int(shown[1]) != count for shown in _COUNT.finditer(line)):
                todo = f"write {count} of {count} operations: so many there are"
                if file.endswith(".svg"):
                    todo = f"`make pictures` records it anew: there are {count} operations"
                yield Place(file, number, todo)


def recounted(root: Path, count: int) -> Iterator[tuple[str, str]]:
    """These files, and their texts with this number."""
    for file, text in _shown(root):
        yield file, _COUNT.sub(rf"{count}\g<2>of\g<2>{count}\g<2>operations", text)


def _shown(root: Path) -> Iterator[tuple[str, str]]:
    for file in _PAGES:
        if (root / file).is_file():
            yield file, (root / file).read_text(encoding="utf-8")
