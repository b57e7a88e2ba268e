"""A lost answer to a cancel: what was traded decides, and trades that were not read are a doubt."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from coinbtr import CoinBTR, outcomes
from tests.facade.lossy import Desk, buy, desk, withdraw
from tests.facade.scripted import OPEN

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


@pytest.fixture
def known() -> Iterator[Desk]:
    """A desk whose client has bought before: order and trade are its watermark."""
    made = desk()
    ask = made.client.market.order_book("btc-mxn").best_ask.price
    made.client.trading.buy_limit("btc-mxn", amount="0.001", price=ask)
    made.client.trading.transactions()
    withdraw(made.client)
    yield made
    made.client.close()


def bid(made: Desk) -> Any:
    """The best bid: an order for 0.001 that the next sale meets."""
    best = made.client.market.order_book("btc-mxn", limit=1).best_ask.price
    return made.client.trading.buy_limit("btc-mxn", amount="0.001", price=best - 1)


def sell(made: Desk, price: Decimal, amount: str) -> None:
    """Another account sells at this price."""
    token, url = made.sandbox.other_token, made.sandbox.base_url
    with CoinBTR(token, base_url=url, engine=made.sandbox.engine(), guards=OPEN) as other:
        other.trading.sell_limit("btc-mxn", amount=amount, price=price)


def cancelled(made: Desk, order: Any, when: str = "after", settle: float = 5) -> Any:
    """What became of the order, as far as the lost answer to its cancel is looked up."""
    return made.lose(when, lambda client: client.trading.cancel(order)).reconcile(settle=settle)


def test_an_order_that_is_open_is_told_as_it_stands(known: Desk) -> None:
    """At the time of the last reading, the settle interval after the loss."""
    order = buy(known.client)
    began = known.client._seam.now()
    outcome = cancelled(known, order, "before")
    assert outcome == outcomes.StillOpen(order=order, read_at=known.client._seam.now())
    assert (outcome.read_at - began).total_seconds() == 5


def test_an_order_that_was_filled_before_says_how_much(known: Desk) -> None:
    """All of it, in two trades; those of other orders are none of it."""
    order = bid(known)
    sell(known, order.price, "0.0004")
    sell(known, order.price, "0.0006")
    assert cancelled(known, order, "before") == outcomes.Filled(
        order_id=order.id, filled=Decimal("0.001"), read_at=known.client._seam.now()
    )


def test_an_order_that_was_traded_in_part_is_cancelled(known: Desk) -> None:
    """What was traded before is told, and it is no doubt."""
    order = bid(known)
    sell(known, order.price, "0.0004")
    assert cancelled(known, order) == outcomes.Cancelled(
        order_id=order.id, filled=Decimal("0.0004"), read_at=known.client._seam.now()
    )


@pytest.mark.parametrize("traded", [True, False])
def test_an_order_whose_amount_nobody_knows(known: Desk, traded: bool) -> None:
    """Placed by another client: its trades may be all of it; without one it was cancelled."""
    with CoinBTR.sandbox(known.sandbox, guards=OPEN) as other:
        best = other.market.order_book("btc-mxn", limit=1).best_ask.price
        price = best if traded else best - 1
        order = other.trading.buy_limit("btc-mxn", amount="0.001", price=price)
    when = "before" if traded else "after"
    lost = known.lose(when, lambda client: client.trading.cancel_buy_limit(order.id))
    outcome, now = lost.reconcile(), known.client._seam.now()
    trades = [one for one in known.client.trading.transactions() if one.order_id == order.id]
    assert bool(trades) is traded
    if traded:
        assert outcome == outcomes.Ambiguous(
            reason="the order is not open and was traded, and its amount is not known",
            candidates=tuple(trades),
            read_at=now,
        )
    else:
        assert outcome == outcomes.Cancelled(order_id=order.id, filled=Decimal(0), read_at=now)


def test_trades_that_are_too_many_to_read_are_a_doubt(
    known: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as are read decide; one more, and what wasn't read may be the order's."""
    first, order = bid(known), bid(known)
    sell(known, first.price, "0.001")
    sell(known, order.price, "0.0004")
    sell(known, order.price, "0.0002")
    monkeypatch.setattr("coinbtr._sync.reconcile.MOST_ENTRIES", 3)
    assert cancelled(known, order).filled == Decimal("0.0006")
    other = buy(known.client)
    for _ in range(3):
        sell(known, bid(known).price, "0.001")
    lost = known.lose("after", lambda client: client.trading.cancel(other))
    monkeypatch.setattr("coinbtr._sync.reconcile.MOST_ENTRIES", 2)
    assert lost.reconcile() == outcomes.Ambiguous(
        reason="the order is not open, and there are too many trades to read them all",
        read_at=known.client._seam.now(),
    )


def test_a_lost_order_among_too_many_trades_is_a_doubt(
    known: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not found is said only if all that is newer than the watermark was read."""
    for most, kind in ((2, "not_found"), (1, "ambiguous")):
        lost = known.lose("before", buy)
        for _ in range(2):
            with CoinBTR.sandbox(known.sandbox, guards=OPEN) as other:
                ask = other.market.order_book("btc-mxn").best_ask.price
                other.trading.buy_limit("btc-mxn", amount="0.0001", price=ask)
        monkeypatch.setattr("coinbtr._sync.reconcile.MOST_ENTRIES", most)
        outcome = lost.reconcile()
        assert outcome.kind == kind
        known.client.trading.transactions()
        known.client.trading.open_orders()


def test_a_lost_withdrawal_among_too_many_is_a_doubt(
    known: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found if the one that was known before is reached; else it may be an older one."""
    lost = [known.lose("after", withdraw) for _ in range(2)]
    monkeypatch.setattr("coinbtr._sync.reconcile.MOST_ENTRIES", 1)
    doubt = lost[0].reconcile()
    assert doubt.kind == "ambiguous"
    assert doubt.reason == "the withdrawal that was known before is not in the list any more"
    assert len(doubt.candidates) == 1
    monkeypatch.setattr("coinbtr._sync.reconcile.MOST_ENTRIES", 2)
    assert [one.reconcile().kind for one in lost] == ["found", "found"]
