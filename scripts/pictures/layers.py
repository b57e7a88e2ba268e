"""Draws the layers of the package, from the contract that import-linter holds them to.

One column, as wide as a phone, light or dark as the reader's system is, on a ground of its own.
"""

import html
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CAPTIONS: Final = {
    "cli": "what people type, and what tests ask for",
    "contract": "does a server keep to the description?",
    "_async": "the facade: AsyncCoinBTR, and CoinBTR made from it",
    "sandbox": "an exchange of its own, pure at its core",
    "recording": "what a program and a server said",
    "config": "the seam: a request out, a checked answer back",
    "matching": "which order was the lost one?",
    "outcomes": "what became of it",
    "arguments": "what users put in, and hold in their hands",
    "description": "what all of them share",
    "coinbtr_api": "generated, faithful to the wire",
}
"""What each layer is for, by its first module."""

_WIDTH: Final = 400
_CHARACTER: Final = 7.3
_STYLE: Final = """\
  <style>
    .ground { fill: #f6f7f9 }
    .box { fill: #ffffff; stroke: #c9ced6 }
    .generated { fill: #e8f0ff; stroke: #8aa9e6 }
    .layer { fill: #14171c; font: 600 12px ui-monospace, Consolas, "DejaVu Sans Mono", monospace }
    .caption { fill: #4c535e; font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
    .arrow { stroke: #7b8493; fill: none; stroke-width: 1.5 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #14171c }
      .box { fill: #1e222a; stroke: #3a414d }
      .generated { fill: #1c2a45; stroke: #3f5f9c }
      .layer { fill: #e7e9ee }
      .caption { fill: #a9b1bd }
      .arrow { stroke: #8b94a3 }
    }
  </style>
"""


def layers(pyproject: Path) -> list[list[str]]:
    """The modules of each layer, from the top one down, as the contract has them."""
    linter = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = (one for one in linter["contracts"] if one["id"] == "layers")
    return [re.findall(r"\w+", layer.replace("coinbtr.", "")) for layer in contract["layers"]]


def draw(pyproject: Path) -> str:
    """The drawing, as SVG.

    Raises:
        KeyError: a layer has no caption yet.
    """
    shapes, y = "", 34
    for names in layers(pyproject):
        rows = list(_rows(names))
        height = 26 + 18 * len(rows)
        kind = "generated" if names == ["coinbtr_api"] else "box"
        shapes += f'  <rect class="{kind}" x="14" y="{y}" width="350" height="{height}" rx="6"/>\n'
        for number, row in enumerate(rows):
            shapes += _text("layer", 26, y + 18 + 18 * number, "  ".join(row))
        shapes += _text("caption", 26, y + height - 10, CAPTIONS[names[0]])
        y += height + 8
    arrow = f'  <path class="arrow" d="M382 38V{y - 14}m-5 -7l5 7l5 -7"/>\n'
    said = _text("caption", 14, 22, "Each layer imports those below it only.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 6}" role="img">\n'
        "  <title>The layers of the package: each imports those below it only</title>\n"
        f'{_STYLE}  <rect class="ground" width="{_WIDTH}" height="{y + 6}" rx="10"/>\n'
        f"{said}{shapes}{arrow}</svg>\n"
    )


def _rows(names: list[str]) -> Iterator[list[str]]:
    """The names of a layer, as many in a row as there is room for."""
    row: list[str] = []
    for name in names:
        if row and len("  ".join([*row, name])) * _CHARACTER > 330:
            yield row
            row = []
        row.append(name)
    yield row


def _text(kind: str, x: int, y: int, words: str) -> str:
    shown = html.escape(words).replace("  ", "\xa0 ")
    return f'  <text class="{kind}" x="{x}" y="{y}">{shown}</text>\n'
