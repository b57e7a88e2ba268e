"""Compare and replace generated files and folders."""

import shutil
from pathlib import Path


def differences(fresh: Path, committed: Path) -> list[tuple[str, Path]]:
    """What differs, in order: ("changed", "missing" or "not generated", committed path)."""
    made, there = _files(fresh), _files(committed)
    found: list[tuple[str, Path]] = []
    for name in sorted(made.keys() | there.keys()):
        path = committed / name if name != Path() else committed
        if name not in there:
            found.append(("missing", path))
        elif name not in made:
            found.append(("not generated", path))
        elif made[name].read_bytes() != there[name].read_bytes():
            found.append(("changed", path))
    return found


def replace_tree(fresh: Path, committed: Path) -> None:
    """Make `committed` equal to `fresh`; files that are equal already keep their time stamps."""
    for _, path in differences(fresh, committed):
        source = fresh / path.relative_to(committed)
        if source.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
        else:
            path.unlink()


def _files(root: Path) -> dict[Path, Path]:
    """Files by relative path; a file given as root has the empty path."""
    if root.is_file():
        return {Path(): root}
    return {
        path.relative_to(root): path
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
