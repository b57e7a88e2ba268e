"""The documentation in a browser: from a disk and from a server, wide and on a phone."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.site.build import build

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    target = tmp_path_factory.mktemp("docs") / "site"
    build(ROOT, target)
    return target


@pytest.fixture(scope="module", params=["disk", "server"])
def address(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """Where its pages begin."""
    if request.param == "disk":
        yield site.as_uri()
        return
    handler = functools.partial(_Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def reader(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A tab; at the end nothing may have been asked for elsewhere or gone wrong."""
    elsewhere: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(**options)
    page = context.new_page()
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:", "about:"))
            else elsewhere.append(request.url)
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    yield page
    context.close()
    assert (elsewhere, complaints) == ([], [])


def test_the_search_finds_a_page(browser: Browser, address: str) -> None:
    """Typed into the search, a word leads to the page that explains it."""
    with reader(browser, address) as page:
        page.goto(f"{address}/index.html")
        page.get_by_role("button", name="Search").first.click()
        page.get_by_role("combobox", name="Search").fill("kittens")
        expect(page.get_by_role("option").first).to_contain_text("The Kittn template")
        page.keyboard.press("Enter")
        page.wait_for_url("**/rulings.html*")
        expect(page.get_by_role("heading", name="R027")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(
    browser: Browser, address: str, site: Path, scheme: str
) -> None:
    """What is too wide scrolls within itself."""
    with reader(browser, address, viewport=PHONE, color_scheme=scheme) as page:
        for path in sorted(site.glob("*.html")):
            if path.name != "404.html":
                page.goto(f"{address}/{path.name}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= PHONE["width"], path.name


def test_the_reference_of_the_http_api_shows_each_operation(browser: Browser, address: str) -> None:
    """From the one page alone, with its fields a click away."""
    with reader(browser, address) as page:
        page.goto(f"{address}/http.html")
        page.get_by_role("link", name="Place a limit order to buy").first.click()
        expect(page.get_by_text("/trading/place/buylimit").first).to_be_visible()
