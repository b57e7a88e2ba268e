"""Tokens, permissions, and two accounts that can't reach each other's things."""

from decimal import Decimal

import pytest
from attrs import asdict, evolve

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.core import tokens
from coinbtr.sandbox.core.tokens import Grant, Permissions, TokenRegistry, digest_of
from tests.sandbox.caller import Caller

ORDER = {"market": "btc-mxn", "amount": 1, "price": 500_000}
ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


def test_the_two_accounts_are_different_and_funded(demo: Caller, other: Caller) -> None:
    """Each token belongs to an account of its own, with money in every coin."""
    names = [caller.get("/wallet/user/profile").data["username"] for caller in (demo, other)]
    assert names == ["demo", "other"]
    for caller in (demo, other):
        assert all(entry["available"] > 0 for entry in caller.get("/wallet/listbalances").data)


def test_another_account_s_order_is_not_found(demo: Caller, other: Caller) -> None:
    """Ids of others can neither be read nor cancelled, and are not in one's lists."""
    order_id = demo.post("/trading/place/buylimit", ORDER).data["id"]
    for path in ("/trading/getopenorder", "/trading/cancel/buylimit"):
        assert other.post(path, {"id": order_id}).refused == (404, "order_not_found")
    assert other.post("/trading/listopenorders").data == []
    assert demo.post("/trading/getopenorder", {"id": order_id}).data["is_open"] is True


def test_another_account_s_trade_is_not_found(demo: Caller, other: Caller) -> None:
    """Both sides of a trade see their own transaction, and not the other's."""
    demo.post("/trading/place/selllimit", {"market": "xlm-mxn", "amount": 10, "price": 7})
    [mine] = demo.post("/trading/listtransactions").data
    assert other.post("/trading/gettransaction", {"id": mine["id"]}).refused == (
        404,
        "transaction_not_found",
    )
    assert other.post("/trading/listtransactions").data == []


def test_money_moves_between_the_accounts(demo: Caller, other: Caller) -> None:
    """An order of one account meets the other's; both balances and both histories show it."""
    depth = demo.get("/market/getorderbook", market="zec-btc", limit=1).data
    price = depth["bids"][0]["price"] + Decimal("0.000001")
    sale = {"market": "zec-btc", "amount": 1, "price": price}
    placed = demo.post("/trading/place/selllimit", sale).data
    bought = other.post("/trading/place/buylimit", sale).data
    assert (bought["is_open"], bought["filled"]) == (False, 1)
    [trade] = demo.post("/trading/listtransactions").data
    assert (trade["order_id"], trade["price"], trade["side"]) == (placed["id"], price, "SELL")
    assert demo.get("/wallet/getbalance", coin="zec").data["available"] == 99


def test_withdrawals_are_the_account_s_own(demo: Caller, other: Caller) -> None:
    """A withdrawal is listed for the account that made it, and for no other."""
    body = {"coin": "btc", "address": ADDRESS, "amount": 1}
    txid = demo.post("/wallet/withdraw", body).data["txid"]
    assert [entry["txid"] for entry in demo.get("/wallet/listwithdraws").data] == [txid]
    assert other.get("/wallet/listwithdraws").data == []


@pytest.mark.parametrize(
    ("permission", "path", "body"),
    [
        ("trade", "/trading/place/buylimit", ORDER),
        ("trade", "/trading/place/selllimit", ORDER),
        ("trade", "/trading/cancel/buylimit", {"id": 1}),
        ("trade", "/trading/cancel/selllimit", {"id": 1}),
        ("withdraw", "/wallet/withdraw", {"coin": "btc", "address": ADDRESS, "amount": 1}),
        ("deposit", "/wallet/getdepositaddress?coin=btc", None),
    ],
)
def test_an_operation_needs_its_permission(
    sandbox: Sandbox, permission: str, path: str, body: object
) -> None:
    """Without that permission it is 403, with nothing but that one it isn't."""
    everything = Permissions()
    nothing = Permissions(trade=False, withdraw=False, deposit=False)
    lacking, having = (
        Caller(sandbox, sandbox.issue_token(**asdict(evolve(base, **{permission: allowed}))))
        for base, allowed in ((everything, False), (nothing, True))
    )
    answers = [
        caller.get(path) if body is None else caller.post(path, body)
        for caller in (lacking, having)
    ]
    assert answers[0].refused == (403, "permission_denied")
    assert permission in answers[0].sentence
    assert answers[1].status != 403


def test_every_token_may_read(sandbox: Sandbox) -> None:
    """A token without any permission still reads, and its session says so."""
    token = sandbox.issue_token(trade=False, withdraw=False, deposit=False)
    reader = Caller(sandbox, token)
    assert reader.post("/trading/listopenorders").status == 200
    assert reader.get("/user/session").data["token"]["permissions"] == {
        "trade": False,
        "withdraw": False,
        "deposit": False,
    }


def test_a_token_expires(sandbox: Sandbox, clock: ManualClock) -> None:
    """A token works until the moment it expires, which its session tells."""
    caller = Caller(sandbox, sandbox.issue_token(expires_in=60))
    clock.advance(seconds=59)
    assert caller.get("/user/session").data["token"]["expires"] == "2021-08-15T12:01:00.000Z"
    clock.advance(seconds=1)
    assert caller.get("/user/session").refused == (401, "invalid_token")


def test_tokens_are_kept_as_hashes_only() -> None:
    """Nothing in the registry holds a token, and its repr shows none."""
    registry = TokenRegistry()
    registry.add(digest_of("very-secret"), Grant(1))
    assert "very-secret" not in repr(vars(registry)) + repr(registry)
    assert registry.find("very-secret", now_ms=0, peer="127.0.0.1").account_id == 1


def test_a_token_is_found_while_others_come_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for a token needs no lock: what comes or goes meanwhile disturbs nobody."""
    registry = TokenRegistry()
    registry.add(digest_of("ana"), Grant(1))
    registry.add(digest_of("bob"), Grant(2))

    def compare(known: str, wanted: str) -> bool:
        registry.add("another", Grant(3))
        registry.revoke("another")
        registry.add(f"beside {known}", Grant(3))
        return known == wanted

    monkeypatch.setattr(tokens, "compare_digest", compare)
    assert registry.find("bob", now_ms=0, peer="127.0.0.1").account_id == 2


@pytest.mark.parametrize("token", ["", "two words", "tökén", "line\n"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    """A token must be visible ASCII without spaces."""
    with pytest.raises(ValueError, match="visible ASCII"):
        Sandbox(token=token)


def test_no_repr_shows_a_token(sandbox: Sandbox) -> None:
    """The sandbox and its parts can be printed safely."""
    shown = repr(sandbox) + repr(sandbox.engine()) + repr(sandbox.asgi())
    assert sandbox.token not in shown
    assert sandbox.other_token not in shown
