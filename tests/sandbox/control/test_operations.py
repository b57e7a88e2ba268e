"""Every operation of the control plane over its wire: what it does, and what it answers."""

from decimal import Decimal
from operator import attrgetter
from typing import Any

import pytest

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.control.handlers import HANDLERS
from coinbtr.sandbox.control.surface import BASE_PATH, control_table
from coinbtr.sandbox.faults import KINDS
from tests.sandbox.caller import Caller
from tests.sandbox.control.conftest import OPERATIONS, SOURCE, Controller

BY_THE_ROUTER = {"getHealth": "health"}
"""Answered before any surface is asked: it proves the sandbox even when all else fails."""


def test_each_operation_has_a_handler_and_a_method(sandbox: Sandbox) -> None:
    """The description, the handlers and the methods of `Sandbox` tell of the same things."""
    methods = {name: handler.method for name, handler in HANDLERS.items()} | BY_THE_ROUTER
    assert set(methods) == set(OPERATIONS)
    for method in methods.values():
        assert callable(attrgetter(method)(sandbox)), method


def test_the_base_path_is_that_of_the_description() -> None:
    """The surface knows it without reading the description."""
    assert control_table().base_path == BASE_PATH


def test_the_description_lists_the_faults_there_are() -> None:
    """A kind of fault that the description doesn't know could not be switched on."""
    assert tuple(SOURCE["components"]["schemas"]["FaultKind"]["enum"]) == KINDS


def test_every_operation_answers_as_described(controller: Controller, demo: Caller) -> None:
    """Each operation once at least, in an order that makes sense; no field is undocumented."""
    call = controller.call
    order = demo.post("/trading/place/buylimit", {"market": "btc-mxn", "amount": 1, "price": 9000})
    assert order.status == 200
    assert call("getHealth").body["service"] == "coinbtr-sandbox"
    assert call("getDescription").body["openapi"] == "3.1.0"
    assert call("haltBook", {"market": "btc-mxn"}).data["is_open"] is False
    assert call("resumeBook", {"market": "BTC-MXN"}).data["is_open"] is True
    assert len(call("getBookDetail", market="btc-mxn", limit=3).data["asks"]) == 3
    assert call("listCandles", market="btc-mxn", interval=3600).data
    assert call("openAccount", {"username": "ana"}).data["email"] == "ana@sandbox.invalid"
    credit = {"account": "ana", "coin": "btc", "amount": Decimal("0.5"), "confirmed": False}
    coming, going = (call("credit", credit).data for _ in range(2))
    assert (coming["status"], coming["amount"]) == ("pending", Decimal("0.50000000"))
    assert call("confirmTransfer", {"id": coming["id"]}).data["status"] == "confirmed"
    assert call("failTransfer", {"id": going["id"]}).data["status"] == "failed"
    assert [one["id"] for one in call("listTransfers", account="ana").data] == [
        going["id"],
        coming["id"],
    ]
    accounts = {one["username"]: one for one in call("listAccounts").data}
    assert {
        "coin": "BTC",
        "available": Decimal("0.5"),
        "frozen": 0,
        "pending": 0,
        "total": Decimal("0.5"),
    } in (accounts["ana"]["balances"])
    assert [one["id"] for one in call("listOrders", account="demo").data] == [order.data["id"]]
    issued = call("issueToken", {"account": "ana", "trade": False, "expires_in": 60}).data
    assert Caller(controller.sandbox, issued["token"]).get("/wallet/user/profile").status == 200
    assert issued["id"] in [one["id"] for one in call("listTokens").data]
    assert call("revokeToken", {"id": issued["id"]}).data["account"] == "ana"
    assert Caller(controller.sandbox, issued["token"]).get("/wallet/user/profile").status == 401
    assert call("advanceClock", {"seconds": Decimal("1.5")}).data["skipped_seconds"] == Decimal(
        "1.5"
    )
    assert call("startLiveMarket").data == {"live": True}
    assert call("stopLiveMarket").data == {"live": False}
    assert call("takeSnapshot", {"name": "one"}).data["name"] == "one"
    document = call("exportSnapshot", name="one").data
    assert call("importSnapshot", {"name": "two", "document": document}).data["name"] == "two"
    assert call("restoreSnapshot", {"name": "two"}).status == 200
    assert call("removeSnapshot", {"name": "two"}).status == 200
    assert [one["name"] for one in call("listSnapshots").data] == ["one"]
    fault = {"kind": "server_error", "operations": ["getTicker"], "share": "1/2", "count": 3}
    added = call("addFault", fault).data
    assert (added["status"], added["share"], added["done"]) == (503, "1/2", 0)
    assert [one["id"] for one in call("listFaults").data] == [added["id"]]
    assert call("removeFault", {"id": added["id"]}).data["kind"] == "server_error"
    call("addFault", {"kind": "latency", "ms": 1})
    assert call("getOverview").data["counts"]["faults"] == 1
    assert call("clearFaults").data == {"cleared": 1}
    seen = call("listRequests", operation="getProfile").data
    assert [(one["status"], one["account"]) for one in seen] == [(401, None), (200, "ana")]
    assert call("clearRequests").data["cleared"] >= 3
    assert call("resetExchange").data["skipped_seconds"] == 0
    assert controller.called == set(OPERATIONS)


@pytest.mark.parametrize(
    ("operation", "body", "refused", "words"),
    [
        ("haltBook", {"market": "btc-eur"}, (404, "book_not_found"), "BTC-MXN"),
        ("haltBook", {}, (400, "invalid_request"), "market"),
        ("haltBook", {"market": "btc-mxn", "why": 1}, (400, "invalid_request"), "why"),
        ("openAccount", {"username": "demo"}, (409, "account_exists"), "demo"),
        ("openAccount", {"username": "a b"}, (400, "invalid_request"), "username"),
        (
            "credit",
            {"account": "ana", "coin": "btc", "amount": 1},
            (404, "account_not_found"),
            "other",
        ),
        (
            "credit",
            {"account": "demo", "coin": "doge", "amount": 1},
            (404, "coin_not_found"),
            "BTC",
        ),
        (
            "credit",
            {"account": "demo", "coin": "btc", "amount": Decimal("1e-9")},
            (400, "invalid_request"),
            "8 decimals",
        ),
        (
            "credit",
            {"account": "demo", "coin": "btc", "amount": 0},
            (400, "invalid_request"),
            "more than 0",
        ),
        (
            "issueToken",
            {"account": "demo", "allowed_ips": ["nowhere"]},
            (422, "invalid_value"),
            "allowed_ips",
        ),
        ("revokeToken", {"id": "0" * 16}, (404, "token_not_found"), "token"),
        ("confirmTransfer", {"id": 10**6}, (404, "transfer_not_found"), "1000000"),
        ("confirmTransfer", {"id": 1}, (409, "transfer_ended"), "confirmed"),
        ("failTransfer", {"id": "1"}, (400, "invalid_request"), "integer"),
        ("restoreSnapshot", {"name": "none"}, (404, "snapshot_not_found"), "none"),
        ("takeSnapshot", {"name": "../x"}, (400, "invalid_request"), "name"),
        ("advanceClock", {"seconds": -1}, (400, "invalid_request"), "0 or more"),
        ("removeFault", {"id": 7}, (404, "fault_not_found"), "7"),
        ("addFault", {"kind": "flood"}, (400, "invalid_request"), "latency"),
        ("addFault", {"kind": "latency", "status": 500}, (422, "invalid_value"), "status"),
        ("addFault", {"kind": "latency", "operations": ["x"]}, (422, "invalid_value"), "getTicker"),
    ],
)
def test_what_is_refused_says_what_would_be_right(
    controller: Controller, operation: str, body: Any, refused: tuple[int, str], words: str
) -> None:
    """A documented status, a code, and a sentence with the field or what there is instead."""
    answer = controller.call(operation, body)
    assert answer.refused == refused
    assert words in answer.sentence


def test_lists_are_cut(controller: Controller) -> None:
    """`limit` and `offset` choose a part of a list, from its beginning."""
    whole = [one["id"] for one in controller.call("listOrders", limit=1000).data]
    assert len(whole) > 100
    assert whole == sorted(whole, reverse=True)
    assert [one["id"] for one in controller.call("listOrders", limit=5, offset=3).data] == whole[
        3:8
    ]
    of_one = controller.call("listOrders", market="xlm-mxn", limit=1000).data
    assert {one["market"] for one in of_one} == {"XLM-MXN"}
