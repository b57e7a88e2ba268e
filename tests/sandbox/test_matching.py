"""Orders match by price and then by time, at the resting order's price."""

from decimal import Decimal

import pytest

from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.orders import Side
from tests.sandbox.floor import ANA, BOB, CLEO, MARKET, Floor, plain


def test_a_better_price_is_met_first(floor: Floor) -> None:
    """A buyer meets the cheapest seller first, whoever came first."""
    dear = floor.sell(ANA, "1", "101000")
    cheap = floor.sell(BOB, "1", "100000")
    floor.buy(CLEO, "1.5", "101000")
    assert (plain(cheap.left), plain(dear.left)) == ("0", "0.5")


def test_a_seller_meets_the_highest_bid_first(floor: Floor) -> None:
    """A seller meets the highest buyer first, whoever came first."""
    low = floor.buy(ANA, "1", "100000")
    high = floor.buy(BOB, "1", "101000")
    floor.sell(CLEO, "1.5", "100000")
    assert (plain(high.left), plain(low.left)) == ("0", "0.5")


def test_at_one_price_the_older_order_is_met_first(floor: Floor) -> None:
    """At the same price the order that waited longer trades first."""
    older = floor.sell(ANA, "1", "100000")
    newer = floor.sell(BOB, "1", "100000")
    floor.buy(CLEO, "1.25", "100000")
    assert (plain(older.left), plain(newer.left)) == ("0", "0.75")


def test_a_partly_filled_order_keeps_its_place(floor: Floor) -> None:
    """What is left of an order stays before orders that came later."""
    older = floor.sell(ANA, "1", "100000")
    floor.buy(CLEO, "0.5", "100000")
    newer = floor.sell(BOB, "1", "100000")
    floor.buy(CLEO, "0.5", "100000")
    assert (older.is_open, plain(newer.left)) == (False, "1")


def test_a_cancelled_order_leaves_the_queue(floor: Floor) -> None:
    """An order that was cancelled is passed over, from the middle of a queue, too."""
    first = floor.sell(ANA, "1", "100000")
    second = floor.sell(ANA, "1", "100000")
    third = floor.sell(BOB, "1", "100000")
    floor.exchange.trading.cancel(ANA, second.id, Side.SELL)
    floor.buy(CLEO, "2", "100000")
    assert (plain(first.left), plain(second.left), plain(third.left)) == ("0", "1", "0")


def test_trades_happen_at_the_resting_price(floor: Floor) -> None:
    """Who bids more than the seller asks pays what the seller asked, level by level."""
    floor.sell(ANA, "1", "100000")
    floor.sell(BOB, "1", "100500")
    taker = floor.buy(CLEO, "2", "120000")
    assert floor.fills(CLEO) == [(taker.id, "1", "100000"), (taker.id, "1", "100500")]


def test_orders_that_do_not_cross_rest(floor: Floor) -> None:
    """A bid below every ask trades with nobody and shows in the book."""
    floor.sell(ANA, "1", "100000.01")
    order = floor.buy(BOB, "1", "100000")
    depth = floor.exchange.market.depth(MARKET)
    assert order.is_open
    assert floor.fills(BOB) == []
    assert [plain(price) for price, _ in depth.bids] == ["100000"]
    assert [plain(price) for price, _ in depth.asks] == ["100000.01"]


def test_what_is_not_filled_at_once_rests(floor: Floor) -> None:
    """A large order takes what there is and waits with the rest at its own price."""
    floor.sell(ANA, "1", "100000")
    order = floor.buy(BOB, "3", "110000")
    depth = floor.exchange.market.depth(MARKET)
    assert (plain(order.left), plain(order.filled), order.is_open) == ("2", "1", True)
    assert [(plain(price), plain(amount)) for price, amount in depth.bids] == [("110000", "2")]
    assert depth.asks == ()


def test_the_book_sums_orders_by_price(floor: Floor) -> None:
    """Depth has one level for each price, best first, asks rising and bids falling."""
    for price in ("100000", "99000", "100000"):
        floor.buy(ANA, "0.5", price)
    for price in ("102000", "101000"):
        floor.sell(BOB, "0.25", price)
    depth = floor.exchange.market.depth(MARKET)
    levels = [
        [(plain(price), plain(amount)) for price, amount in side]
        for side in (depth.asks, depth.bids)
    ]
    assert levels == [
        [("101000", "0.25"), ("102000", "0.25")],
        [("100000", "1"), ("99000", "0.5")],
    ]
    assert len(floor.exchange.market.depth(MARKET, limit=1).bids) == 1


def test_meeting_an_own_order_is_refused_whole(floor: Floor) -> None:
    """An order that would reach its own account's order trades with nobody, not even before it."""
    floor.sell(BOB, "1", "100000")
    floor.sell(ANA, "1", "100500")
    before = floor.state()
    with pytest.raises(Refusal) as refused:
        floor.buy(ANA, "2", "101000")
    assert refused.value.code is Code.SELF_TRADE
    assert floor.state() == before


def test_an_own_order_out_of_reach_does_not_matter(floor: Floor) -> None:
    """An order that is filled before it would reach its own account's order is fine."""
    floor.sell(BOB, "1", "100000")
    floor.sell(ANA, "1", "100500")
    assert not floor.buy(ANA, "1", "101000").is_open


def test_fees_come_off_what_is_received(floor: Floor) -> None:
    """The maker pays 0.2 % and the taker 0.4 %, each in the coin that it receives."""
    floor.sell(ANA, "1", "100000")
    floor.buy(BOB, "1", "100000")
    assert floor.available(ANA, "MXN") == 1_000_000 + 100_000 - 200
    assert floor.available(BOB, "BTC") == 11 - Decimal("0.004")
    assert floor.available(BOB, "MXN") == 900_000
    [sold] = floor.exchange.trading.transactions(ANA)
    [bought] = floor.exchange.trading.transactions(BOB)
    assert (sold.fee_coin, plain(sold.fee), sold.filled_as) == ("MXN", "200", "maker")
    assert (bought.fee_coin, plain(bought.fee), bought.filled_as) == ("BTC", "0.004", "taker")


def test_a_buyer_who_waited_pays_the_maker_fee(floor: Floor) -> None:
    """The fee goes by who waited, not by the side: here the seller is the taker."""
    floor.buy(ANA, "1", "100000")
    floor.sell(BOB, "1", "100000")
    assert floor.available(ANA, "BTC") == 11 - Decimal("0.002")
    assert floor.available(BOB, "MXN") == 1_000_000 + 100_000 - 400


def test_fees_round_up_at_the_eighth_decimal(floor: Floor) -> None:
    """A fee with a ninth decimal is rounded up: 0.000101 × 0.004 is 0.00000041, not …0404."""
    floor.sell(ANA, "0.000101", "100000")
    floor.buy(BOB, "0.000101", "100000")
    [bought] = floor.exchange.trading.transactions(BOB)
    assert plain(bought.fee) == "0.00000041"


def test_a_buyer_s_money_is_held_and_the_saving_released(floor: Floor) -> None:
    """A purchase freezes amount × price; what a better price saves is available at once."""
    floor.sell(ANA, "1", "90000")
    floor.buy(BOB, "2", "100000")
    assert floor.frozen(BOB, "MXN") == 100_000
    assert floor.available(BOB, "MXN") == 1_000_000 - 90_000 - 100_000


def test_cancelling_releases_what_is_left(floor: Floor) -> None:
    """After a partial fill a cancel gives back what was held for the rest, to the last unit."""
    order = floor.sell(ANA, "3", "100000")
    floor.buy(BOB, "1", "100000")
    assert floor.frozen(ANA, "BTC") == 2
    cancelled = floor.exchange.trading.cancel(ANA, order.id, Side.SELL)
    assert floor.frozen(ANA, "BTC") == 0
    assert floor.available(ANA, "BTC") == 9
    assert (cancelled.is_open, plain(cancelled.left), plain(cancelled.filled)) == (False, "2", "1")
    assert floor.exchange.market.depth(MARKET).asks == ()
