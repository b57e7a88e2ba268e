"""A sandbox with something between it and its callers: what seeds a defect, or counts requests."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from coinbtr_api import exact_json

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.core.clock import Clock
from coinbtr.wire.engine import Request, Response

TOKEN = "token-of-the-account-demo"
OTHER_TOKEN = "token-of-the-account-other"

Handle = Callable[[Request], Response]
Tamper = Callable[[Request, Handle], Response]
Message = MutableMapping[str, Any]


class TamperedSandbox(Sandbox):
    """A sandbox whose every request and answer over a socket goes through `tamper`."""

    tamper: Tamper | None = None

    def __init__(self, seed: int = 0, clock: Clock | None = None) -> None:
        super().__init__(seed=seed, clock=clock, token=TOKEN, other_token=OTHER_TOKEN)

    def asgi(self) -> Any:
        """Serve through the tampering function."""

        async def serve(
            scope: Message,
            receive: Callable[[], Awaitable[Message]],
            send: Callable[[Message], Awaitable[None]],
        ) -> None:
            await self._serve(scope, receive, send)

        return serve

    async def _serve(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        content, more = b"", True
        while more:
            message = await receive()
            content += message.get("body", b"")
            more = message.get("more_body", False)
        query = scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        request = Request(
            method=scope["method"],
            url=f"http://sandbox{target}",
            headers={
                name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
            },
            content=content,
        )
        response = self.tamper(request, self.handle) if self.tamper else self.handle(request)
        headers = [
            (name.encode(), value.encode("latin-1")) for name, value in response.headers.items()
        ]
        headers.append((b"content-length", str(len(response.content)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.content})


def document(message: Request | Response) -> Any:
    """Decode the body of a request or answer; None for what is no JSON."""
    try:
        return exact_json.loads(message.content)
    except exact_json.ExactJSONError:
        return None


def answered(response: Response, body: object, *, status: int | None = None) -> Response:
    """Give an answer with another body: an object, or bytes as they stand."""
    content = body if isinstance(body, bytes) else exact_json.dumps(body)
    return Response(
        status=response.status if status is None else status,
        headers=response.headers,
        content=content,
    )


def asked(request: Request, body: object) -> Request:
    """Give a request with another body."""
    content = exact_json.dumps(body)
    headers = {**request.headers, "content-length": str(len(content))}
    return Request(method=request.method, url=request.url, headers=headers, content=content)
