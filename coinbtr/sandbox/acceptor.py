"""Accepts at once what certainly keeps to a schema; the full validator judges all the rest.

Most requests are right, and the full validator costs more than carrying an order out. Here are only
the keywords that the description's requests use: a schema with another one has no acceptor.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from coinbtr.sandbox.schemas import compiled, decimals, places_of

Acceptor = Callable[[Any], bool]

_SILENT: Final = frozenset({"type", "description", "title", "examples", "default", "format"})
_KEYWORDS: Final[Mapping[object, frozenset[str]]] = {
    "string": frozenset({"minLength", "maxLength", "pattern"}),
    "integer": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "object": frozenset({"properties", "required", "additionalProperties"}),
}


def acceptor(schema: Mapping[str, Any]) -> Acceptor | None:
    """Make an acceptor of a resolved schema; None where it has a keyword that isn't known here."""
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in _KEYWORDS:
        return None
    spoken = {word for word in schema if not word.startswith("x-")}
    if spoken - _SILENT - _KEYWORDS[kind]:
        return None
    if kind == "object":
        return _object(schema)
    return _string(schema) if kind == "string" else _number(schema)


def _string(schema: Mapping[str, Any]) -> Acceptor:
    least, most = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    search = compiled(schema.get("pattern", "")).search
    return lambda value: (
        type(value) is str and least <= len(value) <= most and search(value) is not None
    )


def _number(schema: Mapping[str, Any]) -> Acceptor:
    kinds = (int,) if schema["type"] == "integer" else (int, Decimal)
    least, most = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    places = places_of(schema) if schema.get("format") == "decimal" else None

    def accept(value: Any) -> bool:
        return (
            type(value) in kinds  # a bool is neither
            and (least is None or value >= least)
            and (most is None or value <= most)
            and (above is None or value > above)
            and (below is None or value < below)
            and (places is None or decimals(value) <= places)
        )

    return accept


def _object(schema: Mapping[str, Any]) -> Acceptor | None:
    if schema.get("additionalProperties") is not False:
        return None
    fields: dict[str, Acceptor] = {}
    for name, inner in schema.get("properties", {}).items():
        accept_inner = acceptor(inner)
        if accept_inner is None:
            return None
        fields[name] = accept_inner
    required = frozenset(schema.get("required", ()))

    def accept(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, inner in value.items():
            accept_inner = fields.get(name)
            if accept_inner is None or not accept_inner(inner):
                return False
        return True

    return accept
