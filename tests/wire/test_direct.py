"""What is read past the generated models is what they would have given, to the digit."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from coinbtr_api import exact_json
from coinbtr_api.api.market import get_order_book, get_ticker
from coinbtr_api.operations import OPERATIONS
from hypothesis import given
from hypothesis import strategies as st

from coinbtr.errors import CoinBTRError
from coinbtr.models import OrderBook, direct, reading
from coinbtr.wire import plain as module
from coinbtr.wire.answer import Judge
from coinbtr.wire.engine import Response

NUMBERS = st.from_regex(r"(0|[1-9][0-9]{0,12})(\.[0-9]{1,8})?", fullmatch=True)
LEVELS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4)
TEXTS = st.text(st.sampled_from('BTC-mxn:e"\\[\nÉ'), max_size=8)

PLAIN = (
    b'{"success": true, "msg": "", "data": {"market": "BTC-MXN",'
    b' "asks": [{"price": 10.50, "amount": 1}], "bids": [{"price": 9, "amount": 0.10000000}]}}'
)


@pytest.fixture(params=["json", "msgspec"], autouse=True)
def decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both decoders in turn."""
    if request.param == "json":
        monkeypatch.setattr(module, "_decode_book", module._book_with_json)
        monkeypatch.setattr(module, "_decode_ticker", module._ticker_with_json)
    else:
        assert module._decode_book is not module._book_with_json
        assert module._decode_ticker is not module._ticker_with_json


def book(asks: list[tuple[str, str]], bids: list[tuple[str, str]], market: str, msg: str) -> bytes:
    """An answer, written as plainly as can be."""
    sides = [
        ", ".join(f'{{"price": {price}, "amount": {amount}}}' for price, amount in side)
        for side in (asks, bids)
    ]
    return (
        f'{{"success": true, "msg": {json.dumps(msg)}, "data": {{"market": {json.dumps(market)},'
        f' "asks": [{sides[0]}], "bids": [{sides[1]}]}}}}'
    ).encode()


def generally(content: bytes) -> OrderBook | None:
    """What comes of it in the general way, through the generated models; None for an error."""
    response = Response(status=200, headers={"Content-Type": "application/json"}, content=content)
    try:
        body = Judge(OPERATIONS["getOrderBook"], None).success(response)
    except CoinBTRError:
        return None
    straight = direct.order_book(deepcopy(body))
    modelled = reading.order_book(get_order_book._parse_success(body).data)
    assert shown(straight) == shown(modelled)
    return modelled


def shown(book: OrderBook | None) -> str:
    """All of it: equal Decimals may differ in their zeros."""
    return repr(book)


@given(asks=LEVELS, bids=LEVELS, market=TEXTS, msg=TEXTS)
def test_a_book_is_the_same_both_ways(
    asks: list[tuple[str, str]], bids: list[tuple[str, str]], market: str, msg: str
) -> None:
    """If it is read at once, then to what the generated models give."""
    content = book(asks, bids, market, msg)
    read = module.plain_book(content)
    if read is not None:
        assert shown(read) == shown(generally(content))


def test_a_plain_book_is_read_at_once() -> None:
    """With each digit, and its name in upper case."""
    read = module.plain_book(PLAIN.replace(b"BTC-MXN", b"Btc-mxn"))
    assert read is not None
    assert read.book == "BTC-MXN"
    assert [f"{one.price} {one.amount}" for one in read.asks + read.bids] == [
        "10.50 1",
        "9 0.10000000",
    ]
    assert shown(read) == shown(generally(PLAIN))


ODD: dict[str, Callable[[bytes], bytes]] = {
    "a failure": lambda b: b.replace(b"true", b"false"),
    "success as a number": lambda b: b.replace(b"true", b"1"),
    "no msg": lambda b: b.replace(b'"msg": "", ', b""),
    "msg null": lambda b: b.replace(b'""', b"null"),
    "a field more": lambda b: b.replace(b'"amount": 1}', b'"amount": 1, "orders": 2}'),
    "a key twice": lambda b: b.replace(b'"price": 9', b'"price": 8, "price": 9'),
    "a key twice, spaced": lambda b: b.replace(b'"price": 9', b'"price" : 8, "price" : 9'),
    "the book twice": lambda b: b.replace(b', "data"', b', "data": {}, "data"'),
    "a field less": lambda b: b.replace(b'"price": 9, ', b""),
    "a string for a number": lambda b: b.replace(b"10.50", b'"10.50"'),
    "no JSON string": lambda b: b.replace(b"10.50", b'"1_0"'),
    "an exponent": lambda b: b.replace(b"10.50", b"1E1"),
    "a small exponent": lambda b: b.replace(b"10.50", b"1e-1"),
    "a huge exponent": lambda b: b.replace(b"10.50", b"1e999999"),
    "a negative": lambda b: b.replace(b"10.50", b"-0"),
    "too many digits": lambda b: b.replace(b"10.50", b"1" * 65),
    "null": lambda b: b.replace(b"10.50", b"null"),
    "a boolean": lambda b: b.replace(b"10.50", b"true"),
    "an object": lambda b: b.replace(b"10.50", b"{}"),
    "NaN": lambda b: b.replace(b"10.50", b"NaN"),
    "Infinity": lambda b: b.replace(b"10.50", b"Infinity"),
    "a list": lambda b: b.replace(b'{"price": 10.50, "amount": 1}', b"[]"),
    "no list": lambda b: re.sub(rb'"asks": \[.*?\]', b'"asks": {}', b).replace(b"BTC", b"["),
    "an escape": lambda b: b.replace(b"BTC", b"\\u0042TC"),
    "an escape that is a key": lambda b: b.replace(b'"bids"', b'"\\u0062ids"'),
    "no UTF-8": lambda b: b.replace(b"BTC", b"\xff"),
    "a byte order mark": lambda b: b"\xef\xbb\xbf" + b,
    "truncated": lambda b: b[:-1],
    "something after it": lambda b: b + b"1",
    "a control character": lambda b: b.replace(b"BTC", b"\x01"),
    "very deep": lambda b: b.replace(b"10.50", b'{"a":' * 100_000),
    "empty": lambda _: b"",
    "another thing": lambda _: b"[]",
}


@pytest.mark.parametrize("odd", ODD)
def test_anything_odd_is_left_to_the_general_way(odd: str) -> None:
    """Duplicate keys, limits and liberality are its business."""
    content = ODD[odd](PLAIN)
    assert content != PLAIN
    assert module.plain_book(content) is None


def changed(whole: bytes, data: st.DataObject) -> bytes:
    """Another text: a few bytes of it are something else, or gone."""
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b"", b"0", b"1", b"e", b'"', b":", b"{", b"}", b"[", b"]", b",", b"-"])
        )
    return bytes(content)


@given(st.data())
def test_what_a_changed_byte_makes_of_it(data: st.DataObject) -> None:
    """Whatever is read at once, the general way reads too, and to the same."""
    content = changed(PLAIN, data)
    read = module.plain_book(content)
    if read is not None:
        assert shown(read) == shown(generally(content))


PRICES = st.none() | NUMBERS.map(Decimal)


@given(prices=st.lists(PRICES, min_size=5, max_size=5), volume=NUMBERS.map(Decimal), market=TEXTS)
def test_a_ticker_is_the_same_both_ways(
    prices: list[Decimal | None], volume: Decimal, market: str
) -> None:
    """Field for field, None where there is no price."""
    names = ("last", "bid", "ask", "high", "low")
    data: dict[str, Any] = dict(zip(names, prices, strict=True))
    sent = {"success": True, "msg": "", "data": {"market": market, **data, "volume": volume}}
    content = exact_json.dumps(sent)
    response = Response(status=200, content=content)
    body = Judge(OPERATIONS["getTicker"], None).success(response)
    modelled = reading.ticker(get_ticker._parse_success(deepcopy(body)).data)
    assert repr(direct.ticker(body)) == repr(modelled)
    read = module.plain_ticker(content)
    assert (read is None) is (None in prices or "\\" in content.decode())
    assert read is None or repr(read) == repr(modelled)


TICKER = (
    b'{"success": true, "msg": "", "data": {"market": "BTC-MXN", "last": 10.50, "bid": 9,'
    b' "ask": 11, "high": 12.0, "low": 8.000, "volume": 0.10000000}}'
)

ODD_TICKERS: dict[str, Callable[[bytes], bytes]] = {
    **{
        name: odd
        for name, odd in ODD.items()
        if name not in ("a field more", "a key twice", "a key twice, spaced", "the book twice")
        and name not in ("a field less", "a list", "no list", "an escape that is a key")
    },
    "a field more": lambda b: b.replace(b'"low"', b'"open": 1, "low"'),
    "a field in place of another": lambda b: b.replace(b'"low"', b'"lov"'),
    "a key twice": lambda b: b.replace(b'"bid"', b'"bid": 1, "bid"'),
    "the ticker twice": lambda b: b.replace(b', "data"', b', "data": {}, "data"'),
    "a field less": lambda b: b.replace(b'"bid": 9, ', b""),
    "no price": lambda b: b.replace(b"10.50", b"null"),
    "an escape that is a key": lambda b: b.replace(b'"bid"', b'"b\\u0069d"'),
}


def ticker_generally(content: bytes) -> str | None:
    """What comes of it in the general way; None for an error."""
    try:
        body = Judge(OPERATIONS["getTicker"], None).success(Response(status=200, content=content))
    except CoinBTRError:
        return None
    return repr(reading.ticker(get_ticker._parse_success(body).data))


def test_a_plain_ticker_is_read_at_once() -> None:
    """With each digit, and its name in upper case."""
    read = module.plain_ticker(TICKER.replace(b"BTC-MXN", b"Btc-mxn"))
    assert read is not None
    assert (read.book, f"{read.last} {read.low} {read.volume}") == (
        "BTC-MXN",
        "10.50 8.000 0.10000000",
    )
    assert repr(read) == ticker_generally(TICKER)


@pytest.mark.parametrize("odd", ODD_TICKERS)
def test_an_odd_ticker_is_left_to_the_general_way(odd: str) -> None:
    """As an odd book is."""
    content = ODD_TICKERS[odd](TICKER)
    assert content != TICKER
    assert module.plain_ticker(content) is None


@given(st.data())
def test_what_a_changed_byte_makes_of_a_ticker(data: st.DataObject) -> None:
    """Whatever is read at once, the general way reads too, and to the same."""
    content = changed(TICKER, data)
    read = module.plain_ticker(content)
    if read is not None:
        assert repr(read) == ticker_generally(content)
