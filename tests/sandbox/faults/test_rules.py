"""Which requests a fault happens to: by operation, share, count and skip, the same each time."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.faults import KINDS, Fault, InvalidFault
from coinbtr.wire.engine import ExchangeBroken, Request
from tests.sandbox.caller import Caller

TICKER = "/market/gettiker?market=btc-mxn"
BOOKS = "/market/listbooks"


def statuses(sandbox: Sandbox, requests: int, path: str = TICKER) -> str:
    """What so many requests are answered: `.` for well, `x` for a fault."""
    caller = Caller(sandbox, None)
    return "".join("." if caller.get(path).status == 200 else "x" for _ in range(requests))


def test_the_same_seed_gives_the_same_faults() -> None:
    """Two sandboxes of one seed fail alike, another seed otherwise, and about half at one half."""
    seen = {}
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        sandbox = Sandbox(seed, ManualClock())
        sandbox.faults.add(Fault(kind="server_error", share="0.5"))
        seen[name] = statuses(sandbox, 400)
    assert seen["one"] == seen["same"] != seen["other"]
    assert 150 < seen["one"].count("x") < 250


def test_the_series_of_a_rule_is_its_own(sandbox: Sandbox) -> None:
    """Requests to other operations and other rules don't change which of its requests it hits."""
    alone = Sandbox(0, ManualClock())
    alone.faults.add(Fault(kind="server_error", operations=("getTicker",), share="1/3"))
    expected = statuses(alone, 60)
    sandbox.faults.add(Fault(kind="server_error", operations=("getTicker",), share="1/3"))
    sandbox.faults.add(Fault(kind="server_error", operations=("listBooks",), share="1/2"))
    mixed = ""
    for _ in range(60):
        statuses(sandbox, 1, BOOKS)
        mixed += statuses(sandbox, 1)
    assert mixed == expected
    assert 0 < mixed.count("x") < 60


def test_count_and_skip(sandbox: Sandbox) -> None:
    """The first two pass, the next three fail, and then it is over; the list says so."""
    number = sandbox.faults.add(Fault(kind="server_error", skip=2, count=3))
    assert statuses(sandbox, 8) == "..xxx..."
    [active] = sandbox.faults.list()
    assert (active.id, active.seen, active.done) == (number, 8, 3)


def test_a_share_of_none_and_of_all(sandbox: Sandbox) -> None:
    """At 0 nothing happens, at 1 always."""
    number = sandbox.faults.add(Fault(kind="server_error", share=0))
    assert statuses(sandbox, 50) == "." * 50
    sandbox.faults.remove(number)
    sandbox.faults.add(Fault(kind="server_error", share=1))
    assert statuses(sandbox, 50) == "x" * 50


def test_faults_are_removed_and_cleared(sandbox: Sandbox) -> None:
    """What was removed happens no more; an unknown id is an error; ids are never used again."""
    first = sandbox.faults.add(Fault(kind="server_error"))
    second = sandbox.faults.add(Fault(kind="html_page"))
    sandbox.faults.remove(first)
    assert [active.id for active in sandbox.faults.list()] == [second]
    with pytest.raises(KeyError):
        sandbox.faults.remove(first)
    sandbox.faults.clear()
    assert (sandbox.faults.list(), statuses(sandbox, 3)) == ([], "...")
    assert sandbox.faults.add(Fault(kind="html_page")) not in (first, second)


def test_latencies_add_up_and_the_first_other_fault_happens(
    sandbox: Sandbox, clock: ManualClock
) -> None:
    """Two waits and two failures: both waits, and the failure that was added first."""
    for fault in (
        Fault(kind="latency", ms=30),
        Fault(kind="server_error"),
        Fault(kind="html_page"),
        Fault(kind="latency", ms=12),
    ):
        sandbox.faults.add(fault)
    before = clock.now_ms()
    assert Caller(sandbox, None).get(TICKER).status == 503
    assert clock.now_ms() - before == 42
    [request] = sandbox.requests.list()
    assert request.faults == ("latency", "server_error", "latency")
    assert [active.done for active in sandbox.faults.list()] == [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("options", "least", "most", "mean"),
    [
        ({"ms": 40}, 40, 40, 40),
        ({"distribution": "uniform", "ms": 10, "max_ms": 50}, 10, 50, 30),
        ({"distribution": "exponential", "ms": 40, "max_ms": 400}, 0, 400, 40),
    ],
    ids=["fixed", "uniform", "exponential"],
)
def test_a_latency_keeps_to_its_distribution(
    sandbox: Sandbox, clock: ManualClock, options: dict[str, Any], least: int, most: int, mean: int
) -> None:
    """300 waits lie within the bounds, and their mean near the distribution's."""
    sandbox.faults.add(Fault(kind="latency", **options))
    waits = []
    for _ in range(300):
        before = clock.now_ms()
        assert statuses(sandbox, 1) == "."
        waits.append(clock.now_ms() - before)
    assert min(waits) >= least
    assert max(waits) <= most
    assert abs(sum(waits) / 300 - mean) <= mean / 4
    assert (len(set(waits)) == 1) == (least == most)


def test_health_and_refused_requests_are_spared(sandbox: Sandbox, anyone: Caller) -> None:
    """With every request failing, health is well, and who isn't let in is told why."""
    sandbox.faults.add(Fault(kind="reset_before"))
    base = sandbox.base_url.removesuffix("/api/v1")
    assert anyone.url("GET", f"{base}/_sandbox/health").status == 200
    assert anyone.get("/wallet/listbalances").refused == (401, "authentication_required")
    assert anyone.get("/nothing").refused == (404, "not_found")
    with pytest.raises(ExchangeBroken):
        sandbox.handle(Request(method="GET", url=sandbox.base_url + BOOKS))


def test_a_wrong_type_is_drawn_from_the_fields_of_the_answer(
    sandbox: Sandbox, anyone: Caller
) -> None:
    """Exactly one field differs in its type; over many requests, each field has its turn."""
    well = anyone.get(TICKER).data
    sandbox.faults.add(Fault(kind="wrong_type"))
    spoilt = set()
    for _ in range(100):
        body = anyone.get(TICKER).body
        differing = [
            name
            for name in ("data", "msg")
            if not isinstance(body[name], type({"data": well, "msg": ""}[name]))
        ]
        if isinstance(body["data"], dict):
            differing += [
                name for name in well if type(body["data"].get(name)) is not type(well[name])
            ]
        [one] = differing
        spoilt.add(one)
    assert spoilt == {"data", "msg", *well}


def test_a_field_that_is_not_there_is_not_spoilt(sandbox: Sandbox, anyone: Caller) -> None:
    """The answer stays as it was, and nobody says that something was done to it."""
    sandbox.faults.add(Fault(kind="wrong_type", path="data.nothing", count=1))
    assert anyone.get(TICKER).data["market"] == "BTC-MXN"
    assert sandbox.requests.list()[0].faults == ()
    assert sandbox.faults.list()[0].done == 0


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        ({"kind": "fire"}, "kind", "must be one of latency,"),
        ({"kind": "latency", "share": "1.1"}, "share", "must be from 0 to 1, not 1.1"),
        ({"kind": "latency", "share": "0.5 "}, "share", 'must read like "0.25" or "1/4"'),
        ({"kind": "latency", "share": "1/0"}, "share", "divided by zero"),
        ({"kind": "latency", "share": Decimal("-0.1")}, "share", "from 0 to 1"),
        ({"kind": "latency", "share": Decimal("NaN")}, "share", "18 decimals"),
        ({"kind": "latency", "share": Decimal("1e-99")}, "share", "18 decimals"),
        ({"kind": "drop_answer", "count": 0}, "count", "must be from 1"),
        ({"kind": "drop_answer", "skip": -1}, "skip", "must be from 0"),
        ({"kind": "drop_answer", "status": 500}, "status", "is no option of drop_answer"),
        ({"kind": "server_error", "status": 404}, "status", "must be from 500 to 599"),
        ({"kind": "html_page", "status": 199}, "status", "must be from 200 to 599"),
        ({"kind": "html_page", "status": 204}, "status", "must be one with a body"),
        ({"kind": "latency", "ms": -1}, "ms", "must be from 0 to 600000"),
        ({"kind": "latency", "distribution": "normal"}, "distribution", "fixed, uniform or"),
        ({"kind": "latency", "max_ms": 1000}, "max_ms", "no option of a fixed latency"),
        ({"kind": "latency", "distribution": "uniform", "ms": 1}, "max_ms", "is needed"),
        (
            {"kind": "latency", "distribution": "uniform", "ms": 9, "max_ms": 8},
            "max_ms",
            "must be from 9",
        ),
        ({"kind": "rate_limited", "retry_after": -2}, "retry_after", "must be from -1"),
        ({"kind": "duplicate_delivery", "answer": "third"}, "answer", "'first' or 'second'"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(
    arguments: Mapping[str, Any], field: str, words: str
) -> None:
    """The error names the argument and says what would be right."""
    with pytest.raises(InvalidFault, match=words) as refused:
        Fault(**arguments)
    assert refused.value.field == field
    assert str(refused.value).startswith(field)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"share": 0.5}, r'share must be exact: write "0\.5"'),
        ({"share": True}, "share must be a Decimal"),
        ({"share": None}, "share must be a Decimal"),
        ({"count": "3"}, "count must be an int"),
        ({"count": True}, "count must be an int"),
        ({"operations": "getTicker"}, "operations must be a list"),
        ({"operations": [1]}, "operations must be a list"),
        ({"takes_effect": 1}, "takes_effect must be true or false"),
    ],
)
def test_a_wrong_type_of_argument_is_refused(arguments: Mapping[str, Any], words: str) -> None:
    """A float, a string for a list and the like are refused with what to write instead."""
    with pytest.raises(TypeError, match=words):
        Fault(**{"kind": "server_error", **arguments})


def test_an_unknown_operation_is_refused(sandbox: Sandbox) -> None:
    """Where a fault is put in force, its operations must exist; the sentence lists those."""
    with pytest.raises(InvalidFault, match=r"'getTiker'; there are: .*getTicker") as refused:
        sandbox.faults.add(Fault(kind="server_error", operations=("getTiker",)))
    assert refused.value.field == "operations"
    assert sandbox.faults.list() == []


def test_a_stale_read_of_what_moves_money_is_refused(sandbox: Sandbox) -> None:
    """It would never happen; of all operations it happens to the reads."""
    with pytest.raises(InvalidFault, match="reads, which 'withdraw' isn't") as refused:
        sandbox.faults.add(Fault(kind="stale_read", operations=("getTicker", "withdraw")))
    assert refused.value.field == "operations"
    sandbox.faults.add(Fault(kind="stale_read", operations=("getTicker",)))
    sandbox.faults.add(Fault(kind="stale_read"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_describes_itself(kind: Any) -> None:
    """What it tells of itself is plain, and makes it again."""
    fault = Fault(kind=kind, operations=["getTicker"], share=Fraction(1, 3), count=2, skip=1)
    described = fault.describe()
    assert Fault(**described) == fault
    assert described["share"] == "1/3"
    assert described["operations"] == ["getTicker"]
