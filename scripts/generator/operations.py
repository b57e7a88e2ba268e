"""The table of operations in the generated package: what each does to money, needs and answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from attrs import frozen
from openapi_python_client.strings import PythonIdentifier

from scripts.generator.pins import GenerationError

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_EFFECTS: Final = ("read", "order", "withdrawal")


@frozen
class Operation:
    """One operation of the description, as the generated table tells it."""

    operation_id: str
    tag: str
    method: str
    path: str
    module: str
    effect: str
    inferred: bool
    secured: bool
    data_required: bool
    statuses: tuple[int, ...]

    @property
    def file(self) -> str:
        """Where its generated module is, from the package's folder."""
        return f"api/{self.tag}/{self.module}.py"


def read_operations(description: Path) -> list[Operation]:
    """Read the table's rows from the description, in its order."""
    document = yaml.safe_load(description.read_text(encoding="utf-8"))
    rows = [
        _row(document, path, method, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]
    names = [row.operation_id for row in rows]
    if len(set(names)) != len(names):
        raise GenerationError("two operations have one operationId")
    return rows


def _row(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    name = operation.get("operationId")
    if not name:
        raise GenerationError(f"{method.upper()} {path} has no operationId")
    effect = operation.get("x-effect")
    if effect not in _EFFECTS:
        raise GenerationError(f"{name} has x-effect {effect!r}, not one of {', '.join(_EFFECTS)}")
    if len(operation.get("tags", ())) != 1:
        raise GenerationError(f"{name} must have exactly one tag")
    return Operation(
        operation_id=name,
        tag=operation["tags"][0],
        method=method.upper(),
        path=path,
        module=str(PythonIdentifier(name, prefix="field_")),
        effect=effect,
        inferred=operation.get("x-provenance", {}).get("status") == "inferred",
        secured=any(operation.get("security", ())),
        data_required="data" in _success_required(document, name, operation),
        statuses=tuple(sorted(int(status) for status in operation["responses"])),
    )


def _success_required(document: dict[str, Any], name: str, operation: dict[str, Any]) -> set[str]:
    """The required fields of the answer at 200, through references and allOf."""
    try:
        answer = _resolved(document, operation["responses"]["200"])
        schema = answer["content"]["application/json"]["schema"]
    except KeyError as error:
        raise GenerationError(f"{name} has no JSON answer at 200: {error} is missing") from None
    return {field for part in _parts(document, schema) for field in part.get("required", ())}


def _parts(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    schema = _resolved(document, schema)
    yield schema
    for part in schema.get("allOf", ()):
        yield from _parts(document, part)


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            found = found[key.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


_HEAD = '''\
"""Every operation of the description: where it is, what it does to money, what it answers.

Written by `make generate` from openapi/coinbtr.yaml; not edited by hand.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from attrs import frozen

__all__ = ["OPERATIONS", "Operation"]


@frozen
class Operation:
    """One operation, as the description has it."""

    operation_id: str
    """Its name in the description, such as `getOrderBook`."""
    tag: Literal[{tags}]
    """Its part of the API, and the folder of its module under `api`."""
    method: Literal[{methods}]
    path: str
    """From the server's base URL, such as `/market/getorderbook`."""
    module: str
    """The name of its module in `coinbtr_api.api.<tag>`."""
    effect: Literal["read", "order", "withdrawal"]
    """What it does to money: nothing, place or cancel an order, or send money away."""
    inferred: bool
    """Whether the reference doesn't have it, and a ruling assumes that it exists."""
    secured: bool
    """Whether it needs a token."""
    data_required: bool
    """Whether a success always carries `data`."""
    statuses: tuple[int, ...]
    """The statuses that the description documents, rising."""


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
'''


def render_operations(operations: list[Operation]) -> str:
    """The source of the generated module; ruff formats it."""

    def literal(values: set[str]) -> str:
        return ", ".join(f'"{value}"' for value in sorted(values))

    head = _HEAD.format(
        tags=literal({row.tag for row in operations}),
        methods=literal({row.method for row in operations}),
    )
    rows = ",\n".join(f'"{row.operation_id}": {row!r}' for row in operations)
    return f"{head}    {{{rows}}}\n)\n"
