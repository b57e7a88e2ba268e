"""What ccxt is set to counts for each request, and what came is judged by the package alone."""

from pathlib import Path
from typing import Any

import ccxt
import pytest

import coinbtr.ccxt
from coinbtr.ccxt.transport import Answered
from coinbtr.sandbox import Fault
from coinbtr.wire.engine import MAX_ANSWER_BYTES, Response
from tests.ccxt.conftest import Place, settled


def answering(place: Place, content: bytes) -> Any:
    """What stands in for ccxt's `fetch`: each request gets this answer."""

    def fetch(*_: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        raise Answered(Response(status=200, headers=headers, content=content))

    async def async_fetch(*_: Any) -> Any:
        fetch()

    return fetch if place.kind == "sync" else async_fetch


def test_the_rate_limiter_is_ccxts(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked before each request: a private one costs a fifth of a public one (60 and 300)."""
    costs: list[float] = []

    def throttle(cost: float) -> None:
        costs.append(cost)

    async def async_throttle(cost: float) -> None:
        costs.append(cost)

    async def act(exchange: Any) -> None:
        monkeypatch.setattr(
            exchange, "throttle", throttle if place.kind == "sync" else async_throttle
        )
        await settled(exchange.fetch_currencies())
        await settled(exchange.fetch_balance())
        exchange.enableRateLimit = False
        await settled(exchange.fetch_balance())
        assert costs == [1, 0.2]
        assert exchange.rateLimit == 1000

    place.run(act, enableRateLimit=True)


def test_an_answer_that_is_too_large_is_not_read(place: Place) -> None:
    """More than the package reads, whatever ccxt took."""

    async def act(exchange: Any) -> None:
        exchange.fetch = answering(place, b" " * (MAX_ANSWER_BYTES + 1))
        with pytest.raises(ccxt.BadResponse):
            await settled(exchange.fetch_currencies())

    place.run(act)


def test_a_cancel_may_be_answered_without_the_order(place: Place) -> None:
    """Then the answer says no more than that it is cancelled (ruling R020)."""

    async def act(exchange: Any) -> None:
        order = await settled(exchange.create_order("BTC/MXN", "limit", "buy", "0.01", "9000"))
        own, exchange.fetch = exchange.fetch, answering(place, b'{"success": true, "msg": ""}')
        gone = await settled(exchange.cancel_order(order["id"]))
        assert (gone["id"], gone["status"], gone["amount"]) == (order["id"], "canceled", None)
        exchange.fetch = own
        await settled(exchange.cancel_order(order["id"]))

    place.run(act)


def test_who_takes_the_answer_away_loses_it(place: Place) -> None:
    """A subclass that keeps its answer from the package can't be told what was done."""

    async def act(exchange: Any) -> None:
        await settled(exchange.load_markets())
        exchange.handle_errors = lambda *_: None
        with pytest.raises(coinbtr.ccxt.OutcomeUnknown):
            await settled(exchange.create_order("BTC/MXN", "limit", "buy", "0.01", "9000"))

    place.run(act)


@pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")
def test_what_a_former_process_left_open_is_there_to_be_found_out(
    place: Place, tmp_path: Path
) -> None:
    """By the intent log: another object knows it, looks it up, and then it is settled."""
    log = {"intentLog": str(tmp_path / "intents.jsonl"), "watermark": "read"}

    async def lose(exchange: Any) -> None:
        fault = Fault(kind="drop_answer", operations=["placeBuyLimitOrder"], count=1)
        number = place.sandbox.faults.add(fault)
        with pytest.raises(coinbtr.ccxt.OutcomeUnknown):
            await settled(exchange.create_order("BTC/MXN", "limit", "buy", "0.011", "9000"))
        place.sandbox.faults.remove(number)
        assert len(exchange.unresolved) == 1

    async def find(exchange: Any) -> None:
        [lost] = exchange.unresolved
        found = await settled(lost.reconcile(settle=0))
        assert found.kind == "found"
        assert exchange.unresolved == ()
        await settled(exchange.cancel_order(str(found.order.id)))

    place.run(lose, options=log)
    place.run(find, options=log)


def test_an_intent_log_is_one_exchange_objects(place: Place, tmp_path: Path) -> None:
    """Market data needs none; another object is refused until this one is closed or lets it go."""
    path = str(tmp_path / "intents.jsonl")

    async def act(first: Any) -> None:
        second = place.exchange(options={"intentLog": path})
        try:
            await settled(first.fetch_balance())
            await settled(second.fetch_ticker("BTC/MXN"))
            with pytest.raises(ccxt.ExchangeError, match="held by another client"):
                await settled(second.fetch_balance())
            first.options["allowWithdrawals"] = False  # a client of its own, with the same log
            await settled(first.fetch_balance())
            await settled(first.close())
            await settled(second.fetch_balance())
        finally:
            await settled(second.close())
        assert len(first.unresolved) == 0

    place.run(act, options={"intentLog": path})


@pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")
def test_the_first_order_is_found_although_one_is_alike(place: Place) -> None:
    """By default the newest order is read before the first: what was lost is told from it."""

    async def buy(exchange: Any) -> Any:
        return await settled(exchange.create_order("BTC/MXN", "limit", "buy", "0.012", "9000"))

    async def lose_one_alike(exchange: Any) -> None:
        older = await buy(exchange)
        fault = Fault(kind="drop_answer", operations=["placeBuyLimitOrder"], count=1)
        number = place.sandbox.faults.add(fault)
        fresh = place.exchange()
        try:
            with pytest.raises(coinbtr.ccxt.OutcomeUnknown) as lost:
                await buy(fresh)
            found = await settled(lost.value.reconcile(settle=0))
        finally:
            await settled(fresh.close())
            place.sandbox.faults.remove(number)
        assert found.kind == "found"
        assert str(found.order.id) != older["id"]
        for one in (older["id"], str(found.order.id)):
            await settled(exchange.cancel_order(one))

    place.run(lose_one_alike)


def test_addresses_may_be_told_by_kind(place: Place) -> None:
    """`urls["api"]` is a text, or a text for each kind of API; anything else is refused."""

    async def act(exchange: Any) -> None:
        exchange.urls["api"] = {"rest": place.base_url}
        assert await settled(exchange.fetch_currencies())
        exchange.urls["api"] = None
        with pytest.raises(ccxt.ExchangeError, match="urls"):
            await settled(exchange.fetch_currencies())

    place.run(act)
