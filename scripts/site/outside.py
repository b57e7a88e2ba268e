"""No page may load anything from elsewhere: takes such addresses out, and names what is left.

Links that a reader follows are no matter of this module.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

# The generator's own scripts load some features from elsewhere when a page uses them; none does.
_LOADED: Final = re.compile(
    r"https?://(?:unpkg\.com|cdn\.jsdelivr\.net|api\.github\.com|gitlab\.com/api)[^\"'`\s]*"
)
_ADDRESS: Final = re.compile(r"(?:https?:|[\"'`])//([\w.-]+\.[a-z]{2,})\b", re.IGNORECASE)
# Names of XML vocabularies, and addresses in comments, licences and texts to show.
_HARMLESS: Final = {
    "api.coinbtr.com",
    "coinbtr.com",
    "example.com",
    "fontawesome.com",
    "github.com",
    "marked.js.org",
    "opensource.org",
    "www.w3.org",
}
_LOADING: Final = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("img", "srcset"),
    ("image", "href"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("use", "href"),
}


def seal(site: Path) -> None:
    """Take the addresses that the generator's scripts could load from out of them."""
    for path in site.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        path.write_text(_LOADED.sub("about:blank", text), encoding="utf-8")


def named(site: Path) -> Iterator[str]:
    """Name each outside address that a page, style sheet, drawing or script could load."""
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        if path.suffix in (".html", ".svg"):
            parser = _Loading()
            parser.feed(path.read_text(encoding="utf-8"))
            yield from (f"{name}: loads {address}" for address in parser.found)
        elif path.suffix in (".js", ".css"):
            found = in_script if path.suffix == ".js" else in_style
            text = path.read_text(encoding="utf-8")
            yield from (f"{name}: names {address}" for address in found(text))


def in_script(text: str) -> list[str]:
    """The addresses of a script, but those that are known to be shown only."""
    return [match[0] for match in _ADDRESS.finditer(text) if match[1].lower() not in _HARMLESS]


def in_style(text: str) -> list[str]:
    """The addresses that a style sheet loads."""
    loaded = re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", text)
    return [address for address in loaded if re.match(r"(https?:)?//", address)]


class _Loading(HTMLParser):
    """Collects what a page loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes that load something, and at style."""
        self._inside = tag
        for key, value in attrs:
            if (tag, key.removeprefix("xlink:")) in _LOADING and re.match(
                r"\s*(https?:)?//", value or ""
            ):
                self.found.append(value or "")
            if key == "style":
                self.found += in_style(value or "")
        if dict(attrs).get("type") == "application/json":
            self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        """What follows is text, whatever ended."""
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Look at scripts and style sheets within the page."""
        if self._inside == "script":
            self.found += in_script(data)
        elif self._inside == "style":
            self.found += in_style(data)
