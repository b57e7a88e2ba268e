"""Near misses: requests with exactly one fault, made from each constraint of the description.

A server that refuses a request with three faults may take one with a single fault; money is lost
by the latter. All of them must be refused, and none may change a balance.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr.contract.bench import Bench, Reply
from coinbtr.contract.operations import Operation
from coinbtr.contract.probes import faults

_INVALID = ("invalid_request", "invalid_json")
_MAX_BODY = 65_536

# What describes a schema, or leads to others, and forbids nothing by itself. What is `required` is
# a constraint of each field, and `format: decimal` is what `x-decimal-places` counts.
_NOT_CONSTRAINTS = frozenset(
    {"description", "examples", "format", "properties", "required", "title", "x-provenance"}
)


@frozen
class Miss:
    """A request with one fault: the place and the keyword that it breaks, and what is sent.

    `place` is such as `query.limit` or `body.amount`; `query` or `content` is what is wrong.
    """

    place: str
    keyword: str
    query: Mapping[str, str] | str = ""
    content: bytes | None = None


def run(bench: Bench) -> None:
    """Send every near miss of every operation."""
    before = _balances(bench)
    last = None
    for operation in bench.selected:
        for miss in misses(operation):
            bench.go_on()
            if miss.content is None:
                call = bench.server.call(operation, query=miss.query, token="mine")  # noqa: S106
            else:
                call = bench.post(operation, miss.content)
            reply = bench.send(call)
            bench.refused(reply, 400, _INVALID)
            last = reply if operation.effect != "read" else last
        if operation.body is not None:
            _envelope(bench, operation)
    if last is not None and (after := _balances(bench)) != before:
        changed = [coin for coin in before if before[coin] != after.get(coin)]
        bench.find("C408", last, f"Refused requests changed the balance of {', '.join(changed)}.")


def constraints(operation: Operation) -> Iterator[tuple[str, str]]:
    """Give every constraint of an operation's request, as place and keyword.

    Not among them is what can't be broken by itself: the type of a query parameter that is a
    string, and the size of an integer (`format: int32`), whose bounds are narrower.
    """
    for name, item in operation.parameters.items():
        place = f"query.{name}"
        if item.get("required"):
            yield place, "required"
        for keyword in _keywords(item["schema"]):
            if (keyword, item["schema"].get("type")) != ("type", "string"):
                yield place, keyword
    if operation.body is None:
        return
    if operation.body_required:
        yield "body", "required"
    yield from _of_schema("body", operation.body)


def misses(operation: Operation) -> Iterator[Miss]:
    """Give the near misses of an operation: at least one for each constraint, and for JSON's own
    rules, with the keyword `json`, and for what may come once only, with `repeated`.
    """
    yield from _queries(operation)
    if operation.body is not None:
        yield from _bodies(operation, operation.body)


def _of_schema(place: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for keyword in _keywords(schema):
        yield place, keyword
    for name, field in schema.get("properties", {}).items():
        if name in schema.get("required", ()):
            yield f"{place}.{name}", "required"
        yield from _of_schema(f"{place}.{name}", field)


def _keywords(schema: Mapping[str, Any]) -> Iterator[str]:
    # `format: decimal` is what `x-decimal-places` counts.
    yield from (keyword for keyword in schema if keyword not in _NOT_CONSTRAINTS)


def _queries(operation: Operation) -> Iterator[Miss]:
    valid = {name: str(item["example"]) for name, item in operation.parameters.items()}
    required = {
        name: value for name, value in valid.items() if operation.parameters[name].get("required")
    }
    if operation.method != "GET":
        return
    yield Miss("query", "additionalProperties", {**required, "unknown_parameter": "1"})
    for name, item in operation.parameters.items():
        place = f"query.{name}"
        if item.get("required"):
            others = {other: value for other, value in required.items() if other != name}
            yield Miss(place, "required", others)
        everything = {**required, name: valid[name]}
        text = "&".join(f"{key}={value}" for key, value in everything.items())
        yield Miss(place, "repeated", f"{text}&{name}={valid[name]}")
        for fault in faults.of_parameter(item["schema"], valid[name]):
            yield Miss(place, fault.keyword, {**required, name: fault.text})


def _bodies(operation: Operation, schema: Mapping[str, Any]) -> Iterator[Miss]:
    valid = _valid_body(schema, operation.example)
    for text in ("null", "[]", '"text"', "1", "true", f"[{_object(valid)}]"):
        yield Miss("body", "type", content=text.encode())
    unknown = _object({**valid, "unknown_field": "1"})
    yield Miss("body", "additionalProperties", content=unknown.encode())
    for name, field in schema["properties"].items():
        place = f"body.{name}"
        if name in schema.get("required", ()):
            yield Miss(place, "required", content=_object(valid, without=name).encode())
        for fault in faults.of_value(field, exact_json.loads(valid[name])):
            content = _object({**valid, name: fault.text}).encode()
            yield Miss(place, fault.keyword, content=content)
        yield Miss(place, "repeated", content=_object(valid, twice=name).encode())
    whole = _object(valid)
    for broken in ("{", whole[:-1], whole + "}", whole[:-1] + ",}", whole.replace('"', "'")):
        yield Miss("body", "json", content=broken.encode())
    for content in (
        b"\xef\xbb\xbf" + whole.encode(),
        whole.encode("utf-16"),
        whole[:-1].encode() + b', "\xff": 1}',
        b"[" * 1000 + b"]" * 1000,
    ):
        yield Miss("body", "json", content=content)
    if operation.body_required:
        yield Miss("body", "required", content=b"")


def _envelope(bench: Bench, operation: Operation) -> None:
    """Send a valid body as something else, and one that is too large."""
    valid = _object(_valid_body(operation.body or {}, operation.example)).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp"):
        reply = bench.send(bench.post(operation, valid, content_type=kind))
        bench.refused(reply, 415, ("unsupported_media_type",))
    large = valid[:-1] + b" " * _MAX_BODY + b"}"
    bench.refused(bench.send(bench.post(operation, large)), 413, ("body_too_large",))


def _valid_body(schema: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, str]:
    """Write a valid body, field by field as JSON texts; optional fields included."""
    defaults: dict[str, Any] = {"market": "btc-mxn", "limit": 10, "offset": 0, "id": 1}
    fields = {**{name: defaults.get(name, 1) for name in schema["properties"]}, **example}
    return {name: exact_json.dumps(value).decode() for name, value in fields.items()}


def _object(
    fields: Mapping[str, str], *, without: str | None = None, twice: str | None = None
) -> str:
    pairs = [f'"{name}":{text}' for name, text in fields.items() if name != without]
    if twice is not None:
        pairs.append(f'"{twice}":{fields[twice]}')
    return "{" + ",".join(pairs) + "}"


def _balances(bench: Bench) -> dict[str, Any]:
    reply: Reply = bench.need("listBalances")
    return {entry["coin"]: entry for entry in reply.data}
