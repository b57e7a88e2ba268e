"""Bad input gets the documented refusal, whatever it is, and never changes anything."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

import pytest
from coinbtr_api import exact_json

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.schemas import validator
from coinbtr.sandbox.validation import InvalidInput, ObjectReader
from tests.sandbox.caller import Caller

JSON = {"Content-Type": "application/json"}
BUY = "/trading/place/buylimit"
WITHDRAW = "/wallet/withdraw"
ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


def _order(amount: str = "0.01", price: str = "500000", market: str = '"btc-mxn"') -> bytes:
    return f'{{"market": {market}, "amount": {amount}, "price": {price}}}'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[1, 2",
        b"not json",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        _order(amount="NaN"),
        _order(amount="Infinity"),
        _order(amount="1e400"),
        _order(amount="1e-400"),
        _order(amount="1" * 5000),
        _order(amount="01"),
        _order(amount=".5"),
        b'{"market": "btc-mxn", "amount": 1, "amount": 2, "price": 500000}',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        _order() + b"{}",
    ],
    ids=lambda content: repr(content[:24]),
)
def test_what_is_no_exact_json_is_refused(demo: Caller, content: bytes) -> None:
    """Malformed JSON, numbers that can't be kept and repeated keys are `invalid_json`."""
    answer = demo.send("POST", BUY, content, JSON)
    assert answer.refused == (400, "invalid_json")
    assert len(answer.sentence) <= 1000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'"text"', "must be a JSON object"),
        (b"{}", "market: this field is required."),
        (_order(amount='"0.01"'), "amount: must be a JSON number"),
        (_order(amount="true"), "amount: must be a JSON number"),
        (_order(amount="null"), "amount: must be a JSON number"),
        (_order(amount="[]"), "amount: must be a JSON number"),
        (_order(amount="0"), "amount: must be more than 0"),
        (_order(amount="-0.01"), "amount: must be more than 0"),
        (_order(amount="-0.0"), "amount: must be more than 0"),
        (_order(amount="1000000000000.00000001"), "amount: must be 1000000000000 or less"),
        (_order(amount="1e60"), "amount: must be 1000000000000 or less"),
        (_order(amount="0.000000001"), "amount: must have at most 8 decimals"),
        (_order(price="1e-9"), "price: must have at most 8 decimals"),
        (_order(market="5"), "market: must be a string"),
        (_order(market='"btc_mxn"'), "market: must match"),
        (_order(market='"btc-mxn\\n"'), "market: must match"),
        (_order(market='"btc-mxn\\u0000"'), "market: must match"),
        (_order(market='"ｂｔｃ-mxn"'), "market: must match"),
        (_order()[:-1] + b', "side": "BUY"}', "side: there is no such field"),
        (_order()[:-1] + b', "' + b"x" * 5000 + b'": 1}', "there is no such field"),
    ],
    ids=lambda value: repr(value[:60]) if isinstance(value, bytes) else "",
)
def test_what_breaks_the_schema_is_refused_by_name(
    demo: Caller, content: bytes, words: str
) -> None:
    """Wrong types, bounds, decimals and unknown fields are `invalid_request`, naming the field."""
    answer = demo.send("POST", BUY, content, JSON)
    assert answer.refused == (400, "invalid_request")
    assert words in answer.sentence
    assert len(answer.sentence) <= 1000


def test_a_refusal_stays_short(demo: Caller) -> None:
    """However many fields are wrong, the sentence keeps to the 1000 characters of the schema."""
    answer = demo.post(BUY, {f"{number}{'x' * 100}": 1 for number in range(100)})
    assert answer.refused == (400, "invalid_request")
    assert 0 < len(answer.sentence) <= 1000


def test_digits_of_a_pattern_are_ascii_digits() -> None:
    """A pattern means what it means in JSON Schema: `\\d` is 0 to 9, and `$` the very end."""
    digits = validator({"type": "string", "pattern": r"^\d+$"})
    assert digits.is_valid("2018")
    assert not digits.is_valid("٢٠١٨")
    assert not digits.is_valid("2018\n")


@pytest.mark.parametrize("content", [b'{"id": 0}', b'{"id": "1"}', b'{"id": 1.5}', b'{"id": 1e30}'])
def test_an_id_is_a_positive_integer(demo: Caller, content: bytes) -> None:
    """Ids that no order can have are `invalid_request`, not looked up."""
    assert demo.send("POST", "/trading/getopenorder", content, JSON).refused == (
        400,
        "invalid_request",
    )


def test_an_integral_number_is_an_integer(demo: Caller) -> None:
    """JSON Schema counts 1.0 as an integer, and so does the sandbox."""
    answer = demo.send("POST", "/trading/getopenorder", b'{"id": 1.0}', JSON)
    assert answer.refused == (404, "order_not_found")


def test_zeros_beyond_the_eighth_decimal_are_no_decimals(demo: Caller) -> None:
    """0.0100000000 is 0.01."""
    answer = demo.send("POST", BUY, _order(amount="0.0100000000"), JSON)
    assert answer.data["amount"] == exact_json.loads("0.01000000")


def _numbers() -> Iterator[Decimal]:
    for number, exponent in product((1, 10, 12), (-10, -9, -8, -3, -2, 0)):
        yield Decimal(number).scaleb(exponent)


def test_what_is_plainly_right_is_right() -> None:
    """A reader takes what the exact validator takes, and nothing else, wherever a number stands."""
    money = {"type": "number", "format": "decimal"}
    schema = {
        "type": "object",
        "properties": {
            "fine": money,
            "coarse": {**money, "x-decimal-places": 2},
            "list": {"type": "array", "items": money},
            "object": {"type": "object", "properties": {"money": money}},
        },
    }
    reader, exact = ObjectReader(schema, "field"), validator(schema)
    pairs = [{"fine": fine, "coarse": coarse} for fine, coarse in product(_numbers(), repeat=2)]
    alone = [{name: number} for name in ("fine", "coarse") for number in (5, *_numbers())]
    within = [{"list": [1, number], "object": {"money": number}} for number in _numbers()]
    for sent in (*pairs, *alone, *within):
        if exact.is_valid(sent):
            assert reader.read(sent) is sent
        else:
            with pytest.raises(InvalidInput, match="decimals"):
                reader.read(sent)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "market: this query parameter is required."),
        ("market=", "market: must"),
        ("market=btc-mxn&market=btc-mxn", "once only"),
        ("market=btc-mxn&depth=5", "depth: there is no such query parameter"),
        ("market=btc-mxn&limit=0", "limit: must be 1 or more"),
        ("market=btc-mxn&limit=1001", "limit: must be 1000 or less"),
        ("market=btc-mxn&limit=1.0", "limit: must be an integer"),
        ("market=btc-mxn&limit=%2B5", "limit: must be an integer"),
        ("market=btc-mxn&limit=1e2", "limit: must be an integer"),
        ("market=btc-mxn&limit=1_0", "limit: must be an integer"),
        ("market=btc-mxn&limit=%D9%A3", "limit: must be an integer"),
        ("market=btc-mxn&limit=" + "9" * 5000, "limit: must be an integer"),
        ("market=btc-mxn&limit", "limit: must be an integer"),
        ("market=btc-mxn%0A", "market: must match"),
        ("market=%ff", "not UTF-8"),
        ("&".join(f"a{number}=1" for number in range(99)), "more than 50"),
    ],
    ids=lambda value: value[:40],
)
def test_a_bad_query_is_refused_by_name(anyone: Caller, query: str, words: str) -> None:
    """Missing, repeated, unknown and mistyped parameters are `invalid_request`."""
    answer = anyone.send("GET", f"/market/getorderbook?{query}")
    assert answer.refused == (400, "invalid_request")
    assert words in answer.sentence


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (BUY, {"market": "btc-doge", "amount": 1, "price": 1}, "book_not_found"),
        (WITHDRAW, {"coin": "doge", "address": ADDRESS, "amount": 1}, "coin_not_found"),
        ("/trading/listopenorders", {"market": "btc-doge"}, "book_not_found"),
        ("/trading/listtransactions", {"market": "btc-doge"}, "book_not_found"),
        ("/trading/gettransaction", {"id": 999_999}, "transaction_not_found"),
        ("/trading/cancel/buylimit", {"id": 999_999}, "order_not_found"),
    ],
)
def test_what_does_not_exist_is_not_found(demo: Caller, path: str, body: object, code: str) -> None:
    """Unknown books, coins and ids are 404, each with its own code."""
    assert demo.post(path, body).refused == (404, code)


@pytest.mark.parametrize(
    "method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "X"]
)
def test_another_method_is_not_allowed(demo: Caller, method: str) -> None:
    """A method that is not documented is 405, and `Allow` says which one is."""
    answer = demo.send(method, BUY)
    assert answer.status == 405
    assert answer.headers["allow"] == "POST"
    if method == "HEAD":
        assert answer.body is None
    else:
        assert answer.refused == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8642/index.html",
        "http://127.0.0.1:8642",
        "http://127.0.0.1:8642?x",
        "http://127.0.0.1:8642/api/v1",
        "http://127.0.0.1:8642/api/v1/",
        "http://127.0.0.1:8642/api/v1/market/listbooks/",
        "http://127.0.0.1:8642/api/v1//market/listbooks",
        "http://127.0.0.1:8642/api/v1/market/../market/listbooks",
        "http://127.0.0.1:8642/api/v1/market%2Flistbooks",
        "http://127.0.0.1:8642/api/v1/MARKET/LISTBOOKS",
        "http://127.0.0.1:8642/api/v1/market/listbooks;x=1",
        "http://127.0.0.1:8642/api/v1/kittens",
        "http://127.0.0.1:8642/api/v2/market/listbooks",
        "http://[::1/api/v1/market",
        "http://127.0.0.1:8642/api/v1/\x00\ud800é",
        "",
        "*",
        "//",
    ],
)
def test_an_unknown_path_is_not_found(demo: Caller, url: str) -> None:
    """Whatever is no documented path, letter for letter, is `not_found`."""
    assert demo.url("GET", url).refused == (404, "not_found")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "authentication_required"),
        ("", "invalid_token"),
        ("Token", "invalid_token"),
        ("Token ", "invalid_token"),
        ("Token wrong", "invalid_token"),
        ("Token wörng \ud800", "invalid_token"),
        ("Bearer {token}", "invalid_token"),
        ("{token}", "invalid_token"),
        ("Token {token}x", "invalid_token"),
        ("Token {token}, Token {token}", "invalid_token"),
    ],
)
def test_a_missing_or_wrong_token_is_refused(
    sandbox: Sandbox, anyone: Caller, header: str | None, code: str
) -> None:
    """Without a token it is `authentication_required`, with a wrong one `invalid_token`."""
    headers = {} if header is None else {"Authorization": header.format(token=sandbox.token)}
    answer = anyone.send("GET", "/wallet/listbalances", headers=headers)
    assert answer.refused == (401, code)
    assert sandbox.token not in answer.sentence
    assert answer.headers["www-authenticate"] == "Token"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json, application/json"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_another_media_type_is_refused(demo: Caller, headers: dict[str, str]) -> None:
    """A body that isn't declared as plain JSON in UTF-8 is 415."""
    assert demo.send("POST", BUY, _order(), headers).refused == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind",
    ["Application/JSON", "application/json;charset=UTF-8", 'application/json; charset="utf-8"'],
)
def test_the_media_type_can_be_written_in_many_ways(demo: Caller, kind: str) -> None:
    """Letter case and a charset of UTF-8 don't matter."""
    assert demo.send("POST", BUY, _order(), {"content-TYPE": kind}).status == 200


def test_a_body_over_the_limit_is_refused(demo: Caller) -> None:
    """65536 bytes are read; one more is 413, and so is a header that announces it."""
    padded = _order() + b" " * (65_536 - len(_order()))
    assert demo.send("POST", BUY, padded, JSON).status == 200
    assert demo.send("POST", BUY, padded + b" ", JSON).refused == (413, "body_too_large")
    announced = {**JSON, "Content-Length": "5000000"}
    assert demo.send("POST", BUY, b"", announced).refused == (413, "body_too_large")


def test_a_required_body_must_be_there(demo: Caller) -> None:
    """An operation that needs a body says so; one that doesn't takes none."""
    assert demo.send("POST", BUY).refused == (400, "invalid_request")
    assert demo.send("POST", "/trading/listopenorders").data == []


def test_a_get_may_declare_json_and_send_nothing(demo: Caller) -> None:
    """The reference's own sample sends `Content-Type: application/json` with a GET."""
    assert demo.send("GET", "/wallet/listbalances", headers=JSON).status == 200


def test_checks_come_in_their_order(sandbox: Sandbox, anyone: Caller, demo: Caller) -> None:
    """Path, method, token, size, media type, JSON, schema, permission, business: first one wins."""
    reader = Caller(sandbox, sandbox.issue_token(trade=False))
    huge = b"x" * 70_000
    poor = _order(amount="100", price="10000000")
    steps = [
        (anyone, "PUT", "/nowhere", huge, {}, "not_found"),
        (anyone, "PUT", BUY, huge, {}, "method_not_allowed"),
        (anyone, "POST", BUY, huge, {}, "authentication_required"),
        (reader, "POST", BUY, huge, {}, "body_too_large"),
        (reader, "POST", BUY, b"x", {}, "unsupported_media_type"),
        (reader, "POST", BUY, b"x", JSON, "invalid_json"),
        (reader, "POST", BUY, b"{}", JSON, "invalid_request"),
        (reader, "POST", BUY, poor, JSON, "permission_denied"),
        (demo, "POST", BUY, poor, JSON, "insufficient_funds"),
    ]
    for caller, method, path, content, headers, code in steps:
        assert caller.send(method, path, content, headers).refused[1] == code


def test_refused_requests_change_nothing(demo: Caller) -> None:
    """After a series of refused orders and withdrawals, balances and orders are as before."""
    before = demo.get("/wallet/listbalances").data
    for content in (_order(amount="0"), _order(amount="0.0000001"), _order(price="1")):
        assert demo.send("POST", BUY, content, JSON).status in (400, 422)
    demo.post(WITHDRAW, {"coin": "btc", "address": ADDRESS, "amount": 11})
    assert demo.get("/wallet/listbalances").data == before
    assert demo.post("/trading/listopenorders").data == []
