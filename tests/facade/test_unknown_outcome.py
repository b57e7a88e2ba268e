"""A lost answer: what the error carries, what reconcile() finds, and what it says it can't know."""

import copy
import pickle
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from coinbtr import (
    AnswerTimeout,
    CoinBTR,
    ConfigurationError,
    ConnectionLost,
    OrderNotFound,
    OutcomeUnknown,
    Transaction,
    outcomes,
)
from coinbtr.sandbox import Sandbox
from tests.facade.faults.steering import PatientClock
from tests.facade.lossy import Desk, buy, desk, withdraw
from tests.facade.scripted import OPEN

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


@pytest.fixture
def here() -> Iterator[Desk]:
    """A desk whose client knows of no order and no withdrawal yet."""
    made = desk()
    yield made
    made.client.close()


@pytest.fixture
def known(here: Desk) -> Desk:
    """The same with one order and one withdrawal before: the watermark is known."""
    buy(here.client)
    withdraw(here.client)
    return here


def test_a_lost_answer_is_never_sent_again(known: Desk) -> None:
    """Neither by the call, nor by looking it up: one order is on the book, and no second one."""
    before = len(known.client.trading.open_orders())
    lost = known.lose("after", buy)
    assert lost.reconcile()
    assert len(known.client.trading.open_orders()) == before + 1


def test_the_error_says_what_was_to_be_done(known: Desk) -> None:
    """The intent, to the last digit, the cause, when, and how often it was sent."""
    lost = known.lose("after", buy)
    intent = lost.intent
    assert (intent.operation, intent.book, intent.side) == ("placeBuyLimitOrder", "BTC-MXN", "BUY")
    assert (intent.amount, intent.price) == (Decimal("0.01"), Decimal(900000))
    assert intent.watermark.order_id == known.client.trading.open_orders()[0].id - 1
    assert isinstance(lost.cause, AnswerTimeout)
    assert (lost.attempts, lost.operation) == (1, "placeBuyLimitOrder")
    assert "buy 0.01 BTC-MXN at 900000" in str(lost)
    away = known.lose("before", withdraw).intent
    assert (away.coin, away.amount) == ("BTC", Decimal("0.01"))
    assert away.address == "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"
    assert away.watermark.txid == known.client.wallet.withdrawals()[0].txid


@pytest.mark.parametrize("call", [buy, withdraw])
def test_without_a_watermark_orders_alike_are_ambiguous(here: Desk, call: object) -> None:
    """Something like it is there, and it may be older: the candidates, and nothing claimed."""
    make = buy if call is buy else withdraw
    other = CoinBTR.sandbox(here.sandbox, guards=OPEN)
    make(other)
    outcome = here.lose("before", make).reconcile()
    assert isinstance(outcome, outcomes.Ambiguous)
    assert not outcome
    assert len(outcome.candidates) == 1
    assert len(here.client.unresolved) == 1
    other.close()


@pytest.mark.parametrize("watermark", ["first", "read"])
def test_a_watermark_can_be_read_first(watermark: str) -> None:
    """An older order alike is told from the lost one, even by a new client."""
    sandbox = Sandbox()
    other = CoinBTR.sandbox(sandbox, guards=OPEN)
    for call in (buy, withdraw):
        for when, kind in (("before", "not_found"), ("after", "found")):
            call(other)
            made = desk(sandbox, watermark=watermark)
            made.engine.only = ("/trading/place", "/wallet/withdraw")
            assert made.lose(when, call).reconcile().kind == kind
            made.client.close()
    other.close()


def test_it_is_known_that_there_was_nothing_before() -> None:
    """An account without orders and withdrawals: what is there afterwards is the lost one."""
    for call in (buy, withdraw):
        for when, kind in (("before", "not_found"), ("after", "found")):
            made = desk(Sandbox(), watermark="read")
            assert made.client.wallet.withdrawals("btc") == []
            made.engine.only = ("/trading/place", "/wallet/withdraw")
            assert made.lose(when, call).reconcile().kind == kind
            made.client.close()


def test_a_watermark_that_can_not_be_read_sends_nothing(here: Desk) -> None:
    """The reading's own error is raised, and no order is placed."""
    made = desk(here.sandbox, watermark="read", retries=1)
    made.engine.lose = "before"
    with pytest.raises(ConnectionLost) as caught:
        buy(made.client)
    assert caught.value.operation == "listOpenOrders"
    assert here.client.trading.open_orders() == []
    assert made.client.unresolved == ()
    made.client.close()


def test_the_first_watermark_is_read_once(here: Desk) -> None:
    """By default: before the first order and the first withdrawal of a coin, and never again."""
    made = desk(here.sandbox, watermark="first")
    for call, reads in ((buy, 2), (withdraw, 1), (buy, 0), (withdraw, 0)):
        before = made.engine.sent
        call(made.client)
        assert made.engine.sent == before + reads + 1
    made.client.close()


def test_a_first_watermark_that_can_not_be_read_stops_no_order(here: Desk) -> None:
    """It is a precaution: the order goes out, and is ambiguous if it is lost and one is alike."""
    buy(CoinBTR.sandbox(here.sandbox))
    made = desk(here.sandbox, watermark="first", retries=1)
    made.engine.lose = "before"
    buy(made.client)
    assert len(here.client.trading.open_orders()) == 2
    made.client.close()


def test_several_that_were_lost_alike(known: Desk) -> None:
    """Each claims an effect of its own: as many are found as were carried out."""
    lost = [known.lose(when, buy) for when in ("after", "before", "after")]
    found = [one.reconcile() for one in lost]
    assert sorted(one.kind for one in found) == ["found", "found", "not_found"]
    assert len({one.order.id for one in found if one}) == 2
    assert known.client.unresolved == ()


@pytest.mark.parametrize("call", [buy, withdraw])
def test_one_that_was_lost_and_found_while_another_is_looked_up(
    known: Desk, call: Callable[[CoinBTR], object]
) -> None:
    """It claims what the other has just read, and leaves what came too late to be read."""
    first = known.lose("after", call)
    found: list[object] = []

    def meanwhile() -> None:
        found.append(known.lose("after", call).reconcile())

    known.engine.meanwhile = meanwhile
    # Without a settle interval, in which it would be read again anyway.
    found.append(first.reconcile(settle=0))
    assert [bool(one) for one in found] == [True, True]
    assert found[0] != found[1]
    assert known.client.unresolved == ()


def test_an_order_that_was_answered_is_nobody_elses(known: Desk) -> None:
    """What a later call got an answer for is not taken for the lost one."""
    lost = known.lose("before", buy)
    buy(known.client)
    withdraw(known.client)
    assert lost.reconcile().kind == "not_found"


def test_more_than_were_lost_is_ambiguous(known: Desk) -> None:
    """Another client of the account placed one alike: it can't be told which is whose."""
    lost = known.lose("after", buy)
    other = CoinBTR.sandbox(known.sandbox, guards=OPEN)
    buy(other)
    outcome = lost.reconcile()
    assert outcome.kind == "ambiguous"
    assert len(outcome.candidates) == 2
    other.close()


def test_not_found_only_after_the_settle_interval(known: Desk) -> None:
    """It waits, reads once more, and says when; what appears meanwhile is found."""
    clock = known.client._seam._shared.clock
    began = clock.now()
    outcome = known.lose("before", buy).reconcile(settle=20)
    assert outcome.kind == "not_found"
    assert (outcome.read_at - began).total_seconds() == 20
    lost = known.lose("before", buy)

    def late(_: float) -> None:
        buy(CoinBTR.sandbox(known.sandbox, guards=OPEN))

    clock.sleep = late  # type: ignore[assignment,method-assign]  # the request was under way all the time
    assert lost.reconcile().kind == "found"


@pytest.mark.parametrize(
    ("passed", "settle", "waits"),
    [(2, 5, [3]), (0, 0.5, [0.5]), (5, 5, []), (9, 5, []), (0, 0, [])],
)
def test_the_settle_interval_begins_with_the_loss(
    known: Desk, passed: float, settle: float, waits: list[float]
) -> None:
    """What has passed since is not waited for again, and after it nothing is waited for."""
    lost = known.lose("before", buy)
    clock = known.client._seam._shared.clock
    assert isinstance(clock, PatientClock)
    clock.seconds += passed
    clock.waits.clear()
    assert lost.reconcile(settle=settle).kind == "not_found"
    assert clock.waits == waits


def test_an_order_that_was_filled_is_found_by_its_trades(known: Desk) -> None:
    """It is no open order any more; the trades make up its amount."""
    ask = known.client.market.order_book("btc-mxn").best_ask.price
    lost = known.lose("after", lambda c: c.trading.buy_limit("btc-mxn", amount="0.001", price=ask))
    outcome = lost.reconcile()
    assert isinstance(outcome, outcomes.Found)
    assert outcome.order is not None
    assert not outcome.order.is_open
    assert outcome.order.filled == Decimal("0.001")
    assert outcome.order.price == ask
    assert outcome.balance == known.client.wallet.balance("mxn")


def test_what_a_cancel_led_to(known: Desk) -> None:
    """Cancelled, still open, or filled before; and what was traded of it."""
    client = known.client
    order = buy(client)
    assert known.lose("before", lambda c: c.trading.cancel(order)).reconcile().kind == "still_open"
    lost = known.lose("after", lambda c: c.trading.cancel(order))
    assert lost.reconcile() == outcomes.Cancelled(
        order_id=order.id, filled=Decimal(0), read_at=client._seam.now()
    )
    best = client.market.order_book("btc-mxn", limit=1).best_ask.price
    bid = client.trading.buy_limit("btc-mxn", amount="0.001", price=best - 1)
    other = CoinBTR(
        known.sandbox.other_token,
        base_url=known.sandbox.base_url,
        engine=known.sandbox.engine(),
        guards=OPEN,
    )
    other.trading.sell_limit("btc-mxn", amount="0.001", price=best - 1)
    other.close()
    lost = known.lose("before", lambda c: c.trading.cancel(bid))
    outcome = lost.reconcile()
    assert isinstance(outcome, outcomes.Filled)
    assert outcome.filled == Decimal("0.001")


def test_a_cancel_that_never_knew_the_amount(known: Desk) -> None:
    """Trades without an amount to hold them against are ambiguous."""
    ask = known.client.market.order_book("btc-mxn").best_ask.price
    other = CoinBTR.sandbox(known.sandbox, guards=OPEN)
    order = other.trading.buy_limit("btc-mxn", amount="0.001", price=ask)
    lost = known.lose("before", lambda c: c.trading.cancel_buy_limit(order.id))
    outcome = lost.reconcile()
    assert isinstance(outcome, outcomes.Ambiguous)
    assert [one.order_id for one in outcome.candidates if isinstance(one, Transaction)]
    other.close()


def test_the_trades_of_an_order_are_newer_than_its_placing(known: Desk) -> None:
    """What a cancel looks through is bounded by the newest trade when the order was placed."""
    client = known.client
    ask = client.market.order_book("btc-mxn").best_ask.price
    client.trading.buy_limit("btc-mxn", amount="0.001", price=ask)
    newest = client.trading.transactions()[0].id
    placed, found = buy(client), known.lose("after", buy).reconcile()
    for order in (placed, found.order):
        lost = known.lose("after", lambda c, order=order: c.trading.cancel(order))  # type: ignore[misc]  # mypy can't infer a default
        assert lost.intent.watermark.transaction_id == newest
        assert lost.intent.amount == order.amount
        assert lost.reconcile().kind == "cancelled"


def test_after_unpickling_a_client_is_named(known: Desk) -> None:
    """Pickle and copy keep all but the client; `using` names one."""
    lost = known.lose("after", buy)
    for twin in (pickle.loads(pickle.dumps(lost)), copy.copy(lost), copy.deepcopy(lost)):  # noqa: S301 - our own
        assert (str(twin), twin.intent, twin.lost_at) == (str(lost), lost.intent, lost.lost_at)
        with pytest.raises(ConfigurationError, match="using=client"):
            twin.reconcile()
    assert twin.reconcile(using=known.client).kind == "found"
    assert known.client.unresolved == ()


def test_only_found_is_true(known: Desk) -> None:
    """`if` never takes a guess, or a cancel's outcome, for an order."""
    at = known.client._seam.now()
    order = buy(known.client)
    assert outcomes.Found(read_at=at, order=order)
    for other in (
        outcomes.NotFound(read_at=at),
        outcomes.Ambiguous(read_at=at, reason="several fit"),
        outcomes.Cancelled(read_at=at, order_id=1, filled=Decimal(0)),
        outcomes.Filled(read_at=at, order_id=1, filled=Decimal(1)),
        outcomes.StillOpen(read_at=at, order=order),
    ):
        assert not other


def test_cancel_all_gives_a_result_for_each(known: Desk) -> None:
    """One that can't be cancelled doesn't stop the others, and a second call finishes the rest."""
    for _ in range(3):
        buy(known.client)
    known.engine.only, known.engine.lose = ("/trading/cancel",), "before"
    first = known.client.trading.cancel_all("btc/mxn")
    assert [one.is_done for one in first] == [False, True, True, True]
    assert isinstance(first[0].error, OutcomeUnknown)
    second = known.client.trading.cancel_all()
    assert [one.order.id for one in second] == [first[0].order.id]
    assert second[0].cancelled is not None
    assert known.client.trading.cancel_all() == []
    with pytest.raises(OrderNotFound):
        known.client.trading.cancel(first[1].order)
