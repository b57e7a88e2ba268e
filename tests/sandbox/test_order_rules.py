"""What an order must keep to, and that a refused one changes nothing."""

import pytest

from coinbtr.sandbox.core.catalogue import MARKETS, Market
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.orders import Side
from tests.sandbox.floor import ANA, BOB, MARKET, Floor


@pytest.mark.parametrize(
    ("amount", "price", "code"),
    [
        ("0.000099", "1000000", Code.BELOW_MINIMUM),
        ("100.000001", "1000", Code.ABOVE_MAXIMUM),
        ("1", "999.99", Code.BELOW_MINIMUM),
        ("0.0001", "10000000.01", Code.ABOVE_MAXIMUM),
        ("0.0100001", "100000", Code.INVALID_STEP),
        ("0.01", "100000.001", Code.INVALID_STEP),
        ("0.0001", "99999.99", Code.BELOW_MINIMUM_VALUE),
        ("10", "100000.01", Code.INSUFFICIENT_FUNDS),
    ],
)
def test_a_buy_order_one_step_beyond_a_limit_is_refused(
    floor: Floor, amount: str, price: str, code: Code
) -> None:
    """Each limit of the book has its own code, and nothing has changed afterwards."""
    before = floor.state()
    with pytest.raises(Refusal) as refused:
        floor.buy(ANA, amount, price)
    assert refused.value.code is code
    assert floor.state() == before


@pytest.mark.parametrize(
    ("amount", "price"),
    [("0.0001", "100000"), ("100", "1000"), ("0.01", "1000.01"), ("10", "100000")],
)
def test_a_buy_order_at_its_limit_is_taken(floor: Floor, amount: str, price: str) -> None:
    """The limits themselves are allowed, and so is spending the last unit."""
    assert floor.buy(ANA, amount, price).is_open


def test_a_sale_of_more_than_there_is_is_refused(floor: Floor) -> None:
    """What open orders hold can't be sold a second time."""
    floor.sell(ANA, "6", "2000000")
    before = floor.state()
    with pytest.raises(Refusal) as refused:
        floor.sell(ANA, "4.000001", "2000000")
    assert refused.value.code is Code.INSUFFICIENT_FUNDS
    assert "4.00000100 BTC" in refused.value.sentence
    assert floor.state() == before
    assert floor.sell(ANA, "4", "2000000").is_open


def test_a_refusal_writes_the_smallest_amount_without_an_exponent(floor: Floor) -> None:
    """One unit is `0.00000001`, as everywhere."""
    with pytest.raises(Refusal, match=r"amount is 0\.00000001; BTC-MXN takes 0\.00010000 or more"):
        floor.buy(ANA, "0.00000001", "1000")


def test_an_unknown_book_is_refused_and_case_does_not_matter(floor: Floor) -> None:
    """A book is found in any case; one that doesn't exist is named in the refusal."""
    assert floor.buy(ANA, "1", "1000", market="btc-mxn").market == "BTC-MXN"
    with pytest.raises(Refusal, match="'BTC-DOGE'") as refused:
        floor.buy(ANA, "1", "1000", market="BTC-DOGE")
    assert refused.value.code is Code.BOOK_NOT_FOUND


def test_a_halted_book_takes_no_orders_and_lets_go(floor: Floor) -> None:
    """A closed book refuses new orders, open ones can be cancelled, and it can open again."""
    order = floor.buy(ANA, "1", "1000")
    floor.exchange.halt("btc-mxn")
    with pytest.raises(Refusal) as refused:
        floor.buy(ANA, "1", "1000")
    assert refused.value.code is Code.BOOK_CLOSED
    floor.exchange.trading.cancel(ANA, order.id, Side.BUY)
    floor.exchange.resume("btc-mxn")
    assert floor.buy(ANA, "1", "1000").is_open


@pytest.mark.parametrize("who", [ANA, BOB], ids=["own", "another's"])
def test_cancel_needs_the_owner_and_the_side(floor: Floor, who: int) -> None:
    """Another account's order and the other side's order are not found; the order stays."""
    order = floor.buy(ANA, "1", "1000")
    side = Side.SELL if who == ANA else Side.BUY
    with pytest.raises(Refusal) as refused:
        floor.exchange.trading.cancel(who, order.id, side)
    assert refused.value.code is Code.ORDER_NOT_FOUND
    assert floor.exchange.trading.open_order(ANA, order.id).is_open


def test_a_closed_order_is_not_found(floor: Floor) -> None:
    """Filled and cancelled orders are no open orders any more, and can't be cancelled again."""
    filled = floor.sell(ANA, "1", "1000")
    floor.buy(BOB, "1", "1000")
    cancelled = floor.buy(ANA, "1", "1000")
    floor.exchange.trading.cancel(ANA, cancelled.id, Side.BUY)
    for order in (filled, cancelled):
        with pytest.raises(Refusal):
            floor.exchange.trading.open_order(ANA, order.id)
        with pytest.raises(Refusal):
            floor.exchange.trading.cancel(ANA, order.id, order.side)
    assert floor.exchange.trading.open_orders(ANA) == []


def test_lists_are_newest_first_and_can_be_paged(floor: Floor) -> None:
    """Open orders come newest first; market, limit and offset choose among them."""
    for _ in range(3):
        floor.buy(ANA, "1", "1000")
    floor.exchange.wallets.deposit(ANA, "LTC", 10**10, now_ms=floor.now, confirmed=True)
    floor.sell(ANA, "1", "5000", market="LTC-MXN")
    trading = floor.exchange.trading
    assert [order.id for order in trading.open_orders(ANA)] == [4, 3, 2, 1]
    assert [order.id for order in trading.open_orders(ANA, market=MARKET, limit=1)] == [3]
    assert [order.id for order in trading.open_orders(ANA, limit=2, offset=1)] == [3, 2]
    assert trading.open_orders(BOB) == []


def test_ids_are_never_used_again(floor: Floor) -> None:
    """After orders were filled and cancelled the next one still gets a new id."""
    first = floor.buy(ANA, "1", "1000")
    floor.exchange.trading.cancel(ANA, first.id, Side.BUY)
    second = floor.buy(ANA, "1", "1000")
    floor.sell(BOB, "1", "1000")
    third = floor.buy(ANA, "1", "1000")
    assert first.id < second.id < third.id


@pytest.mark.parametrize("market", MARKETS, ids=lambda market: market.name)
def test_steps_keep_every_value_exact(market: Market) -> None:
    """The smallest amount step times the smallest price step is a whole number of units."""
    assert market.amount_step * market.price_step % 10**8 == 0
    assert market.min_amount % market.amount_step == 0
    assert market.min_price % market.price_step == 0
    assert market.start_price % market.price_step == 0
