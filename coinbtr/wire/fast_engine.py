"""The fast engine, over libcurl (`coinbtr[fast]`).

Each request waits for its sockets here, and not within libcurl, which would not let go of its
waiting for Ctrl-C.
"""

from __future__ import annotations

from time import sleep
from typing import Final

import pycurl

from coinbtr.wire import forks
from coinbtr.wire.curl import Failed, Transfer
from coinbtr.wire.engine import MAX_ANSWER_BYTES, Request, Response
from coinbtr.wire.idle import Idle

LONGEST_WAIT: Final = 0.5
"""Seconds after which a signal is heard that did not end the waiting for a socket by itself."""

_MOMENT: Final = 0.001


class FastEngine:
    """An `Engine` over a pool of connections; can be shared between threads."""

    def __init__(
        self, *, max_answer_bytes: int = MAX_ANSWER_BYTES, proxy: str | None = None
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._proxy = proxy
        self._closed = False
        self._idle: list[_Line] = []
        forks.tell(self)

    def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        try:
            line = self._idle.pop()
        except IndexError:
            line = _Line(max_answer_bytes=self._max_answer_bytes, proxy=self._proxy)
        failed = line.perform(request)
        try:
            return line.end(failed)
        finally:
            # Not after an interrupt of what came before: it may have left anything half done.
            self._idle.append(line)
            if self._closed:  # asked last: a close in another thread may come between
                self.close()

    def forget(self) -> None:
        """Begin anew, in a forked process."""
        parents, self._idle = self._idle, []
        forks.keep(parents)

    def close(self) -> None:
        """Close all connections; a second call does nothing."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()


class _Line(Transfer):
    """A transfer with a connection of its own."""

    def __init__(self, *, max_answer_bytes: int, proxy: str | None) -> None:
        super().__init__(max_answer_bytes=max_answer_bytes, proxy=proxy, idle=Idle())
        self._multi = pycurl.CurlMulti()

    def perform(self, request: Request) -> Failed:
        """Send the request and read the answer."""
        self.begin(request)
        failed = self._performed()
        while self.refused:
            self.begin(request)
            failed = self._performed()
        return failed

    def _performed(self) -> Failed:
        multi = self._multi
        multi.add_handle(self.handle)
        try:
            while multi.perform()[1]:
                until = multi.timeout() / 1000  # libcurl's next clock; negative if it has none
                if multi.select(until if 0 <= until < LONGEST_WAIT else LONGEST_WAIT) == 0:
                    # There may be no socket yet, or one that select() can't wait for: from 1024 on.
                    sleep(_MOMENT)
            _, done, failed = multi.info_read()
            if done:
                self.rest()
        finally:
            multi.remove_handle(self.handle)
        return failed[0][1:] if failed else None

    def close(self) -> None:
        """Close the connection."""
        self._multi.close()
        self.handle.close()
