"""Which hand-written places no longer agree with the description, each with what to write there.

Only the source is read: what was renamed in the generated client can't be imported any more. `make
generate` tells the list, and `make test` fails with it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from scripts.places import contract, corrections, fields, lists, operations, pages, unfinished
from scripts.places.place import Place

__all__ = ["Place", "stale", "told"]

_DESCRIPTION = Path("openapi/coinbtr.yaml")


def stale(root: Path) -> list[Place]:
    """All places of a checkout that need a hand, by file."""
    document = yaml.safe_load((root / _DESCRIPTION).read_text(encoding="utf-8"))
    found = [
        *operations.stale(root, root / _DESCRIPTION),
        *fields.stale(root, document),
        *lists.stale(root, document),
        *contract.stale(root, document),
        *corrections.stale(root),
        *pages.stale(root, document),
        *unfinished.stale(root),
    ]
    return sorted(set(found), key=lambda place: (place.file, place.line, place.todo))


def told(places: Sequence[Place]) -> Iterator[str]:
    """The list as lines for people."""
    if not places:
        yield "nothing needs a hand: facade, sandbox, contract test and command follow"
        return
    one = len(places) == 1
    count, they = (
        ("1 place needs", "it follows") if one else (f"{len(places)} places need", "they follow")
    )
    yield f"{count} a hand (`make test` fails until {they}):"
    yield from (f"  {place}" for place in places)
