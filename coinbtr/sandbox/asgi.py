"""The sandbox as an ASGI application, for any ASGI server."""

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from coinbtr.sandbox.router import MAX_BODY, Router
from coinbtr.wire.engine import Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class SandboxApp:
    """Answers HTTP requests from a router; a body over the limit is refused while it streams in."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            response = await self._respond(scope, receive)
            if response is not None:
                await _send(response, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response | None:
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            # A repeated header is one list of values; none that matters here may be one.
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        client = scope.get("client")
        peer = client[0] if client else "127.0.0.1"
        admitted = self._router.admit(scope["method"], target.decode("latin-1"), headers, peer)
        if isinstance(admitted, Response):
            return admitted
        content = b""
        if admitted.operation.body:
            received = await _receive_body(receive)
            if received is None:
                return None
            content = received
        return self._router.settle(self._router.answer(admitted, content))


async def _receive_body(receive: Receive) -> bytes | None:
    """Read a body until it ends or is over the limit, which the router refuses then.

    None when the client went away.
    """
    content = bytearray()
    while len(content) <= MAX_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        content += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(content)


async def _send(response: Response, send: Send) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers.items()
    ]
    # The answer to a HEAD tells the length of a GET's, and 304 tells none.
    if "content-length" not in response.headers and response.status != HTTPStatus.NOT_MODIFIED:
        headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
