"""Domain objects as pandas frames: exact by default, floats by choice."""

import asyncio
import sys
from decimal import Decimal

import pytest

from coinbtr import ConfigurationError, InvalidType, InvalidValue, OrderBook, to_frame
from coinbtr.sandbox import Sandbox
from tests.facade.scripted import OPEN

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """An exchange on which the account has an open order and trades."""
    made = Sandbox()
    with made.client(guards=OPEN) as client:
        client.trading.buy_limit("btc-mxn", amount="0.001", price="1200000")
        client.trading.buy_limit("btc-mxn", amount="0.00200000", price="900000.10")
    return made


def test_an_order_book_has_a_row_for_each_level(sandbox: Sandbox) -> None:
    """Bids first, the best on top, each price to the last digit."""
    with sandbox.client() as client:
        book = client.market.order_book("btc-mxn")
    frame = book.to_frame()
    assert list(frame.columns) == ["side", "price", "amount"]
    assert list(frame["side"]) == ["bid"] * len(book.bids) + ["ask"] * len(book.asks)
    assert list(frame["price"]) == [level.price for level in (*book.bids, *book.asks)]
    assert all(type(price) is Decimal for price in frame["price"])


def test_lists_have_a_row_for_each_entry(sandbox: Sandbox) -> None:
    """Orders, transactions and balances: their fields as columns, Decimals as they are."""
    with sandbox.client() as client:
        orders, trades = client.trading.open_orders(), client.trading.transactions()
        balances = client.wallet.balances()
    frame = to_frame(orders)
    assert list(frame["price"]) == [Decimal("900000.10")]
    assert f"{frame['amount'][0]:f}" == "0.00200000"
    assert list(frame["side"]) == ["BUY"]
    assert type(frame["side"][0]) is str
    assert list(frame["created_at"]) == [order.created_at for order in orders]
    assert list(to_frame(trades)["fee_amount"]) == [trade.fee_amount for trade in trades]
    assert list(to_frame(balances)["coin"]) == [balance.coin for balance in balances]
    assert to_frame(balances[0]).shape == (1, 5)


def test_floats_are_a_choice(sandbox: Sandbox) -> None:
    """Then the columns of amounts are float64, and nothing where there is none."""
    with sandbox.client() as client:
        ticker = client.market.ticker("btc-mxn")
        book = client.market.order_book("btc-mxn")
    assert book.to_frame(numbers="float").dtypes[["price", "amount"]].eq("float64").all()
    frame = to_frame(ticker, numbers="float")
    assert frame["last"].dtype == "float64"
    assert frame["book"][0] == "BTC-MXN"
    with pytest.raises(InvalidValue, match='"decimal" or "float"'):
        to_frame(ticker, numbers="exact")  # type: ignore[arg-type]


def test_a_lazy_list_is_read_to_its_end(sandbox: Sandbox) -> None:
    """From where it was, sync and async."""
    with sandbox.client() as client:
        trades = client.trading.transactions()
        frame = client.trading.iter_transactions(page_size=2).to_frame()
    assert list(frame["id"]) == [trade.id for trade in trades]

    async def read() -> list[int]:
        async with sandbox.async_client() as client:
            return list((await client.trading.iter_transactions().to_frame())["id"])

    assert asyncio.run(read()) == list(frame["id"])


def test_nothing_gives_an_empty_frame() -> None:
    """An empty list, and a book without orders."""
    assert to_frame([]).empty
    assert OrderBook(book="BTC-MXN", asks=(), bids=()).to_frame().empty


@pytest.mark.parametrize("values", ["btc", 7, [1, 2]])
def test_what_is_no_domain_object_is_refused(values: object) -> None:
    """With a sentence that says what it is."""
    with pytest.raises(InvalidType, match=r"values must be domain objects, not (str|int)"):
        to_frame(values)


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and no ImportError."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'coinbtr\[pandas\]'"):
        to_frame([])
