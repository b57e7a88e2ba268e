"""Which engine carries a client's requests: by name, from the parameter or the environment."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final, Literal, Protocol, TypeAlias

from coinbtr.errors import ConfigurationError
from coinbtr.wire.engine import AsyncEngine, Engine

EngineName: TypeAlias = Literal["httpx", "fast"]

VARIABLE: Final = "COINBTR_ENGINE"


class Maker(Protocol):
    """Makes an engine, which goes through a proxy if there is one."""

    def __call__(self, *, proxy: str | None = None) -> Engine:
        """A new engine."""
        ...


class AsyncMaker(Protocol):
    """The same for the async client."""

    def __call__(self, *, proxy: str | None = None) -> AsyncEngine:
        """A new engine."""
        ...


def engine_maker(name: str | None, environ: Mapping[str, str]) -> Maker:
    """What makes the engine of this name, or of the variable COINBTR_ENGINE if it is None.

    Raises ConfigurationError for a name that isn't one, or when its extra is not installed.
    """
    if _is_fast(name, environ):
        from coinbtr.wire.fast_engine import FastEngine

        return FastEngine
    from coinbtr.wire.httpx_engine import HttpxEngine

    return HttpxEngine


def async_engine_maker(name: str | None, environ: Mapping[str, str]) -> AsyncMaker:
    """The same for the async client."""
    if _is_fast(name, environ):
        from coinbtr.wire.async_fast_engine import AsyncFastEngine

        return AsyncFastEngine
    from coinbtr.wire.httpx_engine import AsyncHttpxEngine

    return AsyncHttpxEngine


def _is_fast(name: str | None, environ: Mapping[str, str]) -> bool:
    origin = "engine"
    if name is None:
        name, origin = environ.get(VARIABLE) or "httpx", VARIABLE
    if name not in ("httpx", "fast"):
        raise ConfigurationError(f'{origin} must be "httpx" or "fast", not {name!r}')
    if name == "fast":
        try:
            import_module("pycurl")
        except ModuleNotFoundError:
            raise ConfigurationError(
                "the fast engine needs pycurl: pip install 'coinbtr[fast]'"
            ) from None
    return name == "fast"
