"""What the sandbox remembers and logs of its requests, and that no token is in it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from coinbtr import CoinBTR
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.faults import Fault
from coinbtr.sandbox.logs import JSONLines
from coinbtr.sandbox.request_log import KEPT, MOST_OF_A_BODY, RequestLog
from coinbtr.wire.engine import ExchangeBroken
from tests.sandbox.caller import Caller

ORDER = {"market": "btc-mxn", "amount": 1, "price": 500_000}
BUY = "/trading/place/buylimit"
TOKEN = "s3cret-T0ken/9f8e7d6c"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the logger `coinbtr.sandbox` writes as JSON lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONLines())
    logger = logging.getLogger("coinbtr.sandbox")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """The lines that were written, read back."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_bot_sent_exactly_one_order(sandbox: Sandbox) -> None:
    """The count of an operation is what a test of a bot asserts."""
    with CoinBTR.sandbox(sandbox) as client:
        client.trading.buy_limit("btc-mxn", amount="0.01", price="500000")
    assert sandbox.requests.count("placeBuyLimitOrder") == 1
    assert sandbox.requests.count("placeSellLimitOrder") == 0
    assert sandbox.requests.count() == len(sandbox.requests.list())


def test_a_request_is_recorded_whole(
    sandbox: Sandbox, demo: Caller, anyone: Caller, clock: ManualClock
) -> None:
    """Time, method, path, query, operation, account, status and body, newest first."""
    demo.post(BUY, ORDER)
    clock.advance(ms=5)
    anyone.get("/market/gettiker", market="btc-mxn")
    ticker, order = sandbox.requests.list()
    assert (order.method, order.path, order.query) == ("POST", "/api/v1" + BUY, "")
    assert (order.operation, order.account, order.status) == ("placeBuyLimitOrder", "demo", 200)
    assert order.body == '{"market":"btc-mxn","amount":1,"price":500000}'
    assert order.duration_us > 0
    assert (ticker.query, ticker.account, ticker.body) == ("market=btc-mxn", None, "")
    assert ticker.time_ms - order.time_ms == 5
    assert sandbox.requests.list(limit=1) == [ticker]
    assert sandbox.requests.list(operation="placeBuyLimitOrder") == [order]


def test_refused_requests_are_recorded(sandbox: Sandbox, anyone: Caller, demo: Caller) -> None:
    """Without a token, without a path, with a bad body: each with its status."""
    anyone.get("/wallet/listbalances")
    anyone.get("/nothing")
    demo.post(BUY, {"market": "btc-mxn"})
    kept = [
        (request.operation, request.account, request.status) for request in sandbox.requests.list()
    ]
    assert kept == [
        ("placeBuyLimitOrder", "demo", 400),
        (None, None, 404),
        ("listBalances", None, 401),
    ]


def test_health_is_not_recorded(sandbox: Sandbox, anyone: Caller) -> None:
    """The log is of the exchange's API only."""
    anyone.url("GET", sandbox.base_url.removesuffix("/api/v1") + "/_sandbox/health")
    assert sandbox.requests.count() == 0


def test_the_last_thousand_are_kept_and_all_are_counted(sandbox: Sandbox, anyone: Caller) -> None:
    """Older ones are forgotten, but counted; `clear` begins anew."""
    for _ in range(KEPT + 10):
        anyone.get("/market/listbooks")
    assert len(sandbox.requests.list()) == KEPT == 1_000
    assert sandbox.requests.count("listBooks") == KEPT + 10
    sandbox.requests.clear()
    assert (sandbox.requests.list(), sandbox.requests.count()) == ([], 0)
    with pytest.raises(ValueError, match="limit"):
        RequestLog().list(limit=-1)


def test_a_long_body_is_cut(sandbox: Sandbox, demo: Caller) -> None:
    """The memory that a request takes is bounded."""
    demo.post(BUY, {"market": "x" * 50_000})
    assert len(sandbox.requests.list()[0].body) == MOST_OF_A_BODY


def test_no_token_is_kept_or_logged(log: io.StringIO) -> None:
    """Wherever a client puts its token, in full, escaped or cut in half, it is blanked."""
    sandbox = Sandbox(token=TOKEN)
    for token in (TOKEN, "wrong-" + TOKEN):
        caller = Caller(sandbox, token)
        caller.get("/wallet/listbalances")
        caller.get("/market/listbooks", token=token)
        caller.get(f"/market/{token}")
        caller.post(BUY, {"market": token})
        caller.post(BUY, {"market": "x" * (MOST_OF_A_BODY - 20) + token})
    assert sandbox.requests.count() == 10
    shown = repr(sandbox.requests.list()) + repr(sandbox.requests) + log.getvalue()
    assert "***" in shown
    assert "s3cret" not in shown
    assert "9f8e7d6c" not in shown
    assert "uthorization:" not in shown


def test_one_record_for_each_request(
    log: io.StringIO, sandbox: Sandbox, demo: Caller, anyone: Caller
) -> None:
    """A line of JSON with fields: what was asked, by whom, how it ended, and the fault."""
    sandbox.faults.add(Fault(kind="drop_answer", operations=("placeBuyLimitOrder",)))
    anyone.get("/market/listbooks")
    with pytest.raises(ExchangeBroken):
        demo.post(BUY, ORDER)
    books, order = lines(log)
    assert (books["level"], books["logger"]) == ("INFO", "coinbtr.sandbox")
    assert (books["operation"], books["status"], books["faults"]) == ("listBooks", 200, [])
    assert (order["method"], order["account"], order["status"]) == ("POST", "demo", None)
    assert order["faults"] == ["drop_answer"]
    assert order["duration_us"] >= 0
    assert order["message"] == "POST /api/v1/trading/place/buylimit: no answer"


def test_a_failure_of_the_sandbox_is_logged_with_its_traceback(
    log: io.StringIO, sandbox: Sandbox, demo: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At ERROR, in one line, beside the line of the request."""
    monkeypatch.setattr("coinbtr.sandbox.api.HANDLERS", {})
    assert demo.get("/wallet/listbalances").refused == (500, "internal_error")
    failure, request = lines(log)
    assert failure["level"] == "ERROR"
    assert "KeyError" in failure["exception"]
    assert request["status"] == 500


def test_nothing_is_written_when_nobody_listens(
    sandbox: Sandbox, anyone: Caller, capfd: pytest.CaptureFixture[str]
) -> None:
    """A program that set no logging up sees not a line, and no record is made."""
    logger = logging.getLogger("coinbtr.sandbox")
    made: list[object] = []

    def watch(record: logging.LogRecord) -> bool:
        made.append(record)
        return True

    logger.addFilter(watch)
    try:
        anyone.get("/market/listbooks")
    finally:
        logger.filters.clear()
    assert made == []
    assert capfd.readouterr() == ("", "")
