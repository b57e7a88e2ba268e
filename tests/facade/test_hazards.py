"""How a client could still lose its user's money: each way that was found, and that it is shut."""

import inspect
import os
import pickle
import sys
import time
from datetime import timedelta
from decimal import Decimal, Inexact, localcontext
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from attrs import evolve
from coinbtr_api import exact_json

from coinbtr import AsyncCoinBTR, CoinBTR, PriceTooFar, Request, Response, outcomes, unresolved
from coinbtr.guards import GuardRails, Placing, check_price
from coinbtr.matching import orders
from coinbtr.models import OrderBook, PriceLevel
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.engine import SandboxEngine
from coinbtr.sending.log import IntentLog, left_open
from coinbtr.wire.engine import NotConnected
from tests.facade.faults.steering import PatientClock
from tests.facade.lossy import buy, desk, withdraw
from tests.facade.scripted import OPEN
from tests.facade.test_intent_log import CANCEL, PLACE
from tests.facade.test_quantize import book

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


def take(client: CoinBTR) -> Any:
    """An order that is filled at once."""
    return client.trading.buy_limit("btc-mxn", amount="0.01", price="1500000")


@pytest.fixture
def traded() -> Sandbox:
    """An exchange where the account's newest order is filled, while an older one rests."""
    sandbox = Sandbox()
    with CoinBTR.sandbox(sandbox, guards=OPEN) as before:
        buy(before)
        assert not take(before).is_open
        withdraw(before)
        withdraw(before)
    return sandbox


@pytest.mark.parametrize("watermark", ["first", "read"])
def test_a_filled_order_of_old_is_not_taken_for_the_lost_one(
    traded: Sandbox, watermark: str
) -> None:
    """Although an older one still rests: the newest may be one that is filled."""
    made = desk(traded, watermark=watermark)
    made.engine.only = ("/trading/place",)
    assert made.lose("before", take).reconcile().kind == "not_found"
    assert made.lose("after", take).reconcile().kind == "found"
    made.client.close()


@pytest.mark.parametrize(("watermark", "kind"), [("first", "not_found"), ("seen", "ambiguous")])
def test_to_be_told_of_some_is_not_to_know_the_newest(
    traded: Sandbox, watermark: str, kind: str
) -> None:
    """Who has listed open orders, or an older page, has not seen what is newer than those."""
    made = desk(traded, watermark=watermark)
    made.engine.only = ("/trading/place", "/wallet/withdraw")
    made.client.trading.open_orders()
    made.client.wallet.withdrawals("btc", limit=1, offset=1)
    assert made.lose("before", take).reconcile().kind == kind
    assert made.lose("before", withdraw).reconcile().kind == kind
    made.client.close()


@pytest.mark.parametrize("call", [buy, take, withdraw])
def test_what_was_found_is_found_again(call: Any) -> None:
    """By the same error, by a copy of it, and by a client that goes on with the log."""
    made = desk()
    made.client.trading.buy_limit("btc-mxn", amount="0.01", price="100000")
    withdraw(made.client)
    lost, other = made.lose("after", call), made.lose("after", call)
    first = lost.reconcile()
    again = lost.reconcile()
    assert first
    assert (again.order, again.withdrawal) == (first.order, first.withdrawal)
    assert other.reconcile()
    assert (lost.reconcile().order, lost.reconcile().withdrawal) == (again.order, again.withdrawal)
    made.client.close()


def test_what_was_found_is_found_again_after_a_restart(tmp_path: Path) -> None:
    """The log knows whose an effect is; one that is not to be seen any more is no "not found"."""
    made = desk(intent_log=tmp_path / "log")
    buy(made.client)
    lost = made.lose("after", buy)
    order = lost.reconcile().order
    made.client.close()
    later = desk(made.sandbox, intent_log=tmp_path / "log")
    assert later.client.reconcile(lost).kind == "found"
    later.client.trading.cancel(order)
    gone = later.client.reconcile(lost)
    assert isinstance(gone, outcomes.Ambiguous)
    assert gone.reason == f"it was carried out, as {order.id}, and is not to be seen whole any more"
    later.client.close()


class _Refusing:
    """An engine that comes to no connection the first time, so that each call has two attempts."""

    def __init__(self, inner: SandboxEngine) -> None:
        self._inner = inner
        self.refuses = True

    def send(self, request: Request) -> Response:
        """The answer, at the second time of asking."""
        if self.refuses and "/place/" in request.url:
            self.refuses = False
            raise NotConnected("refused")
        return self._inner.send(request)

    def close(self) -> None:
        """Nothing to close."""


class _AsyncRefusing(_Refusing):
    """The same, awaited."""

    async def send(self, request: Request) -> Response:  # type: ignore[override]  # it is awaited
        """The answer, at the second time of asking."""
        return super().send(request)

    async def aclose(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_an_interrupt_at_any_moment_hides_no_order(kind: str, tmp_path: Path) -> None:
    """From the call to its result: what the exchange did is on record, what it didn't is not."""
    path = tmp_path / "log"
    sandbox = Sandbox()
    looking_on = CoinBTR.sandbox(sandbox, guards=OPEN, rate_limit=None).trading
    maker: Any = CoinBTR if kind == "sync" else AsyncCoinBTR
    engine = (_Refusing if kind == "sync" else _AsyncRefusing)(sandbox.engine())
    given: dict[str, Any] = {"guards": OPEN, "rate_limit": None, "watermark": "seen"}
    client = maker(
        sandbox.token, base_url=sandbox.base_url, engine=engine, intent_log=path, **given
    )
    client._seam._shared.clock = PatientClock()
    looking_on.cancel(_settled(client.trading.buy_limit("btc-mxn", amount="0.01", price=100_000)))
    before = after = 0
    for moment in range(1, 3000):
        price = 100_000 + moment
        engine.refuses = True
        try:
            with _Interrupt(moment):
                _settled(client.trading.buy_limit("btc-mxn", amount="0.01", price=price))
            break
        except KeyboardInterrupt:
            pass
        placed = [one for one in looking_on.open_orders() if one.price == price]
        assert not client._seam.record._under_way
        found = [
            _settled(lost.reconcile()) for lost in client.unresolved if lost.intent.price == price
        ]
        log = path.read_text(encoding="utf-8")
        if placed:
            after += 1
            assert [one.order for one in found] in ([], placed)
            assert f'"effect": {placed[0].id}' in log
            looking_on.cancel(placed[0])
        else:
            before += 1
            assert [one.kind for one in found] in ([], ["not_found"])
        assert not any(one.price == price for one in left_open(path))
    assert before > 100
    assert after > 50
    assert client.unresolved == ()
    _settled(client.close())


def _settled(result: Any) -> Any:
    """The result of a call of either kind; nothing here ever waits."""
    if not inspect.iscoroutine(result):
        return result
    try:
        result.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


class _Interrupt:
    """Raises KeyboardInterrupt at that many-th moment: a call, a line or a return of the client."""

    def __init__(self, moments: int) -> None:
        self._left = moments

    def __enter__(self) -> None:
        self._before = sys.gettrace()
        sys.settrace(self._trace)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, _: object) -> Any:
        file = Path(frame.f_code.co_filename)
        if file.parent.name not in ("_sync", "_async", "sending", "wire"):
            return None
        # Not where a lock is held: a trace can get between it and its release, a signal can't.
        locks = file.name in ("record.py", "log.py", "gating.py", "shared.py")
        only_calls = locks or file.parent.name == "wire"
        if self._left > 0 and event in (("call",) if only_calls else ("call", "line", "return")):
            self._left -= 1
            if self._left == 0:
                raise KeyboardInterrupt
        return self._trace


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_is_set_neither_shortens_nor_lengthens_the_wait(step: timedelta) -> None:
    """Between loss and lookup: "not found" is believed the settle interval after the loss."""
    made = desk()
    buy(made.client)
    lost = made.lose("before", buy)
    assert made.client._seam.elapsed_since(lost) == 0
    shared: Any = made.client._seam._shared
    clock = shared.clock
    shared.clock = _Set(clock, lambda: clock.now() + step)
    assert lost.reconcile(settle=5).kind == "not_found"
    assert clock.waits == [5]
    made.client.close()


@pytest.mark.parametrize("minutes", [2, 0, -2])
def test_what_another_process_lost_is_timed_from_the_first_look(minutes: int) -> None:
    """Whatever the time of day says: there is no clock that both have and nobody sets."""
    made = desk()
    buy(made.client)
    lost = pickle.loads(pickle.dumps(made.lose("before", buy)))  # noqa: S301 - our own
    made.client.close()
    other = desk(made.sandbox)
    shared: Any = other.client._seam._shared
    clock = shared.clock
    later = lost.lost_at + timedelta(minutes=minutes)
    shared.clock = _Set(clock, lambda: later)
    assert lost.reconcile(using=other.client, settle=5).kind == "not_found"
    assert clock.waits == [5]
    clock.seconds += 7
    assert lost.reconcile(using=other.client, settle=20).kind == "not_found"
    assert clock.waits == [5, 8]
    other.client.close()


def test_what_a_log_left_open_is_timed_from_when_it_was_read(tmp_path: Path) -> None:
    """By the clock that nobody sets: it was lost before that, so no wait is too short."""
    made = desk(intent_log=tmp_path / "log")
    lost = made.lose("after", buy)
    made.client.close()
    before = time.monotonic()
    with desk(made.sandbox, intent_log=tmp_path / "log").client as later:
        since = later._seam.record.lost_since(lost.intent, 0.0)
    assert before <= since <= time.monotonic()


class _Set:
    """A clock whose time of day was set."""

    def __init__(self, clock: Any, now: Any) -> None:
        self.monotonic, self.sleep, self.now = clock.monotonic, clock.sleep, now


@pytest.mark.parametrize("rounding", ["up", "nearest"])
def test_no_amount_is_rounded_by_the_callers_context(rounding: Any) -> None:
    """Nor stopped by it: it is brought to the step alone, and is sent without an exponent."""
    one = book()
    with localcontext(prec=3, capitals=0) as context:
        context.traps[Inexact] = True
        assert one.quantize_amount("1.23456789", rounding) == Decimal("1.234568")
        assert exact_json.dumps({"amount": Decimal("0.00000001")}) == b'{"amount":0.00000001}'


def test_no_guard_rail_is_widened_by_the_callers_context() -> None:
    """Nor an order matched whose price was worse than what was asked for."""
    level = PriceLevel(price=Decimal(1000), amount=Decimal(1))
    best = OrderBook(book="BTC-MXN", asks=(level,), bids=(level,))
    rails = GuardRails(max_price_deviation="0.0501")
    with localcontext(prec=2, rounding="ROUND_UP"):
        placing = Placing("placeBuyLimitOrder", "BTC-MXN", Decimal(1), Decimal(1051))
        with pytest.raises(PriceTooFar, match=r"outside 949.9000 to 1050.1000 MXN"):
            check_price(rails, placing, best)


def test_no_trade_is_matched_by_the_callers_context() -> None:
    """A trade at a worse price than the limit is another order's, however few digits count."""
    made = desk()
    buy(made.client)
    intent = made.lose("before", take).intent
    take(made.client)
    (one,) = made.client.trading.transactions(limit=1)
    better = evolve(intent, price=one.price - Decimal("0.01"), amount=one.amount)
    with localcontext(prec=2):
        assert orders(better, [], [one], whole=True).exact == ()
        just = evolve(better, price=one.price)
        assert len(orders(just, [], [one], whole=True).exact) == 1
    made.client.close()


def test_a_line_that_was_cut_off_swallows_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a full disk: what is opened when there is room again is read back."""
    path, write = tmp_path / "log", os.write
    log = IntentLog(path)
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:20]))
    with pytest.raises(OSError, match="a part of the line"):
        log.opened(CANCEL)
    monkeypatch.undo()
    log.opened(PLACE)
    log.close()
    assert [one.intent for one in unresolved(path)] == [PLACE]
