"""Reads order books and tickers straight from the bytes of an answer, when it is written plainly.

A book may have two thousand levels, and a ticker is read again and again: checking part by part
costs more than all else. So a success that holds nothing but what the description names is read
here, at the speed of C; for anything else there is no result, and the general way judges it. The
proof is in counting bytes: with a key twice, a field more, a string for a number, a sign or an
exponent, a count would not fit. Tests hold both ways to the same result.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any, Final, Generic, TypeVar

from attrs import frozen
from coinbtr_api.exact_json import EXACT, MAX_DIGITS

from coinbtr.models import OrderBook, PriceLevel, Ticker

T = TypeVar("T")

_DIGITS: Final = bytes.maketrans(b".123456789", b"0000000000")
_TOO_LONG: Final = b"0" * (MAX_DIGITS + 1)
_PRICES: Final = ("last", "bid", "ask", "high", "low", "volume")


@frozen
class _Book:
    market: str
    asks: tuple[PriceLevel, ...]
    bids: tuple[PriceLevel, ...]


@frozen
class _Ticker:
    market: str
    last: Decimal
    bid: Decimal
    ask: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal


@frozen
class _Answer(Generic[T]):
    success: bool
    msg: str
    data: T


def plain_book(content: bytes) -> OrderBook | None:
    """The order book in the body of an answer at 200; None where the general way must judge it."""
    if content.count(b"[") != 2 or (answer := _read(content, _decode_book)) is None:
        return None
    book = answer.data
    levels = len(book.asks) + len(book.bids)
    # `e` is in `success`, `true` and `market`, and in each `price`.
    names, es = 6 + 2 * levels, 3 + levels
    if answer.success is not True or not _is_all(content, answer.msg + book.market, names, es):
        return None
    return OrderBook(book=book.market.upper(), asks=book.asks, bids=book.bids)


def plain_ticker(content: bytes) -> Ticker | None:
    """The ticker in the body of an answer at 200; None where the general way must judge it.

    One without a price goes the general way, too.
    """
    if (answer := _read(content, _decode_ticker)) is None:
        return None
    data = answer.data
    # `e` is in `success`, `true`, `market` and `volume`.
    if answer.success is not True or not _is_all(content, answer.msg + data.market, 10, 4):
        return None
    return Ticker(
        book=data.market.upper(),
        last=data.last,
        bid=data.bid,
        ask=data.ask,
        high=data.high,
        low=data.low,
        volume=data.volume,
    )


def _read(content: bytes, decode: Callable[[bytes], T]) -> T | None:
    if b"\\" in content or _TOO_LONG in content.translate(_DIGITS):
        return None
    try:
        return decode(content)
    # Whatever is wrong with it, the general way finds the words.
    except (AttributeError, DecimalException, LookupError, RecursionError, TypeError, ValueError):
        return None


def _is_all(content: bytes, texts: str, names: int, es: int) -> bool:
    """Whether the bytes hold what was read, which has two texts, and nothing else."""
    return (
        content.count(b'"') == 2 * names + 4
        and content.count(b":") == names + texts.count(":")
        # No number has an exponent …
        and content.count(b"e") == es + texts.count("e")
        and content.count(b"E") == texts.count("E")
        # … or a sign.
        and content.count(b"-") == texts.count("-")
    )


def _book_with_json(content: bytes) -> _Answer[_Book]:
    success, msg, data = _parts(content)
    return _Answer(success, msg, _Book(data["market"], _side(data["asks"]), _side(data["bids"])))


def _ticker_with_json(content: bytes) -> _Answer[_Ticker]:
    success, msg, data = _parts(content)
    prices = [data[name] for name in _PRICES]
    if any(type(price) is not Decimal for price in prices):
        raise TypeError("a price is none")
    return _Answer(success, msg, _Ticker(data["market"], *prices))


def _parts(content: bytes) -> tuple[bool, str, dict[str, Any]]:
    body = _JSON.decode(content.decode())
    success, msg, data = body["success"], body["msg"], body["data"]
    if type(msg) is not str or type(data["market"]) is not str:
        raise TypeError("a text is none")
    return success, msg, data


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


def _decoder(
    kind: type[T], with_json: Callable[[bytes], _Answer[T]]
) -> Callable[[bytes], _Answer[T]]:
    """The compiled decoder, where it is installed: it makes the objects itself."""
    try:
        import msgspec
    except ModuleNotFoundError:
        return with_json
    decode: Callable[[bytes], _Answer[T]] = msgspec.json.Decoder(_Answer[kind]).decode  # type: ignore[valid-type]  # a type at run time
    return decode


_decode_book: Callable[[bytes], _Answer[_Book]] = _decoder(_Book, _book_with_json)
_decode_ticker: Callable[[bytes], _Answer[_Ticker]] = _decoder(_Ticker, _ticker_with_json)
