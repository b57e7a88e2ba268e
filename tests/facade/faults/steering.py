"""Clients whose requests can be led astray, whose clock doesn't wait, in both facades."""

import inspect
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from attrs import define, evolve, field

from coinbtr import AsyncCoinBTR, CoinBTR, Request, Response, Retries, Timeout
from coinbtr.wire.engines import async_engine_maker, engine_maker
from tests.facade.scripted import OPEN

RETRIES = Retries(attempts=3, first_wait=0.25)


@define(slots=False)
class PatientClock:
    """A clock that is moved on by waiting, and never waits."""

    seconds: float = 0.0
    waits: list[float] = field(factory=list)

    def monotonic(self) -> float:
        """Seconds waited so far."""
        return self.seconds

    def now(self) -> datetime:
        """A day in 2026, and the seconds waited so far."""
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """Wait no time."""
        self.seconds += seconds
        self.waits.append(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait no time."""
        self.sleep(seconds)


# For a request that gets no connection, and for one that gets no answer. All others have time to
# get theirs, on a slow machine, too.
_NO_CONNECTION, _NO_ANSWER = Timeout(connect=0.05, read=5), Timeout(connect=2, read=0.2)


@define
class Wheel:
    """Where the next requests go, and how soon they are given up.

    Without an `address` they go where they should, and wait for no answer; `interrupt` is raised in
    the place of one.
    """

    addresses: dict[str, str]
    address: str | None = None
    times: int = 0
    interrupt: type[BaseException] | None = None
    carried_out: bool = False

    def steered(self, request: Request) -> Request:
        """The request, led astray or hurried if it is its turn."""
        if not self.times:
            return request
        self.times -= 1
        if self.address is None:
            return evolve(request, timeout=_NO_ANSWER)
        path = urlsplit(request.url)
        url = f"{self.addresses[self.address]}{path.path}?{path.query}"
        hurried = _NO_CONNECTION if self.address == "full" else request.timeout
        return evolve(request, url=url, timeout=hurried)


class SteeredEngine:
    """An engine behind a wheel."""

    def __init__(self, wheel: Wheel, name: str) -> None:
        self.wheel = wheel
        self.inner = engine_maker(name, {})()

    def send(self, request: Request) -> Response:
        """Send it where the wheel says, or be interrupted."""
        interrupt, self.wheel.interrupt = self.wheel.interrupt, None
        if interrupt is not None:
            if self.wheel.carried_out:
                self.inner.send(request)
            raise interrupt
        return self.inner.send(self.wheel.steered(request))

    def close(self) -> None:
        """Close the inner one."""
        self.inner.close()


class AsyncSteeredEngine:
    """The same, awaited."""

    def __init__(self, wheel: Wheel, name: str) -> None:
        self.wheel = wheel
        self.inner = async_engine_maker(name, {})()

    async def send(self, request: Request) -> Response:
        """Send it where the wheel says."""
        return await self.inner.send(self.wheel.steered(request))

    async def aclose(self) -> None:
        """Close the inner one."""
        await self.inner.aclose()


@contextmanager
def addresses(engine: str) -> Iterator[dict[str, str]]:
    """Where no connection comes about: nobody listens, no such name, nobody accepts."""
    with ExitStack() as stack:
        closed = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        refused = closed.getsockname()[1]
        closed.close()
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = full.getsockname()[1]
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield {
            "refused": f"http://127.0.0.1:{refused}",
            # Python's resolver is told about the first. The other one needs ask nobody: the parts
            # of a name have 63 letters at most.
            "dns": f"http://{'nowhere' if engine == 'httpx' else 'nowhere' * 10}.invalid",
            "full": f"http://127.0.0.1:{port}",
        }


def client(kind: str, engine: str, url: str, token: str, wheel: Wheel, clock: PatientClock) -> Any:
    """A client of either facade over a wheel, an engine and a clock that never waits."""
    options: dict[str, Any] = {
        "base_url": url,
        "retries": RETRIES,
        "guards": OPEN,
        "rate_limit": None,
        "timeout": Timeout(read=5),
    }
    made: Any = (
        CoinBTR(token, engine=SteeredEngine(wheel, engine), **options)
        if kind == "sync"
        else AsyncCoinBTR(token, engine=AsyncSteeredEngine(wheel, engine), **options)
    )
    made._seam._shared.clock = clock
    return made


async def settled(value: Any) -> Any:
    """What a call of either facade gives."""
    return await value if inspect.isawaitable(value) else value


Call = Callable[[Any], Any]
