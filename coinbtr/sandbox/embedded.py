"""The sandbox as one object: an exchange with its clock, its accounts and ways to reach it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Self

from coinbtr.sandbox.api import Api
from coinbtr.sandbox.asgi import SandboxApp
from coinbtr.sandbox.core.clock import Clock, SystemClock
from coinbtr.sandbox.core.commands import AddToken, Credit, GoLive, HaltBook
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.seeding import seed as seed_exchange
from coinbtr.sandbox.core.tokens import Grant, Permissions, digest_of
from coinbtr.sandbox.core.units import to_units
from coinbtr.sandbox.engine import AsyncSandboxEngine, SandboxEngine
from coinbtr.sandbox.faults import Faults
from coinbtr.sandbox.journal import Durability, Journal
from coinbtr.sandbox.operations import table
from coinbtr.sandbox.pipeline import Pipeline
from coinbtr.sandbox.rate_limits import RateLimiter, RateLimits
from coinbtr.sandbox.replica import Replica
from coinbtr.sandbox.request_log import RequestLog
from coinbtr.sandbox.router import Router
from coinbtr.sandbox.sequencer import Sequencer, recover
from coinbtr.wire.engine import Request, Response


class Sandbox:
    """A whole exchange on this machine: books with orders, a day of trades, two funded users.

    It opens no socket and can be shared between threads. The same seed and clock give the same
    exchange, apart from its tokens. Without `db` all is in memory.

    Args:
        seed: what prices, amounts, addresses and transaction ids are derived from.
        clock: what tells the time; by default the machine's. A `ManualClock` stands still.
        token: the API token of the account `demo`; by default a fresh one.
        other_token: the API token of the account `other`; by default a fresh one.
        db: a file that keeps the state; made when it isn't there, gone on with when it is. A kept
            state brings its own seed and its former tokens.
        durability: `normal` keeps what was answered through a kill of the process, `full` through
            a power failure too.
        live: let makers and takers of the exchange trade as time passes.
        rate_limits: answer 429 to who sends too much: True for the description's numbers, or
            `RateLimits` of your own. By default nobody is held back.

    Attributes:
        faults: what goes wrong between a client and this exchange; nothing at first.
        requests: the last requests to the exchange's API, and how many there were.

    Raises:
        ValueError: a token isn't visible ASCII, or both are the same.
        JournalError: the file can't be opened or read, or another sandbox has it open.
    """

    def __init__(
        self,
        seed: int = 0,
        clock: Clock | None = None,
        token: str | None = None,
        other_token: str | None = None,
        *,
        db: Path | str | None = None,
        durability: Durability = "normal",
        live: bool = False,
        rate_limits: RateLimits | bool = False,
    ) -> None:
        self._token = token_hex(20) if token is None else token
        self._other_token = token_hex(20) if other_token is None else other_token
        if self._token == self._other_token:
            raise ValueError("token and other_token must differ")
        digests = {"demo": digest_of(self._token), "other": digest_of(self._other_token)}
        clock = clock or SystemClock()
        journal = None if db is None else Journal(db, durability)
        exchange = None if journal is None else recover(journal, clock)
        self.was_recovered = exchange is not None
        """Whether the state comes from the file, and not from the seed."""
        if exchange is None:
            exchange = Exchange(seed=seed)
            seed_exchange(exchange, seed=seed, now_ms=clock.now_ms())
        self._sequencer = Sequencer(exchange, clock, journal)
        if not self.was_recovered:
            self._sequencer.checkpoint()
        for username, digest in digests.items():
            self._add_token(username, digest)
        if live:
            self._sequencer.execute(GoLive())
        self._sequencer.commit()
        self.requests = RequestLog()
        replica = Replica(self._sequencer, Api)
        seed = self._sequencer.exchange.seed
        self.faults = Faults(seed, table().operation_ids, replica.prepare)
        api = Api(self._sequencer)
        self._router = Router(self._sequencer, [api])
        limits = RateLimits() if rate_limits is True else rate_limits
        self._pipeline = Pipeline(
            self._router,
            self._sequencer,
            api=api,
            faults=self.faults,
            replica=replica,
            requests=self.requests,
            limiter=RateLimiter(limits) if limits else None,
        )

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}, play money only>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        return self._sequencer.clock

    @property
    def exchange(self) -> Exchange:
        """The state itself, to look at; what changes it goes through the methods here."""
        return self._sequencer.exchange

    def issue_token(
        self,
        account: str = "demo",
        *,
        trade: bool = True,
        withdraw: bool = True,
        deposit: bool = True,
        expires_in: int | None = None,
        allowed_ips: Iterable[str] = (),
        withdrawal_addresses: Iterable[str] = (),
    ) -> str:
        """Make a further token of an account; every token may read.

        Args:
            account: its name, such as `demo` or `other`.
            trade: whether it may place and cancel orders.
            withdraw: whether it may withdraw.
            deposit: whether it may ask for deposit addresses.
            expires_in: seconds until it expires; by default it never does.
            allowed_ips: addresses or networks that it may be used from; by default all.
            withdrawal_addresses: where it may withdraw to; by default everywhere.

        Raises:
            KeyError: there is no such account.
            ValueError: an entry of `allowed_ips` is neither an address nor a network.
        """
        token = token_hex(20)
        expires_ms = None
        if expires_in is not None:
            expires_ms = self.clock.now_ms() + expires_in * 1000
        self._add_token(
            account,
            digest_of(token),
            permissions=Permissions(trade, withdraw, deposit),
            expires_ms=expires_ms,
            allowed_ips=tuple(allowed_ips),
            withdrawal_addresses=tuple(withdrawal_addresses),
        )
        self._sequencer.commit()
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
            account: its name, such as `demo` or `other`.
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
        owner = self._account_id(account)
        self._sequencer.execute(Credit(owner, coin, to_units(amount), confirmed))
        self._sequencer.commit()

    def halt(self, book: str) -> None:
        """Close a book: new orders are refused with `book_closed`, open ones can be cancelled."""
        self._sequencer.execute(HaltBook(book, halted=True))
        self._sequencer.commit()

    def resume(self, book: str) -> None:
        """Open a book again."""
        self._sequencer.execute(HaltBook(book, halted=False))
        self._sequencer.commit()

    def health(self) -> Mapping[str, str]:
        """Tell what `GET /_sandbox/health` answers."""
        return self._router.health()

    def handle(self, request: Request, *, peer: str = "127.0.0.1") -> Response:
        """Answer one request, whatever is in it, as if it came from the address `peer`.

        Raises:
            EngineError: a fault let no whole answer come.
        """
        return SandboxEngine(partial(self._pipeline.handle, peer=peer), self.clock).send(request)

    def engine(self) -> SandboxEngine:
        """Make an engine for the client: same bytes as over a socket, without one."""
        return SandboxEngine(self._pipeline.handle, self.clock)

    def async_engine(self) -> AsyncSandboxEngine:
        """Make an engine for the async client."""
        return AsyncSandboxEngine(self._pipeline.handle, self.clock)

    def asgi(self) -> SandboxApp:
        """Make an ASGI application that serves this exchange."""
        return SandboxApp(self._pipeline)

    def close(self) -> None:
        """Write the state to its file and close it, where there is one; it can't be used then."""
        self._sequencer.close()

    def _account_id(self, username: str) -> int:
        with self._sequencer.turn() as (exchange, _):
            return exchange.account(username).id

    def _add_token(self, username: str, digest: str, **grant: object) -> None:
        state = Grant(self._account_id(username), **grant).dump()  # type: ignore[arg-type]
        self._sequencer.execute(AddToken(digest, state))
