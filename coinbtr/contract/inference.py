"""Describes values by what they have in common, in the way that the description is written."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from coinbtr.contract.checks.schema import places
from coinbtr.contract.observed import type_of

Schema = dict[str, Any]

NUMERIC: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_PLACES: Final = 8
_NAME = re.compile(r"[A-Za-z0-9]+")


class Inference:
    """Makes schemas; each object becomes a component, as the description wants it.

    Args:
        taken: the names of components that there are.
        provenance: the `x-provenance` of each field.
    """

    def __init__(self, taken: Sequence[str], provenance: Schema) -> None:
        self.components: dict[str, Schema] = {}
        self._taken = set(taken)
        self._provenance = provenance

    def schema(self, values: Sequence[Any], name: str, text: str) -> Schema:
        """Describe values: `name` is what a component of them is called, `text` the sentence."""
        types = {type_of(value) for value in values}
        schema: Schema = {"description": text, **_typed(types)}
        if "string" in types:
            schema |= _strings([value for value in values if isinstance(value, str)])
        if "number" in types:
            decimals = [places(value) for value in values if isinstance(value, Decimal)]
            schema |= {"format": "decimal", "x-decimal-places": max([_PLACES, *decimals])}
        if "array" in types:
            items = [item for value in values if isinstance(value, list) for item in value]
            schema["items"] = self.schema(items, f"{name}Entry", "An entry.") if items else {}
        if "object" in types:
            objects = [value for value in values if isinstance(value, dict)]
            made = self._object(objects, name, text)
            if types == {"object"}:
                return {"$ref": f"#/components/schemas/{self._component(made, name)}"}
            schema |= {key: made[key] for key in ("required", "properties") if key in made}
        return schema

    def _object(self, values: Sequence[dict[str, Any]], name: str, text: str) -> Schema:
        names = list(dict.fromkeys(key for value in values for key in value))
        required = [key for key in names if all(key in value for value in values)]
        schema: Schema = {"description": text, "type": "object"}
        if required:
            schema["required"] = required
        schema["properties"] = {
            key: {
                **self.schema(
                    [value[key] for value in values if key in value],
                    name + camel(key),
                    "Seen in answers; what it means is not documented.",
                ),
                "x-provenance": self._provenance,
            }
            for key in names
        }
        return schema

    def _component(self, schema: Schema, name: str) -> str:
        free, number = name, 2
        while free in self._taken:
            free, number = f"{name}{number}", number + 1
        self._taken.add(free)
        self.components[free] = schema
        return free


def camel(name: str) -> str:
    """Give a field's name as part of a component's: `coin_name` becomes `CoinName`."""
    return "".join(part[0].upper() + part[1:] for part in _NAME.findall(name))


def _typed(types: set[str]) -> Schema:
    if {"integer", "number"} <= types:
        types = types - {"integer"}
    if types == {"null"}:
        types = {"null", "string"}  # of a field that is always null nothing else is known
    kinds = sorted(types - {"null"}) + (["null"] if "null" in types else [])
    return {"type": kinds[0] if len(kinds) == 1 else kinds} if kinds else {}


def _strings(values: Sequence[str]) -> Schema:
    if not values:
        return {}
    if all(NUMERIC.fullmatch(value) for value in values):
        return {"pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
    return {"format": "date-time"} if all(_is_time(value) for value in values) else {}


def _is_time(value: str) -> bool:
    try:
        return "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
