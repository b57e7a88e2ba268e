"""Somebody who looks at the page: what is seen, where requests went, what the console said."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from coinbtr_api import exact_json
from playwright.sync_api import Browser, Locator, Page

from coinbtr.sandbox.server import SandboxServer

TOKEN = "token-of-the-browser-tests"
SECRET = "secret-of-the-browser-tests"

_WIDE = {"width": 1440, "height": 1000}


class Visitor:
    """A browser tab of its own, with all its requests and complaints on record."""

    def __init__(self, browser: Browser, server: SandboxServer, **options: Any) -> None:
        self.server = server
        self.address = server.address
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self._context = browser.new_context(**{"viewport": _WIDE, **options})
        self._context.on("request", lambda request: self._note(request.url))
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(f"{message.text} {message.location}")
                if message.type in ("error", "warning")
                else None
            ),
        )

    def go(self, target: str) -> None:
        """Open a path of the server."""
        self.page.goto(self.address + target)

    def close(self) -> None:
        """Close the tab; a second call does nothing."""
        self._context.close()

    def part(self, heading: str) -> Locator:
        """A part of the page, by its heading."""
        return self.page.get_by_role("region", name=heading, exact=True)

    def tab(self, name: str) -> Locator:
        """Open a tab of the control panel and give the panel."""
        self.page.get_by_role("tab", name=name).click()
        panel = self.page.get_by_role("tabpanel", name=name)
        panel.wait_for()
        return panel

    def rows(self, table: Locator) -> list[list[str]]:
        """The cells of a table's body, as they are read."""
        table.locator("tbody tr").first.wait_for()
        return [
            [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
            for row in table.locator("tbody tr").all()
        ]

    def public(self, path: str) -> Any:
        """What the exchange's public API says, with exact numbers.

        Raises:
            httpx.HTTPError: it says no, or nothing.
        """
        return _data(httpx.get(f"{self.server.base_url}/{path}"))

    def order(self, token: str, side: str, body: object) -> Any:
        """Place a limit order by the API, as a program would.

        Raises:
            httpx.HTTPError: it is refused, or not answered.
        """
        url = f"{self.server.base_url}/trading/place/{side}limit"
        return _data(httpx.post(url, json=body, headers={"Authorization": f"Token {token}"}))

    def _note(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob") and not url.startswith(self.address):
            self.elsewhere.append(url)


def _data(answer: httpx.Response) -> Any:
    return exact_json.loads(answer.raise_for_status().content)["data"]


def grouped(amount: object) -> str:
    """An amount as the page writes it: every digit, with the thousands grouped."""
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"{int(whole):,}" + (f".{decimals}" if decimals else "")
