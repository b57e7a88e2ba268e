"""What is done on the page takes effect, and what happens elsewhere shows up on it."""

import httpx
import pytest
from playwright.sync_api import expect

from coinbtr.sandbox.faults import KINDS, Fault
from coinbtr.sandbox.server import SandboxServer
from tests.browser.conftest import Visit
from tests.browser.visitor import TOKEN, grouped


def test_an_order_by_the_api_shows_in_the_book(visit: Visit) -> None:
    """Within two polls of the page, without a reload."""
    visitor = visit()
    best = visitor.part("Order book").get_by_role("rowgroup", name="Bids").locator("tr").first
    expect(best).not_to_contain_text("1,015,000")
    visitor.order(TOKEN, "buy", {"market": "btc-mxn", "amount": 0.0123, "price": 1_015_000})
    expect(best.locator("th")).to_have_text("1,015,000.00000000", timeout=3_000)
    expect(best.locator("td").first).to_have_text("0.01230000")


def test_a_trade_by_the_api_shows_everywhere(visit: Visit) -> None:
    """In trades, ticker, list of books, and the balances of who traded."""
    visitor = visit()
    ask = visitor.public("market/getorderbook?market=btc-mxn&limit=1")["asks"][0]["price"]
    body = {"market": "btc-mxn", "amount": 0.001, "price": float(ask)}
    visitor.order(TOKEN, "buy", body)
    newest = visitor.part("Trades").locator("tbody tr").first
    expect(newest).to_contain_text("buy", timeout=3_000)
    expect(newest).to_contain_text("0.00100000")
    expect(visitor.part("BTC-MXN").locator(".last")).to_have_text(f"{grouped(ask)} MXN")
    row = visitor.part("Books").get_by_role("row", name="BTC-MXN")
    expect(row.locator("td").last).to_have_text(grouped(ask))
    balance = visitor.part("Control").get_by_role("row", name="BTC")
    expect(balance.get_by_role("cell").nth(1)).not_to_have_text("10.00000000")


def test_a_fault_is_switched_on_and_off(visit: Visit, server: SandboxServer) -> None:
    """It takes effect, is listed with how often it happened, and ends at a click."""
    visitor = visit()
    panel = visitor.tab("Faults")
    expect(panel).to_contain_text("Nothing goes wrong on purpose.")
    panel.get_by_label("Fault").select_option("server_error")
    panel.get_by_label("Operation").select_option("getTicker")
    panel.get_by_label("Times").fill("2")
    panel.get_by_label("Status").fill("507")
    panel.get_by_role("button", name="Switch on").click()
    expect(visitor.page.get_by_role("status")).to_contain_text("Switched on")
    row = panel.get_by_role("row", name="getTicker")
    expect(row).to_contain_text("0 of 2")
    expect(visitor.page.get_by_role("tab", name="Faults (1)")).to_be_visible()

    with pytest.raises(httpx.HTTPStatusError) as caught:
        visitor.public("market/gettiker?market=btc-mxn")
    assert caught.value.response.status_code == 507
    expect(row).to_contain_text("1 of 2")
    expect(visitor.part("Order book").locator("tbody tr").first).to_be_visible()

    panel.get_by_role("button", name="Switch off: ").click()
    expect(panel).to_contain_text("Nothing goes wrong on purpose.")
    assert server.sandbox.faults.list() == []
    assert visitor.public("market/gettiker?market=btc-mxn")["market"] == "BTC-MXN"


def test_every_kind_of_fault_is_offered(visit: Visit) -> None:
    """Neither more nor less than the sandbox knows."""
    panel = visit().tab("Faults")
    options = panel.get_by_label("Fault").locator("option")
    expect(options).to_have_count(len(KINDS))
    assert [option.get_attribute("value") for option in options.all()] == list(KINDS)


def test_all_faults_end_together(visit: Visit, server: SandboxServer) -> None:
    """Those of others, too; the page keeps working under every one of them."""
    for kind in KINDS:
        server.sandbox.faults.add(Fault(kind=kind))
    visitor = visit()
    panel = visitor.tab("Faults")
    expect(panel.locator("tbody tr")).to_have_count(len(KINDS))
    panel.get_by_role("button", name="All off").click()
    expect(panel).to_contain_text("Nothing goes wrong on purpose.")
    assert server.sandbox.faults.list() == []


def test_a_wrong_number_is_not_sent(visit: Visit, server: SandboxServer) -> None:
    """The browser marks the field; nothing is added."""
    panel = visit().tab("Faults")
    for wrong in ("1e3", "-1", "two"):
        panel.get_by_label("Times").fill(wrong)
        panel.get_by_role("button", name="Switch on").click()
        assert panel.get_by_label("Times").evaluate("(field) => field.validity.patternMismatch")
    assert server.sandbox.faults.list() == []


def test_a_book_is_halted_and_resumed(visit: Visit) -> None:
    """Orders are refused while it is, and the list of books says so."""
    visitor = visit()
    body = {"market": "btc-mxn", "amount": 0.01, "price": 900_000}
    ticker = visitor.part("BTC-MXN")
    ticker.get_by_role("button", name="Halt BTC-MXN").click()
    expect(visitor.part("Books").get_by_role("row", name="BTC-MXN")).to_contain_text("halted")
    with pytest.raises(httpx.HTTPStatusError) as caught:
        visitor.order(TOKEN, "buy", body)
    assert b"book_closed" in caught.value.response.content
    ticker.get_by_role("button", name="Resume BTC-MXN").click()
    expect(visitor.part("Books")).not_to_contain_text("halted")
    assert visitor.order(TOKEN, "buy", body)["id"]


def test_money_is_credited_exactly(visit: Visit) -> None:
    """The typed digits arrive, and the balance has them a moment later."""
    visitor = visit()
    panel = visitor.tab("Accounts")
    panel.get_by_label("Coin").select_option("MXN")
    panel.get_by_label("Amount").fill("999999999999.12345678")
    panel.get_by_role("button", name="Credit demo").click()
    row = panel.get_by_role("row", name="MXN")
    expect(row.get_by_role("cell").nth(1)).to_have_text("1,000,000,999,999.12345678")
    expect(panel.get_by_label("Amount")).to_have_value("")


def test_a_refusal_is_told_in_its_own_words(visit: Visit) -> None:
    """What the sandbox refuses stays in the form, and its sentence is shown."""
    visitor = visit()
    panel = visitor.tab("Accounts")
    panel.get_by_label("Amount").fill("0.123456789")
    panel.get_by_role("button", name="Credit demo").click()
    expect(visitor.page.get_by_role("status")).to_contain_text("amount")
    expect(panel.get_by_label("Amount")).to_have_value("0.123456789")
    assert len(visitor.complaints) == 1
    assert "400" in visitor.complaints.pop()


def test_a_deposit_is_confirmed_or_failed(visit: Visit, server: SandboxServer) -> None:
    """By a button beside it; what has ended has none."""
    deposits = [server.sandbox.credit("btc", "1", confirmed=False) for _ in range(2)]
    visitor = visit()
    panel = visitor.tab("Transfers")
    for deposit, verb, status in zip(
        deposits, ("confirm", "fail"), ("confirmed", "failed"), strict=True
    ):
        row = panel.get_by_role("row", name=str(deposit.id)).first
        expect(row).to_contain_text("pending")
        row.get_by_role("button", name=f"{verb} deposit {deposit.id}").click()
        expect(row).to_contain_text(status)
        expect(row.get_by_role("button")).to_have_count(0)


def test_the_clock_is_moved_on(visit: Visit, server: SandboxServer) -> None:
    """And the page shows the exchange's new time."""
    before = server.sandbox.clock.now_ms()
    visitor = visit()
    panel = visitor.tab("Exchange")
    panel.get_by_label("Seconds").fill("90.5")
    panel.get_by_role("button", name="Move the clock on").click()
    expect(panel).to_contain_text("90.500 s")
    assert server.sandbox.clock.now_ms() - before == 90_500


def test_the_live_market_is_started_and_stopped(visit: Visit, server: SandboxServer) -> None:
    """By one button that says what it does."""
    panel = visit().tab("Exchange")
    panel.get_by_role("button", name="Let the market trade on its own").click()
    stop = panel.get_by_role("button", name="Stop the live market")
    expect(stop).to_be_visible()
    assert server.sandbox.overview().live is True
    stop.click()
    expect(panel.get_by_role("button", name="Let the market")).to_be_visible()
    assert server.sandbox.overview().live is False


@pytest.mark.parametrize("accepted", [True, False])
def test_a_reset_asks_first(visit: Visit, server: SandboxServer, accepted: bool) -> None:
    """Only who says yes loses what was done."""
    visitor = visit()
    visitor.order(TOKEN, "buy", {"market": "btc-mxn", "amount": 0.01, "price": 900_000})
    visitor.page.on("dialog", lambda dialog: dialog.accept() if accepted else dialog.dismiss())
    visitor.tab("Exchange").get_by_role("button", name="Back to the beginning").click()
    panel = visitor.tab("Open orders")
    if accepted:
        expect(panel).to_contain_text("demo has no open orders.")
    else:
        expect(panel.get_by_role("row", name="900,000")).to_be_visible()
    assert len(server.sandbox.orders("demo")) == (0 if accepted else 1)
