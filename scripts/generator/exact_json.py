"""JSON without floats: every number keeps each of its digits, from the wire and to the wire.

Three functions: `loads` (bytes to objects), `dumps` (objects to bytes) and `to_decimal` (one value
of a decoded answer to a Decimal). Standard library only. What they refuse is refused with one
sentence that says what it was and, as far as known, where. The limits are far beyond any amount of
money and keep hostile input cheap: 64 digits, exponents to ±64, 64 levels of nesting.
"""

import decimal
import json
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring  # keeps non-ASCII text; in C where that exists
from typing import Any, Final

__all__ = ["ExactJSONError", "dumps", "loads", "to_decimal", "to_optional_decimal"]

MAX_DIGITS: Final = 64
MAX_DEPTH: Final = 64
_TOO_LONG: Final = f"a number of more than {MAX_DIGITS} digits or places"

# A number that does not fit as it stands, to the last digit, raises instead of being rounded or
# clamped.
EXACT: Final = decimal.Context(
    prec=MAX_DIGITS,
    Emin=-MAX_DIGITS,
    Emax=MAX_DIGITS,
    traps=[decimal.Clamped, decimal.InvalidOperation, decimal.Rounded, decimal.Subnormal],
)
# Decimal() itself takes "1_0", " 1", "NaN" and digits of any script. JSON doesn't.
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING: Final = re.compile(
    rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL
)  # unterminated ones too: always linear
_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_BRACKETS: Final = bytes.maketrans(b"[]", b"{}")
_NO_BRACKET: Final = bytes(set(range(256)) - set(b"[]{}"))

_JSON_NAMES: Final = {bool: "boolean", dict: "object", list: "array", type(None): "null"}


class ExactJSONError(ValueError):
    """No JSON, or a number that can't be kept exactly; the message says what and where."""


def loads(document: bytes | str) -> Any:
    """Decode one JSON document.

    Gives dict, list, str, bool, None, `Decimal` for a number with a fraction or an exponent, and
    `int` for a number with neither; trailing zeros stay (`0.10` is `Decimal("0.10")`).

    Raises:
        ExactJSONError: for what is no JSON by RFC 8259 (NaN, Infinity, a byte order mark, bytes
            that are no UTF-8, half a surrogate pair), for an object that names a key twice, and
            beyond the limits.
    """
    data, text = _as_both(document)
    if text.startswith("\ufeff"):
        raise ExactJSONError("begins with a byte order mark")
    if _is_too_deep(data):
        raise ExactJSONError(f"nested more than {MAX_DEPTH} levels deep")
    try:
        value = _DECODER.decode(text)
        if "\\" in text and _SURROGATE_ESCAPE.search(text):
            _refuse_half_characters(value)
    except decimal.DecimalException:
        _NAMING_DECODER.decode(text)  # slower, and raises with the number in the message
        raise
    except json.JSONDecodeError as error:
        # `from None`: the original holds the whole document.
        raise ExactJSONError(
            f"no JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    return value


def dumps(value: object) -> bytes:
    """Encode a value as compact UTF-8 JSON.

    Takes dict (str keys), list, tuple, str, bool, None, int and `Decimal`. A Decimal becomes a JSON
    number without an exponent and with all its zeros: `Decimal("1E-8")` is `0.00000001`,
    `Decimal("0.10")` is `0.10`.

    Raises:
        TypeError: for a float (it may have lost digits already) and any other type; the message
            names the field.
        ExactJSONError: for NaN, Infinity, a number beyond the limits, and text that UTF-8 can't
            hold.
    """
    try:
        return _text(value, None).encode()
    except UnicodeEncodeError as error:
        raise ExactJSONError(f"text that UTF-8 can't hold: {error.reason}") from None


def to_decimal(value: object) -> Decimal:
    """Turn a decoded JSON value into a Decimal, exactly.

    Takes Decimal, int, and a string that is written as a JSON number (some servers quote amounts).

    Raises:
        TypeError: for any other type; a bool is no number, and a float may have lost digits
            already.
        ExactJSONError: for other strings, NaN, Infinity, and numbers beyond the limits.
    """
    if isinstance(value, Decimal):
        return _bounded(value, None)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(_bounded_int(value, None))
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise ExactJSONError(f"not a number: {_cut(value)}")
        return _named_decimal(value)
    raise TypeError(f"expected a number, got {_JSON_NAMES.get(type(value), type(value).__name__)}")


def to_optional_decimal(value: object) -> Decimal | None:
    """Like `to_decimal`, and None for None."""
    return None if value is None else to_decimal(value)


def _as_both(document: bytes | str) -> tuple[bytes, str]:
    try:
        if isinstance(document, str):
            return document.encode(), document
        return document, document.decode()
    except UnicodeError as error:
        where = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise ExactJSONError(f"no UTF-8{where}") from None


def _is_too_deep(data: bytes) -> bool:
    """Whether brackets nest too deep; looked at before decoding, which is recursive."""
    if data.count(b"{") + data.count(b"[") <= MAX_DEPTH:
        return False
    brackets = data.translate(_BRACKETS, _NO_BRACKET)
    for _ in range(
        MAX_DEPTH
    ):  # each pass takes away the innermost pairs: one level, at the speed of C
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"")
    # Too deep, or not balanced, or brackets within strings: count exactly.
    depth = 0
    for bracket in _STRING.sub(b"", data).translate(_BRACKETS, _NO_BRACKET):
        depth += 1 if bracket == ord("{") else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _named_decimal(text: str) -> Decimal:
    try:
        return EXACT.create_decimal(text)
    except decimal.DecimalException:
        raise ExactJSONError(f"{_TOO_LONG}: {_cut(text)}") from None


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS + text.startswith(
        "-"
    ):  # int() is quadratic, and refuses 4,300 digits its own way
        raise ExactJSONError(f"{_TOO_LONG}: {_cut(text)}")
    return int(text)


def _no_constant(name: str) -> object:
    raise ExactJSONError(f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ExactJSONError(f"the key {_cut(twice)} stands twice in one object")
    return members


def _refuse_half_characters(value: object) -> None:
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ExactJSONError("a string with half a surrogate pair")
    elif isinstance(value, dict):
        for name, member in value.items():
            _refuse_half_characters(name)
            _refuse_half_characters(member)
    elif isinstance(value, list):
        for item in value:
            _refuse_half_characters(item)


_DECODER: Final = json.JSONDecoder(
    parse_float=EXACT.create_decimal,
    parse_int=_integer,
    parse_constant=_no_constant,
    object_pairs_hook=_unique,
)
_NAMING_DECODER: Final = json.JSONDecoder(parse_float=_named_decimal, parse_int=_integer)

_Path = (
    tuple[Any, str | int] | None
)  # (path of the parent, key): rendered only when something is refused


def _text(value: object, path: _Path) -> str:
    if isinstance(value, dict):
        return _object_text(value, path)
    if isinstance(value, (list, tuple)):
        return f"[{','.join([_text(item, (path, at)) for at, item in enumerate(value)])}]"
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Decimal):
        return _decimal_text(value, path)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int):
        return int.__repr__(_bounded_int(value, path))
    if isinstance(value, Mapping):
        return _object_text(value, path)
    if isinstance(value, float):
        raise TypeError(f"{_where(path)} is a float, which is not exact: use Decimal('{value}')")
    raise TypeError(f"{_where(path)} is of type {type(value).__name__}, which JSON doesn't have")


def _object_text(value: Mapping[object, object], path: _Path) -> str:
    members: list[str] = []
    for name, member in value.items():
        if not isinstance(name, str):
            raise TypeError(f"{_where(path)} has the key {name!r}, which is no string")
        # Most members are texts and amounts: written here, they cost half.
        if type(member) is str:
            text = encode_basestring(member)
        elif type(member) is Decimal:
            text = str(member)
            # By the caller's decimal context an exponent begins with E or e.
            if "E" in text or "e" in text or len(text) >= MAX_DIGITS or not member.is_finite():
                text = _decimal_text(member, (path, name))
        else:
            text = _text(member, (path, name))
        members.append(f"{encode_basestring(name)}:{text}")
    return f"{{{','.join(members)}}}"


def _decimal_text(value: Decimal, path: _Path) -> str:
    return format(_bounded(value, path), "f")


_WORDS: Final = {None: "null", True: "true", False: "false"}


def _bounded(value: Decimal, path: _Path) -> Decimal:
    """The Decimal itself, if `loads` would have given it."""
    if not value.is_finite():
        raise ExactJSONError(f"{_where(path)} is {value}, which is no JSON number")
    try:
        return EXACT.create_decimal(value)
    except decimal.DecimalException:
        raise ExactJSONError(f"{_where(path)} is {_TOO_LONG}") from None


def _bounded_int(value: int, path: _Path) -> int:
    if not -_INT_LIMIT < value < _INT_LIMIT:
        raise ExactJSONError(f"{_where(path)} is {_TOO_LONG}")
    return value


_INT_LIMIT: Final = 10**MAX_DIGITS


def _where(path: _Path) -> str:
    keys: list[str] = []
    while path is not None:
        path, key = path
        keys.append(f"[{key}]" if isinstance(key, int) else f".{key}")
    return "".join(reversed(keys)).removeprefix(".") or "the value"


def _cut(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
