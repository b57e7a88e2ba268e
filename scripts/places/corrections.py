"""Whether the audit trail still leads to the description."""
from collections.abc import Iterator
from pathlib import Path
from scripts.places.place import Place

def stale(root: Path) -> Iterator[Place]:
    return iter(())
