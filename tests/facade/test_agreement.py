"""An answer to another request is never taken for one's own: what it repeats must agree."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from coinbtr_api import exact_json

from coinbtr import CoinBTR, Intent, MalformedAnswer, OutcomeUnknown, Request, Response, Side
from coinbtr.matching import orders
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.engine import SandboxEngine
from coinbtr.sending.agreement import MismatchError, is_same_name, repeated
from coinbtr.sending.log import left_open
from tests.facade.faults.steering import PatientClock
from tests.facade.scripted import OPEN, ORDER, TOKEN, Facade, example, success
from tests.facade.test_matching import buying, order
from tests.facade.test_sending import run, scripted

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

RECEIPT: dict[str, Any] = dict(example("withdraw")["data"])
MIXED_UP: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "placeBuyLimitOrder",
        {**ORDER, "market": "LTC-MXN"},
        "market",
        "LTC-MXN, and BTC-MXN was asked for",
    ),
    ("placeBuyLimitOrder", {**ORDER, "side": "SELL"}, "side", "SELL, and BUY was asked for"),
    (
        "placeBuyLimitOrder",
        {**ORDER, "price": Decimal("500000.00000001")},
        "price",
        "500000.00000001, and 500000 was asked for",
    ),
    (
        "placeBuyLimitOrder",
        {**ORDER, "initial_amount": Decimal("0.00000001")},
        "initial_amount",
        "0.00000001, and 0.01 was asked for",
    ),
    ("cancelBuyLimitOrder", {**ORDER, "id": 3452}, "id", "3452, and 3453 was asked for"),
    ("withdraw", {**RECEIPT, "coin": "LTC"}, "coin", "LTC, and BTC was asked for"),
]


@pytest.mark.parametrize(
    ("operation_id", "data", "field", "words"), MIXED_UP, ids=lambda one: str(one)[:24]
)
def test_another_requests_answer_is_no_success(
    facade: Facade, tmp_path: Path, operation_id: str, data: Any, field: str, words: str
) -> None:
    """Its outcome is unknown, with what was asked and what came; on record, logged, sent once."""
    path = tmp_path / "log"
    client, script, _ = scripted(facade.kind, success(data), intent_log=path)
    with pytest.raises(OutcomeUnknown) as caught:
        run(facade.kind, client, operation_id)
    cause = caught.value.cause
    assert isinstance(cause, MalformedAnswer)
    assert (cause.path, cause.message) == (f"$.data.{field}", f"$.data.{field} is {words}")
    assert cause.answered == data.get("id")
    assert cause.status == 200
    assert len(script.requests) == 1
    (lost,) = client.unresolved
    assert left_open(path) == [lost.intent] == [caught.value.intent]
    # What it tells is another's: it moves no watermark, and nothing of it is this client's own.
    assert client._seam.record._claimed == {}
    assert client._seam.record._newest.order_id is None


@pytest.mark.parametrize(
    ("operation_id", "data"),
    [
        ("placeBuyLimitOrder", {**ORDER, "market": "btc-mxn", "side": "buy"}),
        ("placeBuyLimitOrder", {**ORDER, "market": "BTC/MXN", "price": "500000.00"}),
        ("placeBuyLimitOrder", {**ORDER, "market": "Btc_Mxn", "initial_amount": "0.01000000"}),
        # Filled at once, in part or whole, or closed: that is told, and not repeated.
        ("placeBuyLimitOrder", {**ORDER, "amount": 0, "filled": "0.01", "is_open": False}),
        ("placeBuyLimitOrder", {**ORDER, "amount": "0.004", "filled": "0.006"}),
        # Who cancels names the order alone.
        ("cancelBuyLimitOrder", {**ORDER, "side": "SELL", "price": 1, "is_open": False}),
        ("withdraw", {**RECEIPT, "coin": "btc"}),
    ],
)
def test_what_agrees_is_taken_however_it_is_spelled(
    facade: Facade, operation_id: str, data: Any
) -> None:
    """Case and separator of a name, zeros of a number, and what an order became at once."""
    client, _, _ = scripted(facade.kind, success(data))
    assert run(facade.kind, client, operation_id) is not None
    assert client.unresolved == ()


def test_a_cancel_without_data_repeats_nothing(facade: Facade) -> None:
    """Ruling R020: it may be answered without the order."""
    client, _, _ = scripted(facade.kind, success(None))
    assert run(facade.kind, client, "cancelBuyLimitOrder") is None


@pytest.mark.parametrize(
    ("operation_id", "field", "other"),
    [
        ("getOpenOrder", "id", 3452),
        ("getTransaction", "id", 9002),
        ("getDepositAddress", "coin", "LTC"),
    ],
)
def test_a_read_of_one_thing_is_never_another(
    facade: Facade, operation_id: str, field: str, other: Any
) -> None:
    """It is read again, since reading is harmless, and is at last a malformed answer."""
    right = dict(example(operation_id)["data"])
    wrong, good = success({**right, field: other}), success(right)
    client, _, _ = scripted(facade.kind, wrong, good)
    assert run(facade.kind, client, operation_id) is not None
    client, script, _ = scripted(facade.kind, wrong)
    with pytest.raises(MalformedAnswer, match=rf"\$\.data\.{field} is {other}, and "):
        run(facade.kind, client, operation_id)
    assert len(script.requests) == 3


def test_what_is_told_of_an_answer_holds_no_token(facade: Facade) -> None:
    """Neither the message, nor the cause, nor the excerpt; and what came is cut."""
    market = f"{TOKEN}{'X' * 9999}"
    client, _, _ = scripted(facade.kind, success({**ORDER, "market": market}))
    with pytest.raises(OutcomeUnknown) as caught:
        run(facade.kind, client, "placeBuyLimitOrder")
    cause = caught.value.cause
    assert cause is not None
    assert "[token]" in cause.message
    assert TOKEN not in f"{caught.value} {cause} {cause.excerpt}"
    assert len(str(caught.value)) < 1500


def test_names_are_compared_by_their_parts() -> None:
    """Another case or separator is no other name; other coins, or no name at all, are."""
    assert is_same_name("btc-mxn", "BTC/MXN")
    assert is_same_name("LTC", "ltc")
    assert is_same_name("btc_mxn", "BTCMXN")
    assert not is_same_name("BTC-MXN", "MXN-BTC")
    assert not is_same_name(None, None)


@pytest.mark.parametrize(("told", "answered"), [(7, 7), ("7", None), (None, None)])
def test_what_an_answer_tells_of_instead_has_a_number(told: object, answered: int | None) -> None:
    """An order's id is kept for the lookup; what is none is not."""
    error = MismatchError("side", "SELL", "BUY", told)
    assert (error.path, error.answered) == ("$.data.side", answered)


def test_what_each_kind_of_request_is_repeated_in() -> None:
    """By the names that the answer has: of an order to place four fields, of the others one."""
    assert repeated(buying()) == {
        "market": "BTC-MXN",
        "side": "BUY",
        "price": Decimal(500),
        "initial_amount": Decimal(1),
    }
    assert repeated(Intent(operation="cancelSellLimitOrder", order_id=7)) == {"id": 7}
    assert repeated(Intent(operation="withdraw", coin="BTC", address="x")) == {"coin": "BTC"}


def test_a_market_in_another_spelling_is_found_by_a_lookup() -> None:
    """Or else an order that is there would be told not to be."""
    intent = buying(book="BTC-MXN")
    assert orders(intent, [order(11, book="BTC/MXN")], [], whole=True).exact
    assert not orders(intent, [order(11, book="LTC/MXN")], [], whole=True).exact


class Mixing:
    """An engine that alters the next placing, or its answer."""

    def __init__(self, inner: SandboxEngine) -> None:
        self.inner = inner
        self.asks: dict[str, Any] = {}
        self.answers: dict[str, Any] = {}
        self.carries_out = True

    def send(self, request: Request) -> Response:
        """The sandbox's answer, altered if it is to a placing."""
        if "/place/" not in request.url:
            return self.inner.send(request)
        body = exact_json.dumps({**exact_json.loads(request.content), **self.asks})
        sent = Request(
            method=request.method, url=request.url, headers=request.headers, content=body
        )
        if not self.carries_out:
            return success({**ORDER, **self.answers})
        told = exact_json.loads(self.inner.send(sent).content)["data"]
        return success({**told, **self.answers})

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def sandbox() -> Sandbox:
    """The exchange."""
    return Sandbox()


@pytest.fixture
def mixing(sandbox: Sandbox) -> Mixing:
    """What stands before it."""
    return Mixing(sandbox.engine())


def trader(sandbox: Sandbox, engine: Mixing, **options: Any) -> CoinBTR:
    """A client over an engine that mixes things up, with a clock that never waits."""
    client = CoinBTR(
        sandbox.token,
        base_url=sandbox.base_url,
        engine=engine,
        guards=OPEN,
        rate_limit=None,
        **options,
    )
    client._seam._shared.clock = PatientClock()
    return client


def lost_buy(client: CoinBTR) -> OutcomeUnknown:
    """The error of an order that was answered with another."""
    with pytest.raises(OutcomeUnknown) as caught:
        client.trading.buy_limit("btc-mxn", amount="0.01", price="900000")
    return caught.value


OTHERS = {"id": 9007199254740991, "market": "LTC-MXN", "price": Decimal(1500)}


def test_the_order_itself_is_found_by_a_lookup(sandbox: Sandbox, mixing: Mixing) -> None:
    """It was placed, and another's answer came: the order is found, whatever that one says."""
    with trader(sandbox, mixing) as client:
        mixing.answers = OTHERS
        outcome = lost_buy(client).reconcile()
        assert outcome.order == client.trading.open_orders()[0]
        assert client.unresolved == ()


def test_an_order_that_was_not_placed_is_not_found(sandbox: Sandbox, mixing: Mixing) -> None:
    """A proxy answered, with what it had kept: of an order of before, or of somebody else's."""
    with trader(sandbox, mixing) as client:
        older = client.trading.buy_limit("btc-mxn", amount="0.02", price="900000")
        mixing.carries_out = False
        for answers in ({**OTHERS, "id": older.id}, OTHERS):
            mixing.answers = answers
            assert lost_buy(client).reconcile().kind == "not_found"


@pytest.mark.parametrize("asks", [{"price": 899999}, {"market": "ltc-mxn", "price": 1500}])
def test_an_order_that_the_exchange_changed_is_in_doubt(
    sandbox: Sandbox, mixing: Mixing, tmp_path: Path, asks: dict[str, Any]
) -> None:
    """It said so, and the order is the account's own: not found would invite a second one.

    So it is for a later process that has the log alone; once the order is gone, nothing is left.
    """
    path = tmp_path / "log"
    mixing.asks = asks
    with trader(sandbox, mixing, intent_log=path) as client:
        lost = lost_buy(client)
        (made,) = client.trading.open_orders()
        outcome = lost.reconcile()
        assert outcome.kind == "ambiguous"
        assert outcome.candidates == (made,)
        assert outcome.reason == (
            "the exchange answered with an order that is not what was asked for"
        )
        assert client.unresolved != ()
    mixing.asks = {}
    with trader(sandbox, mixing, intent_log=path) as later:
        (left,) = later.unresolved
        assert str(made.id) in str(left)
        assert left.reconcile().candidates == (made,)
        assert made.side == Side.BUY
        later.trading.cancel(made)
        assert left.reconcile().kind == "not_found"
        assert later.unresolved == ()
