"""The sandbox as an engine under the wire seam: the real client, the real bytes, no socket."""

import asyncio
import time
from collections.abc import Callable

from coinbtr.sandbox.core.clock import Clock, ManualClock
from coinbtr.sandbox.delivery import Delivery, Ending
from coinbtr.wire.engine import (
    AnswerTimedOut,
    ExchangeBroken,
    NotConnected,
    Request,
    Response,
)

Answer = Callable[[Request], Response | Delivery]


class SandboxEngine:
    """An `Engine` that hands each request to an embedded sandbox; can be shared between threads.

    Args:
        answer: what answers a request.
        clock: what tells the sandbox its time; a `ManualClock` is moved on in the place of waiting.
    """

    def __init__(self, answer: Answer, clock: Clock | None = None) -> None:
        self._answer: Answer | None = answer
        self._clock = clock

    def send(self, request: Request) -> Response:
        """Answer a request from the sandbox.

        Raises:
            NotConnected: the engine was closed.
            AnswerTimedOut: a fault made the answer later than the request waits.
            ExchangeBroken: a fault broke the connection off.
        """
        answer = _answered(self._answer, request)
        if isinstance(answer, Response):
            return answer
        wait = _wait(answer, request, self._clock)
        if wait:
            time.sleep(wait)
        return _received(answer, request)

    def close(self) -> None:
        """Let go of the sandbox; a second call does nothing."""
        self._answer = None


class AsyncSandboxEngine:
    """An `AsyncEngine` that hands each request to an embedded sandbox.

    Args:
        answer: what answers a request.
        clock: what tells the sandbox its time; a `ManualClock` is moved on in the place of waiting.
    """

    def __init__(self, answer: Answer, clock: Clock | None = None) -> None:
        self._answer: Answer | None = answer
        self._clock = clock

    async def send(self, request: Request) -> Response:
        """Answer a request from the sandbox.

        Raises:
            NotConnected: the engine was closed.
            AnswerTimedOut: a fault made the answer later than the request waits.
            ExchangeBroken: a fault broke the connection off.
        """
        answer = _answered(self._answer, request)
        if isinstance(answer, Response):
            return answer
        wait = _wait(answer, request, self._clock)
        if wait:
            await asyncio.sleep(wait)
        return _received(answer, request)

    async def aclose(self) -> None:
        """Let go of the sandbox; a second call does nothing."""
        self._answer = None


def _answered(answer: Answer | None, request: Request) -> Response | Delivery:
    if answer is None:
        raise NotConnected("the engine of the embedded sandbox was closed")
    return answer(request)


def _is_late(delivery: Delivery, request: Request) -> bool:
    return delivery.delay_ms > request.timeout.read * 1000


def _wait(delivery: Delivery, request: Request, clock: Clock | None) -> float:
    """Give the seconds to wait for an answer, or for the end of patience."""
    if not delivery.delay_ms:
        return 0
    patience_ms = int(request.timeout.read * 1000)
    wait_ms = patience_ms if _is_late(delivery, request) else delivery.delay_ms
    if isinstance(clock, ManualClock):
        clock.advance(ms=wait_ms)
        return 0
    return wait_ms / 1000


def _received(delivery: Delivery, request: Request) -> Response:
    if _is_late(delivery, request):
        raise AnswerTimedOut(f"no answer within {request.timeout.read:g} s")
    if delivery.ending is not Ending.WHOLE:
        raise ExchangeBroken(delivery.ending.value)
    return delivery.response
