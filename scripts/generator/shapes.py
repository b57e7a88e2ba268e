"""The table of answer shapes in the generated package: which fields of which kind an answer has.

The generated parsers trust the types of strings, integers and booleans, and don't say where a field
is missing. With this table the wire seam checks an answer before they see it, and names the JSON
path.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.generator.operations import read_operations
from scripts.generator.pins import GenerationError

_PREFIX: Final = "#/components/schemas/"

_HEAD = '''\
"""The shape of each operation's `data`: its fields, and of which kind they are.

Written by `make generate` from openapi/coinbtr.yaml; not edited by hand.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

__all__ = ["DATA", "OBJECTS", "Field"]


@frozen
class Field:
    """One field of an object.

    Its kind is `string`, `integer`, `boolean`, `decimal`, `date-time`, the name of an object, or
    one of these in brackets for a list of it.
    """

    name: str
    kind: str
    required: bool
    nullable: bool


'''


def render_shapes(description: Path) -> str:
    """Give the source of the generated module; ruff formats it.

    Raises:
        GenerationError: if an answer has a field of a kind that the table doesn't know.
    """
    document = yaml.safe_load(description.read_text(encoding="utf-8"))
    shapes = _Shapes(document)
    data = {
        operation.operation_id: shapes.data(document["paths"][operation.path], operation.method)
        for operation in read_operations(description)
    }
    rows = ", ".join(
        f'"{name}": ({", ".join(fields)},)' for name, fields in sorted(shapes.objects.items())
    )
    return (
        f"{_HEAD}"
        f"OBJECTS: Final[Mapping[str, tuple[Field, ...]]] = MappingProxyType({{{rows}}})\n\n"
        f"DATA: Final[Mapping[str, str]] = MappingProxyType({data!r})\n"
    )


class _Shapes:
    """Collects the objects that the kinds asked for refer to."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._schemas: dict[str, Any] = document["components"]["schemas"]
        self.objects: dict[str, list[str]] = {}

    def data(self, path: dict[str, Any], method: str) -> str:
        """The kind of `data` in the success answer of one operation."""
        answer = path[method.lower()]["responses"]["200"]["content"]["application/json"]["schema"]
        data: dict[str, Any] = self._resolved(answer)["properties"]["data"]
        return self.kind(data)

    def kind(self, schema: dict[str, Any]) -> str:
        """The kind of one schema; an object that it refers to is added to the table."""
        name = str(schema.get("$ref", "")).removeprefix(_PREFIX)
        schema = self._resolved(schema)
        types = set(_types(schema)) - {"null"}
        if schema.get("format") == "decimal" and "number" in types:
            types.discard("string")  # a decimal may be quoted
        match types.pop() if len(types) == 1 else types:
            case "object" if name:
                self._add(name, schema)
                return name
            case "array":
                return f"[{self.kind(schema['items'])}]"
            case "string":
                return "date-time" if schema.get("format") == "date-time" else "string"
            case "number" if schema.get("format") == "decimal":
                return "decimal"
            case "integer" | "boolean" as simple:
                return str(simple)
        raise GenerationError(f"an answer has a field without a kind: {name or schema}")

    def _add(self, name: str, schema: dict[str, Any]) -> None:
        if name in self.objects:
            return
        self.objects[name] = []
        for field, of in schema["properties"].items():
            self.objects[name].append(
                f"Field({field!r}, {self.kind(of)!r}, {field in schema.get('required', ())},"
                f" {'null' in _types(self._resolved(of))})"
            )

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        found: dict[str, Any] = self._schemas[schema["$ref"].removeprefix(_PREFIX)]
        return found


def _types(schema: dict[str, Any]) -> Iterator[str]:
    found = schema.get("type", ())
    yield from [found] if isinstance(found, str) else found
