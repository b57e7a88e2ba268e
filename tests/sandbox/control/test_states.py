"""Snapshots and reset: back to the same bytes, through files and into other sandboxes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from coinbtr_api import exact_json

from coinbtr.sandbox import ManualClock, Sandbox, SystemClock
from coinbtr.sandbox.accounts import StartingAccount, StartingToken
from coinbtr.sandbox.control.errors import NotPossible, Unknown
from coinbtr.sandbox.core.exchange import STATE_VERSION
from tests.sandbox.caller import Caller
from tests.sandbox.control.conftest import Controller

LOOKS = (
    "/wallet/listbalances",
    "/wallet/listdeposits",
    "/trading/listopenorders",
    "/trading/listtransactions",
    "/market/getorderbook?market=btc-mxn",
    "/market/gettiker?market=btc-mxn",
    "/market/listbooks",
    "/user/session",
)


def _seen(sandbox: Sandbox) -> list[bytes]:
    """What both users see, as bytes, and the time."""
    seen = [sandbox.health()["time"].encode()]
    for token in (sandbox.token, sandbox.other_token):
        caller = Caller(sandbox, token)
        seen += [exact_json.dumps(caller.send("GET", look).body) for look in LOOKS]
    return seen


def _stir(sandbox: Sandbox) -> None:
    """Change whatever can be changed."""
    demo, other = Caller(sandbox, sandbox.token), Caller(sandbox, sandbox.other_token)
    best = demo.get("/market/getorderbook", market="btc-mxn").data["asks"][0]["price"]
    demo.post("/trading/place/buylimit", {"market": "btc-mxn", "amount": 1, "price": best})
    other.post("/trading/place/selllimit", {"market": "xlm-mxn", "amount": 5, "price": 900})
    sandbox.credit("ltc", 3, "other", confirmed=False)
    sandbox.halt("zec-btc")
    sandbox.issue_token("other", trade=False)
    sandbox.open_account(f"user-{len(sandbox.accounts())}")
    sandbox.advance(25)


def test_a_restored_state_gives_the_same_bytes(sandbox: Sandbox) -> None:
    """Both users see what they saw, to the last byte, and a clock that stands still the time."""
    _stir(sandbox)
    before = _seen(sandbox)
    sandbox.snapshot("a")
    _stir(sandbox)
    sandbox.advance(90_000)
    assert _seen(sandbox) != before
    sandbox.restore("a")
    assert _seen(sandbox) == before
    _stir(sandbox)
    after = _seen(sandbox)
    sandbox.restore("a")
    _stir(sandbox)
    assert _seen(sandbox) == after, "and it goes on from there in the same way"


def test_tokens_go_with_the_state(sandbox: Sandbox) -> None:
    """One that was made after the snapshot is unknown after its restore; a revoked one is back."""
    early = sandbox.issue_token()
    sandbox.snapshot()
    sandbox.revoke_token(early)
    late = sandbox.issue_token()
    sandbox.restore()
    assert Caller(sandbox, early).get("/user/session").status == 200
    assert Caller(sandbox, late).get("/user/session").status == 401


def test_the_machine_s_time_goes_on_after_a_restore() -> None:
    """No restore turns a real clock back."""
    sandbox = Sandbox(clock=SystemClock())
    sandbox.snapshot()
    sandbox.advance(100)
    late = sandbox.clock.now_ms()
    sandbox.restore()
    assert sandbox.clock.now_ms() >= late


def test_reset_gives_the_beginning() -> None:
    """The same bytes as at first, with the accounts that it began with and all their tokens."""
    ana = StartingAccount(username="ana", balances={"btc": 1}, tokens=(StartingToken(token="t"),))
    sandbox = Sandbox(seed=3, clock=ManualClock(), accounts=[ana])
    before = _seen(sandbox)
    further = sandbox.issue_token("other")
    sandbox.open_account("bob")
    stranger = sandbox.issue_token("bob")
    _stir(sandbox)
    sandbox.snapshot("kept")
    sandbox.reset()
    assert _seen(sandbox) == before
    assert sandbox.balances("ana")["BTC"].available == 1
    assert Caller(sandbox, "t").get("/user/session").data["username"] == "ana"
    assert Caller(sandbox, further).get("/user/session").data["username"] == "other"
    assert Caller(sandbox, stranger).get("/user/session").status == 401
    assert [one.name for one in sandbox.snapshots()] == ["kept"]


def test_a_reset_of_a_live_sandbox_is_live() -> None:
    """What it was made with is what it begins with."""
    sandbox = Sandbox(clock=ManualClock(), live=True)
    sandbox.stop_live()
    sandbox.reset()
    before = _seen(sandbox)
    sandbox.advance(60)
    assert _seen(sandbox) != before
    assert sandbox.overview().live


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    """What the control plane did, a restore and a reset included, is in the file, snapshots too."""
    file = tmp_path / "state.db"
    clock = ManualClock()
    with Sandbox(clock=clock, db=file, token="one", other_token="two") as first:
        _stir(first)
        first.snapshot("a")
        first.reset()
        _stir(first)
        first.restore("a")
        first.go_live()
        first.stop_live()
        seen = _seen(first)
        listed = first.snapshots()
    with Sandbox(clock=ManualClock(), db=file, token="one", other_token="two") as second:
        assert second.was_recovered
        assert _seen(second) == seen
        assert second.snapshots() == listed
        second.restore("a")
        second.remove_snapshot("a")
        assert second.snapshots() == ()


def test_a_state_is_carried_to_another_sandbox(controller: Controller, sandbox: Sandbox) -> None:
    """Exported, sent as JSON, imported and restored, it is the same, and the size is no hurdle."""
    _stir(sandbox)
    sandbox.snapshot("a")
    seen = _seen(sandbox)[1:]
    document = controller.call("exportSnapshot", name="a").data
    assert len(exact_json.dumps(document)) > 65_536 // 4
    elsewhere = Sandbox(seed=9, clock=ManualClock(0), token=sandbox.token)
    there = Controller(elsewhere)
    document["state"]["padding"] = " " * 100_000
    assert there.call("importSnapshot", {"name": "b", "document": document}).status == 200
    assert elsewhere.exchange.seed == 9, "an import alone touches nothing"
    assert there.call("restoreSnapshot", {"name": "b"}).status == 200
    assert sandbox.token not in str(document)
    elsewhere._other_token = sandbox.other_token
    assert _seen(elsewhere)[1:] == seen


def _altered(document: Mapping[str, Any], change: str) -> dict[str, Any]:
    state: dict[str, Any] = dict(document["state"])
    changes: dict[str, dict[str, Any]] = {
        "format": {"format": "something-else"},
        "version": {"version": 2},
        "state version": {"state": {**state, "version": STATE_VERSION + 1}},
        "no state": {"state": {}},
        "a hole": {"state": {key: part for key, part in state.items() if key != "trading"}},
        "nonsense": {"state": {**state, "wallets": [[1, "BTC", "x"]]}},
        "more money": {"state": {**state, "wallets": [[3, "BTC", [1, 0, 0]]]}},
    }
    return {**document, **changes[change]}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("version", "unsupported_version"),
        ("state version", "unsupported_version"),
        ("no state", "unsupported_version"),
        ("a hole", "invalid_value"),
        ("nonsense", "invalid_value"),
        ("more money", "invalid_value"),
    ],
)
def test_a_document_that_cannot_be_trusted_is_refused(
    controller: Controller, change: str, code: str
) -> None:
    """Of another version, incomplete, or with money from nowhere: 422, and nothing is kept."""
    sandbox = controller.sandbox
    sandbox.snapshot("a")
    document = _altered(sandbox.export_snapshot("a"), change)
    answer = controller.call("importSnapshot", {"name": "b", "document": document})
    assert answer.refused == (422, code)
    assert [one.name for one in sandbox.snapshots()] == ["a"]


def test_a_document_of_something_else_is_refused(sandbox: Sandbox) -> None:
    """The same in Python, as one exception with a code; a name that isn't there as another."""
    sandbox.snapshot("a")
    document = _altered(sandbox.export_snapshot("a"), "format")
    with pytest.raises(NotPossible, match="format"):
        sandbox.import_snapshot("b", document)
    with pytest.raises(NotPossible, match="name"):
        sandbox.snapshot("no spaces, please")
    with pytest.raises(Unknown, match="'b'"):
        sandbox.restore("b")
