"""A request that moves money is never sent twice through ccxt, and a lost answer is found out."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import ccxt
import pytest
from attrs import define

import coinbtr.ccxt
from coinbtr import errors
from coinbtr.sandbox import Sandbox
from tests.ccxt.conftest import Place, settled
from tests.facade.faults.front import Front, Trouble, fronting, silence
from tests.facade.faults.matrix import FAULTS, Fault
from tests.facade.faults.steering import addresses

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
MET = [
    fault
    for fault in FAULTS
    # One with Retry-After differs from the one without by a wait only, which is a real one here.
    if fault.spoil is not None and not fault.interrupts and fault.name != "429 with Retry-After"
]
IDS = [f"{fault.name}{', done' if fault.carried_out else ''}" for fault in MET]
# What ccxt is set to when it is told to try again: no order may care.
STUBBORN = {"options": {"maxRetriesOnFailure": 2, "maxRetriesOnFailureDelay": 1}, "timeout": 400}


def buy(exchange: Any) -> Any:
    """An order that rests."""
    return exchange.create_order("BTC/MXN", "limit", "buy", "0.001", "900000")


def withdraw(exchange: Any) -> Any:
    """A withdrawal."""
    return exchange.withdraw("BTC", "0.002", ADDRESS)


@define
class Scene:
    """An exchange that meets faults, and the server that makes them and knows the truth."""

    exchange: Any
    front: Front
    kind: str

    async def meet(self, fault: Fault, call: Callable[[Any], Any], times: int = 1) -> Any:
        """The result of a call whose next requests meet the fault, or what it raised."""
        assert fault.spoil is not None
        self.front.received.clear()
        self.front.trouble = Trouble(fault.spoil, fault.stage, fault.carried_out, times)
        try:
            return await settled(call(self.exchange))
        except ccxt.BaseError as error:
            if fault.spoil is silence:
                await asyncio.to_thread(self.front.received.wait, 2)
            return error
        finally:
            self.front.trouble = None


def staged(kind: str, act: Callable[[Scene], Any]) -> None:
    """Run a scene: a fresh sandbox, its front, an exchange that knows what is in the account."""
    sandbox = Sandbox()
    with fronting(sandbox) as front:

        async def whole(exchange: Any) -> None:
            await settled(buy(exchange))
            await settled(withdraw(exchange))
            await settled(exchange.fetch_my_trades())
            await act(Scene(exchange, front, kind))

        Place(sandbox, front.url, kind).run(whole, **STUBBORN)


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("fault", MET, ids=IDS)
def test_money_is_sent_once(fault: Fault, kind: str) -> None:
    """Whatever ccxt's options say; a lost answer is a RequestTimeout that finds the truth."""

    async def act(scene: Scene) -> None:
        order = await settled(buy(scene.exchange))
        calls = {
            "/trading/place/buylimit": buy,
            "/wallet/withdraw": withdraw,
            "/trading/cancel/buylimit": lambda exchange: exchange.cancel_order(order["id"]),
        }
        for path, call in calls.items():
            before = len(scene.front.carried)
            got = await scene.meet(fault, call)
            done = scene.front.carried[before:].count(path)
            if fault.repeats:
                assert not isinstance(got, BaseException), (path, got)
                assert done == 1
                continue
            assert done == fault.carried_out, path
            assert type(got) is coinbtr.ccxt.OutcomeUnknown, (path, got)
            assert isinstance(got, ccxt.RequestTimeout)
            assert isinstance(got.lost.cause, fault.error)
            found = await settled(got.reconcile(settle=0))
            if "cancel" in path:
                assert found.kind == ("cancelled" if fault.carried_out else "still_open")
            else:
                assert found.kind == ("found" if fault.carried_out else "not_found")
            assert scene.front.carried[before:].count(path) == done

    staged(kind, act)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_reads_are_sent_again_as_ccxt_is_told(kind: str) -> None:
    """`maxRetriesOnFailure` counts for what only reads; then it is ccxt's own error."""

    async def act(scene: Scene) -> None:
        fault = next(one for one in MET if one.error is errors.AnswerTimeout)
        got = await scene.meet(fault, lambda exchange: exchange.fetch_balance(), times=2)
        assert Decimal(got["BTC"]["total"]) > 0
        got = await scene.meet(fault, lambda exchange: exchange.fetch_balance(), times=3)
        assert type(got) is ccxt.RequestTimeout

    staged(kind, act)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_an_order_without_a_connection_was_not_sent(kind: str) -> None:
    """Nobody listens: that is no lost answer, and there is nothing to be found out.

    Where a connection doesn't come about in time, aiohttp doesn't say so under ccxt: its time-out
    for the whole request ends first. The async exchange then takes it for a lost answer.
    """
    late = ccxt.RequestTimeout if kind == "sync" else coinbtr.ccxt.OutcomeUnknown
    sandbox = Sandbox()
    with addresses("httpx") as astray, fronting(sandbox) as front:

        async def act(exchange: Any) -> None:
            await settled(exchange.load_markets())
            for name, error in (
                ("refused", ccxt.ExchangeNotAvailable),
                ("full", late),
            ):
                exchange.urls["api"] = f"{astray[name]}/api/v1"
                with pytest.raises(ccxt.NetworkError) as caught:
                    await settled(buy(exchange))
                assert type(caught.value) is error

        Place(sandbox, front.url, kind).run(act, timeout=150)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_settings_that_ccxt_refuses_send_nothing(kind: str) -> None:
    """Two proxies at once: no order went out, and it says so."""
    sandbox = Sandbox()
    with fronting(sandbox) as front:

        async def act(exchange: Any) -> None:
            await settled(exchange.load_markets())
            exchange.httpProxy = "http://127.0.0.1:1"
            exchange.httpsProxy = "http://127.0.0.1:1"
            with pytest.raises(ccxt.ExchangeNotAvailable, match="conflicting proxy"):
                await settled(buy(exchange))

        Place(sandbox, front.url, kind).run(act)
    assert not any("place" in path for path in front.arrived)
