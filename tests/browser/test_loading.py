"""The page loads by itself alone, keeps the secret to itself, and says what it is."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import SECRET


@pytest.mark.parametrize("with_secret", [True, False])
def test_it_loads_without_a_request_to_anywhere_else(visit: Visit, with_secret: bool) -> None:
    """All requests go to this server and the console stays silent; `visit` makes sure of both."""
    visitor = visit(with_secret=with_secret)
    expect(visitor.part("Order book").locator("tbody tr").first).to_be_visible()
    expect(visitor.page.locator("#depth canvas").first).to_be_visible()
    visitor.page.wait_for_timeout(2_500)


def test_a_request_to_elsewhere_is_seen_and_stopped(visit: Visit) -> None:
    """The watch over requests works, and the policy blocks what would go out."""
    visitor = visit()
    outcome = visitor.page.evaluate(
        "fetch('https://example.com/').then(() => 'went out', () => 'blocked')"
    )
    assert outcome == "blocked"
    assert any("Content Security Policy" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()


def test_it_says_sandbox_unmistakably(visit: Visit) -> None:
    """In the title, and in a banner that stays in sight at the end of the page."""
    visitor = visit()
    assert visitor.page.title().startswith("SANDBOX")
    banner = visitor.page.get_by_role("complementary", name="Warning")
    expect(banner).to_contain_text("Play money only. This is not the CoinBTR exchange.")
    expect(visitor.part("Order book")).to_be_visible()
    visitor.page.keyboard.press("End")
    expect(banner).to_be_in_viewport()


def test_the_secret_leaves_the_address_and_stays_in_the_tab(visit: Visit) -> None:
    """It is in no address, no markup, no local storage and no cookie; a reload knows it still."""
    visitor = visit()
    page = visitor.page
    expect(visitor.part("Control")).to_contain_text("Available")
    assert page.url == visitor.server.address + "/"
    assert SECRET not in page.content()
    assert SECRET not in page.evaluate(
        "JSON.stringify([...document.querySelectorAll('input')].map((i) => i.value))"
    )
    assert page.evaluate("JSON.stringify({...localStorage}) + document.cookie") == "{}"
    assert page.evaluate("Object.values(sessionStorage)") == [SECRET]
    assert page.evaluate("history.length") <= 2
    page.reload()
    expect(visitor.part("Control")).to_contain_text("Available")
    page.get_by_role("button", name="Lock").click()
    assert page.evaluate("sessionStorage.length") == 0
    expect(visitor.part("Control")).to_contain_text("Control secret")


def test_the_secret_can_be_typed_and_a_wrong_one_is_named(visit: Visit) -> None:
    """A wrong secret is refused in words; the right one opens the rest of the page."""
    visitor = visit(with_secret=False)
    page = visitor.page
    expect(visitor.part("Trades")).to_contain_text("Trades show with the control secret.")
    field = page.get_by_label("Control secret")
    assert field.get_attribute("type") == "password"
    field.fill("wrong")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("status")).to_have_text("That secret is not the one of this sandbox.")
    assert page.evaluate("sessionStorage.length") == 0
    assert all("401" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()
    field.fill(SECRET)
    field.press("Enter")
    expect(visitor.part("Control")).to_contain_text("Available")
    expect(visitor.part("Trades").locator("tbody tr").first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "operation", "shown"),
    [
        ("/reference", "Place a limit order to buy", "/trading/place/buylimit"),
        ("/reference?control", "Switch a fault on", "/faults/add"),
    ],
)
def test_the_api_reference_shows_each_description(
    visit: Visit, path: str, operation: str, shown: str
) -> None:
    """Both descriptions, rendered here, with each operation a click away."""
    visitor = visit(path, with_secret=False)
    expect(visitor.page.get_by_role("complementary", name="Warning")).to_contain_text("SANDBOX")
    visitor.page.get_by_role("link", name=operation).first.click(timeout=30_000)
    expect(visitor.page.get_by_text(shown).first).to_be_visible()


def test_the_page_itself_is_small(visit: Visit) -> None:
    """Below 300 kB in all, with the chart library; the reference loads only when asked for."""
    visitor = visit(with_secret=False)
    expect(visitor.part("Order book")).to_be_visible()
    sizes: dict[str, int] = visitor.page.evaluate(
        "Object.fromEntries(performance.getEntriesByType('resource')"
        ".map((entry) => [entry.name, entry.decodedBodySize]))"
    )
    files = {url: size for url, size in sizes.items() if "/page/" in url}
    assert any("lightweight-charts" in url for url in files)
    assert not any(re.search("openapi-explorer|coinbtr.json", url) for url in files)
    assert sum(files.values()) < 300_000
