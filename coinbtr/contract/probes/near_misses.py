"""Near misses: requests with exactly one fault, made from each constraint of the description.

A server that refuses a request with three faults may take one with a single fault; money is lost
by the latter. All of them must be refused, and none may change a balance.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coinbtr_api import exact_json

from coinbtr.contract.bench import Bench, Reply
from coinbtr.contract.operations import Operation
from coinbtr.contract.probes import faults

_INVALID = ("invalid_request", "invalid_json")
_MAX_BODY = 65_536


def run(bench: Bench) -> None:
    """Send every near miss of every operation."""
    before = _balances(bench)
    last = None
    for operation in bench.selected:
        for _, query in _queries(operation):
            call = bench.server.call(operation, query=query, token="mine")  # noqa: S106 - a name
            bench.refused(bench.send(call), 400, _INVALID)
        if operation.body is None:
            continue
        for _, text in _bodies(operation):
            reply = bench.send(bench.post(operation, text))
            bench.refused(reply, 400, _INVALID)
            last = reply if operation.effect != "read" else last
        _envelope(bench, operation)
    if last is not None and (after := _balances(bench)) != before:
        changed = [coin for coin in before if before[coin] != after.get(coin)]
        bench.find("C408", last, f"Refused requests changed the balance of {', '.join(changed)}.")


def keywords(operation: Operation) -> Sequence[str]:
    """Give the constraint that each near miss of an operation breaks."""
    bodies = [keyword for keyword, _ in _bodies(operation)] if operation.body else []
    return [*(keyword for keyword, _ in _queries(operation)), *bodies]


def _queries(operation: Operation) -> Iterator[tuple[str, dict[str, str] | str]]:
    valid = {name: str(item["example"]) for name, item in operation.parameters.items()}
    required = {
        name: value for name, value in valid.items() if operation.parameters[name].get("required")
    }
    if operation.method != "GET":
        return
    yield "additionalProperties", {**required, "unknown_parameter": "1"}
    for name, item in operation.parameters.items():
        if item.get("required"):
            yield "required", {other: value for other, value in required.items() if other != name}
        everything = {**required, name: valid[name]}
        text = "&".join(f"{key}={value}" for key, value in everything.items())
        yield "repeated", f"{text}&{name}={valid[name]}"
        for fault in faults.of_parameter(item["schema"], valid[name]):
            yield fault.keyword, {**required, name: fault.text}


def _bodies(operation: Operation) -> Iterator[tuple[str, bytes]]:
    schema = operation.body or {}
    valid = _valid_body(schema, operation.example)
    for text in ("null", "[]", '"text"', "1", "true", f"[{_object(valid)}]"):
        yield "type", text.encode()
    for name in schema.get("required", ()):
        yield "required", _object(valid, without=name).encode()
    yield "additionalProperties", _object({**valid, "unknown_field": "1"}).encode()
    for name, field in schema["properties"].items():
        good = exact_json.loads(valid[name])
        for fault in faults.of_value(field, good):
            yield fault.keyword, _object({**valid, name: fault.text}).encode()
        yield "repeated", _object(valid, twice=name).encode()
    whole = _object(valid)
    for broken in ("{", whole[:-1], whole + "}", whole[:-1] + ",}", whole.replace('"', "'")):
        yield "json", broken.encode()
    yield "json", b"\xef\xbb\xbf" + whole.encode()
    yield "json", whole.encode("utf-16")
    yield "json", whole[:-1].encode() + b', "\xff": 1}'
    yield "json", b"[" * 1000 + b"]" * 1000
    if operation.body_required:
        yield "required", b""


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
