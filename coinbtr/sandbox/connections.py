"""How many connections there may be, ways to break one off, and where its transport is found."""

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import Final

from coinbtr.sandbox.answers import failure
from coinbtr.wire.engine import Response

MOST_CONNECTIONS: Final = 900
"""Beyond them comes 503, long before the usual 1,024 files of a process are open."""

TRANSPORT: Final = "coinbtr.transport"
"""Where the `state` of a scope has the transport, if the server lets connections be broken off."""

_RESET: Final = struct.pack("ii", 1, 0)
_FLUSH_SECONDS: Final = 0.001
_FLUSHES: Final = 1_000  # a client that doesn't read isn't waited for any longer


def are_too_many(connections: int) -> bool:
    """Tell whether so many open connections are more than there may be."""
    return connections > MOST_CONNECTIONS


def busy() -> Response:
    """Make the answer on a connection that is one too many."""
    sentence = f"More than {MOST_CONNECTIONS} connections are open; nothing was done."
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return failure({"unavailable": status}, "unavailable", sentence, {"connection": "close"})


def drop(transport: asyncio.Transport) -> None:
    """Close a connection in good order, without a word."""
    transport.close()


async def reset(transport: asyncio.Transport) -> None:
    """Reset a connection, as a crash or a firewall does; what was written before goes out first."""
    for _ in range(_FLUSHES):
        if not transport.get_write_buffer_size():
            break
        await asyncio.sleep(_FLUSH_SECONDS)
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
