"""uvicorn's HTTP protocol with what a sandbox needs of it: transports within reach, and its mark.

It is imported when a server starts: it needs uvicorn.
"""

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from coinbtr.__about__ import __version__
from coinbtr.sandbox.answers import MARK, failure
from coinbtr.sandbox.asgi import Receive, Scope, Send, send_response
from coinbtr.sandbox.connections import TRANSPORT

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _Protocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as _Protocol

MOST_CONNECTIONS: Final = 900
"""Beyond them comes 503, long before the usual 1,024 files of a process are open."""

_NO_HTTP: Final = (
    f"HTTP/1.1 400 Bad Request\r\n{MARK}: {__version__}\r\nConnection: close\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{text}"
)


class SandboxProtocol(_Protocol):
    """One connection to a served sandbox."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Take it up; one too many is served with nothing but 503."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}
        if len(self.connections) > MOST_CONNECTIONS:
            self.app = _busy

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self.transport.write(_NO_HTTP.format(length=len(msg), text=msg).encode("ascii"))
        self.transport.close()


async def _busy(_: Scope, __: Receive, send: Send) -> None:
    sentence = f"More than {MOST_CONNECTIONS} connections are open; nothing was done."
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"connection": "close"}
    await send_response(failure({"unavailable": status}, "unavailable", sentence, headers), send)
