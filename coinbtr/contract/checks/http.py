"""Checks of status, content type and headers."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks.problem import Check, Problem
from coinbtr.contract.checks.schema import validator


def status(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a server's failure and a status that isn't documented."""
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        yield Problem("C101", f"It answered {answer.status}.")
    elif call.method != call.operation.method:
        if answer.status != HTTPStatus.METHOD_NOT_ALLOWED:
            yield Problem("C205", f"{call.method} was answered with {answer.status}, not 405.")
        elif call.operation.method not in answer.headers.get("allow", "").replace(",", " ").split():
            allow = answer.headers.get("allow")
            yield Problem("C206", f"Allow is {allow!r}, without {call.operation.method}.")
    elif answer.status not in call.operation.answers:
        documented = ", ".join(str(status) for status in call.operation.answers)
        yield Problem("C102", f"It answered {answer.status}; documented are {documented}.")


def content_type(_: Call, answer: Answer) -> Iterator[Problem]:
    """Find an answer that isn't declared as JSON, or as JSON in another encoding than UTF-8."""
    declared = answer.headers.get("content-type", "")
    kind, *parameters = (part.strip().lower() for part in declared.split(";"))
    charsets = [one.partition("=")[2].strip('"') for one in parameters if one[:8] == "charset="]
    if kind != "application/json" or any(one not in ("utf-8", "utf8") for one in charsets):
        yield Problem("C103", f"The content type is {declared!r}.")


def content_encoding(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find an answer that is declared as compressed in a way that wasn't asked for.

    Who can't undo it takes the body as it stands, so that a body that isn't compressed at all would
    pass here, and fail a client that can.
    """
    if call.encodings is None:
        return
    declared = answer.headers.get("content-encoding", "")
    if not {*_codings(declared)} <= {*_codings(call.encodings), "identity", ""}:
        yield Problem("C106", f"The content encoding is {declared!r}, not {call.encodings}.")


def _codings(header: str) -> Iterator[str]:
    return (one.partition(";")[0].strip().lower() for one in header.split(","))


def headers(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a documented header that is missing or malformed."""
    for name, header in call.operation.answers.get(answer.status, {}).get("headers", {}).items():
        given = answer.headers.get(name.lower())
        if given is None:
            if header.get("required"):
                yield Problem("C104", f"The header {name} is missing.")
            continue
        value: Any = int(given) if given.isascii() and given.isdigit() else given
        for error in validator(header["schema"]).iter_errors(value):
            yield Problem("C104", f"The header {name}: {error.message}.")


CHECKS: tuple[Check, ...] = (status, content_type, content_encoding, headers)
