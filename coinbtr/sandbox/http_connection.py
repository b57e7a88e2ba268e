"""One connection to a served sandbox: from bytes to the pipeline and back, by httptools.

It does what uvicorn's protocol and an ASGI application would do together, at a third of their cost.
It is imported when a server starts: it needs httptools and uvicorn.
"""

import asyncio
from collections import deque
from functools import lru_cache, partial
from typing import Any, Final, cast

from attrs import define, field
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn import Config
from uvicorn.server import ServerState

from coinbtr.sandbox.beside import beside
from coinbtr.sandbox.connections import are_too_many, busy, drop, reset
from coinbtr.sandbox.delivery import Delivery, Ending
from coinbtr.sandbox.group_commit import GroupCommit
from coinbtr.sandbox.http_answer import CONTINUE, no_http, written
from coinbtr.sandbox.pipeline import Cycle, Pipeline, target_of
from coinbtr.sandbox.turn_commit import Deliver, TurnCommit
from coinbtr.wire.engine import Response

MOST_OF_A_HEAD: Final = 65_536
"""The largest head of a request, in bytes."""


@define(eq=False)
class Incoming:
    """A request on its way in; its body is gathered as long as it `takes` more."""

    url: bytes = b""
    method: str = ""
    headers: dict[str, str] = field(factory=dict)
    size: int = 0
    has_head: bool = False
    content: bytes = b""
    takes: bool = True
    is_whole: bool = False
    keeps: bool = True
    cycle: Cycle | None = None

    def grow(self, size: int) -> None:
        """Count bytes of the head; the parser makes an error of its own of this one."""
        self.size += size
        if self.size > MOST_OF_A_HEAD:
            raise ValueError("the head is too large")


class Connection(asyncio.Protocol):
    """Serves the requests of one client, each after the answer to the one before.

    Args:
        pipeline: what every request goes through.
        commits: what commits before answers that tell of the exchange.
        config, server_state, app_state, _loop: as uvicorn's server gives them to its protocols.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        commits: TurnCommit | GroupCommit,
        *,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],  # noqa: ARG002 - an ASGI application's
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._commits = commits
        self._state = server_state
        self._loop = _loop or asyncio.get_running_loop()
        self._longest_rest = config.timeout_keep_alive
        self._parser: Any = HttpRequestParser(self)
        # What follows a request with `Connection: close` is no error: the request is answered.
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._queue: deque[Incoming] = deque()
        self._arriving: Incoming | None = None
        self._is_busy = False
        self._is_clogged = False
        self._is_held = False
        self._is_broken = False
        self._is_closing = False
        self._is_one_too_many = False
        self._peer = ""
        self._rests_since = 0.0
        self._rest: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it up; one too many is served with nothing but 503."""
        self._transport = cast(asyncio.Transport, transport)  # it is TCP's, if not by its class
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if peer else "127.0.0.1"
        self._state.connections.add(self)  # type: ignore[arg-type]  # as good as uvicorn's own
        self._is_one_too_many = are_too_many(len(self._state.connections))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why, is all the same
        """Forget what hasn't been carried out; what has been stays done."""
        self._state.connections.discard(self)
        self._queue.clear()
        self._parser = None
        if self._rest is not None:
            self._rest.cancel()

    def data_received(self, data: bytes) -> None:
        """Parse what came, and serve what can be served."""
        if self._is_broken:
            return
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:  # other protocols aren't spoken here: the request is answered
            self._is_closing = True
        except HttpParserError:
            self._is_broken = self._is_closing = True
            self._drop_arriving()
        self._serve()

    def eof_received(self) -> bool:
        """Answer what is whole although no more will come; tells whether to stay open for it."""
        self._is_closing = True
        self._drop_arriving()
        return bool(self._queue)

    def pause_writing(self) -> None:
        """Wait: the client doesn't read its answers."""
        self._is_clogged = True

    def resume_writing(self) -> None:
        """Go on."""
        self._is_clogged = False
        self._serve()

    def shutdown(self) -> None:
        """Finish what was accepted, and close: the server ends."""
        self._is_closing = True
        if not self._queue:
            self._transport.close()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._arriving = Incoming()

    def on_url(self, url: bytes) -> None:
        """Take a part of the request's target."""
        request = self._now()
        request.url += url
        request.grow(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after the body is left out."""
        request = self._now()
        request.grow(len(name) + len(value))
        if request.has_head:
            return
        key, text = _key(name), value.decode("latin-1")
        headers = request.headers
        # A repeated header is one list of values; none that matters here may be one.
        headers[key] = f"{headers[key]}, {text}" if key in headers else text

    def on_headers_complete(self) -> None:
        """Put the request in its place behind the others of this connection."""
        request, parser = self._now(), self._parser
        request.has_head = True
        request.method = parser.get_method().decode("ascii")
        request.keeps = parser.should_keep_alive() and parser.get_http_version() != "1.0"
        self._queue.append(request)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, if it is still wanted."""
        request = self._now()
        if request.takes:
            request.content += body

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._now().is_whole = True
        self._arriving = None

    def _now(self) -> Incoming:
        if self._arriving is None:
            raise RuntimeError("the parser tells of a request that it didn't begin")
        return self._arriving

    def _drop_arriving(self) -> None:
        """Forget a request that will never be whole."""
        request, self._arriving = self._arriving, None
        if request is not None and request.has_head and request.takes:
            self._queue.pop()

    def _serve(self) -> None:
        """Carry out what is next, until there is nothing, or something must be waited for."""
        while self._queue and not self._is_busy and not self._is_clogged:
            request = self._queue[0]
            if self._is_one_too_many:
                self._is_closing = True
                self._answer(busy())
                break
            cycle = request.cycle or self._begun(request)
            if cycle.wants_body:
                if not request.is_whole and len(request.content) <= cycle.max_body:
                    break
                content = request.content
            else:
                content = b""
            request.takes, request.content = False, b""
            self._is_busy = True
            if cycle.takes_long:
                self._carry_out_beside(cycle, content)
            else:
                self._finish(cycle, cycle.carry_out(content), self._deliver)
        if self._is_broken and not self._queue and not self._transport.is_closing():
            self._transport.write(no_http("Invalid HTTP request received."))
            self._transport.close()
        self._hold_back()

    def _carry_out_beside(self, cycle: Cycle, content: bytes) -> None:
        tasks: set[Any] = self._state.tasks  # a server that is stopped waits for these, and cancels

        def finish(done: asyncio.Future[Delivery]) -> None:
            tasks.discard(done)
            if done.cancelled():
                self._transport.abort()
            else:
                self._finish(cycle, done.result(), self._go_on)

        working = beside(partial(cycle.carry_out, content))
        tasks.add(working)
        working.add_done_callback(finish)

    def _finish(self, cycle: Cycle, delivery: Delivery, deliver: Deliver) -> None:
        """Let `deliver` have what comes of a request, as soon as what it tells is committed."""
        if cycle.tells_of_state and not self._pipeline.sequencer.is_committed:
            self._commits.after(cycle, delivery, self._go_on)
        else:
            deliver(cycle.finish(delivery, is_committed=True))

    def _begun(self, request: Incoming) -> Cycle:
        target = request.url.decode("latin-1")
        if not target.startswith("/"):
            target = target_of(target)
        cycle = self._pipeline.begin(request.method, target, request.headers, self._peer)
        request.cycle = cycle
        if cycle.wants_body and not request.is_whole and _asks_first(request.headers):
            self._transport.write(CONTINUE)
        return cycle

    def _hold_back(self) -> None:
        """Read no more as long as a request waits behind another."""
        must_wait = self._is_broken or len(self._queue) > 1
        if must_wait is not self._is_held and not self._transport.is_closing():
            self._is_held = must_wait
            if must_wait:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _go_on(self, delivery: Delivery) -> None:
        if not self._transport.is_closing():
            self._deliver(delivery)
            self._serve()

    def _deliver(self, delivery: Delivery) -> None:
        if delivery.delay_ms:
            at_once = Delivery(delivery.response, ending=delivery.ending)
            self._loop.call_later(delivery.delay_ms / 1000, self._go_on, at_once)
        elif delivery.ending is Ending.WHOLE:
            self._answer(delivery.response)
        elif delivery.ending is Ending.DROPPED:
            drop(self._transport)
        else:
            midway = delivery.ending is Ending.RESET_MIDWAY
            resetting = self._loop.create_task(self._reset(delivery.response if midway else None))
            self._state.tasks.add(resetting)
            resetting.add_done_callback(self._state.tasks.discard)

    def _answer(self, response: Response) -> None:
        request = self._queue.popleft()
        self._is_busy = False
        is_end = self._is_closing and not self._is_broken and not self._queue
        is_last = is_end or not request.keeps
        common, is_head = self._state.default_headers, request.method == "HEAD"
        self._transport.write(written(response, common, is_head=is_head, is_last=is_last))
        self._state.total_requests += 1
        if is_last:
            self._queue.clear()
            self._transport.close()
            return
        self._rests_since = self._loop.time()
        if self._rest is None:
            self._rest = self._loop.call_later(self._longest_rest, self._end_rest)

    async def _reset(self, announced: Response | None) -> None:
        if announced is not None:
            whole = written(announced, self._state.default_headers, is_head=False, is_last=False)
            self._transport.write(whole[: len(whole) - (len(announced.content) + 1) // 2])
        await reset(self._transport)

    def _end_rest(self) -> None:
        """Close a connection that was silent for long since its last answer."""
        self._rest = None
        if self._queue or self._arriving is not None:
            return
        left = self._rests_since + self._longest_rest - self._loop.time()
        if left > 0:
            self._rest = self._loop.call_later(left, self._end_rest)
        else:
            self._transport.close()


@lru_cache(maxsize=256)
def _key(name: bytes) -> str:
    return name.decode("latin-1").lower()


def _asks_first(headers: dict[str, str]) -> bool:
    return headers.get("expect", "").lower() == "100-continue"
