"""Faults of the description, one keyword each: `make spec-mutants` tells how many are noticed.

A fault counts when it changes what is accepted or refused, or what an answer may be; many bounds
only say again what a pattern says. The fitting part of the suite is
`tests/description/test_boundaries.py`.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, Final

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr import description
from tests.description import boundaries

Steps = tuple[str | int, ...]

_LENGTHS: Final = ("minLength", "maxLength", "maxItems", "x-decimal-places")
_BOUNDS: Final = (*_LENGTHS, "minimum", "maximum", "exclusiveMinimum")
_DROPPED: Final = (*_BOUNDS, "pattern", "enum", "format", "additionalProperties")
_TYPES: Final = ("string", "integer", "boolean", "object")
_METHODS: Final = ("get", "post")


@frozen
class Fault:
    """One keyword that is loosened, tightened, left out or turned; `kind` names the keyword."""

    kind: str
    where: str
    make: Callable[[Any], None]


def faults(document: Any) -> Iterator[Fault]:
    """List every fault of this kind that a description can have."""
    for steps, node in _schemas(document):
        yield from _of_schema(steps, node)
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield from _of_operation(("paths", path, method), methods[method])
    for code, node in document["x-error-codes"].items():
        status = node["status"]
        yield _set("status", ("x-error-codes", code, "status"), 409 if status != 409 else 422)


def _schemas(document: Any) -> Iterator[tuple[Steps, Any]]:
    for name, node in document["components"]["schemas"].items():
        yield from _within(("components", "schemas", name), node)
    for name, node in document["components"]["parameters"].items():
        yield from _within(("components", "parameters", name, "schema"), node["schema"])


def _within(steps: Steps, node: Any) -> Iterator[tuple[Steps, Any]]:
    yield steps, node
    for name, child in node.get("properties", {}).items():
        yield from _within((*steps, "properties", name), child)
    if "items" in node:
        yield from _within((*steps, "items"), node["items"])


def _of_schema(steps: Steps, node: Any) -> Iterator[Fault]:
    for keyword in _DROPPED:
        if keyword in node:
            yield _drop("bound" if keyword in _BOUNDS else keyword, (*steps, keyword))
    for keyword in _BOUNDS:
        if keyword in node:
            for step in (-1, 1):
                yield _set("bound", (*steps, keyword), max(node[keyword] + step, 0))
    for place, _ in enumerate(node.get("required", ())):
        yield _drop("required", (*steps, "required", place))
    if "enum" in node:
        yield _set("enum", (*steps, "enum"), [not value for value in node["enum"]])
    if isinstance(node.get("type"), list):
        for place, _ in enumerate(node["type"]):
            yield _drop("type", (*steps, "type", place))
    elif "type" in node:
        other = next(name for name in _TYPES if name != node["type"])
        yield _drop("type", (*steps, "type"))
        yield _set("type", (*steps, "type"), other)


def _of_operation(steps: Steps, node: Any) -> Iterator[Fault]:
    for status, answer in node["responses"].items():
        yield _drop("status", (*steps, "responses", status))
        for name in answer.get("links", {}):
            link = (*steps, "responses", status, "links", name)
            yield _drop("link", link)
            yield _set("link", (*link, "operationId"), "getSession")
    if node.get("security"):
        yield _set("security", (*steps, "security"), [])
    if "requestBody" in node:
        required = node["requestBody"].get("required", False)
        yield _set("required", (*steps, "requestBody", "required"), not required)
    for place, parameter in enumerate(node.get("parameters", ())):
        yield _drop("parameter", (*steps, "parameters", place))
        if "schema" in parameter:
            for inner, schema in _within(
                (*steps, "parameters", place, "schema"), parameter["schema"]
            ):
                yield from _of_schema(inner, schema)


def _parent(document: Any, steps: Steps) -> Any:
    for step in steps[:-1]:
        document = document[step]
    return document


def _drop(kind: str, steps: Steps) -> Fault:
    return Fault(
        kind, _shown(steps, "left out"), lambda whole: _parent(whole, steps).pop(steps[-1])
    )


def _set(kind: str, steps: Steps, value: Any) -> Fault:
    def make(whole: Any) -> None:
        _parent(whole, steps)[steps[-1]] = value

    return Fault(kind, _shown(steps, f"made {value}"), make)


def _shown(steps: Steps, what: str) -> str:
    return f"{' '.join(map(str, steps))}: {what}"


def main() -> int:
    """Make every fault, and tell which are noticed."""
    original: Any = description.load()
    kept = boundaries.kept()
    changing, noticed, made = Counter[str](), Counter[str](), Counter[str]()
    tell = sys.stdout.write
    for fault in faults(original):
        faulty = deepcopy(original)
        fault.make(faulty)
        made[fault.kind] += 1
        is_noticed = any(boundaries.differences(faulty, deepcopy(kept)))
        # Values that only the faulty one would try show what a kept value does not.
        lines = map(exact_json.loads, map(str.encode, boundaries.written(faulty)))
        if is_noticed or any(boundaries.differences(original, lines)):
            changing[fault.kind] += 1
            noticed[fault.kind] += is_noticed
            if not is_noticed:
                tell(f"not noticed: {fault.where}\n")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{made.total()}")
    tell("\nkeyword             faults  that change something  noticed\n")
    for kind, count in (*made.items(), ("all", made.total())):
        changes = changing.total() if kind == "all" else changing[kind]
        seen = noticed.total() if kind == "all" else noticed[kind]
        tell(f"{kind:<20}{count:>6}  {changes:>21}  {seen:>7}\n")
    tell(f"noticed {noticed.total()} of {changing.total()}\n")
    return 0 if noticed.total() >= 0.95 * changing.total() else 1


if __name__ == "__main__":
    sys.exit(main())
