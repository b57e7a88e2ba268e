"""Checks decoded JSON against the description's shapes, and names the JSON path of what is wrong.

Liberal where nothing is lost: numbers as strings, null for an optional field, fields that nobody
knew. What the generated parser would not take is put into the form that it does take.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from coinbtr_api.exact_json import to_decimal
from coinbtr_api.shapes import OBJECTS, Field

from coinbtr.times import utc

Path = tuple["Path", str | int] | None
Shape = Callable[[Any, Path], Any]

_JSON_NAMES: Final = {
    bool: "a boolean",
    dict: "an object",
    list: "an array",
    str: "a string",
    type(None): "null",
}
_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})")


class ShapeError(Exception):
    """A value that isn't what the description says; `path` is its JSON path."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = show(path)
        super().__init__(f"{self.path} {problem}")


@cache
def shape_of(kind: str) -> Shape:
    """What brings a decoded value of this kind into its form, in place where it can.

    It takes the value and its path, and gives the value or raises ShapeError.
    """
    if kind[0] == "[":
        return _list_of(shape_of(kind[1:-1]))
    return _object_of(OBJECTS[kind]) if kind in OBJECTS else _SIMPLE[kind]


def show(path: Path) -> str:
    """The path as text, such as `$.data[3].price`."""
    keys: list[str] = []
    while path is not None:
        path, key = path
        keys.append(f"[{key}]" if isinstance(key, int) else f".{key}")
    return "$" + "".join(reversed(keys))


def _object_of(fields: Sequence[Field]) -> Shape:
    rows = [(field.name, shape_of(field.kind), field) for field in fields]

    def shape(value: Any, path: Path) -> Any:
        if type(value) is not dict:
            raise _wrong(path, "an object", value)
        for name, form, field in rows:
            found = value.get(name)
            if found is not None:
                value[name] = form(found, (path, name))
            elif name not in value:
                if field.required:
                    raise ShapeError((path, name), "is missing")
            elif not field.nullable:
                if field.required:
                    raise ShapeError((path, name), "is null")
                del value[name]
        return value

    return shape


def _list_of(form: Shape) -> Shape:
    def shape(value: Any, path: Path) -> Any:
        if type(value) is not list:
            raise _wrong(path, "an array", value)
        for index, item in enumerate(value):
            value[index] = form(item, (path, index))
        return value

    return shape


def _plain(kind: type) -> Shape:
    def shape(value: Any, path: Path) -> Any:
        if type(value) is not kind:
            raise _wrong(path, _JSON_NAMES[kind], value)
        return value

    return shape


def _decimal(value: Any, path: Path) -> Decimal:
    if type(value) is Decimal:
        return value  # the decoder has bounded it
    try:
        return to_decimal(value)
    except (TypeError, ValueError):
        raise _wrong(path, "a number", value) from None


def _integer(value: Any, path: Path) -> int:
    if type(value) is int:
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    # JSON's 6.0 is an integer, too; the decoder has bounded its digits and exponent.
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise _wrong(path, "an integer", value)


def _time(value: Any, path: Path) -> str:
    if type(value) is not str:
        raise _wrong(path, "a string", value)
    try:
        utc(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        raise _wrong(path, "a time by ISO 8601", value) from None
    return value


_SIMPLE: Final[dict[str, Shape]] = {
    "boolean": _plain(bool),
    "date-time": _time,
    "decimal": _decimal,
    "integer": _integer,
    "string": _plain(str),
}


def _wrong(path: Path, wanted: str, value: object) -> ShapeError:
    got = _JSON_NAMES.get(type(value), "a number")
    return ShapeError(path, f"should be {wanted} and is {got}")
