"""The sandbox serves the description: every operation, every answer in its schema, every code."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from coinbtr import description
from coinbtr.sandbox import schemas
from coinbtr.sandbox.core.errors import Code
from coinbtr.sandbox.handlers import HANDLERS, PERMISSIONS
from coinbtr.sandbox.operations import Operation, table
from scripts.rulings import operations
from tests.sandbox.caller import Answer, Caller

OPERATIONS: Mapping[str, Operation] = {
    operation.operation_id: operation
    for methods in table().paths.values()
    for operation in methods.values()
}

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
ORDER = {"market": "btc-mxn", "amount": 1, "price": 500_000}
SALE = {"market": "btc-mxn", "amount": 1, "price": 2_000_000}


def _placed(caller: Caller, side: str) -> dict[str, int]:
    body = ORDER if side == "buy" else SALE
    return {"id": int(caller.post(f"/trading/place/{side}limit", body).data["id"])}


def _traded(caller: Caller) -> dict[str, int]:
    caller.post("/trading/place/buylimit", {"market": "xlm-mxn", "amount": 10, "price": 8})
    return {"id": int(caller.post("/trading/listtransactions").data[0]["id"])}


def _withdrawn(caller: Caller) -> Answer:
    body = {"coin": "btc", "address": ADDRESS, "amount": 1}
    return caller.post("/wallet/withdraw", body)


CALLS: Mapping[str, Callable[[Caller], Answer]] = {
    "getProfile": lambda c: c.get("/wallet/user/profile"),
    "getSession": lambda c: c.get("/user/session"),
    "getDepositAddress": lambda c: c.get("/wallet/getdepositaddress", coin="btc"),
    "withdraw": _withdrawn,
    "listBalances": lambda c: c.get("/wallet/listbalances"),
    "getBalance": lambda c: c.get("/wallet/getbalance", coin="mxn"),
    "listWithdrawals": lambda c: (_withdrawn(c), c.get("/wallet/listwithdraws", coin="BTC"))[1],
    "listDeposits": lambda c: c.get("/wallet/listdeposits", limit=3, offset=1),
    "placeBuyLimitOrder": lambda c: c.post("/trading/place/buylimit", ORDER),
    "placeSellLimitOrder": lambda c: c.post("/trading/place/selllimit", SALE),
    "cancelBuyLimitOrder": lambda c: c.post("/trading/cancel/buylimit", _placed(c, "buy")),
    "cancelSellLimitOrder": lambda c: c.post("/trading/cancel/selllimit", _placed(c, "sell")),
    "listOpenOrders": lambda c: (_placed(c, "buy"), c.post("/trading/listopenorders"))[1],
    "getOpenOrder": lambda c: c.post("/trading/getopenorder", _placed(c, "sell")),
    "listTransactions": lambda c: (_traded(c), c.post("/trading/listtransactions", {}))[1],
    "getTransaction": lambda c: c.post("/trading/gettransaction", _traded(c)),
    "listBooks": lambda c: c.get("/market/listbooks"),
    "getOrderBook": lambda c: c.get("/market/getorderbook", market="btc-mxn", limit=3),
    "getTicker": lambda c: c.get("/market/gettiker", market="xlm-mxn"),
    "get24hVolume": lambda c: c.get("/market/get24hvolume", market="XEM-BTC"),
    "getCurrencies": lambda c: c.get("/market/getcurrencies"),
}


def _answer_schema(operation_id: str, status: int) -> Mapping[str, Any]:
    source = description.load()
    operation = OPERATIONS[operation_id]
    raw = source["paths"][operation.path][operation.method.lower()]
    answer = schemas.resolve(source, raw["responses"][str(status)])
    schema: Mapping[str, Any] = answer["content"]["application/json"]["schema"]
    return schema


def test_every_operation_has_a_handler_and_no_handler_is_left_over() -> None:
    """What the description lists is served, and nothing else is."""
    assert set(HANDLERS) == set(OPERATIONS)
    assert set(CALLS) == set(OPERATIONS)


def test_market_operations_are_public_and_no_others() -> None:
    """Who needs a token is what the description says: whoever wants more than market data."""
    public = {name for name, operation in OPERATIONS.items() if not operation.secured}
    assert public == {
        operation["operationId"]
        for operation in operations(description.load())
        if operation["tags"] == ["market"]
    }
    assert set(PERMISSIONS) <= set(OPERATIONS) - public


@pytest.mark.parametrize("operation_id", sorted(OPERATIONS))
def test_the_answer_keeps_to_its_schema(operation_id: str, demo: Caller) -> None:
    """Each operation's success has its documented status and validates, money to 8 decimals."""
    answer = CALLS[operation_id](demo)
    assert answer.status == 200, answer.body
    errors = schemas.validator(_answer_schema(operation_id, 200)).iter_errors(answer.body)
    assert [error.message for error in errors] == []
    assert answer.data not in ({}, []), "an empty answer proves nothing"


@pytest.mark.parametrize("operation_id", sorted(OPERATIONS))
def test_a_refusal_keeps_to_its_schema(operation_id: str, demo: Caller, anyone: Caller) -> None:
    """Each operation's refusal of a strange query has a documented status and validates."""
    operation = OPERATIONS[operation_id]
    for caller in (demo, anyone):
        answer = caller.send(operation.method, f"{operation.path}?nonsense=1")
        errors = schemas.validator(_answer_schema(operation_id, answer.status)).iter_errors(
            answer.body
        )
        assert [error.message for error in errors] == []
        assert answer.refused in ((400, "invalid_request"), (401, "authentication_required"))


def test_every_code_of_the_sandbox_is_in_the_description() -> None:
    """The codes that the core and the router know are documented, each with one status."""
    listed = table().statuses
    assert {str(code) for code in Code} <= set(listed)
    sandbox = Path(__file__).parents[2] / "coinbtr/sandbox"
    source = "".join((sandbox / name).read_text("utf-8") for name in ("router.py", "api.py"))
    written = set(re.findall(r'RequestRefused\(\s*"(\w+)"', source))
    assert written
    assert written <= set(listed)


def test_numbers_of_the_description_are_exact() -> None:
    """No float came out of the YAML, anywhere in it."""
    stack: list[Any] = [description.load()]
    while stack:
        node = stack.pop()
        assert not isinstance(node, float)
        if isinstance(node, dict):
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
