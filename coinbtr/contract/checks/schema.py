"""Checks of an answer against its schema, and of `success` against the status.

python-jsonschema knows floats; here a number is an int or a Decimal, so that decimals are counted
as they stood on the wire.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, TypeChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks.problem import Check, Problem
from coinbtr.contract.operations import Operation, error_statuses, shipped_operations

_MOST = 3


def schema(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find where an answer leaves the schema of its status."""
    if answer.document is None:
        return
    wanted = documented(call, answer)
    if wanted is None:
        return
    errors = validator(wanted).iter_errors(answer.document)
    for _, error in zip(range(_MOST), errors, strict=False):
        where = ".".join(str(step) for step in error.absolute_path) or "the body"
        code = "C113" if error.validator == "x-decimal-places" else "C121"
        yield Problem(code, f"{where}: {_cut(error.message)}.")


def envelope(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a `success` that contradicts the status, and a code with a status of another."""
    if not isinstance(answer.document, dict):
        return
    success = answer.document.get("success")
    if success not in _successes(call, answer):
        yield Problem("C131", f"success is {str(success).lower()} at status {answer.status}.")
    expected = error_statuses().get(answer.code or "")
    if expected is not None and expected != answer.status:
        yield Problem("C132", f"{answer.code} came with {answer.status}, not {expected}.")


def is_as_shipped(call: Call, answer: Answer) -> bool:
    """Tell whether an answer keeps to this package's own description, whichever is in use."""
    shipped = shipped_operations()[call.operation.id]
    if shipped is call.operation:
        return True
    schema = _of_status(shipped, answer)
    return schema is not None and bool(validator(schema).is_valid(answer.document))


def validator(node: Mapping[str, Any]) -> Validator:
    """Make a validator of a resolved schema, once for each."""
    # By identity: the description's nodes live as long as the process.
    made = _VALIDATORS.get(id(node))
    if made is None:
        made = _VALIDATORS[id(node)] = _Exact(node, format_checker=_FORMATS)
    return made


def places(number: Decimal | int) -> int:
    """Count the decimals that a number is written with, zeros at its end not counted."""
    if isinstance(number, int) or not number:
        return 0
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def documented(call: Call, answer: Answer) -> Mapping[str, Any] | None:
    """Give the schema that an answer is held to, or None where its status isn't documented."""
    return _of_status(call.operation, answer)


def _of_status(operation: Operation, answer: Answer) -> Mapping[str, Any] | None:
    status = answer.status
    # 405 is documented for the whole API, not for an operation: its body is that of any failure.
    known = operation.answers.get(400 if status == HTTPStatus.METHOD_NOT_ALLOWED else status)
    return known["content"]["application/json"]["schema"] if known else None


def _successes(call: Call, answer: Answer) -> Sequence[object]:
    """Give what `success` may say at the status of an answer."""
    schema = documented(call, answer)
    if schema is not None:
        allowed = schema.get("properties", {}).get("success", {}).get("enum", (True, False))
        return (*allowed, *(() if "success" in schema.get("required", ()) else (None,)))
    return (answer.status == HTTPStatus.OK,)


def _cut(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:160]}…"


def _is_number(_: TypeChecker, instance: object) -> bool:
    return isinstance(instance, int | Decimal) and not isinstance(instance, bool)


def _is_integer(_: TypeChecker, instance: object) -> bool:
    # JSON Schema counts 1.0 as an integer.
    return (
        isinstance(instance, int | Decimal)
        and not isinstance(instance, bool)
        and not places(instance)
    )


def _decimal_places(
    _: Validator, most: int, instance: object, __: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, Decimal) and places(instance) > most:
        yield ValidationError(f"{instance:f} has more than {most} decimals")


def _pattern(
    _: Validator, pattern: str, instance: object, __: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _compiled(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _properties(
    _: Validator, nodes: Mapping[str, Any], instance: object, __: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for name, node in nodes.items():
            if name in instance:
                for error in _errors_within(node, instance[name], name):
                    error.schema_path.appendleft(name)
                    yield error


def _items(
    _: Validator, node: Any, instance: object, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, list):
        for number in range(len(schema.get("prefixItems", ())), len(instance)):
            yield from _errors_within(node, instance[number], number)


def _errors_within(node: Any, instance: Any, place: str | int) -> Iterator[ValidationError]:
    """Do what `descend` does, which makes a validator anew each time for the sake of references.

    Here are none left, so one validator of each node will do.
    """
    made = validator(node)
    if not isinstance(instance, dict | list) and _takes(id(node), instance):
        return
    for error in made.iter_errors(instance):
        error.path.appendleft(place)
        yield error


# Names, prices and times come again and again. `typed`: True is no 1, and 1 is no Decimal.
@lru_cache(16_384, typed=True)
def _takes(node: int, scalar: Any) -> bool:
    return bool(_VALIDATORS[node].is_valid(scalar))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # A Python `$` lets a line break through at the end.
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), re.ASCII)


_Exact: Any = extend(  # type: ignore[no-untyped-call]  # untyped in types-jsonschema
    Draft202012Validator,
    validators={
        "x-decimal-places": _decimal_places,
        "pattern": _pattern,
        "properties": _properties,
        "items": _items,
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"number": _is_number, "integer": _is_integer}
    ),
)
_FORMATS = FormatChecker(formats=())
_VALIDATORS: dict[int, Validator] = {}


def _is_time(instance: object) -> bool:
    return not isinstance(instance, str) or datetime.fromisoformat(instance).tzinfo is not None


_FORMATS.checkers["date-time"] = (_is_time, ValueError)
CHECKS: tuple[Check, ...] = (schema, envelope)
