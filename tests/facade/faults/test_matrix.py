"""The fault matrix: no duplicate, no silent loss, the right error, and the truth by reconcile()."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import define
from coinbtr_api.operations import OPERATIONS

from coinbtr import CoinBTR, CoinBTRError, OutcomeUnknown
from coinbtr.sandbox import ManualClock, Sandbox
from tests.facade.faults.front import MOST_SECONDS, Front, Trouble, fronting, silence
from tests.facade.faults.matrix import FAULTS, Fault, render
from tests.facade.faults.steering import (
    Call,
    PatientClock,
    Wheel,
    addresses,
    client,
    settled,
)
from tests.facade.scripted import CALLS, OPEN

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
READS = [name for name, operation in OPERATIONS.items() if operation.effect == "read"]
IDS = [f"{fault.name}{', done' if fault.carried_out else ''}" for fault in FAULTS]


@pytest.fixture(autouse=True)
def _no_such_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody has is said to be so at once, whatever this machine's resolver does."""
    real = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        if host in ("nowhere.invalid", b"nowhere.invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@define
class Scene:
    """A client that meets faults, the server that makes them, and one that sees the truth."""

    client: Any
    direct: CoinBTR
    front: Front
    wheel: Wheel
    clock: PatientClock
    kind: str

    def arm(self, fault: Fault, times: int) -> None:
        """Let the next requests meet the fault."""
        self.front.received.clear()
        if fault.interrupts and self.kind == "sync":
            self.wheel.interrupt, self.wheel.carried_out = KeyboardInterrupt, fault.carried_out
        elif fault.address is not None:
            self.wheel.address, self.wheel.times = fault.address, times
        elif fault.spoil is not None:
            self.front.trouble = Trouble(fault.spoil, fault.stage, fault.carried_out, times)
        if fault.spoil is silence and not fault.interrupts:
            self.wheel.times = times

    def disarm(self) -> None:
        """Let all go well again."""
        self.front.trouble = None
        self.wheel.times, self.wheel.address = 0, None
        self.wheel.interrupt = None

    async def meet(self, fault: Fault, call: Call, times: int = 1) -> Any:
        """The result of a call that meets the fault, or what it raised."""
        self.arm(fault, times)
        try:
            if fault.interrupts and self.kind == "async":
                return await self._cancelled(call(self.client))
            return await settled(call(self.client))
        except (CoinBTRError, KeyboardInterrupt, asyncio.CancelledError) as error:
            if fault.spoil is silence and self.kind == "async":
                await asyncio.to_thread(self.front.received.wait, MOST_SECONDS)
            elif fault.spoil is silence and not fault.interrupts:
                self.front.received.wait(MOST_SECONDS)
            return error
        finally:
            self.disarm()

    async def _cancelled(self, call: Awaitable[Any]) -> Any:
        task = asyncio.ensure_future(call)
        await asyncio.to_thread(self.front.received.wait, MOST_SECONDS)
        task.cancel()
        return await task


def staged(kind: str, engine: str, act: Callable[[Scene], Awaitable[None]]) -> None:
    """Run a scene: a fresh sandbox, its front, and a client that knows what is in the account."""

    async def whole() -> None:
        # No withdrawal gets on while a slow machine looks twice.
        sandbox = Sandbox(clock=ManualClock())
        direct = CoinBTR.sandbox(sandbox, guards=OPEN)
        clock = PatientClock()
        with addresses(engine) as astray, fronting(sandbox) as front:
            wheel = Wheel(astray)
            steered = client(kind, engine, front.url, sandbox.token, wheel, clock)
            scene = Scene(
                client=steered,
                direct=direct,
                front=front,
                wheel=wheel,
                clock=clock,
                kind=kind,
            )
            # The watermark: one order, one trade and one withdrawal, alike to those that follow.
            await settled(buy(steered))
            await settled(withdraw(steered))
            await settled(steered.trading.transactions())
            await act(scene)
            await settled(steered.close())
            steering = steered._seam._shared.engine
            await settled(steering.close() if kind == "sync" else steering.aclose())
        direct.close()

    asyncio.run(whole())


def buy(c: Any) -> Any:
    """An order that rests."""
    return c.trading.buy_limit("btc-mxn", amount="0.001", price="900000")


def sell(c: Any) -> Any:
    """An order that rests."""
    return c.trading.sell_limit("btc-mxn", amount="0.001", price="2000000")


def buy_at_once(c: Any) -> Any:
    """An order that is filled at once."""
    return c.trading.buy_limit("btc-mxn", amount="0.001", price="1200000")


def withdraw(c: Any) -> Any:
    """A withdrawal."""
    return c.wallet.withdraw("btc", address=ADDRESS, amount="0.002")


def cancel_buy(direct: CoinBTR) -> Call:
    """The cancelling of an order that is open."""
    order = buy(direct)
    return lambda c: c.trading.cancel_buy_limit(order.id)


def cancel_sell(direct: CoinBTR) -> Call:
    """The cancelling of an order that is open."""
    order = sell(direct)
    return lambda c: c.trading.cancel_sell_limit(order.id)


MONEY: dict[str, tuple[str, Callable[[CoinBTR], Call]]] = {
    "buy": ("/trading/place/buylimit", lambda _: buy),
    "buy, filled at once": ("/trading/place/buylimit", lambda _: buy_at_once),
    "sell": ("/trading/place/selllimit", lambda _: sell),
    "cancel buy": ("/trading/cancel/buylimit", cancel_buy),
    "cancel sell": ("/trading/cancel/selllimit", cancel_sell),
    "withdraw": ("/wallet/withdraw", lambda _: withdraw),
}


@pytest.mark.parametrize("engine", ["httpx", "fast"])
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_money(fault: Fault, kind: str, engine: str) -> None:
    """Carried out at most once, and what became of it is known or said to be unknown."""

    async def act(scene: Scene) -> None:
        for name, (path, prepared) in MONEY.items():
            call = prepared(scene.direct)
            before = len(scene.front.carried)
            got = await scene.meet(fault, call)
            done = scene.front.carried[before:].count(path)
            if fault.repeats:
                assert not isinstance(got, BaseException), (name, got)
                assert done == 1
            else:
                assert done == fault.carried_out, name
                await reconciled(scene, fault, name, path, got)
            assert scene.front.carried[before:].count(path) == done
            assert scene.client.unresolved == ()
        if fault.name == "429 with Retry-After":
            assert scene.clock.waits
            assert min(scene.clock.waits) >= 7

    staged(kind, engine, act)


async def reconciled(scene: Scene, fault: Fault, name: str, path: str, got: Any) -> None:
    """What was raised is right, and looking it up tells the truth."""
    (lost,) = scene.client.unresolved
    if fault.interrupts:
        assert isinstance(got, (KeyboardInterrupt, asyncio.CancelledError)), name
    else:
        assert type(got) is OutcomeUnknown, (name, got)
        assert got.intent == lost.intent
        assert got.attempts == 1
        lost = got
    assert type(lost.cause) is fault.error, name
    arrived = len(scene.front.arrived)
    outcome = await settled(lost.reconcile())
    if name.startswith("cancel"):
        assert outcome.kind == ("cancelled" if fault.carried_out else "still_open"), name
        assert not outcome
    else:
        assert outcome.kind == ("found" if fault.carried_out else "not_found"), (name, outcome)
        assert bool(outcome) is fault.carried_out
    assert not any(path in url for url in scene.front.arrived[arrived:])
    if outcome:
        truth(scene, name, outcome)


def truth(scene: Scene, name: str, outcome: Any) -> None:
    """What was found is what the exchange has as its newest."""
    if name == "withdraw":
        assert outcome.withdrawal == scene.direct.wallet.withdrawals()[0]
    elif name == "buy, filled at once":
        trade = scene.direct.trading.transactions()[0]
        assert outcome.order.id == trade.order_id
        assert outcome.order.filled == outcome.order.amount == trade.amount
    else:
        assert outcome.order == scene.direct.trading.open_orders()[0]


@pytest.mark.parametrize("engine", ["httpx", "fast"])
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_money_under_a_fault_that_stays(fault: Fault, kind: str, engine: str) -> None:
    """Sent once; again only where nothing can have been done, and not for ever."""

    async def act(scene: Scene) -> None:
        for name, (path, prepared) in MONEY.items():
            if fault.interrupts:
                continue  # an interrupted call is over
            before, arrived = len(scene.front.carried), len(scene.front.arrived)
            got = await scene.meet(fault, prepared(scene.direct), times=100)
            assert type(got) is (fault.error if fault.repeats else OutcomeUnknown), name
            assert got.attempts == (3 if fault.repeats else 1)
            assert scene.front.carried[before:].count(path) == int(fault.carried_out)
            if fault.spoil is not None and fault.stage == "read":
                assert len(scene.front.arrived) - arrived == got.attempts
            assert bool(scene.client.unresolved) is not fault.repeats
            for lost in scene.client.unresolved:
                await settled(lost.reconcile())

    staged(kind, engine, act)


@pytest.mark.parametrize("engine", ["httpx", "fast"])
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_reads(fault: Fault, kind: str, engine: str) -> None:
    """Sent again until it works; a fault that stays is its typed error, and never an unknown."""

    async def act(scene: Scene) -> None:
        order_id = scene.direct.trading.open_orders()[0].id
        buy_at_once(scene.direct)
        trade_id = scene.direct.trading.transactions()[0].id
        own: dict[str, Call] = {
            "getOpenOrder": lambda c: c.trading.open_order(order_id),
            "getTransaction": lambda c: c.trading.transaction(trade_id),
        }
        for name in READS:
            call = own.get(name, CALLS[name][1])
            got = await scene.meet(fault, call)
            if fault.interrupts:
                assert isinstance(got, (KeyboardInterrupt, asyncio.CancelledError)), name
                continue
            assert got == call(scene.direct), name
            got = await scene.meet(fault, call, times=100)
            assert type(got) is fault.error, name
            assert got.attempts == 3
            assert got.operation == name
        assert scene.client.unresolved == ()

    staged(kind, engine, act)


def test_the_page_is_the_matrix() -> None:
    """docs/faults.md says what is tested here, no more and no less."""
    page = Path(__file__).parents[3] / "docs/faults.md"
    assert page.read_text(encoding="utf-8") == render()
