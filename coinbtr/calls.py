"""How a function that sends is typed: awaited in the async facade, called in the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

AsyncCall = Callable[P, Awaitable[T]]
Call = Callable[P, T]
