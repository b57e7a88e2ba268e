"""Each method that `has` says yes to does what ccxt's users expect of it, sync and async."""

from decimal import Decimal
from typing import Any

import ccxt
import pytest
from ccxt.test.exchange.base import test_order as check_order
from ccxt.test.exchange.base import test_trade as check_trade

from tests.ccxt.conftest import Place, settled

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


def conforms(exchange: Any, order: dict[str, Any], status: str) -> None:
    """An order has the structure that ccxt's own tests demand, and this status."""
    check_order(exchange, {}, "createOrder", order, "BTC/MXN", exchange.milliseconds() + 1000)
    assert order["status"] == status


def test_markets_are_those_of_the_exchange(place: Place) -> None:
    """Limits, steps and fees to the last digit, and what the exchange said beside them."""

    async def act(exchange: Any) -> None:
        markets = await settled(exchange.load_markets())
        with place.sandbox.client() as client:
            for book in client.market.books():
                market = markets[book.name.replace("-", "/")]
                assert Decimal(market["precision"]["price"]) == book.price_step
                assert Decimal(market["limits"]["amount"]["max"]) == book.max_amount
                assert Decimal(market["limits"]["cost"]["min"]) == book.min_value
                assert Decimal(market["taker"]) == book.taker_fee
                assert market["info"]["name"] == book.name
        assert set(exchange.currencies) == {one.coin for one in client_currencies(place)}
        assert exchange.currencies["MXN"]["type"] == "fiat"
        assert exchange.currencies["BTC"]["fee"] == "0.00050000"

    place.run(act)


def client_currencies(place: Place) -> list[Any]:
    """The currencies as the package's own client tells them."""
    with place.sandbox.client() as client:
        return client.market.currencies()


def test_tickers_and_order_books(place: Place) -> None:
    """Prices are exact where `number` is str, floats where it is left alone."""

    async def act(exchange: Any) -> None:
        book = await settled(exchange.fetch_order_book("BTC/MXN", 3))
        assert [len(book["bids"]), len(book["asks"])] == [3, 3]
        with place.sandbox.client() as client:
            best = client.market.order_book("btc-mxn").best_bid
        assert book["bids"][0] == [f"{best.price:f}", f"{best.amount:f}"]
        tickers = await settled(exchange.fetch_tickers(["BTC/MXN", "LTC/BTC"]))
        assert set(tickers) == {"BTC/MXN", "LTC/BTC"}
        assert tickers["BTC/MXN"]["bid"] == book["bids"][0][0]
        exchange.number = float
        assert isinstance((await settled(exchange.fetch_ticker("BTC/MXN")))["last"], float)

    place.run(act)


def test_an_order_from_its_placing_to_its_cancelling(place: Place) -> None:
    """It is open, found and listed, and then it is cancelled, and still to be asked for."""

    async def act(exchange: Any) -> None:
        placed = await settled(
            exchange.create_order("BTC/MXN", "limit", "buy", "0.01", "900000.50")
        )
        conforms(exchange, placed, "open")
        assert (placed["amount"], placed["price"]) == ("0.01000000", "900000.50000000")
        assert placed["info"]["price"] == "900000.50000000"
        number = placed["id"]
        conforms(exchange, await settled(exchange.fetch_order(number, "BTC/MXN")), "open")
        listed = await settled(exchange.fetch_open_orders("BTC/MXN"))
        assert number in [order["id"] for order in listed]
        cancelled = await settled(exchange.cancel_order(number, "BTC/MXN"))
        conforms(exchange, cancelled, "canceled")
        conforms(exchange, await settled(exchange.fetch_order(number)), "canceled")
        with pytest.raises(ccxt.OrderNotFound):
            await settled(exchange.fetch_open_order(number))

    place.run(act)


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_another_object_cancels_an_order_that_it_has_not_seen(place: Place, side: str) -> None:
    """The API cancels by side: the order is read first."""

    async def act(exchange: Any) -> None:
        price = "900000" if side == "buy" else "2000000"
        placed = await settled(exchange.create_order("BTC/MXN", "limit", side, "0.001", price))
        other = place.exchange()
        gone = await settled(other.cancel_order(placed["id"]))
        assert (gone["status"], gone["side"]) == ("canceled", side)
        with pytest.raises(ccxt.OrderNotFound):
            await settled(other.cancel_order(placed["id"]))
        await settled(other.close())

    place.run(act)


def test_a_filled_order_is_closed_with_its_trades(place: Place) -> None:
    """Amount, cost and fee are those of the trades; who has not seen it reads it off them."""

    async def act(exchange: Any) -> None:
        placed = await settled(exchange.create_limit_buy_order("BTC/MXN", "0.001", "1200000"))
        conforms(exchange, placed, "closed")
        for asked in (exchange, other := place.exchange()):
            order = await settled(asked.fetch_order(placed["id"], "BTC/MXN"))
            assert order["status"] == "closed"
            assert Decimal(order["filled"]) == Decimal("0.001")
            paid = sum(Decimal(trade["cost"]) for trade in order["trades"])
            assert Decimal(order["cost"]) == paid > 0
            assert order["fee"]["currency"] == "BTC"
        await settled(other.close())
        exchange.number = float  # what these checks of ccxt's take
        conforms(exchange, await settled(exchange.fetch_order(placed["id"])), "closed")
        trades = await settled(exchange.fetch_my_trades("BTC/MXN", limit=3))
        assert trades[-1]["order"] == placed["id"]
        for trade in trades:
            check_trade(
                *(exchange, {}, "fetchMyTrades", trade, "BTC/MXN"),
                *(exchange.milliseconds() + 1000, False),
            )

    place.run(act)


def test_an_order_that_was_filled_in_part_and_cancelled(place: Place) -> None:
    """Who has seen it knows that it is cancelled, and how much was filled."""

    async def act(exchange: Any) -> None:
        book = await settled(exchange.fetch_order_book("XLM/MXN", 1))
        price, there = book["asks"][0]
        more = Decimal(there) + 5
        placed = await settled(exchange.create_order("XLM/MXN", "limit", "buy", f"{more:f}", price))
        assert placed["status"] == "open"
        assert Decimal(placed["remaining"]) == 5
        with place.sandbox.client() as client:  # somebody else cancels it
            client.trading.cancel_buy_limit(int(placed["id"]))
        order = await settled(exchange.fetch_order(placed["id"]))
        assert (order["status"], Decimal(order["filled"])) == ("canceled", Decimal(there))

    place.run(act)


def test_lists_go_back_to_since_and_no_further(place: Place) -> None:
    """Oldest first; the first `limit` from `since` on, else the newest."""

    async def act(exchange: Any) -> None:
        asked = (await settled(exchange.fetch_order_book("LTC/MXN")))["asks"][-1][0]
        for _ in range(3):
            await settled(exchange.create_order("LTC/MXN", "limit", "buy", "0.1", asked))
        trades = await settled(exchange.fetch_my_trades("LTC/MXN"))
        times = [trade["timestamp"] for trade in trades]
        assert times == sorted(times)
        assert len(trades) >= 3
        newest = await settled(exchange.fetch_my_trades("LTC/MXN", limit=2))
        assert newest == trades[-2:]
        since = trades[-2]["timestamp"]
        later = await settled(exchange.fetch_my_trades("LTC/MXN", since))
        assert later == [trade for trade in trades if trade["timestamp"] >= since]
        assert await settled(exchange.fetch_my_trades("LTC/MXN", since, 1)) == later[:1]
        assert await settled(exchange.fetch_my_trades("LTC/MXN", exchange.milliseconds() * 2)) == []

    place.run(act)


def test_the_wallet(place: Place) -> None:
    """Balances add up; a withdrawal is listed with its fee; a coin's address stays the same."""

    async def act(exchange: Any) -> None:
        balance = await settled(exchange.fetch_balance())
        for coin, amount in balance["total"].items():
            parts = Decimal(balance["free"][coin]) + Decimal(balance["used"][coin])
            assert parts == Decimal(amount)
        sent = await settled(exchange.withdraw("BTC", "0.0123", ADDRESS))
        assert (sent["status"], sent["amount"]) == ("pending", "0.0123")
        listed = (await settled(exchange.fetch_withdrawals("BTC")))[-1]
        assert (listed["id"], listed["fee"]["cost"]) == (sent["id"], "0.00050000")
        deposits = await settled(exchange.fetch_deposits())
        assert {one["status"] for one in deposits} == {"ok"}
        address = await settled(exchange.fetch_deposit_address("BTC"))
        again = await settled(exchange.fetch_deposit_address("BTC"))
        assert address["address"] == again["address"]

    place.run(act)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (("create_order", "BTC/MXN", "market", "buy", "1"), ccxt.NotSupported),
        (("create_order", "BTC/MXN", "limit", "buy", "1"), ccxt.ArgumentsRequired),
        (
            ("create_order", "BTC/MXN", "limit", "buy", "1", "9000", {"postOnly": True}),
            ccxt.NotSupported,
        ),
        (
            ("create_order", "BTC/MXN", "limit", "buy", "1", "9000", {"timeInForce": "IOC"}),
            ccxt.NotSupported,
        ),
        (("create_order", "BTC/USD", "limit", "buy", "1", "9000"), ccxt.BadSymbol),
        (("create_order", "BTC/MXN", "limit", "buy", "90000", "9000"), ccxt.InvalidOrder),
        (("create_order", "BTC/MXN", "limit", "buy", "0.0000001", "9000"), ccxt.InvalidOrder),
        (("create_order", "BTC/MXN", "limit", "buy", "50", "900000"), ccxt.InsufficientFunds),
        (("create_order", "BTC/MXN", "limit", "buy", "1e-3", "9000"), ccxt.BadRequest),
        (("cancel_order", "999999999"), ccxt.OrderNotFound),
        (("fetch_order", "999999999"), ccxt.OrderNotFound),
        (("fetch_order", "abc"), ccxt.BadRequest),
        (("withdraw", "BTC", "0.01", "not-an-address"), ccxt.InvalidAddress),
        (("withdraw", "BTC", "0.01", ADDRESS, "a tag"), ccxt.NotSupported),
        (("withdraw", "MXN", "100", "999511201803898164"), ccxt.OperationRejected),
        (("fetch_ohlcv", "BTC/MXN"), ccxt.NotSupported),
        (("fetch_trades", "BTC/MXN"), ccxt.NotSupported),
    ],
    ids=str,
)
def test_a_refusal_is_one_of_ccxts(
    place: Place, call: tuple[Any, ...], error: type[Exception]
) -> None:
    """Each in the word that ccxt has for it; what the API can't do is not done by half."""

    async def act(exchange: Any) -> None:
        with pytest.raises(error) as caught:
            await settled(getattr(exchange, call[0])(*call[1:]))
        assert type(caught.value) is error

    place.run(act)


def test_floats_are_cut_as_ccxt_does_it(place: Place) -> None:
    """An amount is cut, a price rounded, to the market's steps; text goes as it stands."""

    async def act(exchange: Any) -> None:
        order = await settled(exchange.create_order("BTC/MXN", "limit", "buy", 0.1 + 0.2, 9000.006))
        assert (order["amount"], order["price"]) == ("0.30000000", "9000.01000000")
        with pytest.raises(ccxt.InvalidOrder):
            await settled(exchange.create_order("BTC/MXN", "limit", "buy", "0.3", "9000.006"))

    place.run(act)


def test_a_stranger_sees_the_market_and_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key nothing private is sent, whatever the environment holds."""
    monkeypatch.setenv("COINBTR_TOKEN", place.sandbox.token)

    async def act(exchange: Any) -> None:
        assert (await settled(exchange.fetch_ticker("BTC/MXN")))["bid"]
        with pytest.raises(ccxt.AuthenticationError):
            await settled(exchange.fetch_balance())

    place.run(act, apiKey=None)


def test_withdrawals_can_be_forbidden(place: Place) -> None:
    """The guard rails of the package are options of the exchange."""

    async def act(exchange: Any) -> None:
        with pytest.raises(ccxt.OperationRejected):
            await settled(exchange.withdraw("BTC", "0.01", ADDRESS))
        with pytest.raises(ccxt.OperationRejected):
            await settled(exchange.create_order("BTC/MXN", "limit", "buy", "0.1", "900000"))

    place.run(act, options={"allowWithdrawals": False, "maxOrderValue": {"mxn": "50000"}})
