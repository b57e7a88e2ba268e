"""JSON Schemas of the description, made ready to validate exact numbers with.

python-jsonschema knows floats; here a number is an int or a Decimal, and `format: decimal` limits
its decimals.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

DEFAULT_PLACES = 8
"""Decimals of `format: decimal` where the schema names none in `x-decimal-places`."""


def resolve(description: Mapping[str, Any], node: Any) -> Any:
    """Copy a part of the description with every local reference in it replaced by its target.

    What stands beside a reference wins over what it refers to.

    Raises:
        ValueError: a reference leads out of the description, or in a circle.
    """
    return _resolve(description, node, ())


def validator(schema: Mapping[str, Any]) -> Validator:
    """Make a validator of a resolved schema."""
    made: Validator = _Exact(schema)
    return made


def decimals(number: Decimal | int) -> int:
    """Count the decimals that a number needs: 2 for `1.2500`, 0 for `1E+3`."""
    if isinstance(number, int) or not number:
        return 0
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int), "JSON has no NaN"  # noqa: S101 - for the type checker
    zeros = 0
    while digits[-1 - zeros] == 0:
        zeros += 1
    return max(-exponent - zeros, 0)


def places_of(schema: Mapping[str, Any]) -> int:
    """Tell how many decimals a schema with `format: decimal` allows."""
    return int(schema.get("x-decimal-places", DEFAULT_PLACES))


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


def _is_number(_: TypeChecker, instance: object) -> bool:
    return isinstance(instance, int | Decimal) and not isinstance(instance, bool)


def _is_integer(_: TypeChecker, instance: object) -> bool:
    if isinstance(instance, Decimal):
        return decimals(instance) == 0  # JSON Schema counts 1.0 as an integer
    return isinstance(instance, int) and not isinstance(instance, bool)


def _format(
    _: Validator, name: str, instance: object, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if name != "decimal" or isinstance(instance, bool) or not isinstance(instance, int | Decimal):
        return
    if decimals(instance) > places_of(schema):
        yield ValidationError(f"{instance} has more than {places_of(schema)} decimals")


def _pattern(
    _: Validator, pattern: str, instance: object, __: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not compiled(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Make a regular expression that means what JSON Schema says."""
    # A Python `$` would let a line break through at the end, and `\d` any digit of Unicode.
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), re.ASCII)


_Exact: Any = extend(  # type: ignore[no-untyped-call]  # untyped in types-jsonschema
    Draft202012Validator,
    validators={"format": _format, "pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"number": _is_number, "integer": _is_integer}
    ),
)
