"""Writes descriptions as JSON, which is read ten times as fast as the YAML that it is made of.

Each says what it was made of, so that a program takes it for that file only.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from coinbtr import description
from scripts.generator.exact_json import dumps

PUBLISHED: Final = ("coinbtr", "sandbox")
"""The descriptions that are part of the package."""


def write_prepared(folder: Path, target: Path) -> None:
    """Write each description of the package that lies in `folder` into `target`."""
    target.mkdir()
    for name in PUBLISHED:
        path = folder / f"{name}.yaml"
        if not path.is_file():  # as where one description alone is generated from
            continue
        source = path.read_bytes()
        made = {"source": sha256(source).hexdigest(), "description": description.parse(source)}
        text = "".join([*_written(made, ""), "\n"])
        (target / f"{name}.json").write_text(text, encoding="utf-8")


def _written(value: Any, margin: str) -> list[str]:
    """A line for each part of an object, so that a change of the source changes few lines."""
    if not isinstance(value, Mapping) or not value:
        return [dumps(value).decode()]
    parts = ["{\n"]
    for key, member in value.items():
        parts += [f"{margin} {dumps(key).decode()}: ", *_written(member, margin + " "), ",\n"]
    return [*parts[:-1], f"\n{margin}}}"]
