"""Tells whether something came on a connection while nobody used it: then it is fit for no request.

The server has closed it, or has said what would be taken for the next answer. libcurl looks for
that once a second at most.
"""

from __future__ import annotations

import select
import sys
from typing import Final, TypeAlias

Ends: TypeAlias = tuple[object, ...]
"""The addresses and ports of both ends of a connection."""

REMEMBERED: Final = 200
"""Connections that are looked at before they are used again; more than are kept."""

if sys.platform == "win32":

    def _has_something(socket: int) -> bool:
        return bool(select.select([socket], [], [], 0)[0])

else:

    def _has_something(socket: int) -> bool:
        # Unlike select(), it takes sockets from 1024 on.
        poll = select.poll()
        poll.register(socket, select.POLLIN)
        return bool(poll.poll(0))


class Idle:
    """The sockets of the connections of one pool that have brought their answers."""

    def __init__(self) -> None:
        self._sockets: dict[Ends, int] = {}

    def rests(self, ends: Ends, socket: int) -> None:
        """Note that a connection has brought its answer; a negative socket is one that ended."""
        if socket < 0:
            return
        self._sockets[ends] = socket
        if len(self._sockets) > REMEMBERED:
            del self._sockets[next(iter(self._sockets))]

    def is_fit(self, ends: Ends) -> bool:
        """Whether a connection that is used now is a new one, or nothing came on it meanwhile."""
        socket = self._sockets.pop(ends, None)
        return socket is None or not _has_something(socket)
