"""What one answer shows by itself: each check finds its own fault, in the examples made wrong."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks import judge
from coinbtr.contract.operations import operations
from tests.facade.scripted import example_answer

JSON = {"content-type": "application/json"}
# What was asked for by the requests whose answers the examples are.
ASKED = {
    "getOrderBook": "?market=btc-mxn&limit=50",
    "getTicker": "?market=btc-mxn",
    "getOpenOrder": b'{"id": 3453}',
    "placeBuyLimitOrder": b'{"market": "btc-mxn", "amount": 0.01, "price": 500000}',
}


def call(name: str, method: str | None = None) -> Call:
    """The request to an operation."""
    asked, operation = ASKED.get(name, ""), operations()[name]
    return Call(
        operation=operation,
        method=method or operation.method,
        url=f"http://exchange.test{operation.path}{asked if isinstance(asked, str) else ''}",
        content=asked if isinstance(asked, bytes) else b"",
    )


def codes(name: str, content: bytes, **changes: object) -> list[str]:
    """The rules that an answer breaks."""
    parts: dict[str, object] = {"status": 200, "headers": JSON, "content": content, **changes}
    return [problem.code for problem in judge(call(name), Answer(**parts))]  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("name", operations())
def test_the_examples_break_no_rule(name: str) -> None:
    """The description's own examples keep to it."""
    assert codes(name, example_answer(name).content) == []


BOOK, TICKER, ORDER, ORDERS = "getOrderBook", "getTicker", "getOpenOrder", "listOpenOrders"
TRADES, BALANCES = "listTransactions", "listBalances"


@pytest.mark.parametrize(
    ("name", "right", "wrong", "code"),
    [
        (BOOK, '"price":1000100.00', '"price":1000300.00', "C144"),  # asks fall
        (BOOK, '"price":999800.00', '"price":999900.00', "C144"),  # a price twice
        (BOOK, '"price":999900.00', '"price":1000150.00', "C144"),  # crossed
        (BOOK, '"amount":0.75000000', '"amount":0.00000000', "C144"),
        (BOOK, '"market":"BTC-MXN"', '"market":"ETH-MXN"', "C147"),
        (TICKER, '"low":990000.50', '"low":1010000.01', "C148"),
        (TICKER, '"low":990000.50', '"low":null', "C148"),
        (TICKER, '"bid":999900.00', '"bid":1000100.00', "C148"),
        (ORDER, '"id":3453', '"id":3454', "C147"),
        (ORDER, '"filled":0.00000000', '"filled":0.00000001', "C141"),
        (ORDER, '"is_open":true', '"is_open":false', "C141"),
        ("placeBuyLimitOrder", '"side":"BUY"', '"side":"SELL"', "C147"),
        (TRADES, '"value":9999.00000000', '"value":9999.00000001', "C142"),
        (TRADES, '"fee_coin":"MXN"', '"fee_coin":"BTC"', "C142"),
        (BALANCES, '"balance":14.21549076', '"balance":14.21549075', "C143"),
        (BALANCES, '"coin":"LTC"', '"coin":"BTC"', "C145"),  # an entry twice
        (TICKER, '"last":1000000.00', '"last":1e6', "C112"),
        (TICKER, '"last":1000000.00', '"last":NaN', "C111"),
    ],
)
def test_a_fault_of_the_body_is_found(name: str, right: str, wrong: str, code: str) -> None:
    """One place is made wrong, and its rule is named."""
    text = example_answer(name).content.decode()
    assert right in text
    assert code in codes(name, text.replace(right, wrong, 1).encode())


def test_a_list_is_newest_first() -> None:
    """An older entry before a newer one is found; the other way round it is right."""
    text = example_answer(ORDERS).content.decode()
    entry = text[text.index("[") + 1 : text.rindex("]")]
    newer = entry.replace("3454", "3455").replace("04:58:01", "04:59:01")
    whole = '{{"success":true,"msg":"","data":[{},{}]}}'
    assert codes(ORDERS, whole.format(newer, entry).encode()) == []
    assert codes(ORDERS, whole.format(entry, newer).encode()) == ["C145"]


def test_a_list_is_no_longer_than_asked_for() -> None:
    """Fifty levels a side were asked for, and one side has more."""
    levels = ",".join(f'{{"price":{1000100 + n}.00,"amount":1.00000000}}' for n in range(51))
    body = f'{{"success":true,"msg":"","data":{{"market":"BTC-MXN","asks":[{levels}],"bids":[]}}}}'
    assert codes(BOOK, body.encode()) == ["C146"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": 503}, "C101"),
        ({"status": 418}, "C102"),
        ({"headers": {"content-type": "text/html"}}, "C103"),
        ({"headers": {"content-type": "application/json; charset=latin-1"}}, "C103"),
        ({"status": 429}, "C104"),  # without Retry-After
        ({"status": 429, "headers": {**JSON, "retry-after": "soon"}}, "C104"),
    ],
)
def test_a_fault_of_the_head_is_found(changes: dict[str, object], code: str) -> None:
    """Status, content type and headers are held to the description."""
    assert code in codes(TICKER, example_answer(TICKER).content, **changes)


def test_an_undeclared_method_is_refused_with_what_is_allowed() -> None:
    """405, and a header Allow that names the declared one."""
    refusal = b'{"success":false,"msg":{"error":"no","code":"method_not_allowed"}}'

    def found(status: int, **headers: str) -> list[str]:
        answer = Answer(status=status, headers={**JSON, **headers}, content=refusal)
        return [problem.code for problem in judge(call(TICKER, "PUT"), answer)]

    assert found(405, allow="GET, HEAD") == []
    assert "C205" in found(400)
    assert "C206" in found(405, allow="POST")


def places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a body, at any depth."""
    yield path
    if isinstance(node, dict | list):
        for step in node if isinstance(node, dict) else range(len(node)):
            yield from places(node[step], (*path, step))


def replaced(node: Any, path: tuple[str | int, ...], value: object) -> Any:
    """A body with another value in one place."""
    if not path:
        return value
    changed = copy.copy(node)
    changed[path[0]] = replaced(node[path[0]], path[1:], value)
    return changed


REFUSAL = {"success": False, "msg": {"error": "no", "code": "invalid_request"}}


@pytest.mark.parametrize("name", operations())
@pytest.mark.parametrize("strange", [["x"], {"a": 1}], ids=["a list", "an object"])
def test_a_value_of_another_type_is_a_finding_wherever_it_stands(name: str, strange: Any) -> None:
    """Each place of each answer and refusal, made a list or an object, is a finding."""
    for status, right in ((200, json.loads(example_answer(name).content)), (400, REFUSAL)):
        for path in places(right):
            wrong = json.dumps(replaced(right, path, strange)).encode()
            assert codes(name, wrong, status=status), f"{path}: {strange}"
