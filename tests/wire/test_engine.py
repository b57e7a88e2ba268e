"""Requests and responses as values: complete, immutable, and silent about what is secret."""

from types import MappingProxyType

import attrs
import pytest

from coinbtr.wire.engine import Request, Response


def test_a_request_shows_neither_headers_nor_body() -> None:
    """The token is in a header; a repr in a log must not have it."""
    request = Request(
        method="POST",
        url="https://exchange.test/x",
        headers={"Authorization": "Token abc"},
        content=b"abc",
    )
    assert repr(request) == "Request(method='POST', url='https://exchange.test/x')"


def test_a_response_shows_neither_headers_nor_body() -> None:
    """A server may repeat what it was sent."""
    response = Response(status=200, headers={"X": "abc"}, content=b"abc", elapsed=0.5)
    assert repr(response) == "Response(status=200, elapsed=0.5)"


def test_response_headers_are_found_in_lower_case() -> None:
    """However the server wrote them."""
    response = Response(status=200, headers={"Content-TYPE": "text/HTML"})
    assert dict(response.headers) == {"content-type": "text/HTML"}
    lowered = MappingProxyType({"content-type": "text/HTML"})
    assert Response(status=200, headers=lowered).headers is lowered  # an engine's own work


def test_neither_can_be_changed() -> None:
    """Not a field, and not a header within."""
    request = Request(method="GET", url="https://exchange.test/", headers={"A": "b"})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        request.url = "https://evil.test/"  # type: ignore[misc]  # what is tested
    with pytest.raises(TypeError):
        request.headers["A"] = "c"  # type: ignore[index]  # what is tested
