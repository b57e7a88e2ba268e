"""The sandbox as an engine under the wire seam: the real client, the real bytes, no socket."""

from collections.abc import Callable

from coinbtr.wire.engine import NotConnected, Request, Response

Answer = Callable[[Request], Response]


class SandboxEngine:
    """An `Engine` that hands each request to an embedded sandbox; can be shared between threads."""

    def __init__(self, answer: Answer) -> None:
        self._answer: Answer | None = answer

    def send(self, request: Request) -> Response:
        """Answer a request from the sandbox.

        Raises:
            NotConnected: the engine was closed.
        """
        return _answered(self._answer, request)

    def close(self) -> None:
        """Let go of the sandbox; a second call does nothing."""
        self._answer = None


class AsyncSandboxEngine:
    """An `AsyncEngine` that hands each request to an embedded sandbox; it never waits."""

    def __init__(self, answer: Answer) -> None:
        self._answer: Answer | None = answer

    async def send(self, request: Request) -> Response:
        """Answer a request from the sandbox.

        Raises:
            NotConnected: the engine was closed.
        """
        return _answered(self._answer, request)

    async def aclose(self) -> None:
        """Let go of the sandbox; a second call does nothing."""
        self._answer = None


def _answered(answer: Answer | None, request: Request) -> Response:
    if answer is None:
        raise NotConnected("the engine of the embedded sandbox was closed")
    return answer(request)
