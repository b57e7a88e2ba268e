"""What a notebook shows of tickers, books, order books and balances."""

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import attrs

from coinbtr import Balance, OrderBook, PriceLevel, Ticker
from coinbtr.sandbox import Sandbox


class Cells(HTMLParser):
    """The texts of a table, and the tags in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A tag."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """A text."""
        self.texts.append(data)


def test_each_shows_its_fields() -> None:
    """A table with every field, amounts without an exponent."""
    with Sandbox().client() as client:
        shown: list[Any] = [
            client.market.ticker("btc-mxn"),
            client.market.books()[0],
            client.wallet.balance("btc"),
        ]
    for one in shown:
        cells = Cells(one._repr_html_())
        assert cells.tags[0] == "table"
        assert type(one).__name__ in cells.texts
        for field in attrs.fields(type(one)):
            assert field.name.replace("_", " ") in cells.texts
    tiny = Balance(
        coin="BTC",
        total=Decimal("0.00000001"),
        available=Decimal(0),
        pending=Decimal(0),
        deposit_address=None,
    )
    assert "0.00000001" in Cells(tiny._repr_html_()).texts


def test_an_order_book_is_a_ladder() -> None:
    """Bid beside ask, the best on top, twenty levels and how many there are more."""
    bids = tuple(PriceLevel(price=Decimal(900 - n), amount=Decimal(1)) for n in range(25))
    book = OrderBook(book="BTC-MXN", asks=(), bids=bids)
    cells = Cells(book._repr_html_())
    assert cells.texts[:5] == ["OrderBook BTC-MXN, 5 more levels", "amount", "bid", "ask", "amount"]
    assert "900" in cells.texts
    assert "881" in cells.texts
    assert "880" not in cells.texts


def test_what_the_exchange_says_is_text() -> None:
    """Markup in a name is shown, and not obeyed."""
    evil = "<script>alert(1)</script>&\"'"
    none = dict.fromkeys(("last", "bid", "ask", "high", "low"))
    for one in (
        Ticker(book=evil, volume=Decimal(0), **none),
        OrderBook(book=evil, asks=(), bids=()),
        Balance(
            coin=evil,
            total=Decimal(0),
            available=Decimal(0),
            pending=Decimal(0),
            deposit_address=evil,
        ),
    ):
        cells = Cells(one._repr_html_())
        assert "script" not in cells.tags
        assert evil in "".join(cells.texts)
