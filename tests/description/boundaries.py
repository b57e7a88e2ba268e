"""What the description takes and what it refuses, value by value, kept beside it.

`python -m tests.description.boundaries` writes boundaries.jsonl anew after a change on purpose; the
difference shows what the change does to requests and answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from coinbtr_api import exact_json

from coinbtr import description
from coinbtr.contract.checks.schema import validator
from coinbtr.contract.operations import resolved

FILE: Final = Path(__file__).with_name("boundaries.jsonl")

Part = Mapping[str, Any]
"""What a description says at one place: a schema, or what isn't one."""

# One of each type, and texts that patterns and formats tell apart.
_VALUES: Final[tuple[Any, ...]] = (None, True, False, 0, 1, -1, Decimal("1.5"), [], {})
_TEXTS: Final = (
    *("", "a", "Z", "é", "a b", "b1", "B1", "b_", "1", "-1", "b1-m1", "B1-M1", "B1-m1", "b1m1"),
    *("BUY", "SELL", "buy", "maker", "taker", "Maker", "signed", "MX", "mx", "MXN"),
    *("2021-07-16T12:00:00Z", "2021-07-16T12:00:00.123456Z", "2021-07-16T12:00:00.1234567Z"),
    *("2021-07-16T12:00:00", "2021-07-16T12:00:00-06:00", "2021-07-16 12:00:00Z", "2021-07-16"),
    *("2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG", ".abcdefgh", "abcdefg", "abcdefgh", "abc/efgh"),
)


def parts(document: Mapping[str, Any]) -> Iterator[tuple[str, Part, Part | None]]:
    """Give each place of a description, what it says there, and its schema, references replaced."""
    components = document["components"]
    for name, node in components["schemas"].items():
        yield from _of_schema(document, name, node)
    for name, node in components["responses"].items():
        yield f"answer {name}", _content(document, node), None
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield from _of_operation(document, f"{method.upper()} {path}", operation)
    for code, node in document["x-error-codes"].items():
        yield f"code {code}", {"status": node["status"]}, None


def _of_operation(
    document: Mapping[str, Any], place: str, operation: Mapping[str, Any]
) -> Iterator[tuple[str, Part, Part | None]]:
    said = {
        "id": operation["operationId"],
        "security": operation.get("security"),
        "effect": operation["x-effect"],
        "answers": {
            status: _content(document, answer) for status, answer in operation["responses"].items()
        },
    }
    yield place, said, None
    for raw in operation.get("parameters", ()):
        parameter = resolved(document, raw)
        shown = f"{place} {parameter['in']} {parameter['name']}"
        yield shown, {"required": parameter.get("required", False)}, parameter["schema"]
    if "requestBody" in operation:
        body = operation["requestBody"]
        said = {"required": body.get("required", False), "body": _content(document, body)}
        yield f"{place} body", said, None


def _of_schema(
    document: Mapping[str, Any], place: str, node: Mapping[str, Any]
) -> Iterator[tuple[str, Part, Part | None]]:
    if "$ref" in node:
        yield place, {"is": node["$ref"]}, None
        return
    yield place, {}, resolved(document, node)
    for name, child in node.get("properties", {}).items():
        yield from _of_schema(document, f"{place}.{name}", child)
    if "items" in node:
        yield from _of_schema(document, f"{place}[]", node["items"])


def _content(document: Mapping[str, Any], node: Mapping[str, Any]) -> Part:
    """Give the types, headers and links of an answer or body; a reference as it stands."""
    if "$ref" in node:
        return {"is": node["$ref"]}
    headers = {name: resolved(document, one) for name, one in node.get("headers", {}).items()}
    return {
        "content": {kind: one["schema"] for kind, one in node.get("content", {}).items()},
        "headers": {
            name: {"required": one.get("required", False), "schema": _plain(one["schema"])}
            for name, one in headers.items()
        },
        "links": {
            name: {key: value for key, value in link.items() if key != "description"}
            for name, link in node.get("links", {}).items()
        },
    }


def _plain(schema: Mapping[str, Any]) -> Part:
    words = ("description", "x-provenance", "example", "examples", "title")
    return {key: value for key, value in schema.items() if key not in words}


def _values(schema: Mapping[str, Any]) -> Iterator[Any]:
    yield from _VALUES
    yield from _TEXTS
    for bound in ("minimum", "maximum", "exclusiveMinimum"):
        if bound in schema:
            yield from (schema[bound] - 1, schema[bound], schema[bound] + 1)
    if "number" in schema.get("type", ()):
        yield from (Decimal("0.12345678"), Decimal("0.123456789"))
    for bound in ("minLength", "maxLength"):
        if bound in schema:
            lengths = (max(schema[bound] - 1, 0), schema[bound], schema[bound] + 1)
            yield from ("a" * length for length in lengths)
    if "maxItems" in schema:
        yield [0] * (schema["maxItems"] + 1)
    if "properties" in schema:
        yield from _objects(schema)


def _objects(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give an object that is right, and the same with one thing too few or too many."""
    whole = {name: _right(node) for name, node in schema["properties"].items()}
    yield whole
    yield {**whole, "x": 1}
    for name in whole:
        yield {key: value for key, value in whole.items() if key != name}


def _right(schema: Mapping[str, Any]) -> Any:
    if "properties" in schema:
        return {name: _right(node) for name, node in schema["properties"].items()}
    made = validator(schema)
    return next((value for value in _values(schema) if made.is_valid(value)), None)


def written(document: Mapping[str, Any]) -> Iterator[str]:
    """Write down what a description says, a line for each place; without a float."""
    for place, said, schema in parts(document):
        line = {"place": place, **said}
        if schema is not None:
            made, values = validator(schema), list(_values(schema))
            line["accepts"] = [value for value in values if made.is_valid(value)]
            line["refuses"] = [value for value in values if not made.is_valid(value)]
        yield exact_json.dumps(line).decode()


def kept() -> list[Any]:
    """Read the lines that are kept."""
    return [exact_json.loads(line) for line in FILE.read_bytes().splitlines()]


def differences(document: Mapping[str, Any], lines: Iterable[Any]) -> Iterator[str]:
    """Find the places where a description doesn't say what is kept.

    The values that are kept are tried, whatever bounds the description has now.
    """
    now = {place: (said, schema) for place, said, schema in parts(document)}
    for line in lines:
        place, accepts, refuses = (line.pop(key, []) for key in ("place", "accepts", "refuses"))
        if place not in now:
            yield f"{place} is gone"
            continue
        said, schema = now.pop(place)
        if exact_json.loads(exact_json.dumps(said)) != line:
            yield f"{place} says {said}"
        made = None if schema is None else validator(schema)
        for wanted, values in ((True, accepts), (False, refuses)):
            for value in values:
                if made is None or made.is_valid(value) is not wanted:
                    yield f"{place} {'refuses' if wanted else 'accepts'} {value!r:.80}"
    yield from (f"{place} is new" for place in now)


if __name__ == "__main__":
    FILE.write_text("\n".join(written(description.load())) + "\n", encoding="utf-8")
