"""A lock for tasks beside the one for threads, under names that the two facades share."""

from asyncio import Lock as AsyncLock
from threading import Lock

__all__ = ["AsyncLock", "Lock"]
