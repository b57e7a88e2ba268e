"""The fast async engine, over libcurl (`coinbtr[fast]`), whose sockets the event loop watches."""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, Handle, get_running_loop
from typing import Final

import pycurl

from coinbtr.wire import forks
from coinbtr.wire.curl import Failed, Transfer
from coinbtr.wire.engine import MAX_ANSWER_BYTES, NotConnected, Request, Response
from coinbtr.wire.idle import Idle

MOST_IDLE: Final = 100
"""Connections that are kept while nobody uses them."""


class AsyncFastEngine:
    """An `AsyncEngine` over a pool of connections, which belong to one event loop."""

    def __init__(
        self, *, max_answer_bytes: int = MAX_ANSWER_BYTES, proxy: str | None = None
    ) -> None:
        self._max_answer_bytes = max_answer_bytes
        self._proxy = proxy
        self._lines: _Lines | None = None
        forks.tell(self)

    async def send(self, request: Request) -> Response:
        """Send `request` once and read the whole answer, at most `max_answer_bytes` of it.

        Raises NotConnected or ExchangeBroken.
        """
        lines = self._lines
        if lines is None or lines.closed or lines.loop is not get_running_loop():
            lines = self._lines = self._of_this_loop()
        try:
            transfer = lines.idle.pop()
        except IndexError:
            transfer = Transfer(
                max_answer_bytes=self._max_answer_bytes, proxy=self._proxy, idle=lines.connections
            )
        transfer.begin(request)
        failed = await lines.performed(transfer)
        while transfer.refused:
            transfer.begin(request)
            failed = await lines.performed(transfer)
        # Not after a cancellation: it may have left anything half done.
        if len(lines.idle) < MOST_IDLE:
            lines.idle.append(transfer)
        return transfer.end(failed)

    def forget(self) -> None:
        """Begin anew, in a forked process."""
        parents, self._lines = self._lines, None
        forks.keep(parents)

    async def aclose(self) -> None:
        """Close all connections; a second call does nothing."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None

    def _of_this_loop(self) -> _Lines:
        if self._lines is not None and self._lines.loop.is_closed():
            self._lines.close()
        return _Lines(get_running_loop())


class _Lines:
    """The connections of one event loop, which watches their sockets and libcurl's clock."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        if type(loop).add_reader is AbstractEventLoop.add_reader:
            raise NotConnected(
                f"a {type(loop).__name__} watches no sockets: run the program on an"
                ' asyncio.SelectorEventLoop, or choose engine="httpx"'
            )
        self.loop = loop
        self.idle: list[Transfer] = []
        self.connections = Idle()
        self._waiting: dict[pycurl.Curl, tuple[Transfer, Future[Failed]]] = {}
        self._clock: Handle | None = None
        # When libcurl wants to be called, in milliseconds. It is told in C: an exception here, such
        # as Ctrl-C, would be lost in `add_handle`.
        self._wanted: list[int] = []
        self.closed = False
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, MOST_IDLE)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._wanted.append)

    async def performed(self, transfer: Transfer) -> Failed:
        """Send the request that a transfer is set to, and read the answer."""
        handle, future = transfer.handle, self.loop.create_future()
        self._waiting[handle] = transfer, future
        try:
            self._multi.add_handle(handle)
            self._set_clock()
            failed: Failed = await future
        except pycurl.error as error:  # the handle was not added, so nothing is sent
            del self._waiting[handle]
            self._give_up(str(error))
            raise NotConnected(str(error)) from None
        finally:
            if self._waiting.pop(handle, None) is not None:  # cancelled
                self._remove(handle)
                self._set_clock()
        return failed

    def close(self) -> None:
        """Close all connections, those in use when their answers have come."""
        self.closed = True
        if not self._waiting:
            self._multi.close()

    def _watch(self, events: int, socket: int, *_: object) -> None:
        """Watch a socket for what libcurl waits for now."""
        if events == pycurl.POLL_REMOVE:
            events = pycurl.POLL_NONE
        if events & pycurl.POLL_IN:
            self.loop.add_reader(socket, self._go_on, socket, pycurl.CSELECT_IN)
        else:
            self.loop.remove_reader(socket)
        if events & pycurl.POLL_OUT:
            self.loop.add_writer(socket, self._go_on, socket, pycurl.CSELECT_OUT)
        else:
            self.loop.remove_writer(socket)

    def _set_clock(self) -> None:
        """Be there when libcurl wants to be called; negative is never."""
        if not self._wanted:
            return
        milliseconds = self._wanted[-1]
        self._wanted.clear()
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if milliseconds >= 0:
            self._clock = self.loop.call_later(
                milliseconds / 1000, self._go_on, pycurl.SOCKET_TIMEOUT, 0
            )

    def _go_on(self, socket: int, events: int) -> None:
        """Let libcurl do what can be done now."""
        try:
            self._multi.socket_action(socket, events)
            _, done, failed = self._multi.info_read()
            for handle in done:
                self._waiting[handle][0].rest()
                self._end(handle, None)
            for handle, code, reason in failed:
                self._end(handle, (code, reason))
            self._set_clock()
        except pycurl.error as error:
            self._give_up(str(error))
        except BaseException as error:
            # After an interrupt libcurl doesn't go on, and would call nobody.
            self._give_up(f"interrupted by {type(error).__name__}")
            raise

    def _give_up(self, reason: str) -> None:
        """End all that waits here, and let the next request begin anew."""
        self.closed = True
        for handle in list(self._waiting):
            self._end(handle, (0, reason))

    def _end(self, handle: pycurl.Curl, failed: Failed) -> None:
        _, future = self._waiting.pop(handle)
        if not future.done():  # it may be cancelled, and its task not know yet
            future.set_result(failed)
        self._remove(handle)

    def _remove(self, handle: pycurl.Curl) -> None:
        self._multi.remove_handle(handle)
        if self.closed:
            self.close()
