"""The lock files pin everything by hash and tie nobody to an address."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

PYTHON_LOCK = "requirements/dev.lock"
PEER_LOCKS = ("requirements/ccxt.lock", "requirements/freqtrade.lock")
NODE_FOLDERS = ("openapi/lint", "scripts/page")
NODE_LOCKS = [f"{folder}/package-lock.json" for folder in NODE_FOLDERS]


@pytest.mark.parametrize("name", [PYTHON_LOCK, *PEER_LOCKS, *NODE_LOCKS])
def test_no_address_and_no_path(repository: Path, name: str) -> None:
    """No registry host, no folder of some machine: any mirror serves."""
    text = (repository / name).read_text(encoding="utf-8")
    # Who takes donations is no place to install from.
    text = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", text)
    assert not re.findall(r"\w+://\S+", text)
    assert not re.findall(r'"resolved"|--index-url|--extra-index-url|--find-links|@ file', text)
    assert not re.findall(r"(?<![\w.@-])/(?:opt|work|tmp|home|root|usr)/", text)


@pytest.mark.parametrize("name", [PYTHON_LOCK, *PEER_LOCKS])
def test_every_python_package_is_pinned_by_hash(repository: Path, name: str) -> None:
    """One exact version and at least one SHA-256 each."""
    text = (repository / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.split("\n", 2)[2])
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(
            r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==\S+( ; [^\n]+)? \\\n    --hash=sha256:[0-9a-f]{64}",
            block,
        )


def test_the_python_lock_covers_what_is_declared(repository: Path) -> None:
    """Every dependency of the package, its extras and the workshop is in the lock.

    All but ccxt, which pins much of what it needs to one version: it has a lock of its own.
    """
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(
            item
            for name, extra in project["optional-dependencies"].items()
            if name != "ccxt"
            for item in extra
        ),
        *(repository / "requirements/dev.in").read_text(encoding="utf-8").splitlines(),
    ]
    names = {
        re.split(r"[^A-Za-z0-9._-]", line)[0].lower()
        for line in declared
        if line and not line.startswith(("#", "coinbtr["))
    }
    locked = re.findall(
        r"^([a-z0-9.-]+)(?:\[[a-z0-9,-]+\])?==",
        (repository / PYTHON_LOCK).read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert names - set(locked) == set()
    assert "ccxt" not in locked
    for name in PEER_LOCKS:
        assert re.search(r"^ccxt==", (repository / name).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("folder", NODE_FOLDERS)
def test_every_node_package_is_pinned_by_hash(repository: Path, folder: str) -> None:
    """An exact version and an integrity each, and what package.json asks for among them."""
    lock: dict[str, Any] = json.loads((repository / folder / "package-lock.json").read_bytes())
    wanted = json.loads((repository / folder / "package.json").read_bytes())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["version"] and entry["integrity"] for entry in packages.values())
    for kind in ("dependencies", "devDependencies"):
        asked = wanted.get(kind, {})
        assert {f"node_modules/{name}" for name in asked} <= set(packages)
        assert lock["packages"][""].get(kind, {}) == asked
