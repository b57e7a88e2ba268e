"""Near misses: one for each constraint of the description, each with exactly one fault."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from coinbtr_api import exact_json

from coinbtr.contract.checks.schema import validator
from coinbtr.contract.operations import Operation, operations
from coinbtr.contract.probes.near_misses import Miss, constraints, misses
from coinbtr.description import load

CASES = pytest.mark.parametrize("operation", operations().values(), ids=lambda one: one.id)

# What JSON itself forbids, and what may come once only, stand in no schema.
OUTSIDE = {"json", "repeated"}

# What JSON Schema knows to forbid something of a value, and a rule of our own.
ASSERTIONS = {
    *("type", "enum", "const", "pattern", "minLength", "maxLength", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("items", "minItems", "maxItems", "uniqueItems", "contains"),
    *("additionalProperties", "minProperties", "maxProperties", "propertyNames"),
    *("allOf", "anyOf", "oneOf", "not", "x-decimal-places"),
}


def written() -> Iterator[tuple[str, str, str]]:
    """Every constraint as the description itself has it: operation, place, keyword."""
    for item in load()["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            for place, keyword in _written(operation):
                yield name, place, keyword


def _written(operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for node in operation.get("parameters", ()):
        parameter = _followed(node)
        place = f"query.{parameter['name']}"
        if parameter.get("required"):
            yield place, "required"
        # In a query everything is a string.
        yield from (
            constraint
            for constraint in _of_value(place, parameter["schema"])
            if constraint[1] != "type" or _followed(parameter["schema"])["type"] != "string"
        )
    if body := operation.get("requestBody"):
        if body["required"]:
            yield "body", "required"
        yield from _of_value("body", body["content"]["application/json"]["schema"])


def _of_value(place: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    schema = _followed(schema)
    yield from ((place, keyword) for keyword in ASSERTIONS & schema.keys())
    yield from ((f"{place}.{name}", "required") for name in schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        yield from _of_value(f"{place}.{name}", field)


def _followed(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to."""
    while reference := node.get("$ref"):
        _, components, kind, name = reference.split("/")
        node = load()[components][kind][name]
    return node


def broken(operation: Operation, miss: Miss) -> Iterator[tuple[str, str]]:
    """What a request breaks, as place and keyword."""
    if miss.content == b"":
        yield "body", "required"
    elif miss.content is not None:
        document = exact_json.loads(miss.content)
        yield from _errors("body", operation.body or {}, document)
    elif isinstance(miss.query, Mapping):
        yield from _in_query(operation, miss.query)


def _in_query(operation: Operation, query: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in query.keys() - operation.parameters.keys():
        assert name == "unknown_parameter"
        yield "query", "additionalProperties"
    for name, item in operation.parameters.items():
        if name in query:
            text = query[name]
            is_integer = text.removeprefix("-").isdigit() and item["schema"]["type"] == "integer"
            yield from _errors(f"query.{name}", item["schema"], int(text) if is_integer else text)
        elif item.get("required"):
            yield f"query.{name}", "required"


def _errors(place: str, schema: Mapping[str, Any], value: Any) -> Iterator[tuple[str, str]]:
    for error in validator(schema).iter_errors(value):
        where = ".".join([place, *(str(step) for step in error.absolute_path)])
        keyword = str(error.validator)
        if keyword == "required":
            missing = [name for name in schema["required"] if name not in value]
            yield from ((f"{where}.{name}", keyword) for name in missing)
        else:
            yield where, keyword


@CASES
def test_each_constraint_has_a_near_miss(operation: Operation) -> None:
    """No constraint keyword of a request is without a request that breaks it."""
    covered = {(miss.place, miss.keyword) for miss in misses(operation)}
    assert set(constraints(operation)) - covered == set()


def test_all_constraints_are_counted() -> None:
    """The generator knows each constraint that the description has, once, and no other."""
    counted = [(one.id, *found) for one in operations().values() for found in constraints(one)]
    assert sorted(counted) == sorted(written())


@CASES
def test_a_near_miss_has_one_fault(operation: Operation) -> None:
    """It breaks the keyword that it names, and no other that can be kept meanwhile."""
    for miss in misses(operation):
        if miss.keyword in OUTSIDE:
            continue
        try:
            found = set(broken(operation, miss))
        except exact_json.ExactJSONError:
            # A number that no exact reader takes is beyond every maximum.
            assert miss.keyword == "maximum"
            continue
        # A pattern that bounds the length itself can't be kept where the length isn't.
        implied = {(miss.place, "pattern")} if miss.keyword.endswith("Length") else set()
        assert found - implied == {(miss.place, miss.keyword)}, miss
