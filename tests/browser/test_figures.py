"""Each part of the page shows the right figures, to the last digit."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from coinbtr.sandbox.faults import Fault
from coinbtr.sandbox.server import SandboxServer
from tests.browser.conftest import Visit
from tests.browser.visitor import TOKEN, grouped


def test_the_order_book_shows_the_best_levels(visit: Visit) -> None:
    """Prices and amounts as the API has them, asks above bids, and their exact running sums."""
    visitor = visit()
    levels = visitor.public("market/getorderbook?market=btc-mxn&limit=14")
    book = visitor.part("Order book")
    expect(book.locator(".bid").first).to_be_visible()
    for side, label in (("asks", "Asks"), ("bids", "Bids")):
        shown = [
            [cell.inner_text().strip() for cell in row.locator("th, td").all()]
            for row in book.get_by_role("rowgroup", name=label).locator("tr").all()
        ]
        total, wanted = 0, []
        for level in levels[side]:
            total += level["amount"]
            wanted.append([grouped(level["price"]), grouped(level["amount"]), grouped(total)])
        assert shown == (wanted[::-1] if side == "asks" else wanted)
        assert len(shown) >= 10


def test_the_ticker_shows_the_books_day(visit: Visit) -> None:
    """Last, best prices, spread, high, low and volume of the chosen book."""
    visitor = visit()
    shown = visitor.part("BTC-MXN")
    ticker = visitor.public("market/gettiker?market=btc-mxn")
    expect(shown.locator(".last")).to_have_text(f"{grouped(ticker['last'])} MXN")
    figures = dict(
        zip(
            shown.locator("dt").all_inner_texts(),
            shown.locator("dd").all_inner_texts(),
            strict=True,
        )
    )
    spread = ticker["ask"] - ticker["bid"]
    assert figures == {
        "Bid": grouped(ticker["bid"]),
        "Ask": grouped(ticker["ask"]),
        "Spread": grouped(spread),
        "High 24 h": grouped(ticker["high"]),
        "Low 24 h": grouped(ticker["low"]),
        "BTC traded 24 h": grouped(ticker["volume"]),
    }


@pytest.mark.parametrize("with_secret", [True, False])
def test_every_book_is_listed_and_can_be_chosen(visit: Visit, with_secret: bool) -> None:
    """With its last price; choosing one changes ticker and order book, with and without secret."""
    visitor = visit(with_secret=with_secret)
    names = [book["name"] for book in visitor.public("market/listbooks")]
    books = visitor.part("Books")
    for name in names:
        last = visitor.public(f"market/gettiker?market={name}")["last"]
        row = books.get_by_role("row", name=name)
        expect(row.locator("td").last).to_have_text(grouped(last), timeout=20_000)
    books.get_by_role("button", name="XEM-BTC").click()
    expect(visitor.part("XEM-BTC")).to_be_visible()
    levels = visitor.public("market/getorderbook?market=xem-btc&limit=1")
    bids = visitor.part("Order book").get_by_role("rowgroup", name="Bids")
    expect(bids.locator("th").first).to_have_text(grouped(levels["bids"][0]["price"]))
    expect(books.get_by_role("button", name="XEM-BTC")).to_have_attribute("aria-pressed", "true")


def test_trades_are_listed_newest_first(visit: Visit, server: SandboxServer) -> None:
    """With time, side of the taker, price and amount."""
    visitor = visit()
    trades = server.sandbox.book("btc-mxn").trades
    shown = visitor.rows(visitor.part("Trades"))
    assert shown == [
        [
            f"{trade.time:%H:%M:%S}",
            trade.side.lower(),
            grouped(trade.price),
            grouped(trade.amount),
        ]
        for trade in trades
    ]
    assert len(shown) == 6


@pytest.mark.parametrize(
    "amount", ["20999999.97690000", "0.00000001", "12345678901234567.12345678"]
)
def test_balances_are_exact(visit: Visit, server: SandboxServer, amount: str) -> None:
    """An amount that no float holds arrives on the page with each of its digits."""
    server.sandbox.open_account("ana")
    server.sandbox.credit("btc", amount, "ana")
    visitor = visit()
    visitor.tab("Accounts").get_by_label("Account").select_option("ana")
    row = visitor.part("Control").get_by_role("row", name="BTC")
    whole, _, decimals = amount.partition(".")
    wanted = f"{int(whole):,}.{decimals}"
    expect(row.get_by_role("cell").nth(1)).to_have_text(wanted)
    expect(row.get_by_role("cell").last).to_have_text(wanted)


def test_available_frozen_and_pending_are_told_apart(visit: Visit, server: SandboxServer) -> None:
    """An order freezes, an unconfirmed deposit is pending; the total has all three."""
    visitor = visit()
    body = {"market": "btc-mxn", "amount": 0.5, "price": 2_000_000}
    visitor.order(TOKEN, "sell", body)
    server.sandbox.credit("btc", "0.25", confirmed=False)
    row = visitor.part("Control").get_by_role("row", name="BTC")
    expect(row.get_by_role("cell")).to_have_text(
        ["BTC", "9.50000000", "0.50000000", "0.25000000", "10.25000000"]
    )


def test_open_orders_are_listed_by_account(visit: Visit) -> None:
    """Those of the chosen account and of no other, with what is left of them."""
    visitor = visit()
    order = visitor.order(TOKEN, "buy", {"market": "btc-mxn", "amount": 0.01, "price": 900_000})
    panel = visitor.tab("Open orders")
    row = panel.get_by_role("row", name=str(order["id"]))
    expect(row.get_by_role("cell").nth(1)).to_have_text("BTC-MXN")
    expect(row.get_by_role("cell").nth(2)).to_have_text("buy")
    expect(row.get_by_role("cell").nth(3)).to_have_text("900,000.00000000")
    expect(row.get_by_role("cell").nth(4)).to_have_text("0.01000000")
    panel.get_by_label("Account").select_option("other")
    expect(panel).to_contain_text("other has no open orders.")
    expect(panel.get_by_role("row")).to_have_count(0)


def test_requests_to_the_exchange_are_listed(visit: Visit, server: SandboxServer) -> None:
    """What programs asked, with what came of it; what the page itself asks isn't among them."""
    visitor = visit()
    visitor.public("market/getcurrencies")
    server.sandbox.faults.add(Fault(kind="drop_answer"))
    with pytest.raises(httpx.TransportError):
        visitor.order(TOKEN, "buy", {"market": "btc-mxn", "amount": 0.01, "price": 900_000})
    panel = visitor.tab("Requests")
    expect(panel.get_by_role("row", name="getCurrencies")).to_contain_text("200")
    lost = panel.get_by_role("row", name="placeBuyLimitOrder").get_by_role("cell")
    expect(lost.nth(2)).to_have_text("demo")
    expect(lost.nth(3)).to_have_text("drop_answer")
    expect(lost.nth(4)).to_have_text("no answer")
    expect(panel.locator("tbody tr")).to_have_count(2)


def test_the_exchange_tells_its_clock_and_seed(visit: Visit, server: SandboxServer) -> None:
    """And what else belongs to it as a whole."""
    visitor = visit()
    panel = visitor.tab("Exchange")
    expect(panel.locator("dl")).to_be_visible()
    overview = server.sandbox.overview()
    facts = dict(
        zip(
            panel.locator("dt").all_inner_texts(),
            panel.locator("dd").all_inner_texts(),
            strict=True,
        )
    )
    assert facts["Time"] == f"{overview.time:%Y-%m-%d %H:%M:%S}"
    assert facts["Seed"] == str(overview.seed)
    assert facts["Open orders"] == str(overview.counts.open_orders)


EXACT = """async ([name, ...given]) => (await import('/page/exact.js'))[name](...given)"""


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (["parse", '{"a": 20999999.97690000}'], {"a": "20999999.97690000"}),
        (["parse", "[0.00000001, 1, 9007199254740993]"], ["0.00000001", "1", "9007199254740993"]),
        (["plus", "20999999.97690000", "0.00000001"], "20999999.97690001"),
        (["plus", "0.1", "0.2"], "0.30000000"),
        (["minus", "0.00000001", "1"], "-0.99999999"),
        (["split", "20999999.97690000"], {"figure": "20,999,999.9769", "zeros": "0000"}),
        (["split", "1016267.20000000"], {"figure": "1,016,267.20", "zeros": "000000"}),
        (["split", "0.00000001"], {"figure": "0.00000001", "zeros": ""}),
        (["split", "1000"], {"figure": "1,000", "zeros": ""}),
        (["split", "-1234.5"], {"figure": "-1,234.5", "zeros": ""}),
    ],
)
def test_money_on_the_page_never_becomes_a_float(
    visit: Visit, call: list[str], result: Any
) -> None:
    """Reading, adding and splitting work on the digits themselves."""
    assert visit(with_secret=False).page.evaluate(EXACT, call) == result


@pytest.mark.parametrize("text", ["1e-8", "NaN", "", "0.123456789", "1,5"])
def test_what_is_no_plain_amount_is_not_added(visit: Visit, text: str) -> None:
    """An exponent, more than 8 decimals or no number at all is refused, not guessed at."""
    page = visit(with_secret=False).page
    refused = page.evaluate(
        f"async (given) => ({EXACT})(given).then(() => false, () => true)", ["plus", text, "1"]
    )
    assert refused is True
