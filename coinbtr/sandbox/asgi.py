"""The sandbox as an ASGI application, for any ASGI server."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import partial
from http import HTTPStatus
from typing import Any

from coinbtr.sandbox.beside import beside
from coinbtr.sandbox.connections import TRANSPORT, drop, reset
from coinbtr.sandbox.delivery import Delivery, Ending
from coinbtr.sandbox.group_commit import GroupCommit
from coinbtr.sandbox.pipeline import Pipeline
from coinbtr.wire.engine import Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class SandboxApp:
    """Answers HTTP requests; a body over the limit is refused while it streams in.

    A fault that breaks its connection off needs the transport in the scope's `state`, as
    `SandboxServer` puts it there; on another server it ends the request with an exception.

    Args:
        pipeline: what every request goes through.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        sequencer = pipeline.sequencer
        self._group = GroupCommit(sequencer) if sequencer.is_slow else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            delivery = await self._handle(scope, receive)
            if delivery is None:
                return
            if delivery.delay_ms:
                await asyncio.sleep(delivery.delay_ms / 1000)
            if delivery.ending is Ending.WHOLE:
                await send_response(delivery.response, send)
            else:
                await _break_off(delivery, scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive) -> Delivery | None:
        """Give what goes out; None when the client went away before its request was whole."""
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        client = scope.get("client")
        peer = client[0] if client else "127.0.0.1"
        headers = _headers(scope["headers"])
        cycle = self.pipeline.begin(scope["method"], target.decode("latin-1"), headers, peer)
        content = await _receive_body(receive, cycle.max_body) if cycle.wants_body else b""
        if content is None:
            return None
        work = partial(cycle.carry_out, content)
        delivery = await beside(work) if cycle.takes_long else work()
        if self._group is None:
            return cycle.commit(delivery)
        return await self._group.finished(cycle, delivery)


async def send_response(response: Response, send: Send, cut: int | None = None) -> None:
    """Send an answer, or announce it and send so many bytes of its body."""
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers.items()
    ]
    # The answer to a HEAD tells the length of a GET's, and 304 tells none.
    if "content-length" not in response.headers and response.status != HTTPStatus.NOT_MODIFIED:
        headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    body = response.content[:cut]
    await send({"type": "http.response.body", "body": body, "more_body": cut is not None})


async def _break_off(delivery: Delivery, scope: Scope, receive: Receive, send: Send) -> None:
    transport = scope.get("state", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionAbortedError(f"a fault on order: {delivery.ending.value}")
    if delivery.ending is Ending.DROPPED:
        drop(transport)
    else:
        if delivery.ending is Ending.RESET_MIDWAY:
            await send_response(delivery.response, send, len(delivery.response.content) // 2)
        await reset(transport)
    # The server must know that the connection is gone before the application returns.
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(raw: list[tuple[bytes, bytes]]) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        # A repeated header is one list of values; none that matters here may be one.
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _receive_body(receive: Receive, most: int) -> bytes | None:
    """Read a body until it ends or is over the limit, which the router refuses then.

    None when the client went away.
    """
    content = bytearray()
    while len(content) <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        content += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(content)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
