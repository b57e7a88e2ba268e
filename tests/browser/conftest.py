"""A real Chromium, a served sandbox for each test, and a visitor who sees all that happens."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.server import SandboxServer
from tests.browser.visitor import SECRET, TOKEN, Visitor

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium, headless; in CI it has to be there."""
    wanted = os.environ.get("CHROMIUM")
    found = wanted or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        sentence = "No Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        # Chromium's own sandbox doesn't run as root, as which CI runs.
        launched = playwright.chromium.launch(
            executable_path=found, chromium_sandbox=os.geteuid() != 0
        )
        yield launched
        launched.close()


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    """A served sandbox whose clock stands still."""
    with SandboxServer(Sandbox(clock=ManualClock(), token=TOKEN, control_secret=SECRET)) as running:
        yield running


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, server: SandboxServer) -> Iterator[Visit]:
    """Open the page; at the end nothing may have gone elsewhere or wrong.

    `with_secret=False` opens it without the control secret; other arguments are those of a
    browser context.
    """
    visitors: list[Visitor] = []

    def open_page(path: str = "/", *, with_secret: bool = True, **options: object) -> Visitor:
        visitor = Visitor(browser, server, **options)
        visitors.append(visitor)
        visitor.go(f"{path}#secret={SECRET}" if with_secret else path)
        return visitor

    yield open_page
    for visitor in visitors:
        visitor.close()
    for visitor in visitors:
        assert visitor.elsewhere == []
        assert visitor.complaints == []
