"""Both exchanges, over a served sandbox, in ccxt's own words."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import define

import coinbtr.ccxt
import coinbtr.ccxt.async_support
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer

CLASSES: dict[str, Any] = {
    "sync": coinbtr.ccxt.coinbtr,
    "async": coinbtr.ccxt.async_support.coinbtr,
}


async def settled(value: Any) -> Any:
    """What a method of either exchange gives."""
    return await value if inspect.isawaitable(value) else value


@define
class Place:
    """A served sandbox, and exchanges that trade on it."""

    sandbox: Sandbox
    base_url: str
    kind: str

    def exchange(self, **config: Any) -> Any:
        """An exchange in sandbox mode, without a rate limit, with amounts as text."""
        made = CLASSES[self.kind](
            {
                "apiKey": self.sandbox.token,
                "urls": {"test": self.base_url},
                "enableRateLimit": False,
                "number": str,
            }
            | config
        )
        made.set_sandbox_mode(True)
        if self.kind == "async":
            made.timeout_on_exit = 0
        return made

    def run(self, act: Callable[[Any], Any], **config: Any) -> None:
        """Let a scene be played with an exchange, which is closed at the end."""

        async def whole() -> None:
            exchange = self.exchange(**config)
            try:
                await act(exchange)
            finally:
                await settled(exchange.close())

        asyncio.run(whole())


@pytest.fixture(scope="module")
def served() -> Iterator[SandboxServer]:
    """One served sandbox for the tests of a module."""
    with SandboxServer(Sandbox()) as server:
        yield server


@pytest.fixture(params=["sync", "async"])
def place(request: pytest.FixtureRequest, served: SandboxServer) -> Place:
    """The sandbox, for either exchange."""
    return Place(served.sandbox, served.base_url, request.param)
