"""The sandbox as one object: an exchange with its clock, its accounts and ways to reach it."""

from collections.abc import Mapping
from decimal import Decimal
from secrets import token_hex
from threading import RLock

from coinbtr.sandbox.asgi import SandboxApp
from coinbtr.sandbox.core.clock import Clock, SystemClock
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.seeding import seed as seed_exchange
from coinbtr.sandbox.core.tokens import Grant, Permissions
from coinbtr.sandbox.core.units import to_units
from coinbtr.sandbox.engine import AsyncSandboxEngine, SandboxEngine
from coinbtr.sandbox.operations import table
from coinbtr.sandbox.router import Router
from coinbtr.wire.engine import Request, Response


class Sandbox:
    """A whole exchange in memory: books with orders, a day of trades, two funded users.

    It opens no socket and can be shared between threads. The same seed and clock give the same
    exchange, apart from its tokens.

    Args:
        seed: what prices, amounts, addresses and transaction ids are derived from.
        clock: what tells the time; by default the machine's. A `ManualClock` stands still.
        token: the API token of the account `demo`; by default a fresh one.
        other_token: the API token of the account `other`; by default a fresh one.

    Raises:
        ValueError: a token isn't visible ASCII, or both are the same.
    """

    def __init__(
        self,
        seed: int = 0,
        clock: Clock | None = None,
        token: str | None = None,
        other_token: str | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._lock = RLock()
        self._exchange = Exchange(seed=seed)
        now_ms = self._clock.now_ms()
        seeded = seed_exchange(self._exchange, seed=seed, now_ms=now_ms)
        self._accounts = {account.username: account for account in (seeded.demo, seeded.other)}
        self._token = token_hex(20) if token is None else token
        self._other_token = token_hex(20) if other_token is None else other_token
        if self._token == self._other_token:
            raise ValueError("token and other_token must differ")
        self._exchange.tokens.add(self._token, Grant(seeded.demo.id))
        self._exchange.tokens.add(self._other_token, Grant(seeded.other.id))
        self._router = Router(self._exchange, self._clock, self._lock)

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}, play money only>"

    @property
    def token(self) -> str:
        """The API token of the account `demo`, with all permissions."""
        return self._token

    @property
    def other_token(self) -> str:
        """The API token of the account `other`, with all permissions."""
        return self._other_token

    @property
    def base_url(self) -> str:
        """The address that requests through an engine are made for; nothing listens there."""
        return table().base_url

    @property
    def clock(self) -> Clock:
        """What tells the exchange its time."""
        return self._clock

    def issue_token(
        self,
        account: str = "demo",
        *,
        trade: bool = True,
        withdraw: bool = True,
        deposit: bool = True,
        expires_in: int | None = None,
    ) -> str:
        """Make a further token of an account.

        Args:
            account: `demo` or `other`.
            trade: whether it may place and cancel orders.
            withdraw: whether it may withdraw.
            deposit: whether it may ask for deposit addresses.
            expires_in: seconds until it expires; by default it never does.

        Raises:
            KeyError: there is no such account.
        """
        token = token_hex(20)
        permissions = Permissions(trade, withdraw, deposit)
        with self._lock:
            now_ms = self._clock.now_ms()
            expires_ms = None if expires_in is None else now_ms + expires_in * 1000
            self._exchange.tokens.add(
                token, Grant(self._accounts[account].id, permissions, expires_ms)
            )
        return token

    def credit(
        self,
        coin: str,
        amount: Decimal | int | str,
        account: str = "demo",
        *,
        confirmed: bool = True,
    ) -> None:
        """Let a deposit arrive.

        Args:
            coin: its symbol, in any case.
            amount: in coins, above zero, with at most 8 decimals; never a float.
            account: `demo` or `other`.
            confirmed: available at once; if not, pending until the coin's blocks have come, one
                in 10 seconds of the clock.

        Raises:
            TypeError: the amount is a float.
            ValueError: the amount isn't above zero or has more than 8 decimals.
            KeyError: there is no such account.
            Refusal: there is no such coin.
        """
        if isinstance(amount, float):
            raise TypeError(f'amount must be exact: write "{amount}" or Decimal("{amount}")')
        with self._lock:
            self._exchange.wallets.deposit(
                self._accounts[account].id,
                coin,
                to_units(amount),
                now_ms=self._clock.now_ms(),
                confirmed=confirmed,
            )

    def halt(self, book: str) -> None:
        """Close a book: new orders are refused with `book_closed`, open ones can be cancelled."""
        with self._lock:
            self._exchange.halt(book)

    def resume(self, book: str) -> None:
        """Open a book again."""
        with self._lock:
            self._exchange.resume(book)

    def health(self) -> Mapping[str, str]:
        """Tell what `GET /_sandbox/health` answers."""
        return self._router.health()

    def handle(self, request: Request, *, peer: str = "127.0.0.1") -> Response:
        """Answer one request, whatever is in it, as if it came from the address `peer`."""
        return self._router.handle(request, peer)

    def engine(self) -> SandboxEngine:
        """Make an engine for the client: same bytes as over a socket, without one."""
        return SandboxEngine(self.handle)

    def async_engine(self) -> AsyncSandboxEngine:
        """Make an engine for the async client."""
        return AsyncSandboxEngine(self.handle)

    def asgi(self) -> SandboxApp:
        """Make an ASGI application that serves this exchange."""
        return SandboxApp(self._router)
