"""What a changed description means for users, in words: breaking changes first.

Redocly compares the two descriptions and rates each change. What it can't know is added: what an
operation does to money, whether it is inferred, and the open lists: known values, error codes.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from attrs import frozen

from scripts.generator.pins import GenerationError
from scripts.linting import answer, node, tool
from scripts.places.lists import known_values
from scripts.rulings import operations

_BREAKING: Final = "breaking"
_COMPATIBLE: Final = "compatible"
_RATED: Final = {"major": _BREAKING, "minor": _COMPATIBLE, "patch": _COMPATIBLE}
_KINDS: Final = {"Schema": "field", "PathItem": "path"}
_KEYWORDS: Final = {
    *("maximum", "minimum", "maxLength", "minLength", "pattern", "format", "enum"),
    *("exclusiveMinimum", "exclusiveMaximum", "maxItems", "minItems"),
}
_SPELT_OUT: Final = 4
_OPERATION: Final = re.compile(r"#/paths/([^/]+)/(get|put|post|delete|patch)\b")
# What users don't meet: prose, examples and links, and where a part comes from.
_UNSEEN: Final = re.compile(r"/(?:description|summary|examples?|links|x-[a-z-]+)(?:/|$)")


@frozen(order=True)
class Change:
    """One change: how it is rated, and what changed, in words."""

    rating: str
    text: str

    def __str__(self) -> str:
        return f"{self.rating}: {self.text}"


def committed(root: Path, description: Path, base: str = "HEAD") -> str | None:
    """The text of the description at a commit; None where there is no such thing."""
    done = subprocess.run(
        ["git", "show", f"{base}:./{description}"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


def changes(before: str, after: str) -> list[Change]:
    """All changes between two texts of a description, breaking ones first.

    Raises:
        GenerationError: the tool that compares them failed.
    """
    if before == after:
        return []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("base.yaml", before), ("revision.yaml", after)):
            (Path(folder) / name).write_text(text, encoding="utf-8")
        report = answer(
            node(
                *(tool("redocly"), "diff", "base.yaml", "revision.yaml"),
                *("--format", "json", "--fail-on", "none"),
                folder=Path(folder),
            )
        )
    old, new = yaml.safe_load(before), yaml.safe_load(after)
    lists = (*_codes(old, new), *_values(old, new))
    found = {*_rated(report, old, new), *_effects(old, new), *lists}
    return sorted(found)


def told(found: list[Change], base: str) -> Iterator[str]:
    """The changes as lines for people."""
    if not found:
        yield f"for users nothing changed since {base}"
        return
    breaking = sum(change.rating == _BREAKING for change in found)
    count = "1 change" if len(found) == 1 else f"{len(found)} changes"
    yield f"what changed for users since {base}: {count}, {breaking} breaking"
    yield from (f"  {change}" for change in found)


def _rated(
    report: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    for change in report["changes"]:
        side, document = ("revision", new) if "revision" in change else ("base", old)
        pointer = change[side]["pointer"]
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        where = _where(steps, change["path"], document)
        if change["verdicts"]:
            for verdict in change["verdicts"]:
                message = _with_object(" ".join(verdict["message"].split()), steps)
                yield Change(_RATED[verdict["impact"]], f"{where}{message}")
        elif not _UNSEEN.search(pointer) and _says_something(change, steps):
            kind = _KINDS.get(change["typeName"], change["typeName"].lower())
            kind = "object" if steps[:2] == ["components", "schemas"] and len(steps) == 3 else kind
            named = _named(document, steps)
            text = f"{kind} `{named}` was {change['kind']}."
            if steps[-1] in _KEYWORDS:
                is_now = "is gone" if side == "base" else f"is {change[side].get('value')} now"
                text = f"{steps[-1]} of `{named}` {is_now}."
            yield Change(_RATED[change["impact"]], f"{where}{text}")


def _says_something(change: Mapping[str, Any], steps: list[str]) -> bool:
    """Whether more is known of a change than that something of ours changed in a schema."""
    silent = (change["typeName"], change["kind"], change["impact"]) == (
        "Schema",
        "modified",
        "patch",
    )
    return not silent or steps[-1] in _KEYWORDS


def _field(steps: list[str]) -> str:
    """Object and field, such as `Ticker.last`, of a place in a schema."""
    if steps[:2] != ["components", "schemas"]:
        return ""
    return ".".join(steps[2:5:2]) if steps[3:4] == ["properties"] else steps[2]


def _with_object(message: str, steps: list[str]) -> str:
    """Redocly names the field alone, or nothing: say whose it is."""
    whole = _field(steps)
    alone = f"`{whole.rpartition('.')[2]}`"
    if not whole or f"of `{steps[2]}`" in message:
        return message
    return message.replace(alone, f"`{whole}`") if alone in message else f"`{whole}`: {message}"


def _named(document: Mapping[str, Any], steps: list[str]) -> str:
    """What changed, by the name that people know it by."""
    value: Any = document
    for step in steps:
        value = value[int(step) if isinstance(value, list) else step]
    if isinstance(value, dict):
        for key in ("operationId", "name", "url"):
            if isinstance(value.get(key), str):
                return str(value[key])
        if steps[0] == "paths" and len(steps) == 2:
            names = [one["operationId"] for one in operations({"paths": {"": value}})]
            return f"{steps[1]}` with `{'`, `'.join(names)}"
    return _field(steps) or steps[-1]


def _where(steps: list[str], path: str, document: Mapping[str, Any]) -> str:
    """The operations that a change is about: all that refer to a component, or the one it is in."""
    if steps[:1] == ["components"]:
        component = "#/" + "/".join(steps[:3])
        users = [
            one["operationId"]
            for one in operations(document)
            if component in references(document, one)
        ]
        few = 0 < len(users) <= _SPELT_OUT
        return f"{', '.join(users) if few else f'{len(users)} operations'}: "
    match = _OPERATION.match(path)
    item = document["paths"].get(match[1].replace("~1", "/"), {}) if match else {}
    return f"{item[match[2]]['operationId']}: " if match and match[2] in item else ""


def references(document: Mapping[str, Any], node: Any) -> set[str]:
    """All references that a part of a description leads to."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            reference = one.get("$ref")
            if isinstance(reference, str) and reference not in found:
                found.add(reference)
                target: Any = document
                for step in reference.removeprefix("#/").split("/"):
                    target = target[step]
                waiting.append(target)
            waiting.extend(one.values())
    return found


def _effects(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """What an operation does to money decides whether it is sent again, and what is asked for."""
    before = {one["operationId"]: one for one in operations(old)}
    for operation in operations(new):
        name = operation["operationId"]
        if name not in before:
            continue
        was, now = before[name]["x-effect"], operation["x-effect"]
        if was != now:
            yield Change(_BREAKING, f"{name}: what it does to money changed from {was} to {now}.")
        was, now = (one["x-provenance"]["status"] for one in (before[name], operation))
        if was != now and "inferred" in (was, now):
            warns = "does no longer warn" if was == "inferred" else "warns now"
            text = f"{name}: it is {now} and no longer {was}; the client {warns} about it."
            yield Change(_COMPATIBLE, text)


def _codes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """The list of error codes is open: one more breaks nobody."""
    was, now = old.get("x-error-codes", {}), new.get("x-error-codes", {})
    for code in now.keys() - was.keys():
        yield Change(_COMPATIBLE, f"error code `{code}` ({now[code]['status']}) was added.")
    for code in was.keys() - now.keys():
        yield Change(_BREAKING, f"error code `{code}` ({was[code]['status']}) was removed.")
    for code in was.keys() & now.keys():
        old_status, new_status = was[code]["status"], now[code]["status"]
        if old_status != new_status:
            text = f"error code `{code}` moved from status {old_status} to {new_status}."
            yield Change(_BREAKING, text)


def _values(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """The lists of known values are open, too; one that is gone is a name that programs use."""
    before, now = known_values(old), known_values(new)
    for name in before.keys() & now.keys():
        for value in now[name]:
            if value not in before[name]:
                yield Change(_COMPATIBLE, f"known value `{value}` of `{name}` was added.")
        for value in before[name]:
            if value not in now[name]:
                yield Change(_BREAKING, f"known value `{value}` of `{name}` was removed.")


def report(root: Path, description: Path, base: str = "HEAD") -> Iterator[str]:
    """Tell what changed since a commit, or why that can't be told."""
    before = committed(root, description, base)
    if before is None:
        yield f"what changed can't be told: git has no {description} at {base}"
        return
    try:
        found = changes(before, (root / description).read_text(encoding="utf-8"))
    except GenerationError as error:
        yield f"what changed can't be told: {error}"
        return
    yield from told(found, base)
