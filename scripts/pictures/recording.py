"""Draws what the demo printed, as a terminal shows it: the parts that tell most, each whole.

The picture has a ground of its own, so that it can be read in a light and in a dark page.
"""

import html
import io
import re
from typing import Final

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

WIDTH: Final = 100

SCENES: Final = (
    "SANDBOX",
    "The order book",
    "Buy at the best ask",
    "An order that waits",
    "An order that the exchange refuses",
    "A price that can't be exact",
    "Does this server keep",
    "KEEPS",
)
"""How the parts begin that are shown."""

_MOVES: Final = re.compile(r"\x1b\[\?25[lh]|\x1b\[\d*[A-KS-T]|\r")
_PROGRESS: Final = re.compile(r"requests(, \d+ findings| +[\d.]+ s)$")
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")


def scenes(printed: str) -> str:
    """The chosen parts of what was printed, colours kept; of progress, nothing."""
    lines = (_MOVES.sub("", line).rstrip() for line in printed.split("\n"))
    kept = (line for line in lines if not _PROGRESS.search(_plain(line)))
    parts = "\n".join(kept).split("\n\n")
    return "\n\n".join(part for part in parts if _plain(part).startswith(SCENES))


def _plain(line: str) -> str:
    return _COLOURS.sub("", line).lstrip("\n")


def draw(printed: str) -> str:
    """The picture, as SVG that loads nothing."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(scenes(printed)))
    drawn = console.export_svg(title="make demo", theme=DIMMED_MONOKAI, unique_id="demo")
    # Rich takes a font from elsewhere; every system has one that will do.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    drawn = drawn.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def text(drawn: str) -> str:
    """What can be read in a picture, line by line."""
    lines: dict[int, str] = {}
    for number, piece in re.findall(r'<text [^>]*#demo-line-(\d+)\)"[^>]*>(.*?)</text>', drawn):
        lines[int(number)] = lines.get(int(number), "") + html.unescape(piece)
    return "\n".join(lines[number] for number in sorted(lines)).replace("\xa0", " ")
