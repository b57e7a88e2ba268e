"""Builds the source archive and the wheel, and looks at them as files."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from scripts.release.running import RELEASE_TOOLS, ROOT, TOOLS, Failed, Workplace, run


def build(place: Workplace) -> str:
    """Build both packages from a copy of what is in the repository, and nothing that lies about."""
    source = _copy(place.folder / "first/source")
    _build(source, place.dist)
    return ", ".join(sorted(path.name for path in place.dist.iterdir()))


def reproducible(place: Workplace) -> str:
    """Build again elsewhere; both packages must have the same bytes."""
    source = _copy(place.folder / "another and longer folder/source")
    again = place.folder / "again"
    _build(source, again)
    first, second = _digests(place.dist), _digests(again)
    if first != second:
        different = sorted(name for name in first | second if first.get(name) != second.get(name))
        raise Failed(f"two builds differ: {', '.join(different)}")
    return "; ".join(f"{name} sha256 {digest[:12]}…" for name, digest in first.items())


def metadata(place: Workplace) -> str:
    """Let twine and check-wheel-contents look for what an index or a user would stumble over."""
    files = sorted(place.dist.iterdir())
    run(RELEASE_TOOLS / "twine", "check", "--strict", *files, cwd=place.folder)
    # W009: two top-level packages and a module, on purpose.
    checker = RELEASE_TOOLS / "check-wheel-contents"
    run(checker, "--ignore", "W009", place.wheel, cwd=place.folder)
    return "twine check --strict, check-wheel-contents"


def _build(source: Path, target: Path) -> None:
    # The time of the last commit: who builds this commit later gets the same bytes.
    commit = run("git", "log", "-1", "--format=%ct", cwd=ROOT).stdout.strip()
    run(
        *(TOOLS / "python", "-m", "build", "--no-isolation", "--outdir", target, "."),
        cwd=source,
        variables={"SOURCE_DATE_EPOCH": commit},
    )


def _copy(target: Path) -> Path:
    listed = run(
        *("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), cwd=ROOT
    ).stdout.split("\0")
    for name in listed:
        source = ROOT / name
        if name and source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    return target


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }
