"""Whether the audit trail still leads from the reference to the description."""

from collections.abc import Iterator
from pathlib import Path

from scripts import audit
from scripts.places.place import Place


def stale(root: Path) -> Iterator[Place]:
    """What the corrections of the reference lack to give the description."""
    if not (root / audit.CORRECTIONS).is_file():
        yield Place(str(audit.CORRECTIONS), 0, "the audit trail is gone")
        return
    for difference in audit.trail(root):
        todo = f"{difference} in the corrected reference: add or change an action, with its ruling"
        yield Place(str(audit.CORRECTIONS), 0, todo)
