"""What may be the effect of a lost request, and what is in doubt: by watermark, sum and claim."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from coinbtr import Intent, Order, Transaction, Watermark, Withdrawal
from coinbtr.matching import Doubt, Effect, Sighting, judge, orders, withdrawals
from coinbtr.models import FilledAs, Side, TransferStatus
from coinbtr.sending.record import Known

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def buying(mark: int | None = 10, **changes: Any) -> Intent:
    """An intent to buy 1 BTC at 500, after the order `mark`."""
    asked: dict[str, Any] = {"book": "BTC-MXN", "side": "BUY"}
    asked |= {"amount": Decimal(1), "price": Decimal(500)}
    return Intent(
        operation="placeBuyLimitOrder", watermark=Watermark(order_id=mark), **asked | changes
    )


def order(number: int, **changes: Any) -> Order:
    """An open order that is just what was asked for."""
    facts: dict[str, Any] = {"book": "BTC-MXN", "side": Side.BUY, "price": Decimal(500)}
    facts |= {"amount": Decimal(1), "remaining": Decimal(1), "filled": Decimal(0)}
    facts |= {"is_open": True, "created_at": NOON}
    return Order(id=number, **facts | changes)


def trade(number: int, of: int, amount: str = "1", **changes: Any) -> Transaction:
    """A trade of an order, at the price that was asked for."""
    facts: dict[str, Any] = {"book": "BTC-MXN", "side": Side.BUY, "price": Decimal(500)}
    facts |= {"value": Decimal(500), "fee_amount": Decimal(0), "fee_coin": "BTC"}
    facts |= {"filled_as": FilledAs.TAKER, "created_at": NOON + timedelta(seconds=number)}
    return Transaction(id=number, order_id=of, amount=Decimal(amount), **facts | changes)


def sent(txid: str, **changes: Any) -> Withdrawal:
    """A withdrawal that is just what was asked for."""
    facts: dict[str, Any] = {"coin": "BTC", "address": "mine", "amount": Decimal(2)}
    facts |= {"fee_amount": Decimal(0), "status": TransferStatus.SENT, "date": NOON}
    return Withdrawal(txid=txid, **facts | changes)


def withdrawing(mark: str | None = "old") -> Intent:
    """An intent to withdraw 2 BTC, after the withdrawal `mark`."""
    watermark = Watermark(txid=mark)
    asked: dict[str, Any] = {"coin": "BTC", "address": "mine", "amount": Decimal(2)}
    return Intent(operation="withdraw", watermark=watermark, **asked)


def names(effects: tuple[Effect, ...]) -> list[int | str]:
    """The order ids and txids."""
    return [one.id if isinstance(one, Order) else one.txid for one in effects]


def test_an_open_order_newer_than_the_watermark_is_exact() -> None:
    """Those that were known before are none of it; the oldest comes first."""
    seen = orders(buying(), [order(12), order(11), order(10)], [], whole=True)
    assert (names(seen.exact), seen.partial, seen.reason) == ([11, 12], (), None)


@pytest.mark.parametrize(
    "other",
    [{"book": "ETH-MXN"}, {"side": Side.SELL}, {"amount": Decimal(2)}, {"price": Decimal(501)}],
)
def test_an_order_that_differs_is_another(other: dict[str, Any]) -> None:
    """Book, side, amount and price must all be what was asked for."""
    assert orders(buying(), [order(11, **other)], [], whole=True) == Sighting()


def test_trades_that_make_up_the_amount_are_an_order() -> None:
    """Filled to its end, since its first trade, at the price that was asked for."""
    seen = orders(buying(), [], [trade(8, 11, "0.75"), trade(7, 11, "0.25")], whole=True)
    began = NOON + timedelta(seconds=7)
    done = {"remaining": Decimal(0), "filled": Decimal(1), "is_open": False, "created_at": began}
    assert seen.exact == (order(11, **done),)
    assert (seen.partial, seen.reason) == ((), None)


def test_trades_that_fall_short_are_partial() -> None:
    """What is left of the order is told, and the order is none of the exact ones."""
    seen = orders(buying(), [], [trade(7, 11, "0.25"), trade(6, 10, "0.25")], whole=True)
    assert seen.exact == ()
    assert [
        (one.id, one.filled, one.remaining) for one in seen.partial if isinstance(one, Order)
    ] == [(11, Decimal("0.25"), Decimal("0.75"))]


@pytest.mark.parametrize(
    "trades",
    [
        [trade(7, 11, "1.5")],
        [trade(7, 11, price=Decimal("500.01"))],
        [trade(7, 11, "0.5"), trade(8, 11, "0.5", price=Decimal("500.01"))],
        [trade(7, 11, side=Side.SELL)],
        [trade(7, 11, book="ETH-MXN")],
        [trade(7, 10)],
    ],
)
def test_trades_that_can_not_be_of_the_order(trades: list[Transaction]) -> None:
    """More than was asked for, worse than its price, another side or book, an older order."""
    assert orders(buying(), [], trades, whole=True) == Sighting()


def test_a_sale_is_worse_below_its_price() -> None:
    """A better price than was asked for fits, on each side in its own direction."""
    selling = buying(side="SELL")
    for intent, side, good, bad in (
        (buying(), Side.BUY, 499, 501),
        (selling, Side.SELL, 501, 499),
    ):
        for price, found in ((500, [11]), (good, [11]), (bad, [])):
            seen = orders(intent, [], [trade(7, 11, side=side, price=Decimal(price))], whole=True)
            assert names(seen.exact) == found


def test_the_trades_of_an_open_order_are_not_another_order() -> None:
    """An order that is open is seen once."""
    partly = order(11, remaining=Decimal("0.5"), filled=Decimal("0.5"))
    assert names(orders(buying(), [partly], [trade(7, 11)], whole=True).exact) == [11]
    assert orders(buying(amount=None), [], [trade(7, 11)], whole=True) == Sighting()
    assert orders(buying(price=None), [], [trade(7, 11)], whole=True) == Sighting()


def test_why_nothing_can_be_said_of_orders() -> None:
    """No watermark, ids that don't rise, or trades that were not all read: where it matters."""
    unmarked = orders(buying(None), [order(11)], [], whole=True)
    assert unmarked.reason is not None
    assert unmarked.reason.startswith("no order of the account was known before")
    assert names(unmarked.exact) == [11]
    assert orders(buying(None), [], [trade(7, 11, "0.5")], whole=True).reason == unmarked.reason
    assert orders(buying(None), [], [], whole=True).reason is None
    for ids in ((10, 11), (11, 11)):
        unsorted = orders(buying(), [order(one) for one in ids], [], whole=True)
        assert unsorted.reason is not None
        assert unsorted.reason.startswith("the exchange's order ids do not rise")
    unread = orders(buying(), [], [], whole=False)
    assert unread.reason == "there are too many trades to read them all"
    assert orders(buying(), [order(11)], [], whole=False).reason is None


def test_withdrawals_that_fit() -> None:
    """Coin, address and amount as asked for; the oldest first."""
    newer = [
        sent("c"),
        sent("b", coin="ETH"),
        sent("b", address="yours"),
        sent("b", amount=Decimal(3)),
        sent("a"),
    ]
    seen = withdrawals(withdrawing(), newer, reached_mark=True)
    assert (names(seen.exact), seen.partial, seen.reason) == (["a", "c"], (), None)


def test_an_address_may_come_back_in_another_case() -> None:
    """Not to know it would be to say that nothing was sent; the user would send again."""
    newer = [sent("a", address=sent("a").address.upper())]
    assert names(withdrawals(withdrawing(), newer, reached_mark=True).exact) == ["a"]


def test_why_nothing_can_be_said_of_withdrawals() -> None:
    """No watermark, or one that is not in the list; only if there is one that fits."""
    for mark, reached, words in (
        (None, False, "no withdrawal of the coin was known before"),
        ("old", False, "the withdrawal that was known before is not in the list any more"),
    ):
        seen = withdrawals(withdrawing(mark), [sent("a")], reached_mark=reached)
        assert seen.reason is not None
        assert seen.reason.startswith(words)
        assert withdrawals(withdrawing(mark), [sent("a", coin="ETH")], reached_mark=reached) == (
            Sighting()
        )


def known(**changes: Any) -> Known:
    """What a client knows, of which some is otherwise."""
    facts: dict[str, Any] = {"claimed": frozenset(), "own": None, "alike": 1}
    facts |= {"under_way": False, "complete": True}
    return Known(**facts | changes)


def test_what_fits_and_is_nobody_elses_is_the_effect() -> None:
    """The oldest of as many as were lost alike; what another request has claimed is left out."""
    both = Sighting(exact=(order(11), order(12)))
    assert judge(both, known(alike=2)) == order(11)
    assert judge(both, known(claimed=frozenset({11}))) == order(12)
    assert judge(both, known(claimed=frozenset({11, 12}))) is None


def test_what_it_was_found_to_be_it_stays() -> None:
    """Its own and no other, whatever else fits; a doubt where that is not to be seen any more."""
    both = Sighting(exact=(order(11), order(12)), reason="there are too many")
    assert judge(both, known(own=12, under_way=True, complete=False)) == order(12)
    part = Sighting(exact=(order(11),), partial=(order(12),))
    doubt = Doubt("it was carried out, as 12, and is not to be seen whole any more", (order(12),))
    assert judge(part, known(own=12)) == doubt
    assert judge(Sighting(), known(own=12)) == Doubt(doubt.reason, ())
    assert judge(Sighting(), known(under_way=True, complete=False)) is None
    assert judge(Sighting(exact=(sent("a"), sent("b"))), known(claimed=frozenset({"a"}))) == sent(
        "b"
    )


@pytest.mark.parametrize(
    ("sighting", "facts", "words", "candidates"),
    [
        (Sighting(reason="why"), {}, "why", []),
        (Sighting(exact=(order(11),), partial=(order(12),), reason="why"), {}, "why", [11, 12]),
        (Sighting(exact=(order(11), order(12))), {}, "several fit", [11, 12]),
        (
            Sighting(exact=(order(11),), partial=(order(12),)),
            {"under_way": True},
            "another request for the same is under way",
            [11, 12],
        ),
        (
            Sighting(exact=(order(11),), partial=(order(12),)),
            {"complete": False},
            "too many requests were made since to tell them apart",
            [11, 12],
        ),
        (
            Sighting(partial=(order(11), order(12, is_open=False))),
            {"claimed": frozenset({11})},
            "a trade fits the order, and the rest of it is not to be seen",
            [12],
        ),
        (
            Sighting(partial=(order(11, is_open=False), order(12))),
            {"claimed": frozenset({11})},
            "the exchange answered with an order that is not what was asked for",
            [12],
        ),
    ],
)
def test_doubts(
    sighting: Sighting, facts: dict[str, Any], words: str, candidates: list[int]
) -> None:
    """Each with its reason and all that it may be, apart from what others have claimed."""
    doubt = judge(sighting, known(**facts))
    assert isinstance(doubt, Doubt)
    assert doubt.reason == words
    assert names(doubt.candidates) == candidates
