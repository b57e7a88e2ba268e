"""Whether code knows the open lists of the description: known values of fields, and error codes."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scripts.places.place import Place, assigned, parsed, table, words

# Where an enum has all known values of a field: the facade, and the sandbox's core.
_FACADE: Final = "coinbtr/models/enums.py"
_ENUMS: Final = (_FACADE, "coinbtr/sandbox/core/orders.py", "coinbtr/sandbox/core/records.py")
# Where the contract test names some of them, in an order.
_ORDERED: Final = (
    ("coinbtr/contract/model/play.py", "_WITHDRAWAL", "TransferStatus"),
    ("coinbtr/contract/history/deposits.py", "_RANKS", "TransferStatus"),
)
_REFUSALS: Final = "coinbtr/wire/refusals.py"
_REFUSED: Final = "coinbtr/sandbox/core/errors.py"


def stale(root: Path, document: Mapping[str, Any]) -> Iterator[Place]:
    """The places that lack a value or code, and those that still have one that is gone."""
    known = known_values(document)
    for file in _ENUMS:
        enums = _classes(root, file)
        for name, values in known.items():
            if name in enums:
                yield from _agrees(file, enums[name], values)
            elif file == _FACADE:
                yield Place(file, 0, f"{name}: write an OpenEnum of {', '.join(values)}")
    for name, node in _classes(root, _FACADE).items():
        if name not in known and any(ast.unparse(base) == "OpenEnum" for base in node.bases):
            todo = f"{name} is no open list any more: rename or remove it"
            yield Place(_FACADE, node.lineno, todo)
    for file, variable, name in _ORDERED:
        for value, line in _in_order(assigned(parsed(root, file), variable)).items():
            if name in known and value not in known[name]:
                yield Place(file, line, f'{variable}: "{value}" is no known {name} any more')
    yield from _codes(root, document["x-error-codes"])


def known_values(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """The known values of each open list, by its schema's name or that of the field it is of."""
    found: dict[str, list[str]] = {}
    for name, schema in document["components"]["schemas"].items():
        fields = schema.get("properties", {}).items()
        inner = {"".join(part.title() for part in field.split("_")): node for field, node in fields}
        for title, node in {name: schema, **inner}.items():
            if "x-known-values" in node:
                found[title] = node["x-known-values"]
    return found


def _agrees(file: str, enum: ast.ClassDef, known: list[str]) -> Iterator[Place]:
    has = _members(enum)
    for value in known:
        if value not in has:
            yield Place(file, enum.lineno, f'{enum.name}: add {value.upper()} = "{value}"')
    for value, line in has.items():
        if value not in known:
            todo = f'{enum.name}: "{value}" is not known any more: rename or remove it'
            yield Place(file, line, todo)


def _in_order(node: ast.AST) -> dict[str, int]:
    tuples = [one for one in ast.walk(node) if isinstance(one, ast.Tuple)]
    return {value: line for one in tuples for value, line in words(one).items()}


def _codes(root: Path, codes: Mapping[str, Any]) -> Iterator[Place]:
    """The facade has a class for each code; the sandbox refuses with no other."""
    classes = table(parsed(root, _REFUSALS), "BY_CODE")
    for code in codes.keys() - classes.keys():
        todo = f'BY_CODE: add "{code}": a class below that of status {codes[code]["status"]}'
        yield Place(_REFUSALS, 0, todo)
    refused = _members(_classes(root, _REFUSED).get("Code"))
    written = [(_REFUSALS, code, line) for code, (_, line) in classes.items()]
    written += [(_REFUSED, code, line) for code, line in refused.items()]
    for file, code, line in written:
        if code not in codes:
            yield Place(file, line, f'"{code}" is no error code any more: rename or remove it')


def _classes(root: Path, file: str) -> dict[str, ast.ClassDef]:
    return {one.name: one for one in parsed(root, file).body if isinstance(one, ast.ClassDef)}


def _members(enum: ast.ClassDef | None) -> dict[str, int]:
    """The values of an enum, each with its line."""
    body = [] if enum is None else enum.body
    assigns = [one for one in body if isinstance(one, ast.Assign)]
    return {value: line for one in assigns for value, line in words(one).items()}
