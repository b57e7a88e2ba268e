"""A lock for tasks beside the one for threads, under names that the two facades share."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


def new_lock() -> Lock:
    """A lock for threads."""
    return Lock()


def new_async_lock() -> asyncio.Lock:
    """A lock for the tasks of one event loop."""
    import asyncio

    return asyncio.Lock()
