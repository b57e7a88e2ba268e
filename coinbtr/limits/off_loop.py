"""Calls something that may block: in a thread where an event loop must go on, else in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def async_off_loop(call: Callable[[], T]) -> T:
    """What `call` gives, without holding up the event loop."""
    from asyncio import to_thread

    return await to_thread(call)


def off_loop(call: Callable[[], T]) -> T:
    """What `call` gives."""
    return call()
