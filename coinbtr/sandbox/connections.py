"""A server's open connections by the client's address, and ways to break one off."""

import asyncio
import socket
import struct
from collections.abc import MutableMapping
from typing import Final

Connections = MutableMapping[tuple[str, int], asyncio.Transport]
"""The transport of each open connection, by host and port of its client."""

_RESET: Final = struct.pack("ii", 1, 0)
_FLUSH_SECONDS: Final = 0.001
_FLUSHES: Final = 1_000  # a client that doesn't read isn't waited for any longer


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
