"""The lock files pin everything by hash and tie nobody to an address."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

PYTHON_LOCK = "requirements/dev.lock"
NODE_LOCK = "openapi/lint/package-lock.json"


@pytest.mark.parametrize("name", [PYTHON_LOCK, NODE_LOCK])
def test_no_address_and_no_path(repository: Path, name: str) -> None:
    """No registry host, no folder of some machine: any mirror serves."""
    text = (repository / name).read_text(encoding="utf-8")
    # Who takes donations is no place to install from.
    text = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", text)
    assert not re.findall(r"\w+://\S+", text)
    assert not re.findall(r'"resolved"|--index-url|--extra-index-url|--find-links|@ file', text)
    assert not re.findall(r"(?<![\w.@-])/(?:opt|work|tmp|home|root|usr)/", text)


def test_every_python_package_is_pinned_by_hash(repository: Path) -> None:
    """One exact version and at least one SHA-256 each."""
    text = (repository / PYTHON_LOCK).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.split("\n", 2)[2])
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(
            r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==\S+( ; [^\n]+)? \\\n    --hash=sha256:[0-9a-f]{64}",
            block,
        )


def test_the_python_lock_covers_what_is_declared(repository: Path) -> None:
    """Every dependency of the package, its extras and the workshop is in the lock."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
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


def test_every_node_package_is_pinned_by_hash(repository: Path) -> None:
    """An exact version and an integrity each, and the linters of package.json among them."""
    lock: dict[str, Any] = json.loads((repository / NODE_LOCK).read_text(encoding="utf-8"))
    wanted = json.loads((repository / "openapi/lint/package.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["version"] and entry["integrity"] for entry in packages.values())
    assert {f"node_modules/{name}" for name in wanted["devDependencies"]} <= set(packages)
    assert lock["packages"][""]["devDependencies"] == wanted["devDependencies"]
