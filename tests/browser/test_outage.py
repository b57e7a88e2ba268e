"""The page tells when the sandbox is gone, comes back with it, and rests when nobody looks."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.browser.conftest import Visit
from tests.browser.visitor import SECRET, TOKEN, Visitor


def forgive(visitor: Visitor) -> None:
    """Drop the browser's own complaints of a server that isn't there."""
    assert all("ERR_" in complaint for complaint in visitor.complaints), visitor.complaints
    visitor.complaints.clear()


def test_a_server_that_is_gone_and_back_is_told(visit: Visit, server: SandboxServer) -> None:
    """The last figures stay, marked as old; with the server the live ones return by themselves."""
    visitor = visit()
    page = visitor.page
    book = visitor.part("Order book")
    expect(book).to_be_visible()
    expect(page.locator(".link")).to_have_text("live")
    server.stop()
    expect(page.locator(".link")).to_have_text("no answer")
    expect(page.get_by_role("status")).to_have_text("The sandbox doesn't answer.")
    expect(page.locator(".notice")).to_contain_text("What you see is what it said last.")
    expect(book.locator("tbody tr").first).to_be_visible()

    again = SandboxServer(server.sandbox, port=urlsplit(visitor.address).port or 0)
    with again:
        expect(page.locator(".link")).to_have_text("live")
        expect(page.get_by_role("status")).to_have_text("The sandbox answers again.")
        expect(page.locator(".notice")).to_have_count(0)
        visitor.close()
    forgive(visitor)


def test_another_sandbox_on_the_port_needs_its_own_secret(
    visit: Visit, server: SandboxServer
) -> None:
    """After a restart with a fresh secret the page asks for it, and the market shows on."""
    visitor = visit()
    expect(visitor.part("Control")).to_contain_text("Available")
    server.stop()
    other = Sandbox(clock=ManualClock(), token=TOKEN, control_secret="another-secret-of-the-tests")
    with SandboxServer(other, port=urlsplit(visitor.address).port or 0):
        expect(visitor.page.get_by_label("Control secret")).to_be_visible()
        expect(visitor.part("Order book").locator("tbody tr").first).to_be_visible()
        assert visitor.page.evaluate("sessionStorage.length") == 0
        visitor.close()
    visitor.complaints = [text for text in visitor.complaints if "401" not in text]
    forgive(visitor)


def test_a_hidden_page_asks_nothing(visit: Visit) -> None:
    """No request while it can't be seen, and a fresh one as soon as it can."""
    visitor = visit()
    page = visitor.page
    expect(visitor.part("Control")).to_contain_text("Available")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hide = """(isHidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(hide, True)
    page.wait_for_timeout(1_500)
    asked.clear()
    page.wait_for_timeout(3_000)
    assert asked == []
    page.evaluate(hide, False)
    page.wait_for_timeout(1_000)
    assert any("overview" in url for url in asked)


def test_a_page_without_secret_never_sends_one(visit: Visit) -> None:
    """The public market needs no header of any kind, and no token of the exchange is ever used."""
    visitor = visit(with_secret=False)
    headers: list[dict[str, str]] = []
    visitor.page.on("request", lambda request: headers.append(request.headers))
    visitor.page.wait_for_timeout(2_500)
    assert len(headers) >= 4
    assert all("authorization" not in sent for sent in headers)


def test_the_secret_goes_to_the_control_plane_only(visit: Visit) -> None:
    """Neither files nor the exchange's API get it."""
    visitor = visit()
    sent: list[tuple[str, str]] = []
    visitor.page.on(
        "request",
        lambda request: sent.append(
            (urlsplit(request.url).path, request.headers.get("authorization", ""))
        ),
    )
    visitor.page.reload()
    visitor.tab("Faults")
    visitor.page.wait_for_timeout(1_500)
    with_secret = {path for path, header in sent if SECRET in header}
    assert with_secret
    assert all(path.startswith("/_sandbox/") for path in with_secret)
    assert all(header in ("", f"Secret {SECRET}") for _, header in sent)
