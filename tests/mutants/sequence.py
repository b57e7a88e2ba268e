"""Requests as a line of text, and what an exchange answers to them.

    order = placeBuyLimitOrder market=btc-mxn amount=0.01 price=900000; getOpenOrder id=$order.id

Steps stand between semicolons: what the answer's data is kept as, who asks (`other`, `nobody`,
`stranger`; else the account `demo`), the operation, and its arguments, each a JSON value or a plain
word. `$order.0.id` is a part of what was kept. Further words of a step: `method:PUT`; `raw:…`, the
query or the body as it stands; `type:…`, the content type; `token:…`, the header that says who
asks, with `+` for a space. `wait 60` moves the clock on.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr.contract.operations import operations
from coinbtr.sandbox import ManualClock
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import OTHER_TOKEN, TOKEN, TamperedSandbox, document
from tests.mutants.mutant import Mutant

BASE_URL = "http://sandbox/api/v1"
_TOKENS = {"demo": TOKEN, "other": OTHER_TOKEN, "nobody": None, "stranger": "0" * 40}
_KEPT = re.compile(r"(\w+) = (.*)")


@frozen
class Answered:
    """A step's operation, and what it was answered with."""

    operation: str
    status: int
    headers: dict[str, str]
    content: bytes


@frozen
class InProcess:
    """An engine to a tampered sandbox, without a socket."""

    sandbox: TamperedSandbox

    def send(self, request: Request) -> Response:
        """Answer through the tampering function."""
        tamper = self.sandbox.tamper
        return tamper(request, self.sandbox.handle) if tamper else self.sandbox.handle(request)

    def close(self) -> None:
        """Hold nothing."""


def exchange(mutant: Mutant | None, *, seed: int = 0) -> tuple[TamperedSandbox, ManualClock]:
    """Make a sandbox whose clock stands still, with a defect or without one."""
    clock = ManualClock()
    sandbox = TamperedSandbox(seed=seed, clock=clock)
    if mutant is not None:
        sandbox.tamper = mutant.make(sandbox)
    return sandbox, clock


def begin_again(sandbox: TamperedSandbox, mutant: Mutant | None) -> None:
    """Set an exchange back to its beginning; the defect stays, as it would in its source."""
    sandbox.reset()
    if mutant is not None:
        sandbox.tamper = mutant.make(sandbox)


def play(steps: str, mutant: Mutant | None) -> Iterator[Answered]:
    """Do the steps on an exchange of their own, with the defect or without one."""
    sandbox, clock = exchange(mutant)
    engine = InProcess(sandbox)
    kept: dict[str, Any] = {}
    for step in steps.split(";"):
        named = _KEPT.fullmatch(step.strip())
        name, words = (named[1], named[2].split()) if named else ("", step.split())
        if words[0] == "wait":
            clock.advance(seconds=int(words[1]))
            continue
        operation, request = _request(words, kept)
        response = engine.send(request)
        headers = dict(response.headers)
        yield Answered(operation, response.status, headers, response.content)
        if name:
            kept[name] = (document(response) or {}).get("data")


def _request(words: list[str], kept: dict[str, Any]) -> tuple[str, Request]:
    who = words.pop(0) if words[0] in _TOKENS else "demo"
    found = operations()[words.pop(0)]
    special = {"method": found.method, "raw": "", "type": "application/json", "token": ""}
    given = {}
    for word in words:
        key, mark, value = re.split("([:=])", word, maxsplit=1)
        if mark == ":":
            special[key] = value
        else:
            given[key] = _value(value, kept)
    headers = {}
    if (token := _TOKENS[who]) is not None and found.secured:
        headers["authorization"] = f"Token {token}"
    if special["token"]:
        headers["authorization"] = special["token"].replace("+", " ")
    url, content = BASE_URL + found.path, b""
    if found.method == "GET":
        query = special["raw"] or "&".join(f"{key}={value}" for key, value in given.items())
        url += f"?{query}" if query else ""
    else:
        headers["content-type"] = special["type"]
        content = special["raw"].encode() or exact_json.dumps(given)
    method = special["method"]
    return found.id, Request(method=method, url=url, headers=headers, content=content)


def _value(text: str, kept: dict[str, Any]) -> Any:
    if text.startswith("$"):
        name, *parts = text[1:].split(".")
        value = kept[name]
        for part in parts:
            value = value[int(part) if part.isdecimal() else part]
        return value
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return text
