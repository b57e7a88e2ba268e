"""Each kind of fault by each way from the facade to the sandbox: what is seen, what is true."""

from typing import Any

import pytest
from attrs import frozen

from coinbtr import CoinBTRError, OutcomeUnknown
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.faults import KINDS, Fault
from tests.sandbox.caller import Caller
from tests.sandbox.faults.ways import PATIENCE, WAYS, a_sandbox, played, settled

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

LATE_MS = int(PATIENCE * 1000) + 200
ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


@frozen
class Case:
    """A fault, the error that a read ends with, and how often an order takes effect all the same.

    An order ends with `OutcomeUnknown` and the same error as its cause, unless `plain`.
    """

    fault: dict[str, Any]
    error: str
    effects: int
    plain: bool = False
    status: int | None = 200

    @property
    def name(self) -> str:
        """How it is called among the tests."""
        return " ".join(str(value) for value in self.fault.values())


CASES = [
    Case({"kind": "latency", "ms": LATE_MS}, "AnswerTimeout", 1),
    Case({"kind": "rate_limited"}, "RateLimited", 0, plain=True, status=429),
    Case({"kind": "server_error"}, "Unavailable", 0, status=503),
    Case({"kind": "server_error", "status": 500}, "ServerError", 0, status=500),
    Case({"kind": "server_error", "status": 502}, "ServerError", 0, status=502),
    Case(
        {"kind": "server_error", "status": 504, "takes_effect": True},
        "ServerError",
        1,
        status=504,
    ),
    Case({"kind": "html_page"}, "BrokenServerAnswer", 0, status=502),
    Case(
        {"kind": "html_page", "status": 200, "takes_effect": True},
        "WrongContentType",
        1,
    ),
    Case({"kind": "wrong_content_type"}, "WrongContentType", 1),
    Case({"kind": "wrong_type", "path": "data"}, "MalformedAnswer", 1),
    Case({"kind": "truncated_body"}, "UnreadableAnswer", 1),
    Case({"kind": "drop_answer"}, "ConnectionLost", 1, status=None),
    Case({"kind": "reset_before"}, "ConnectionLost", 0, status=None),
    Case({"kind": "reset_during"}, "ConnectionLost", 1),
]
CASE_IDS = [case.name for case in CASES]


def open_orders(sandbox: Sandbox) -> int:
    """How many orders of `demo` there are in truth."""
    return len(Caller(sandbox, sandbox.token).post("/trading/listopenorders", {"limit": 100}).data)


def test_every_kind_is_here() -> None:
    """No kind is untested; three are not about errors and have tests of their own."""
    others = {"stale_read", "duplicate_delivery"}
    assert {case.fault["kind"] for case in CASES} | others == set(KINDS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=CASE_IDS)
def test_an_order_meets_a_fault(case: Case, way: str) -> None:
    """The client raises what the fault deserves, and reconcile tells what is true."""
    sandbox = a_sandbox(way)
    fault = Fault(operations=("placeBuyLimitOrder",), count=1, **case.fault)

    async def scene(client: Any) -> Any:
        before = open_orders(sandbox)
        sandbox.faults.add(fault)
        sandbox.requests.clear()
        with pytest.raises(CoinBTRError) as raised:
            await settled(client.trading.buy_limit("btc-mxn", amount="0.01", price="500000"))
        [recorded] = sandbox.requests.list(operation="placeBuyLimitOrder")
        assert (recorded.faults, recorded.status) == ((fault.kind,), case.status)
        assert [rule.done for rule in sandbox.faults.list()] == [1]
        assert open_orders(sandbox) - before == case.effects
        if case.plain:
            return raised.value
        lost = raised.value
        assert isinstance(lost, OutcomeUnknown)
        found = await settled(lost.reconcile(settle=0))
        assert bool(found) == bool(case.effects), found
        return lost.cause

    assert type(played(way, sandbox, scene)).__name__ == case.error


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=CASE_IDS)
def test_a_read_meets_a_fault_and_is_sent_again(case: Case, way: str) -> None:
    """Once: the error of the fault. Twice with one fault: the second attempt is answered."""
    sandbox = a_sandbox(way)
    fault = Fault(operations=("listBalances",), count=1, **case.fault)

    async def scene(client: Any) -> Any:
        sandbox.faults.add(fault)
        with pytest.raises(CoinBTRError) as raised:
            await settled(client.wallet.balances())
        return raised.value

    assert type(played(way, sandbox, scene)).__name__ == case.error
    sandbox.faults.clear()

    async def again(client: Any) -> Any:
        sandbox.faults.add(fault)
        return await settled(client.wallet.balances())

    assert played(way, sandbox, again, attempts=2)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["drop_answer", "reset_before"])
def test_a_withdrawal_is_reconciled(kind: Any, way: str) -> None:
    """Money that left with its answer lost is found; money that stayed is not; never sent twice."""
    sandbox = a_sandbox(way)

    async def scene(client: Any) -> Any:
        sandbox.faults.add(Fault(kind=kind, operations=("withdraw",), count=1))
        with pytest.raises(OutcomeUnknown) as lost:
            await settled(client.wallet.withdraw("btc", address=ADDRESS, amount="0.5"))
        assert sandbox.requests.count("withdraw") == 1
        return await settled(lost.value.reconcile(settle=0))

    found = played(way, sandbox, scene)
    assert bool(found) == (kind == "drop_answer")


@pytest.mark.parametrize("way", WAYS)
def test_a_duplicate_delivery_takes_effect_twice(way: str) -> None:
    """Two orders come of one request, and its answer is that of the second or of the first."""
    for which in ("first", "second"):
        sandbox = a_sandbox(way)
        before = open_orders(sandbox)
        operations = ("placeBuyLimitOrder",)
        fault = Fault(kind="duplicate_delivery", operations=operations, answer=which)
        sandbox.faults.add(fault)

        async def scene(client: Any) -> Any:
            return await settled(client.trading.buy_limit("btc-mxn", amount="0.01", price="500000"))

        answered = played(way, sandbox, scene)
        assert open_orders(sandbox) - before == 2
        orders = Caller(sandbox, sandbox.token).post("/trading/listopenorders", {"limit": 2}).data
        ids = sorted(order["id"] for order in orders)
        assert answered.id == ids[which == "second"]


@pytest.mark.parametrize("way", WAYS)
def test_a_stale_read_tells_of_an_earlier_state(way: str) -> None:
    """A balance read after a credit is the one before it; the next one has caught up."""
    sandbox = a_sandbox(way)
    sandbox.faults.add(Fault(kind="stale_read", count=2))
    sandbox.credit("btc", 1)

    async def scene(client: Any) -> Any:
        balances = [await settled(client.wallet.balance("btc")) for _ in range(2)]
        sandbox.credit("btc", 1)
        balances += [await settled(client.wallet.balance("btc")) for _ in range(2)]
        return [int(balance.available) for balance in balances]

    assert played(way, sandbox, scene) == [10, 11, 12, 12]
    kept = [request.faults for request in sandbox.requests.list()]
    assert kept == [(), (), ("stale_read",), ("stale_read",)]


@pytest.mark.parametrize("way", WAYS)
def test_a_short_latency_only_takes_time(way: str) -> None:
    """The answer comes later and is right; a clock that stands still is moved on instead."""
    sandbox = a_sandbox(way)
    sandbox.faults.add(Fault(kind="latency", ms=100, operations=("getBalance",)))
    before = sandbox.clock.now_ms()

    async def scene(client: Any) -> Any:
        return await settled(client.wallet.balance("btc"))

    assert played(way, sandbox, scene).available == 10
    took = sandbox.clock.now_ms() - before
    assert took == 100 if "engine" in way else took >= 100


@pytest.mark.parametrize("way", WAYS)
def test_a_retry_after_is_waited_for(way: str) -> None:
    """429 names the seconds to wait; without the header the client goes by its own waits."""
    sandbox = a_sandbox(way)
    for wait in (7, -1):
        sandbox.faults.clear()
        sandbox.faults.add(Fault(kind="rate_limited", retry_after=wait))

        async def scene(client: Any) -> Any:
            with pytest.raises(CoinBTRError) as raised:
                await settled(client.wallet.balances())
            return raised.value

        assert played(way, sandbox, scene).retry_after == (7 if wait == 7 else None)
