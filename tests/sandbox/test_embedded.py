"""The sandbox as an object: credit, clocks, seeds, engines, and many threads at once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from coinbtr.__about__ import __version__
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.core.clock import SystemClock
from coinbtr.sandbox.core.errors import Refusal
from coinbtr.wire.engine import NotConnected, Request
from tests.sandbox.caller import Caller


def _books(sandbox: Sandbox) -> list[bytes]:
    base = sandbox.base_url + "/market"
    paths = ["/getorderbook?market=btc-mxn", "/gettiker?market=xem-btc", "/listbooks"]
    return [sandbox.handle(Request(method="GET", url=base + path)).content for path in paths]


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Two sandboxes of one seed and time answer alike; another seed answers otherwise."""
    assert _books(Sandbox(3, ManualClock())) == _books(Sandbox(3, ManualClock()))
    assert _books(Sandbox(3, ManualClock()))[0] != _books(Sandbox(4, ManualClock()))[0]


@pytest.mark.parametrize("seed", range(5))
def test_every_book_is_alive(seed: int) -> None:
    """Whatever the seed, each book has both sides, isn't crossed, and has a ticker."""
    caller = Caller(Sandbox(seed, ManualClock()), None)
    for book in caller.get("/market/listbooks").data:
        depth = caller.get("/market/getorderbook", market=book["name"]).data
        asks = [level["price"] for level in depth["asks"]]
        bids = [level["price"] for level in depth["bids"]]
        assert len(asks) == len(bids) == 12
        assert asks == sorted(set(asks))
        assert bids == sorted(set(bids), reverse=True)
        assert bids[0] < asks[0]
        ticker = caller.get("/market/gettiker", market=book["name"]).data
        assert ticker["low"] <= ticker["last"] <= ticker["high"]
        assert ticker["volume"] > 0


def test_credit_is_available_at_once(sandbox: Sandbox, demo: Caller, other: Caller) -> None:
    """A credit raises the balance exactly, appears as a deposit, and touches nobody else."""
    sandbox.credit("mxn", "0.00000001")
    balance = demo.get("/wallet/getbalance", coin="mxn").data
    assert balance["available"] == Decimal("1000000.00000001")
    assert demo.get("/wallet/listdeposits", limit=1).data[0]["status"] == "confirmed"
    assert other.get("/wallet/getbalance", coin="mxn").data["available"] == 1_000_000


def test_an_unconfirmed_credit_waits_for_blocks(
    sandbox: Sandbox, demo: Caller, clock: ManualClock
) -> None:
    """Pending money counts in the balance, and is available after the coin's three blocks."""
    sandbox.credit("btc", 1, confirmed=False)
    balance = demo.get("/wallet/getbalance", coin="btc").data
    assert (balance["balance"], balance["available"], balance["pending"]) == (11, 10, 1)
    clock.advance(seconds=30)
    balance = demo.get("/wallet/getbalance", coin="btc").data
    assert (balance["balance"], balance["available"], balance["pending"]) == (11, 11, 0)


def test_credit_refuses_what_is_no_amount(sandbox: Sandbox) -> None:
    """A float, nothing, less than nothing, a ninth decimal and an unknown coin are refused."""
    with pytest.raises(TypeError, match=r'write "0\.1"'):
        sandbox.credit("btc", 0.1)  # type: ignore[arg-type]  # the mistake under test
    for amount in (0, -1, "0.000000001"):
        with pytest.raises(ValueError, match=r"amount|decimals"):
            sandbox.credit("btc", amount)
    with pytest.raises(Refusal, match="coin_not_found"):
        sandbox.credit("doge", 1)


def test_a_halted_book_says_so(sandbox: Sandbox, demo: Caller) -> None:
    """A halted book is listed as closed and refuses orders, until it is resumed."""
    order = {"market": "btc-mxn", "amount": 1, "price": 500_000}
    sandbox.halt("btc-mxn")
    assert demo.get("/market/listbooks").data[0]["is_open"] is False
    assert demo.post("/trading/place/buylimit", order).refused == (409, "book_closed")
    sandbox.resume("btc-mxn")
    assert demo.post("/trading/place/buylimit", order).data["is_open"] is True


def test_a_cancelled_order_is_told_as_closed(demo: Caller) -> None:
    """Cancelling answers the order with what was left of it, no longer open."""
    order = {"market": "btc-mxn", "amount": 1, "price": 500_000}
    placed = demo.post("/trading/place/buylimit", order).data
    cancelled = demo.post("/trading/cancel/buylimit", {"id": placed["id"]}).data
    assert cancelled == {**placed, "is_open": False}


def test_the_order_book_has_as_many_levels_as_asked_for(anyone: Caller) -> None:
    """`limit` cuts each side from its best price on."""
    whole = anyone.get("/market/getorderbook", market="btc-mxn").data
    cut = anyone.get("/market/getorderbook", market="btc-mxn", limit=2).data
    assert (cut["asks"], cut["bids"]) == (whole["asks"][:2], whole["bids"][:2])


def test_what_open_orders_hold_counts_in_the_balance(demo: Caller) -> None:
    """balance = available + pending + what open orders hold."""
    demo.post("/trading/place/buylimit", {"market": "btc-mxn", "amount": 1, "price": 500_000})
    balance = demo.get("/wallet/getbalance", coin="mxn").data
    assert (balance["balance"], balance["available"]) == (1_000_000, 500_000)


def test_health_tells_that_this_is_the_sandbox(sandbox: Sandbox, anyone: Caller) -> None:
    """The health answer names service, version and time, and takes GET only."""
    url = "http://127.0.0.1:8642/_sandbox/health"
    expected = {
        "service": "coinbtr-sandbox",
        "status": "ok",
        "version": __version__,
        "time": "2021-08-15T12:00:00.000Z",
    }
    assert anyone.url("GET", url).body == expected == sandbox.health()
    assert anyone.url("POST", url).refused == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/market/listbooks", "/nowhere", "/wallet/listbalances"])
def test_every_answer_carries_the_mark(anyone: Caller, path: str) -> None:
    """Success or refusal, the header says that this is the sandbox."""
    assert anyone.get(path).headers["coinbtr-sandbox"] == __version__


def test_both_engines_give_the_same_bytes(sandbox: Sandbox) -> None:
    """The async engine answers what the sync one answers, and a closed one refuses to."""
    request = Request(method="GET", url=sandbox.base_url + "/market/listbooks")
    engine, async_engine = sandbox.engine(), sandbox.async_engine()
    assert engine.send(request) == asyncio.run(async_engine.send(request))
    engine.close()
    asyncio.run(async_engine.aclose())
    with pytest.raises(NotConnected, match="closed"):
        engine.send(request)
    with pytest.raises(NotConnected, match="closed"):
        asyncio.run(async_engine.send(request))


def test_many_threads_lose_nothing(sandbox: Sandbox, demo: Caller, other: Caller) -> None:
    """400 orders from 8 threads all get ids of their own, and money adds up afterwards."""

    def work(number: int) -> int:
        side, caller = ("buy", demo) if number % 2 else ("sell", other)
        order = {"market": "xlm-mxn", "amount": 2, "price": 7}
        return int(caller.post(f"/trading/place/{side}limit", order).data["id"])

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(work, range(400)))
    assert len(set(ids)) == 400
    assert set(sandbox.exchange.ledger.totals().values()) == {0}


def test_the_clocks_never_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a machine set back nor a negative step turns the exchange's time back."""
    clock = SystemClock()
    first = clock.now_ms()
    monkeypatch.setattr("time.time_ns", lambda: 0)
    assert clock.now_ms() == first
    with pytest.raises(ValueError, match="turned back"):
        ManualClock().advance(seconds=-1)


def test_a_failure_inside_is_answered_and_logged(
    sandbox: Sandbox,
    demo: Caller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A defect becomes a 500 with the mark and a log entry; the lock is free afterwards."""

    def broken(*_: object) -> object:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patched:
        patched.setattr(sandbox.exchange.market, "depth", broken)
        answer = demo.get("/market/getorderbook", market="btc-mxn")
    assert answer.refused == (500, "internal_error")
    assert "a defect" not in answer.sentence
    assert "getOrderBook" in caplog.text
    assert sandbox.token not in caplog.text
    assert demo.get("/market/getorderbook", market="btc-mxn").status == 200
