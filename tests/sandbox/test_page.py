"""The files of the web page as a client gets them: their guards, and nothing beside them."""

import re
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from coinbtr_api import exact_json

from coinbtr import description
from coinbtr.__about__ import __version__
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from coinbtr.wire.engine import Request, Response

FOLDER = description.path().parent.parent / "coinbtr/sandbox/page"
SANDBOX = Sandbox()


def get(path: str, method: str = "GET", **headers: str) -> Response:
    """What an embedded sandbox answers."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return SANDBOX.handle(Request(method=method, url=f"http://127.0.0.1{path}", headers=names))


def paths() -> list[str]:
    """Every path of the page."""
    names = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()]
    pages = {"index.html": "/", "reference.html": "/reference"}
    return [pages.get(name, f"/page/{name}") for name in names]


@pytest.mark.parametrize("path", paths())
def test_every_file_of_the_folder_is_served(path: str) -> None:
    """Each with its type, a policy that lets nothing from elsewhere in, and the sandbox's mark."""
    answer = get(path)
    assert answer.status == 200
    assert answer.content
    kind = answer.headers["content-type"].partition(";")[0]
    ending = path.rpartition(".")[2] if "." in path else "html"
    types = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
    assert kind == {**types, "svg": "image/svg+xml", "txt": "text/plain"}[ending]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy, "scripts come from here only, as `default-src` says"
    assert ("unsafe" in policy) == (path == "/reference"), "only the reference writes styles"
    assert not re.search(r"https?:", policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["coinbtr-sandbox"] == __version__


def test_the_page_names_no_address_of_another_host() -> None:
    """What we wrote ourselves loads nothing from elsewhere and has no inline script or style."""
    for path in FOLDER.iterdir():
        if path.suffix not in (".html", ".css", ".js"):
            continue
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)) <= {
            "https://www.tradingview.com"
        }
        assert not re.search(r"<script>|<style|\sstyle=|\son\w+=\"", text), path.name


def test_the_description_is_served_as_json() -> None:
    """The API reference is made from the very description, with its numbers exact."""
    answer = get("/page/coinbtr.json")
    assert answer.headers["content-type"] == "application/json"
    assert exact_json.loads(answer.content) == description.load()


def test_a_client_that_has_the_file_gets_304() -> None:
    """The tag stands for the content; a known one saves the body, an unknown one doesn't."""
    first = get("/page/style.css")
    tag = first.headers["etag"]
    assert tag == f'"{sha256(first.content).hexdigest()[:32]}"'
    assert first.headers["cache-control"] == "no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = get("/page/style.css", if_none_match=known)
        assert (again.status, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get("/page/style.css", if_none_match='"other"').status == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/page", "/page/", "/page/index.html", "/page/reference.html", "/index.html"),
        *("/page/../asgi.py", "/page/%2e%2e/asgi.py", "/page//style.css", "/page/style.css/"),
        *("/page/vendor", "/page/vendor/", "/reference/", "//", "/favicon.ico"),
    ],
)
def test_other_paths_are_not_found(path: str) -> None:
    """Paths are compared as they were sent: nothing outside the folder is ever read."""
    answer = get(path)
    assert answer.status == 404
    assert exact_json.loads(answer.content)["msg"]["code"] == "not_found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_files_are_read_only(method: str) -> None:
    """Anything but GET and HEAD is refused, with what would be right."""
    answer = get("/", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.fixture(scope="module")
def connection() -> Iterator[HTTPConnection]:
    """A connection to a served sandbox."""
    with SandboxServer() as server:
        made = HTTPConnection(urlsplit(server.address).netloc, timeout=30)
        yield made
        made.close()


def test_a_socket_gives_the_same(connection: HTTPConnection) -> None:
    """GET, HEAD and 304 over one connection: the same headers, the right length, no stray byte."""
    connection.request("GET", "/")
    answer = connection.getresponse()
    content = answer.read()
    assert (answer.status, content) == (200, get("/").content)
    tag, length = answer.headers["etag"], answer.headers["content-length"]
    assert int(length) == len(content)

    connection.request("HEAD", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.read(), answer.headers["content-length"]) == (200, b"", length)

    connection.request("GET", "/", headers={"If-None-Match": tag})
    answer = connection.getresponse()
    assert (answer.status, answer.read(), answer.headers["etag"]) == (304, b"", tag)

    connection.request("GET", "/nothing")
    assert connection.getresponse().read() == get("/nothing").content
