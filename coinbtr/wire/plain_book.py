"""Reads an order book straight from the bytes of its answer, when it is written plainly.

A book may have two thousand levels, and checking them one by one costs more than all else. So a
success that holds nothing but what the description names is read here, at the speed of C; for
anything else there is no result, and the general way judges it. The proof is in counting bytes:
with a key twice, a field more, a string for a number, a sign or an exponent, a count would not fit.
Tests hold both ways to the same result.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any, Final

from attrs import frozen
from coinbtr_api.exact_json import EXACT, MAX_DIGITS

from coinbtr.models import OrderBook, PriceLevel

_DIGITS: Final = bytes.maketrans(b".123456789", b"0000000000")
_TOO_LONG: Final = b"0" * (MAX_DIGITS + 1)


@frozen
class _Book:
    market: str
    asks: tuple[PriceLevel, ...]
    bids: tuple[PriceLevel, ...]


@frozen
class _Answer:
    success: bool
    msg: str
    data: _Book


def plain_book(content: bytes) -> OrderBook | None:
    """The order book in the body of an answer at 200; None where the general way must judge it."""
    if b"\\" in content or content.count(b"[") != 2 or _TOO_LONG in content.translate(_DIGITS):
        return None
    try:
        answer = _decode(content)
    # Whatever is wrong with it, the general way finds the words.
    except (AttributeError, DecimalException, LookupError, RecursionError, TypeError, ValueError):
        return None
    book = answer.data
    if answer.success is not True or not _is_all(content, answer.msg + book.market, book):
        return None
    return OrderBook(book=book.market.upper(), asks=book.asks, bids=book.bids)


def _is_all(content: bytes, texts: str, book: _Book) -> bool:
    """Whether the bytes hold what was read, and nothing else."""
    levels = len(book.asks) + len(book.bids)
    return (
        # Six names, two texts; two names for each level.
        content.count(b'"') == 16 + 4 * levels
        and content.count(b":") == 6 + 2 * levels + texts.count(":")
        # `success`, `true`, `market`; `price` for each level; no number has an exponent …
        and content.count(b"e") == 3 + levels + texts.count("e")
        and content.count(b"E") == texts.count("E")
        # … or a sign.
        and content.count(b"-") == texts.count("-")
    )


def _with_json(content: bytes) -> _Answer:
    body = _JSON.decode(content.decode())
    data = body["data"]
    if type(body["msg"]) is not str or type(data["market"]) is not str:
        raise TypeError("a text is none")
    return _Answer(
        body["success"],
        body["msg"],
        _Book(data["market"], _side(data["asks"]), _side(data["bids"])),
    )


def _side(rows: list[dict[str, Any]]) -> tuple[PriceLevel, ...]:
    if type(rows) is not list or any(
        type(row["price"]) is not Decimal or type(row["amount"]) is not Decimal for row in rows
    ):
        raise TypeError("a level is none")
    return tuple([PriceLevel(price=row["price"], amount=row["amount"]) for row in rows])


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


_JSON: Final = json.JSONDecoder(
    parse_float=EXACT.create_decimal,
    parse_int=EXACT.create_decimal,
    parse_constant=_no_constant,
)


def _decoder() -> Callable[[bytes], _Answer]:
    """The compiled decoder, where it is installed: it makes the levels itself."""
    try:
        import msgspec
    except ModuleNotFoundError:
        return _with_json
    return msgspec.json.Decoder(_Answer).decode


_decode: Callable[[bytes], _Answer] = _decoder()
