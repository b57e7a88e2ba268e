"""Writes the reference of the HTTP API: one page that holds the description and its renderer.

The renderer is the one of the sandbox's own page, so that it is pinned and licensed in one place.
"""

from pathlib import Path
from string import Template
from typing import Final

from coinbtr_api import exact_json

from coinbtr import description

_RENDERER: Final = "coinbtr/sandbox/page/vendor/openapi-explorer.js"
_TEMPLATE: Final = Path(__file__).with_name("http.html")
_LEFT_OUT: Final = ("x-rulings", "x-reference")  # they have a page of their own


def write(root: Path, target: Path) -> None:
    """Write the page from the description and the renderer of a checkout."""
    document = description.parse((root / "openapi/coinbtr.yaml").read_bytes())
    shown = {key: value for key, value in document.items() if key not in _LEFT_OUT}
    page = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        description=_inline(exact_json.dumps(shown).decode()),
        renderer=_inline((root / _RENDERER).read_text(encoding="utf-8")),
    )
    target.write_text(page, encoding="utf-8")


def _inline(script: str) -> str:
    """A script as it may stand within a page: nothing in it ends the element."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
