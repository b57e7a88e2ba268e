# Derived from coinbtr/_async/client.py by `make generate`: edit that file, not this one.
"""The client: one exchange, its four parts, and the rules of where a token goes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Literal, NoReturn, Self

from attrs import evolve

from coinbtr._sync.gating import Gate
from coinbtr._sync.seam import Seam
from coinbtr._sync.shared import Shared
from coinbtr.config import (
    DEFAULT_DEADLINE,
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    Config,
    WatermarkMode,
    embedded,
    resolve,
    to_timeout,
    to_watermark,
)
from coinbtr.errors import CoinBTRError, ConfigurationError, OutcomeUnknown
from coinbtr.guards import Addresses, GuardRails, Money, chosen
from coinbtr.limits.limiter import Limiter
from coinbtr.limits.rate_limit import RateLimit, to_rate_limit
from coinbtr.sending.observers import Hooks, to_hooks
from coinbtr.sending.retries import Retries, to_deadline, to_retries
from coinbtr.sending.waiting import SETTLE, SYSTEM_CLOCK
from coinbtr.wire.engine import Engine, Timeout
from coinbtr.wire.engines import EngineName, engine_maker
from coinbtr.wire.proxy import ProxyAddress, checked_proxy

if TYPE_CHECKING:
    from coinbtr._sync.account import Account
    from coinbtr._sync.guarding import Guard
    from coinbtr._sync.market import Market
    from coinbtr._sync.trading import Trading
    from coinbtr._sync.wallet import Wallet
    from coinbtr.outcomes import Outcome
    from coinbtr.sandbox import Sandbox


class CoinBTR:
    """A client of one CoinBTR exchange: `account`, `wallet`, `trading`, `market`.

    With a token, say where it goes: `base_url`, or `environment="live"` for real money. With
    neither token nor base URL only `market` works, against the live exchange. Use it in a `with`
    block, or call `close`: a forgotten one warns (ResourceWarning). It can be shared: between
    threads, or, where its methods are coroutines, between the tasks of one event loop.

    What only reads is sent again after a failure, with growing waits; what moves money only when
    no connection came about, or after a 429: in any other doubt the call raises OutcomeUnknown. No
    redirect is followed. The repr says LIVE, SANDBOX or the host, and never the token.

    Args:
        token: the API key, without the word "Token"; by default the variable COINBTR_TOKEN.
        base_url: such as `http://127.0.0.1:8642/api/v1`; by default the variable COINBTR_BASE_URL.
            Plain http is for loopback only.
        environment: `"live"` names the live exchange, https://coinbtr.com/api/v1.
        timeout: the longest wait of each step of a request, in seconds, or a Timeout; by default 5
            to connect, 15 for the next bytes of the answer.
        retries: how many attempts at most, 1 for none but the first, or a Retries with the waits.
        deadline: seconds that all attempts of one call may take together, waits included; None for
            no bound. No attempt begins after it, and each step's time-out is cut to what is left.
        intent_log: a file to which each request that moves money is written, without the token,
            before it is sent; what a former process left open is in `unresolved`. It is this
            client's alone until it is closed, and each such request waits for the disk.
        watermark: what tells a lost order from older ones alike, the newest before it: `"first"`
            reads it once, before the first order (two requests more) and the first withdrawal of a
            coin (one more), and goes by what this client was told after that; `"read"` reads it
            before each, and sends nothing if that fails; `"seen"` never reads.
        engine: what carries requests: `"httpx"`, `"fast"` (pip install 'coinbtr[fast]'), or an
            engine of yours, which is not closed; by default the variable COINBTR_ENGINE, or httpx.
        proxy: such as `http://user:password@proxy.example:3128`, for a base URL with https. The
            variables HTTPS_PROXY and the like are not heeded.
        rate_limit: how many requests it sends in what time, as a RateLimit; by default 60 a minute
            for public operations and 300 for those with a token, each waiting for its turn. None
            for no limit.
        guards: what the client refuses to send, as a GuardRails; or its parts one by one:
        allow_withdrawals: whether it may withdraw. It may not until you say so.
        withdrawal_addresses: the only addresses it withdraws to, such as `{"btc": ["2N9J…"]}`.
        max_order_value: the most that one order may be worth, such as `{"mxn": "50000"}`.
        max_price_deviation: how far from the best price an order may be: `"0.05"` is 5 %.
        hooks: functions to call before and after each attempt, as Hooks, or several of them.

    Raises:
        ConfigurationError: these don't fit together, or one of them is not valid, or another client
            has the intent log open.
        InvalidValue: an amount of a guard rail is out of bounds.
        InvalidType: an amount of a guard rail is a float.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        environment: Literal["live"] | None = None,
        timeout: Timeout | float = DEFAULT_TIMEOUT,
        retries: Retries | int = DEFAULT_RETRIES,
        deadline: float | None = DEFAULT_DEADLINE,
        intent_log: str | os.PathLike[str] | None = None,
        watermark: WatermarkMode = "first",
        engine: Engine | EngineName | None = None,
        proxy: str | None = None,
        rate_limit: RateLimit | Literal["default"] | None = "default",
        guards: GuardRails | None = None,
        allow_withdrawals: bool = False,
        withdrawal_addresses: Addresses | None = None,
        max_order_value: Mapping[str, Money | None] | None = None,
        max_price_deviation: Money | None = None,
        hooks: Hooks | Sequence[Hooks] | None = None,
    ) -> None:
        config = resolve(token, base_url, environment, timeout, os.environ)
        through = None if proxy is None else ProxyAddress(proxy)
        # The errors below are raised from this frame, which must hold no secret.
        del token, proxy
        rails = chosen(
            guards,
            allow_withdrawals=allow_withdrawals,
            withdrawal_addresses=withdrawal_addresses,
            max_order_value=max_order_value,
            max_price_deviation=max_price_deviation,
        )
        limit = to_rate_limit(rate_limit)
        if isinstance(rails, CoinBTRError):
            del config
            raise rails
        if isinstance(limit, ConfigurationError):
            del config
            raise limit
        if isinstance(config, ConfigurationError):
            raise config
        config = evolve(
            config,
            retries=to_retries(retries),
            deadline=to_deadline(deadline),
            watermark=to_watermark(watermark),
        )
        watchers = to_hooks(hooks)
        has_own = engine is not None and not isinstance(engine, str)
        through = checked_proxy(through, config.base_url, has_engine=has_own)
        if engine is None or isinstance(engine, str):
            maker = engine_maker(engine, os.environ)
            engine = maker(proxy=None if through is None else through.url)
        self._connect(config, rails, limit, engine, owns_engine=not has_own)
        if not has_own:
            self._seam.must_be_closed()
        self._seam.tell(watchers)
        self._seam.keep_log(intent_log)

    @classmethod
    def sandbox(
        cls,
        sandbox: Sandbox | None = None,
        *,
        token: str | None = None,
        timeout: Timeout | float = DEFAULT_TIMEOUT,
        retries: Retries | int = DEFAULT_RETRIES,
        deadline: float | None = DEFAULT_DEADLINE,
        intent_log: str | os.PathLike[str] | None = None,
        watermark: WatermarkMode = "first",
        rate_limit: RateLimit | Literal["default"] | None = None,
        guards: GuardRails | None = None,
        allow_withdrawals: bool = False,
        withdrawal_addresses: Addresses | None = None,
        max_order_value: Mapping[str, Money | None] | None = None,
        max_price_deviation: Money | None = None,
        hooks: Hooks | Sequence[Hooks] | None = None,
    ) -> Self:
        """Give a client of an exchange within this process, with play money.

        Nothing goes over a network. Two users are funded, `demo` and `other`.

        Args:
            sandbox: the exchange, so that several clients and a test can share it; by default a
                fresh one.
            token: whose client it is, such as `sandbox.other_token`; by default the one of `demo`.
            timeout: as for the class.
            retries: as for the class.
            deadline: as for the class.
            intent_log: as for the class.
            watermark: as for the class.
            rate_limit: as for the class, but by default none.
            guards, allow_withdrawals, withdrawal_addresses, max_order_value, max_price_deviation:
                as for the class.
            hooks: as for the class.

        Raises:
            ConfigurationError: the sandbox is not installed (the message says what to install), or
                one of these is not valid.
        """
        try:
            from coinbtr.sandbox import Sandbox
        except ModuleNotFoundError as missing:
            raise ConfigurationError(
                f"the sandbox needs {missing.name}: pip install 'coinbtr[sandbox]'"
            ) from None
        exchange = sandbox or Sandbox()
        config = embedded(exchange.token if token is None else token, exchange.base_url, timeout)
        del token  # as above: the frame that raises holds no secret
        rails = chosen(
            guards,
            allow_withdrawals=allow_withdrawals,
            withdrawal_addresses=withdrawal_addresses,
            max_order_value=max_order_value,
            max_price_deviation=max_price_deviation,
        )
        limit = to_rate_limit(rate_limit)
        if isinstance(rails, CoinBTRError):
            raise rails
        if isinstance(limit, ConfigurationError):
            raise limit
        if isinstance(config, ConfigurationError):
            raise config
        client = cls.__new__(cls)
        config = evolve(
            config,
            retries=to_retries(retries),
            deadline=to_deadline(deadline),
            watermark=to_watermark(watermark),
        )
        client._connect(config, rails, limit, exchange.engine(), owns_engine=True)
        client._seam.tell(to_hooks(hooks))
        client._seam.keep_log(intent_log)
        return client

    def _connect(
        self,
        config: Config,
        rails: GuardRails,
        limit: RateLimit | None,
        engine: Engine,
        *,
        owns_engine: bool,
    ) -> None:
        gate = Gate(
            None
            if limit is None
            else Limiter(limit, config.base_url, config.token, SYSTEM_CLOCK.monotonic())
        )
        seam = Seam(config, Shared(engine=engine, owns_engine=owns_engine, gate=gate))
        self._use(seam, rails)

    def _use(self, seam: Seam, rails: GuardRails) -> None:
        self._seam = seam
        self._rails = rails

    @cached_property
    def _guard(self) -> Guard:
        from coinbtr._sync.guarding import Guard

        return Guard(self._rails, self._seam)

    # Each part of the API is imported when it is first used.

    @cached_property
    def account(self) -> Account:
        """Who the token belongs to, and what it may do."""
        from coinbtr._sync.account import Account

        return Account(self._seam)

    @cached_property
    def wallet(self) -> Wallet:
        """Balances, deposits and withdrawals."""
        from coinbtr._sync.wallet import Wallet

        return Wallet(self._seam, self._guard)

    @cached_property
    def trading(self) -> Trading:
        """Orders and the account's own trades."""
        from coinbtr._sync.trading import Trading

        return Trading(self._seam, self._guard)

    @cached_property
    def market(self) -> Market:
        """Public market data; no token needed."""
        from coinbtr._sync.market import Market

        return Market(self._seam)

    @property
    def unresolved(self) -> tuple[OutcomeUnknown, ...]:
        """What was sent by this client and has an outcome that nobody knows yet, oldest first.

        Cancelled tasks and interrupted calls are among them: nothing is lost without a trace.
        """
        return self._seam.unresolved

    def reconcile(self, lost: OutcomeUnknown, *, settle: float = SETTLE) -> Outcome:
        """Find out what became of a request whose answer was lost; it is not sent again.

        Reads open orders and trades, or withdrawals, and the balance. Gives one of
        `coinbtr.outcomes`: Found (the only one that is true), NotFound or Ambiguous; for a cancel
        Cancelled, Filled, StillOpen or Ambiguous. An order counts as the request's own if it is
        newer than what this client knew of the account when it sent, and no other request's.

        Args:
            lost: the error, of this client, of another one, or unpickled.
            settle: seconds after the loss before "not found" and "still open" are believed: until
                then this waits and reads once more, for the request may still be under way.

        Raises:
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        return self._seam.reconcile(lost, settle=settle)

    def with_options(
        self,
        *,
        timeout: Timeout | float | None = None,
        deadline: float | None = None,
        retries: Retries | int | None = None,
    ) -> Self:
        """Give a view of this client with other options: for a call, or for a part of a program.

        It shares connection, limits and all that the client knows; what is left out stays as it is.
        Closing it does nothing: the client that it came from is what is closed.

        Args:
            timeout: as for the class.
            deadline: as for the class; `math.inf` for no bound.
            retries: as for the class; a number of attempts keeps the waits.

        Raises:
            ConfigurationError: one of them is not valid.
        """
        now = self._seam.config
        view = type(self).__new__(type(self))
        seam = self._seam.view(
            timeout=now.timeout if timeout is None else to_timeout(timeout),
            deadline=now.deadline if deadline is None else to_deadline(deadline),
            retries=now.retries if retries is None else to_retries(retries, now.retries),
        )
        view._use(seam, self._rails)
        view._guard = self._guard
        return view

    def close(self) -> None:
        """Close all connections; a second call does nothing, and later calls raise ClientClosed."""
        self._seam.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        # A constructor that raises leaves an object without a seam to whoever looks at its frame.
        seam = getattr(self, "_seam", None)
        return f"<{type(self).__name__} {'of no server' if seam is None else seam.label}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client is not pickled or copied: it holds a token; make a new one")
