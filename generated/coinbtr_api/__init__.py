"""A client library for accessing CoinBTR API; imported when asked for."""

from typing import TYPE_CHECKING

from .lazy import lazy

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

__all__ = ("AuthenticatedClient", "Client")

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(__name__, {"AuthenticatedClient": "client", "Client": "client"})
