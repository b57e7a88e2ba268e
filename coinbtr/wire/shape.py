"""Checks decoded JSON against the description's shapes, and names the JSON path of what is wrong.

Liberal where nothing is lost: numbers as strings, null for an optional field, fields that nobody
knew. What the generated parser would not take is put into the form that it does take.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from coinbtr_api.exact_json import to_decimal
from coinbtr_api.shapes import OBJECTS, Field

from coinbtr.times import utc

Path = tuple["Path", str | int] | None

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


class Shaper:
    """Brings the decoded `data` of one answer into shape; `changed` says whether it had to."""

    def __init__(self) -> None:
        self.changed = False

    def value(self, value: object, kind: str, path: Path) -> object:
        """The value in the form of its kind.

        Raises ShapeError.
        """
        if kind == "decimal":
            _check_decimal(value, path)
            return value
        if kind[0] == "[":
            return self._list(value, kind[1:-1], path)
        if kind in OBJECTS:
            return self._object(value, OBJECTS[kind], path)
        if kind == "integer":
            return self._integer(value, path)
        wanted = bool if kind == "boolean" else str
        if not isinstance(value, wanted):
            raise _wrong(path, _JSON_NAMES[wanted], value)
        if kind == "date-time":
            _check_time(value, path)
        return value

    def _object(self, value: object, fields: Sequence[Field], path: Path) -> object:
        if not isinstance(value, dict):
            raise _wrong(path, "an object", value)
        for field in fields:
            name = field.name
            if name not in value:
                if field.required:
                    raise ShapeError((path, name), "is missing")
            elif value[name] is not None:
                value[name] = self.value(value[name], field.kind, (path, name))
            elif not field.nullable:
                if field.required:
                    raise ShapeError((path, name), "is null")
                del value[name]
                self.changed = True
        return value

    def _list(self, value: object, kind: str, path: Path) -> object:
        if not isinstance(value, list):
            raise _wrong(path, "an array", value)
        for index, item in enumerate(value):
            value[index] = self.value(item, kind, (path, index))
        return value

    def _integer(self, value: object, path: Path) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.changed = True
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        # JSON's 6.0 is an integer, too; the decoder has bounded its digits and exponent.
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        raise _wrong(path, "an integer", value)


def show(path: Path) -> str:
    """The path as text, such as `$.data[3].price`."""
    keys: list[str] = []
    while path is not None:
        path, key = path
        keys.append(f"[{key}]" if isinstance(key, int) else f".{key}")
    return "$" + "".join(reversed(keys))


def _check_decimal(value: object, path: Path) -> None:
    try:
        to_decimal(value)
    except (TypeError, ValueError):
        raise _wrong(path, "a number", value) from None


def _check_time(value: object, path: Path) -> None:
    try:
        utc(datetime.fromisoformat(str(value)))
    except (ValueError, OverflowError):
        raise _wrong(path, "a time by ISO 8601", value) from None


def _wrong(path: Path, wanted: str, value: object) -> ShapeError:
    got = _JSON_NAMES.get(type(value), "a number")
    return ShapeError(path, f"should be {wanted} and is {got}")
