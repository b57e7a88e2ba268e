"""The four ways from the real facade to a sandbox: in process and over a socket, sync and async."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final

from coinbtr import AsyncCoinBTR, CoinBTR, GuardRails, Retries, Timeout
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.server import SandboxServer

WAYS: Final = ("engine", "async engine", "socket", "async socket")
PATIENCE: Final = 0.5
"""Seconds that a client waits for an answer."""


def a_sandbox(way: str, **options: Any) -> Sandbox:
    """A fresh one: in process on a clock that is moved on by waiting."""
    return Sandbox(clock=None if "socket" in way else ManualClock(), **options)


def played(
    way: str, sandbox: Sandbox, scene: Callable[[Any], Awaitable[Any]], *, attempts: int = 1
) -> Any:
    """What a scene gives that is played with one client; each request is sent once by default."""
    options: dict[str, Any] = {
        "timeout": Timeout(read=PATIENCE),
        "retries": Retries(attempts=attempts, first_wait=0.01, longest_wait=1.5),
        "guards": GuardRails(allow_withdrawals=True, book_limits=False),
        "rate_limit": None,
        "watermark": "read",
    }
    kind = AsyncCoinBTR if "async" in way else CoinBTR
    if "engine" in way:
        return asyncio.run(_played(kind.sandbox(sandbox, **options), scene))
    with SandboxServer(sandbox) as server:
        client = kind(sandbox.token, base_url=server.base_url, **options)
        return asyncio.run(_played(client, scene))


async def _played(client: Any, scene: Callable[[Any], Awaitable[Any]]) -> Any:
    try:
        return await scene(client)
    finally:
        await settled(client.close())


async def settled(value: Any) -> Any:
    """What a call of either facade gives."""
    return await value if inspect.isawaitable(value) else value
