"""The web page's files, as answers to GET: each read once for a process.

Only what lies in the folder `page` has a path, and the description beside it: no path of a file
is ever made from what a client sends.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr import description
from coinbtr.__about__ import __version__
from coinbtr.sandbox.answers import MARK
from coinbtr.wire.engine import Response

DESCRIPTION_PATH = "/page/coinbtr.json"
"""Where the description of the exchange's API is, as JSON."""

_FOLDER = Path(__file__).parent / "page"
_PAGES = {"index.html": "/", "reference.html": "/reference"}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
# The renderer of the reference writes its style sheets into the page; scripts stay as strict.
_REFERENCE_POLICY = f"{_POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


@frozen
class File:
    """One file of the page."""

    content: bytes
    headers: Mapping[str, str]

    def answer(self, known: str = "") -> Response:
        """Answer with the file, or with 304 when the client has it already.

        Args:
            known: the request's `If-None-Match`; empty for none.
        """
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        if tags & {self.headers["etag"], "*"}:
            return Response(status=HTTPStatus.NOT_MODIFIED, headers=self.headers)
        return Response(status=HTTPStatus.OK, headers=self.headers, content=self.content)


def find(path: str) -> File | None:
    """Find the file that a path stands for; None when there is none."""
    if path == DESCRIPTION_PATH:
        return _description()
    place = _places().get(path)
    return _read(place) if place else None


@cache
def _places() -> Mapping[str, Path]:
    names = {
        path.relative_to(_FOLDER).as_posix(): path
        for path in _FOLDER.rglob("*")
        if path.suffix in _TYPES
    }
    return {_PAGES.get(name, f"/page/{name}"): path for name, path in names.items()}


@cache
def _read(path: Path) -> File:
    return _file(path.name, path.read_bytes())


@cache
def _description() -> File:
    return _file(DESCRIPTION_PATH, exact_json.dumps(description.load()))


def _file(name: str, content: bytes) -> File:
    headers = {
        MARK: __version__,
        "content-type": _TYPES[Path(name).suffix],
        "content-security-policy": _REFERENCE_POLICY if name == "reference.html" else _POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        # Asked for again each time, and answered with 304: a new version shows at once.
        "cache-control": "no-cache",
        "etag": f'"{sha256(content).hexdigest()[:32]}"',
    }
    return File(content, headers)
