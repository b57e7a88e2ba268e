"""One-fault values: for each constraint keyword of a schema, what breaks it and nothing else."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen
from coinbtr_api import exact_json


@frozen
class Fault:
    """A JSON text that breaks one keyword, and what it is for people."""

    keyword: str
    text: str


def of_value(schema: Mapping[str, Any], valid: Any) -> Iterator[Fault]:
    """Give the faults of one field of a request body.

    Args:
        schema: the field's schema, resolved.
        valid: a value that keeps to it.
    """
    kind = schema.get("type")
    yield Fault("type", "null")
    yield Fault("type", "[]")
    yield Fault("type", "{}")
    yield Fault("type", "true")
    if kind in ("number", "integer"):
        yield Fault("type", f'"{valid}"')
        yield from (Fault("json", text) for text in ("NaN", "Infinity", "-Infinity"))
        yield from (Fault("maximum", text) for text in ("1e400", "1" + "0" * 400))
        yield from _bounds(schema)
    if kind == "integer":
        yield Fault("type", f"{valid}.5")
    if kind == "string":
        yield Fault("type", "12345678")
        yield from (Fault(fault.keyword, _json(fault.text)) for fault in of_text(schema, valid))
    if "enum" in schema:
        yield Fault("enum", _json(f"{valid}x") if kind == "string" else f"{valid}1")


def of_text(schema: Mapping[str, Any], valid: str) -> Iterator[Fault]:
    """Give the faults of a string, as plain text."""
    if "minLength" in schema:
        yield Fault("minLength", valid[: schema["minLength"] - 1])
        yield Fault("minLength", "")
    if "maxLength" in schema:
        yield Fault("maxLength", valid + valid[-1] * (schema["maxLength"] - len(valid) + 1))
    if "pattern" in schema:
        for fault in (
            valid[:-1] + "/",
            valid[:-1] + "é",
            f" {valid}",
            f"{valid}\n",
            valid + "\x00",
        ):
            yield Fault("pattern", fault)


def of_parameter(schema: Mapping[str, Any], valid: str) -> Iterator[Fault]:
    """Give the faults of one query parameter, as plain text."""
    if schema.get("type") == "integer":
        for text in ("", "abc", f"{valid}.5", "1e1", "0x1", "null", f" {valid}"):
            yield Fault("type", text)
        yield from _bounds(schema)
    else:
        yield from of_text(schema, valid)
    if "enum" in schema:
        yield Fault("enum", f"{valid}1")


def _bounds(schema: Mapping[str, Any]) -> Iterator[Fault]:
    places = schema.get("x-decimal-places")
    step = Decimal(1) if places is None else Decimal(1).scaleb(-places)
    if "minimum" in schema:
        yield Fault("minimum", _number(schema["minimum"] - step))
    if "exclusiveMinimum" in schema:
        bound = schema["exclusiveMinimum"]
        yield Fault("exclusiveMinimum", _number(Decimal(bound)))
        yield Fault("exclusiveMinimum", _number(bound - step))
        yield Fault("exclusiveMinimum", _number(bound - Decimal(1)))
        yield Fault("exclusiveMinimum", "-0.0")
    if "maximum" in schema:
        yield Fault("maximum", _number(schema["maximum"] + step))
    if places is not None:
        yield Fault("x-decimal-places", _number(1 + step / 10))
        yield Fault("x-decimal-places", _number(step / 10))
        yield Fault("x-decimal-places", f"1e-{places + 1}")


def _number(value: Decimal) -> str:
    return format(value, "f")


def _json(text: str) -> str:
    return exact_json.dumps(text).decode()
