"""Everybody can use the page: by keyboard, with a reader, on a phone, in the dark."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from coinbtr.sandbox.faults import Fault
from coinbtr.sandbox.server import SandboxServer
from tests.browser.conftest import Visit
from tests.browser.visitor import SECRET, TOKEN, Visitor

PANELS = ["Accounts", "Open orders", "Transfers", "Faults", "Requests", "Exchange"]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
AXE = Path(__file__).parents[2] / "scripts/page/node_modules/axe-core/axe.min.js"


def violations(visitor: Visitor) -> list[str]:
    """What axe-core finds, best practices included, each with the first place."""
    # Through the debugger, not as a script element: the page's policy would forbid that one.
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = visitor.page.evaluate("axe.run(document)")
    assert len(found["passes"]) > 20
    return [
        f"{violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:200]}"
        for violation in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(visit: Visit, options: dict[str, Any], scheme: str) -> None:
    """In each panel, wide and narrow, light and dark, contrast included."""
    visitor = visit(color_scheme=scheme, **options)
    visitor.public("market/getcurrencies")
    for name in PANELS:
        panel = visitor.tab(name)
        expect(panel).not_to_have_text("…")
        assert violations(visitor) == [], name


def test_axe_finds_nothing_without_the_secret(visit: Visit) -> None:
    """Nor on the page that asks for it."""
    visitor = visit(with_secret=False)
    expect(visitor.part("Order book")).to_be_visible()
    assert violations(visitor) == []


def test_axe_finds_what_is_wrong(visit: Visit) -> None:
    """A field without a label and faint text are seen: the check can fail."""
    visitor = visit()
    expect(visitor.part("Order book")).to_be_visible()
    visitor.page.evaluate(
        "document.querySelector('footer').innerHTML = '<input>';"
        "document.querySelector('.clock').style.color = 'gray';"
    )
    found = " ".join(violations(visitor))
    assert "label: " in found
    assert "color-contrast: " in found


STICKING_OUT = """() => [...document.querySelectorAll('main :is(table, form, dl, .tabs)')]
  .filter((part) => {
    const [inner, outer] = [part, part.closest('.card')].map((at) => at.getBoundingClientRect());
    return part.scrollWidth > part.clientWidth + 1 || inner.right > outer.right - 10;
  })
  .map((part) => `${part.closest('.card').className}: ${part.tagName}`)"""


@pytest.mark.parametrize("width", [320, 360, 414, 768, 1024, 1440, 2200])
def test_nothing_is_wider_than_the_screen(visit: Visit, server: SandboxServer, width: int) -> None:
    """No sideways scrolling in any panel, and no part that sticks out of its card."""
    server.sandbox.credit("btc", "20999999.97690000", confirmed=False)
    server.sandbox.faults.add(Fault(kind="stale_read", operations=["listOpenOrders", "getBalance"]))
    visitor = visit(viewport={"width": width, "height": 800})
    visitor.order(TOKEN, "buy", {"market": "dash-mxn", "amount": 0.01, "price": 3_000})
    for name in PANELS:
        expect(visitor.tab(name).locator("table, dl").first).to_be_visible()
        assert visitor.page.evaluate(STICKING_OUT) == [], name
        assert visitor.page.evaluate("document.documentElement.scrollWidth") == width


def press_until(visitor: Visitor, wanted: Locator, key: str = "Tab") -> None:
    """Go on by keyboard until an element has the focus, and see that it shows."""
    for _ in range(60):
        if wanted.evaluate("(element) => element === document.activeElement"):
            outline = wanted.evaluate("(element) => getComputedStyle(element).outlineStyle")
            assert outline == "solid", "the focus is seen"
            return
        visitor.page.keyboard.press(key)
    raise AssertionError(f"not reached by {key}: {wanted}")


def test_the_keyboard_is_enough(visit: Visit) -> None:
    """Unlock, choose a book, halt it, open the faults, switch one on and off: without a mouse."""
    visitor = visit(with_secret=False)
    page, keys = visitor.page, visitor.page.keyboard
    expect(visitor.part("Order book")).to_be_visible()
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the market")).to_be_focused()

    press_until(visitor, page.get_by_label("Control secret"))
    keys.type(SECRET)
    keys.press("Enter")
    expect(page.get_by_role("tablist")).to_be_visible()

    page.evaluate("document.activeElement.blur()")
    book = visitor.part("Books").get_by_role("button", name="LTC-MXN")
    press_until(visitor, book)
    keys.press("Enter")
    expect(visitor.part("LTC-MXN")).to_be_visible()
    press_until(visitor, page.get_by_role("button", name="Halt LTC-MXN"))
    keys.press("Space")
    expect(page.get_by_role("button", name="Resume LTC-MXN")).to_be_focused()

    press_until(visitor, page.get_by_role("tab", name="Accounts"))
    for _ in range(3):
        keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Faults")).to_be_focused()
    panel = page.get_by_role("tabpanel", name="Faults")
    press_until(visitor, panel.get_by_label("Fault"))
    keys.type("A field")
    press_until(visitor, panel.get_by_role("button", name="Switch on"))
    keys.press("Enter")
    expect(panel.get_by_role("row", name="A field of the wrong type")).to_be_visible()
    press_until(visitor, panel.get_by_role("button", name="Switch off: "), "Shift+Tab")
    keys.press("Enter")
    expect(panel).to_contain_text("Nothing goes wrong on purpose.")


def test_tabs_follow_arrows_home_and_end(visit: Visit) -> None:
    """One stop for Tab; arrows go round, Home and End to the ends."""
    visitor = visit()
    keys = visitor.page.keyboard
    visitor.tab("Accounts")
    for key, wanted in (
        ("ArrowLeft", "Exchange"),
        ("ArrowRight", "Accounts"),
        ("End", "Exchange"),
        ("Home", "Accounts"),
    ):
        keys.press(key)
        tab = visitor.page.get_by_role("tab", name=wanted)
        expect(tab).to_be_focused()
        expect(tab).to_have_attribute("aria-selected", "true")
    assert visitor.page.locator("[role=tab][tabindex='0']").count() == 1


def test_live_figures_do_not_take_the_focus_or_what_was_typed(visit: Visit) -> None:
    """Three polls later the field still has focus, text and caret."""
    visitor = visit()
    field = visitor.tab("Accounts").get_by_label("Amount")
    field.click()
    visitor.page.keyboard.type("12.5")
    visitor.page.keyboard.press("ArrowLeft")
    visitor.page.wait_for_timeout(3_500)
    expect(field).to_be_focused()
    expect(field).to_have_value("12.5")
    assert field.evaluate("(element) => element.selectionStart") == 3


def test_only_what_happened_is_announced(visit: Visit) -> None:
    """There is one live region; prices aren't in it."""
    visitor = visit()
    expect(visitor.part("Order book")).to_be_visible()
    regions = visitor.page.locator("[aria-live], [role=status], [role=alert], [role=log]")
    expect(regions).to_have_count(1)
    expect(regions).to_be_empty()


def test_it_is_dark_where_the_system_is(visit: Visit) -> None:
    """Ground, text and charts change, while the page is open, too."""
    visitor = visit(color_scheme="dark")
    expect(visitor.page.locator("#depth canvas").first).to_be_visible()

    def look() -> tuple[str, bytes]:
        ground = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return ground, visitor.page.locator("#depth").screenshot()

    dark, dark_chart = look()
    assert dark == "rgb(14, 16, 20)"
    visitor.page.emulate_media(color_scheme="light")
    visitor.page.wait_for_timeout(500)
    light, light_chart = look()
    assert light == "rgb(242, 243, 245)"
    assert dark_chart != light_chart
    visitor.page.reload()
    expect(visitor.page.locator("#depth canvas").first).to_be_visible()
    visitor.page.wait_for_timeout(1_500)
    assert look() == (light, light_chart), "as if it had been light all along"


def test_nothing_moves_for_who_wants_none_of_it(visit: Visit) -> None:
    """With reduced motion no element has a transition or an animation."""
    moving = """() => [...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return transitionDuration !== '0s' || animationName !== 'none';
    }).length"""
    visitor = visit(reduced_motion="reduce")
    expect(visitor.part("Order book")).to_be_visible()
    assert visitor.page.evaluate(moving) == 0
    visitor.page.emulate_media(reduced_motion="no-preference")
    assert visitor.page.evaluate(moving) > 0


def test_charts_say_in_words_what_they_show(visit: Visit) -> None:
    """Each is an image with a name that has the figures of its ends."""
    visitor = visit()
    bid = visitor.public("market/gettiker?market=btc-mxn")["bid"]
    depth = visitor.page.get_by_role("img", name="Depth of BTC-MXN")
    assert f"bids from {bid:f} down to" in (depth.get_attribute("aria-label") or "")
    expect(visitor.page.get_by_role("img", name="Prices of BTC-MXN")).to_be_visible()
