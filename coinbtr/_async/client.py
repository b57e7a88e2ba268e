"""The client: one exchange, its four parts, and the rules of where a token goes."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, Literal, NoReturn, Self

from coinbtr._async.account import AsyncAccount
from coinbtr._async.market import AsyncMarket
from coinbtr._async.seam import Seam
from coinbtr._async.trading import AsyncTrading
from coinbtr._async.wallet import AsyncWallet
from coinbtr.config import DEFAULT_TIMEOUT, Config, embedded, resolve
from coinbtr.errors import ConfigurationError
from coinbtr.wire.engine import AsyncEngine, Timeout
from coinbtr.wire.httpx_engine import AsyncHttpxEngine

if TYPE_CHECKING:
    from coinbtr.sandbox import Sandbox


class AsyncCoinBTR:
    """A client of one CoinBTR exchange: `account`, `wallet`, `trading`, `market`.

    With a token, say where it goes: `base_url`, or `environment="live"` for real money. With
    neither token nor base URL only `market` works, against the live exchange. Use it in a `with`
    block, or call `close`. Nothing is retried, and no redirect followed. The repr says LIVE,
    SANDBOX or the host, and never the token.

    Args:
        token: the API key, without the word "Token"; by default the variable COINBTR_TOKEN.
        base_url: such as `http://127.0.0.1:8642/api/v1`; by default the variable COINBTR_BASE_URL.
            Plain http is for loopback only.
        environment: `"live"` names the live exchange, https://coinbtr.com/api/v1.
        timeout: the longest wait of each step of a request, in seconds, or a Timeout; by default 5
            to connect, 15 for the next bytes of the answer.
        engine: what carries requests; by default an httpx one. One that is given is not closed.

    Raises:
        ConfigurationError: these don't fit together, or one of them is not valid.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        environment: Literal["live"] | None = None,
        timeout: Timeout | float = DEFAULT_TIMEOUT,
        engine: AsyncEngine | None = None,
    ) -> None:
        config = resolve(token, base_url, environment, timeout, os.environ)
        # The error below is raised from this frame, which must not hold the token.
        del token
        if isinstance(config, ConfigurationError):
            raise config
        self._connect(config, engine or AsyncHttpxEngine(), owns_engine=engine is None)

    @classmethod
    def sandbox(
        cls, sandbox: Sandbox | None = None, *, timeout: Timeout | float = DEFAULT_TIMEOUT
    ) -> Self:
        """Give a client of an exchange within this process, with play money.

        Nothing goes over a network. Two users are funded; the client is the one called `demo`.

        Args:
            sandbox: the exchange, so that several clients and a test can share it; by default a
                fresh one.
            timeout: as for the class.

        Raises:
            ConfigurationError: the sandbox is not installed; the message says what to install.
        """
        try:
            from coinbtr.sandbox import Sandbox
        except ModuleNotFoundError as missing:
            raise ConfigurationError(
                f"the sandbox needs {missing.name}: pip install 'coinbtr[sandbox]'"
            ) from None
        exchange = sandbox or Sandbox()
        return cls._over(
            embedded(exchange.token, exchange.base_url, timeout), exchange.async_engine()
        )

    @classmethod
    def _over(cls, config: Config, engine: AsyncEngine) -> Self:
        client = cls.__new__(cls)
        client._connect(config, engine, owns_engine=True)
        return client

    def _connect(self, config: Config, engine: AsyncEngine, *, owns_engine: bool) -> None:
        self._seam = Seam(config, engine, owns_engine=owns_engine)
        self.account = AsyncAccount(self._seam)
        self.wallet = AsyncWallet(self._seam)
        self.trading = AsyncTrading(self._seam)
        self.market = AsyncMarket(self._seam)

    async def close(self) -> None:
        """Close all connections; a second call does nothing, and later calls raise ClientClosed."""
        await self._seam.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        # A constructor that raises leaves an object without a seam to whoever looks at its frame.
        seam = getattr(self, "_seam", None)
        return f"<{type(self).__name__} {'of no server' if seam is None else seam.label}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client is not pickled or copied: it holds a token; make a new one")
