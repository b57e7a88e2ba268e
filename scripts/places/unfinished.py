"""Whether something that `make new-operation` began is not finished."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts.places.place import Place

_MARK: Final = re.compile(r"TODO\(([a-z][A-Za-z0-9]+)\):? ?([^\"`]*)")
_WHERE: Final = (
    *("openapi/coinbtr.yaml", "coinbtr/_async/*.py", "coinbtr/sandbox/handlers/*.py"),
    *("coinbtr/contract/model/*.py", "coinbtr/cli/*.py", "coinbtr/models/*.py"),
)


def stale(root: Path) -> Iterator[Place]:
    """Each mark that is left, with what it says."""
    for pattern in _WHERE:
        for path in sorted(root.glob(pattern)):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if found := _MARK.search(line):
                    file = path.relative_to(root).as_posix()
                    yield Place(file, number, f"finish {found[1]}: {found[2].strip()}")
