"""Reads order books and tickers straight from the bytes of an answer, when it is written plainly.

A book may have two thousand levels, and a ticker is read again and again: checking part by part
costs more than all else. So a success that holds nothing but what the description names is read
here, at the speed of C; for anything else there is no result, and the general way judges it. The
proof is in counting bytes: what is left without digits, points and white space must be as long as
the names and texts that were read. A key twice, a field more, a string for a number, a sign or an
exponent would make it longer. Tests hold both ways to the same result.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any, ClassVar, Final, Generic, TypeVar

from attrs import frozen
from coinbtr_api.exact_json import EXACT, MAX_DIGITS

from coinbtr.models import OrderBook, PriceLevel, Ticker

D = TypeVar("D", bound="_Book | _Ticker")

_DIGITS: Final = bytes.maketrans(b".123456789", b"0000000000")
_TOO_LONG: Final = b"0" * (MAX_DIGITS + 1)
_FREE: Final = b"0123456789. \t\r\n"
_ENVELOPE: Final = len(b'{"success":true,"msg":"","data":}')
_LEVEL: Final = len(b'{"price":,"amount":},')
_PRICES: Final = ("last", "bid", "ask", "high", "low", "volume")


@frozen
class _Book:
    market: str
    asks: tuple[PriceLevel, ...]
    bids: tuple[PriceLevel, ...]

    @property
    def bare(self) -> int:
        """How many bytes it has without its numbers and texts."""
        size = len(b'{"market":"","asks":[],"bids":[]}')
        # The first level of a side has no comma before it.
        return size + sum(_LEVEL * len(side) - 1 for side in (self.asks, self.bids) if side)


@frozen
class _Ticker:
    market: str
    last: Decimal
    bid: Decimal
    ask: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal

    bare: ClassVar[int] = len(b'{"market":"","last":,"bid":,"ask":,"high":,"low":,"volume":}')


@frozen
class _Answer(Generic[D]):
    success: bool
    msg: str
    data: D


def plain_book(content: bytes) -> OrderBook | None:
    """The order book in the body of an answer at 200; None where the general way must judge it."""
    if (book := _read(content, _decode_book)) is None:
        return None
    return OrderBook(book=book.market.upper(), asks=book.asks, bids=book.bids)


def plain_ticker(content: bytes) -> Ticker | None:
    """The ticker in the body of an answer at 200; None where the general way must judge it.

    One without a price goes the general way, too.
    """
    if (ticker := _read(content, _decode_ticker)) is None:
        return None
    return Ticker(
        book=ticker.market.upper(),
        last=ticker.last,
        bid=ticker.bid,
        ask=ticker.ask,
        high=ticker.high,
        low=ticker.low,
        volume=ticker.volume,
    )


def _read(content: bytes, decode: Callable[[bytes], _Answer[D]]) -> D | None:
    """The data of a success whose bytes hold what was read, and nothing else."""
    if b"\\" in content or _TOO_LONG in content.translate(_DIGITS):
        return None
    try:
        answer = decode(content)
    # Whatever is wrong with it, the general way finds the words.
    except (AttributeError, DecimalException, LookupError, RecursionError, TypeError, ValueError):
        return None
    data = answer.data
    texts = (answer.msg + data.market).encode().translate(None, _FREE)
    bare = len(content.translate(None, _FREE)) - len(texts)
    return data if answer.success is True and bare == _ENVELOPE + data.bare else None


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
    kind: type[D], with_json: Callable[[bytes], _Answer[D]]
) -> Callable[[bytes], _Answer[D]]:
    """The compiled decoder, where it is installed: it makes the objects itself."""
    try:
        import msgspec
    except ModuleNotFoundError:
        return with_json
    decode: Callable[[bytes], _Answer[D]] = msgspec.json.Decoder(_Answer[kind]).decode  # type: ignore[valid-type]  # a type at run time
    return decode


_decode_book: Callable[[bytes], _Answer[_Book]] = _decoder(_Book, _book_with_json)
_decode_ticker: Callable[[bytes], _Answer[_Ticker]] = _decoder(_Ticker, _ticker_with_json)
