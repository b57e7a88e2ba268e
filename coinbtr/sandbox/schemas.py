"""JSON Schemas of the description, made ready to validate exact numbers with.

`format: decimal` limits the decimals of a number: `multipleOf` says the same to the validator.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jsonschema_rs import Draft202012Validator

DEFAULT_PLACES = 8
"""Decimals of `format: decimal` where the schema names none in `x-decimal-places`."""


def resolve(description: Mapping[str, Any], node: Any) -> Any:
    """Copy a part of the description with every local reference in it replaced by its target.

    What stands beside a reference wins over what it refers to.

    Raises:
        ValueError: a reference leads out of the description, or in a circle.
    """
    return _resolve(description, node, ())


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """Make a validator of a resolved schema; it takes Decimals for numbers, and loses no digit."""
    return Draft202012Validator(_with_steps(schema))


def fewest_places(node: Any) -> int | None:
    """Tell the fewest decimals that a number of a resolved schema may have; None is any number."""
    if not isinstance(node, Mapping | list):
        return None
    parts = node if isinstance(node, list) else node.values()
    found = [places for part in parts if (places := fewest_places(part)) is not None]
    if isinstance(node, Mapping) and node.get("format") == "decimal":
        found.append(places_of(node))
    return min(found, default=None)


def places_of(schema: Mapping[str, Any]) -> int:
    """Tell how many decimals a schema with `format: decimal` allows."""
    return int(schema.get("x-decimal-places", DEFAULT_PLACES))


def _with_steps(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_steps(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    made = {key: _with_steps(value) for key, value in node.items()}
    if node.get("format") == "decimal":
        made["multipleOf"] = Decimal(1).scaleb(-places_of(node))
    return made


def _resolve(description: Mapping[str, Any], node: Any, trail: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_resolve(description, item, trail) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: _resolve(description, value, trail) for key, value in node.items()}
    if reference in trail or not reference.startswith("#/"):
        raise ValueError(f"cannot resolve {reference}")
    target: Any = description
    for step in reference[2:].split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return {
        **_resolve(description, target, (*trail, reference)),
        **_resolve(description, beside, trail),
    }
