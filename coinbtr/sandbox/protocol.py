"""uvicorn's HTTP protocol with what a sandbox needs of it: transports within reach, and its mark.

It serves ASGI: where httptools isn't installed, and what somebody has put around the exchange.
It is imported when a server starts: it needs uvicorn.
"""

import asyncio
from typing import TYPE_CHECKING

from coinbtr.sandbox.asgi import Receive, Scope, Send, send_response
from coinbtr.sandbox.connections import TRANSPORT, are_too_many, busy
from coinbtr.sandbox.http_answer import no_http

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _Protocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as _Protocol


class SandboxProtocol(_Protocol):
    """One connection to a served sandbox."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Take it up; one too many is served with nothing but 503."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}
        if are_too_many(len(self.connections)):
            self.app = _busy

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self.transport.write(no_http(msg))
        self.transport.close()


async def _busy(_: Scope, __: Receive, send: Send) -> None:
    await send_response(busy(), send)
