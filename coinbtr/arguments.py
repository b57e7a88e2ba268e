"""The arguments of the facade's methods in the form that is sent, or an error that names the field.

What the description bounds is checked before anything is sent. Money has a module of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from coinbtr.errors import InvalidType, InvalidValue

if TYPE_CHECKING:
    from coinbtr_api.types import Unset

T = TypeVar("T")

MAX_ID: Final = 2**53 - 1
MAX_PAGE: Final = 100
MAX_OFFSET: Final = 100_000
MAX_LEVELS: Final = 1000

_COIN: Final = re.compile(r"[A-Za-z0-9]{2,10}")
_BOOK: Final = re.compile(r"([A-Za-z0-9]{2,10})[-/]([A-Za-z0-9]{2,10})")
_ADDRESS: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z:._-]{7,127}")
_MOST_SECONDS: Final = 1_000_000_000
_SHOWN: Final = 40


def to_coin(coin: str) -> str:
    """A coin's symbol as it is sent: in lower case, as the reference's samples have it (R013)."""
    text = _text(coin, "coin")
    if _COIN.fullmatch(text) is None:
        raise _invalid("coin", 'a symbol such as "btc"', text)
    return text.lower()


def to_market(book: str) -> str:
    """A book's name as it is sent: `btc-mxn` for `BTC-MXN` and `BTC/MXN`, too (R013, R025)."""
    return _market(_text(book, "book"))


@lru_cache(maxsize=256)
def _market(text: str) -> str:
    match = _BOOK.fullmatch(text)
    if match is None:
        raise _invalid("book", 'two coins such as "btc-mxn" or "BTC/MXN"', text)
    return f"{match[1]}-{match[2]}".lower()


def to_address(address: str) -> str:
    """A destination address, unchanged: a word of 8 to 128 letters, digits and `:._-` (R016)."""
    text = _text(address, "address")
    if _ADDRESS.fullmatch(text) is None:
        raise _invalid("address", "8 to 128 letters, digits and :._- without spaces", text)
    return text


def to_id(number: int, field: str) -> int:
    """The id of an order or transaction: an int from 1 (R034)."""
    return _whole(number, field, 1, MAX_ID)


def to_limit(limit: int | None) -> int | None:
    """How many entries at most, 1 to 100 (R042)."""
    return None if limit is None else _whole(limit, "limit", 1, MAX_PAGE)


def to_page_size(size: int | None) -> int:
    """How many entries to read at a time, 2 to 100; the most if left out (R042)."""
    return MAX_PAGE if size is None else _whole(size, "page_size", 2, MAX_PAGE)


def to_offset(offset: int | None) -> int | None:
    """How many of the newest entries to skip, 0 to 100000 (R042)."""
    return None if offset is None else _whole(offset, "offset", 0, MAX_OFFSET)


def to_levels(limit: int | None) -> int | None:
    """How many price levels of each side at most, 1 to 1000 (R063)."""
    return None if limit is None else _whole(limit, "limit", 1, MAX_LEVELS)


def to_seconds(seconds: float, field: str) -> float:
    """A length of time in seconds: a number above 0, and none that no clock could wait for."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidType(f"{field} must be a number of seconds, not {seconds!r}", field=field)
    if not 0 < seconds <= _MOST_SECONDS:
        raise InvalidValue(f"{field} must be above 0 and at most {_MOST_SECONDS} s", field=field)
    return seconds


def given(value: T | None) -> T | Unset:
    """An optional argument as the generated operations take it: absent, not null."""
    from coinbtr_api.types import UNSET

    return UNSET if value is None else value


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise InvalidType(f"{field} must be a str, not {type(value).__name__}", field=field)
    return value


def _whole(value: object, field: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidType(f"{field} must be an int, not {type(value).__name__}", field=field)
    if not least <= value <= most:
        raise InvalidValue(f"{field} must be from {least} to {most}", field=field)
    return int(value)


def _invalid(field: str, wanted: str, value: str) -> InvalidValue:
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return InvalidValue(f"{field} must be {wanted}, not {shown!r}", field=field)
