"""What a client remembers of its requests: what was there before one, and whose an effect is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from coinbtr import Intent, Watermark
from coinbtr.errors import ConnectionLost
from coinbtr.sending import record as module
from coinbtr.sending.observing import effect_of
from coinbtr.sending.record import Lost, Record
from coinbtr.sending.waiting import SYSTEM_CLOCK

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def placing(**changes: Any) -> Intent:
    """An order to buy 1 BTC at 500."""
    asked: dict[str, Any] = {"book": "BTC-MXN", "side": "BUY"}
    asked |= {"amount": Decimal(1), "price": Decimal(500)}
    return Intent(operation="placeBuyLimitOrder", **asked | changes)


def withdrawing(coin: str = "BTC") -> Intent:
    """Coins to send."""
    return Intent(operation="withdraw", coin=coin, address="there", amount=Decimal(1))


def cancelling(order_id: int) -> Intent:
    """An order to cancel."""
    return Intent(operation="cancelBuyLimitOrder", order_id=order_id)


def lost(intent: Intent) -> Lost:
    """The loss of it, at noon."""
    return Lost(intent=intent, cause=ConnectionLost("reset"), lost_at=NOON, since=0.0)


def test_an_order_goes_out_with_the_newest_that_was_known() -> None:
    """The highest ids of orders and trades, whatever came last; the time; and what was asked.

    To have been told of some orders is not to know the newest.
    """
    record = Record()
    assert not record.has_mark(placing())
    assert record.begin(placing(), NOON).watermark == Watermark()
    for order_id in (5, 7, 6):
        record.saw_order(order_id)
    for transaction_id in (2, 4, 3):
        record.saw_transaction(transaction_id, 7)
    assert not record.has_mark(placing())
    assert record.begin(placing(), NOON).watermark == Watermark(transaction_id=4)
    record.marked(placing())
    assert record.has_mark(placing())
    asked = placing()
    sent = record.begin(asked, NOON)
    assert sent.watermark == Watermark(order_id=7, transaction_id=4)
    assert (sent.when, sent.id, sent.amount) == (NOON, asked.id, Decimal(1))
    record.saw_transaction(5, 9)
    assert record.begin(placing(), NOON).watermark == Watermark(order_id=9, transaction_id=5)


def test_a_withdrawal_goes_out_with_the_newest_of_its_coin() -> None:
    """By date, and of one date the last that was told; other coins are no matter.

    To have been told of some withdrawals is not to know the newest.
    """
    record = Record()
    record.saw_withdrawal("ETH", "e", NOON)
    assert not record.has_mark(withdrawing())
    assert record.begin(withdrawing(), NOON).watermark == Watermark()
    for txid, seconds in (("a", 0), ("b", 1), ("c", 1), ("d", 0)):
        record.saw_withdrawal("BTC", txid, NOON + timedelta(seconds=seconds))
    assert not record.has_mark(withdrawing())
    for coin in ("BTC", "ETH", "MXN"):
        record.marked(withdrawing(coin))
    assert record.has_mark(withdrawing())
    assert not record.has_mark(withdrawing("MXN"))
    assert record.begin(withdrawing(), NOON).watermark == Watermark(txid="c")
    assert record.begin(withdrawing("ETH"), NOON).watermark == Watermark(txid="e")


def test_a_cancel_knows_its_order() -> None:
    """What it was ordered for, and the newest trade before it was placed; no mark is missing."""
    record = Record()
    assert record.has_mark(cancelling(7))
    record.saw_transaction(4, 6)
    sent = record.begin(placing(), NOON)
    record.saw_transaction(5, 6)
    record.end(sent, 7)
    record.saw_order(7, Decimal(3))
    cancel = record.begin(cancelling(7), NOON)
    assert (cancel.watermark, cancel.amount) == (Watermark(transaction_id=4), Decimal(3))
    record.knows_amount(8, Decimal(2))
    other = record.begin(cancelling(8), NOON)
    assert (other.watermark, other.amount) == (Watermark(), Decimal(2))
    record.resolve(placing(watermark=sent.watermark), 9)
    assert record.begin(cancelling(9), NOON).watermark == Watermark(transaction_id=4)


def test_what_a_user_says_of_an_amount_moves_no_watermark() -> None:
    """It may be of another account; nor does an order without a number have an amount."""
    record = Record()
    record.knows_amount(99, Decimal(1))
    assert not record.has_mark(placing())
    record.saw_order(0, Decimal(5))
    assert record.begin(cancelling(0), NOON).amount is None


def test_an_order_takes_its_amount_from_no_other() -> None:
    """What was asked for without an amount, and without an order's number, has none."""
    record = Record()
    record.knows_amount(1, Decimal(5))
    assert record.begin(cancelling(1), NOON).amount == 5
    assert record.begin(placing(amount=None), NOON).amount is None


def test_requests_for_the_same_are_counted_while_nobody_knows() -> None:
    """Lost ones and this one are alike; one that is being sent is under way; others don't count."""
    record = Record()
    first, second = placing(), placing()
    assert record.known(first).alike == 1
    assert not record.known(first).under_way
    record.begin(first, NOON)
    assert not record.known(first).under_way
    assert record.known(second).under_way
    record.lose(lost(first))
    assert not record.known(second).under_way
    assert (record.known(first).alike, record.known(second).alike) == (1, 2)
    assert record.known(placing(price=Decimal(501))).alike == 1
    record.begin(second, NOON)
    assert record.known(first).under_way
    assert not record.known(placing(side="SELL")).under_way
    record.end(second)
    assert not record.known(first).under_way
    assert [one.intent for one in record.lost] == [first]


def test_an_effect_belongs_to_one_request() -> None:
    """The first that claims it has it; the other stays lost until it is found to be none."""
    record = Record()
    first, second = placing(), placing()
    for one in (first, second):
        record.lose(lost(one))
    assert record.resolve(first, 7)
    assert not record.resolve(second, 7)
    assert [one.intent for one in record.lost] == [second]
    assert (record.resolutions, record.known(second).claimed) == (1, frozenset({7}))
    assert record.resolve(second, None)
    assert record.resolve(second, None)
    assert (record.lost, record.resolutions) == ([], 1)
    record.end(record.begin(placing(), NOON), 8)
    assert not record.resolve(second, 8)
    assert record.resolve(second, 9)
    assert record.resolutions == 2


def test_an_effect_is_found_once_and_for_all() -> None:
    """Who has it may claim it again, and nothing else; to it alone it is not another's."""
    record = Record()
    one, other = placing(), placing()
    assert record.resolve(one, 7)
    assert record.resolve(one, 7)
    assert not record.resolve(one, 8)
    assert record.resolutions == 1
    assert (record.known(one).claimed, record.known(one).own) == (frozenset(), 7)
    assert (record.known(other).claimed, record.known(other).own) == (frozenset({7}), None)
    sent = record.begin(other, NOON)
    record.end(sent, 9)
    assert (record.known(sent).claimed, record.known(sent).own) == (frozenset({7}), 9)
    assert record.has_mark(placing())


def test_what_a_former_process_left_is_taken_over() -> None:
    """Its lost requests, oldest first, before those to come, and the effects that it knew."""
    record, left = Record(), [placing(), withdrawing()]
    record.adopt([lost(one) for one in left], {7: left[0].id, "txid": "another's"})
    assert [one.intent for one in record.lost] == left
    assert record.known(left[0]).claimed == {"txid"}
    assert record.known(left[0]).own == 7
    assert record.known(left[1]).claimed == {7, "txid"}
    assert not record.resolve(left[1], "txid")


def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is forgotten, and an order older than what was forgotten is said to be unclear."""
    monkeypatch.setattr(module, "REMEMBERED", 2)
    record = Record()
    for effect in (5, "txid", 6, 7):
        record.end(withdrawing(), effect)
    assert record.known(placing()).claimed == {6, 7}
    for mark, complete in ((4, False), (5, True), (6, True), (None, True)):
        intent = placing(watermark=Watermark(order_id=mark))
        assert record.known(intent).complete is complete
    for order_id in (1, 2, 1, 3):
        record.knows_amount(order_id, Decimal(order_id))
    amounts = [record.begin(cancelling(one), NOON).amount for one in (1, 2, 3)]
    assert amounts == [Decimal(1), None, Decimal(3)]
    record.saw_transaction(4, 1)
    for order_id in (1, 2, 3):
        record.end(record.begin(placing(), NOON), order_id)
    marks = [record.begin(cancelling(one), NOON).watermark.transaction_id for one in (1, 2, 3)]
    assert marks == [None, 4, 4]


def test_a_cancel_takes_no_room_of_what_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """It leads to no order: the trade before the one that was placed is known for the next."""
    monkeypatch.setattr(module, "REMEMBERED", 1)
    record = Record()
    record.saw_transaction(4, 1)
    record.end(record.begin(placing(), NOON), 7)
    for _ in range(2):
        sent = record.begin(cancelling(7), NOON)
        assert sent.watermark == Watermark(transaction_id=4)
        record.end(sent)


def test_the_oldest_loss_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for so many, and not one less; what is forgotten is lost since it is asked."""
    monkeypatch.setattr(module, "REMEMBERED", 2)
    record, intents = Record(), [placing() for _ in range(3)]
    for since, intent in enumerate(intents):
        assert record.lost_since(intent, float(since)) == since
    assert [record.lost_since(one, 9.0) for one in intents[1:]] == [1, 2]
    assert record.lost_since(intents[0], 9.0) == 9


def test_an_end_that_is_told_twice_changes_nothing() -> None:
    """Neither a second one, nor one of a request that is on record as lost."""
    record = Record()
    sent = record.begin(placing(), NOON)
    record.lose(lost(sent))
    for _ in range(2):
        record.end(sent)
    assert [one.intent for one in record.lost] == [sent]


@pytest.mark.parametrize(
    ("intent", "data", "effect"),
    [
        (placing(), SimpleNamespace(id=7), 7),
        (withdrawing(), SimpleNamespace(txid="t", id=7), "t"),
        (cancelling(7), SimpleNamespace(id=7), None),
        (placing(), None, None),
        (placing(), SimpleNamespace(id=7.5), None),
    ],
)
def test_what_names_the_effect_of_a_success(
    intent: Intent, data: object, effect: int | str | None
) -> None:
    """The order's id or the withdrawal's txid; a cancel makes nothing, and what is odd is none."""
    assert effect_of(intent, data) == effect


def test_the_system_tells_the_time_in_utc() -> None:
    """An intent's time has its zone."""
    assert SYSTEM_CLOCK.now().tzinfo is UTC
