"""Writes an answer as HTTP/1.1 sends it."""

from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from coinbtr.__about__ import __version__
from coinbtr.sandbox.answers import MARK
from coinbtr.wire.engine import Response

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
"""Tells a client that asked for it to send its body."""

# A fault's status may be one that nobody has registered: it has no phrase, and needs none.
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_NO_HTTP: Final = (
    f"HTTP/1.1 400 Bad Request\r\n{MARK}: {__version__}\r\nConnection: close\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{text}"
)


def no_http(sentence: str) -> bytes:
    """The whole answer to what is no HTTP; the sentence is ASCII."""
    return _NO_HTTP.format(length=len(sentence), text=sentence).encode("ascii")


def written(
    response: Response,
    common: Iterable[tuple[bytes, bytes]] = (),
    *,
    is_head: bool,
    is_last: bool,
) -> bytes:
    """Head and body of an answer.

    Args:
        response: what is answered.
        common: headers of every answer.
        is_head: leave the body out, as for HEAD.
        is_last: tell that the connection is closed after it.
    """
    parts = [_head(response.status, tuple(response.headers.items()))]
    parts += [b"%s: %s\r\n" % header for header in common]
    # The answer to a HEAD tells the length of a GET's, and 304 tells none.
    if "content-length" not in response.headers and response.status != HTTPStatus.NOT_MODIFIED:
        parts.append(b"content-length: %d\r\n" % len(response.content))
    if is_last and "connection" not in response.headers:
        parts.append(b"connection: close\r\n")
    parts.append(b"\r\n")
    if not is_head:
        parts.append(response.content)
    return b"".join(parts)


@lru_cache(maxsize=256)
def _head(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, '')}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, ""]).encode("latin-1")
