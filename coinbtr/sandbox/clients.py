"""Clients of an embedded sandbox: the facade over it, of whichever user.

The facade knows the sandbox and not the other way round, but here: a sandbox makes clients of
itself, at the moment when one is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coinbtr._async.client import AsyncCoinBTR
    from coinbtr._sync.client import CoinBTR


class Clients:
    """Makes clients; part of `Sandbox`."""

    def client(self, **options: Any) -> CoinBTR:
        """Make a client of this exchange, by default as the user `demo`.

        Args:
            options: as for `CoinBTR.sandbox`, such as `token`, `guards` or `hooks`.

        Raises:
            ConfigurationError: an option is not valid.
        """
        from coinbtr._sync.client import CoinBTR

        return CoinBTR.sandbox(self, **options)  # type: ignore[arg-type]  # only a Sandbox has it

    def async_client(self, **options: Any) -> AsyncCoinBTR:
        """Make an async client of this exchange, by default as the user `demo`.

        Args:
            options: as for `AsyncCoinBTR.sandbox`, such as `token`, `guards` or `hooks`.

        Raises:
            ConfigurationError: an option is not valid.
        """
        from coinbtr._async.client import AsyncCoinBTR

        return AsyncCoinBTR.sandbox(self, **options)  # type: ignore[arg-type]  # as above
