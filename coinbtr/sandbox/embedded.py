"""The sandbox as one object: an exchange with its clock, its accounts and ways to reach it."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Self

from coinbtr.sandbox.accounts import StartingAccount, StartingToken, furnish
from coinbtr.sandbox.api import Api
from coinbtr.sandbox.asgi import SandboxApp
from coinbtr.sandbox.clients import Clients
from coinbtr.sandbox.control.control import Control
from coinbtr.sandbox.control.surface import ControlSurface
from coinbtr.sandbox.core.clock import Clock, SystemClock
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.seeding import seed as seed_exchange
from coinbtr.sandbox.core.tokens import digest_of
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
from coinbtr.sandbox.snapshots import MemorySnapshots
from coinbtr.wire.engine import Request, Response


class Sandbox(Control, Clients):
    """A whole exchange on this machine: books with orders, a day of trades, two funded users.

    It opens no socket and can be shared between threads. The same seed and clock give the same
    exchange, apart from its tokens. Without `db` all is in memory.

    Args:
        seed: what prices, amounts, addresses and transaction ids are derived from.
        clock: what tells the time; by default the machine's. A `ManualClock` stands still.
        token: the API token of the account `demo`; by default a fresh one.
        other_token: the API token of the account `other`; by default a fresh one.
        accounts: further accounts to begin with, and further tokens of these two.
        control_secret: what the control plane is called with; by default a fresh one.
        control_from_anywhere: let other machines call the control plane, once a server listens to
            them.
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
        ValueError: a token or the secret isn't visible ASCII, or two of them are the same.
        JournalError: the file can't be opened or read, or another sandbox has it open.
    """

    def __init__(
        self,
        seed: int = 0,
        clock: Clock | None = None,
        token: str | None = None,
        other_token: str | None = None,
        *,
        accounts: Iterable[StartingAccount] = (),
        control_secret: str | None = None,
        control_from_anywhere: bool = False,
        db: Path | str | None = None,
        durability: Durability = "normal",
        live: bool = False,
        rate_limits: RateLimits | bool = False,
    ) -> None:
        self._token = token_hex(20) if token is None else token
        self._other_token = token_hex(20) if other_token is None else other_token
        self._control_secret = token_hex(20) if control_secret is None else control_secret
        self._accounts = (
            StartingAccount(username="demo", tokens=(StartingToken(token=self._token),)),
            StartingAccount(username="other", tokens=(StartingToken(token=self._other_token),)),
            *accounts,
        )
        self._live = live
        self._check_secrets()
        self._clock = clock or SystemClock()
        self._began_ms = self._clock.now_ms()
        journal = None if db is None else Journal(db, durability)
        kept = None if journal is None else recover(journal, self._clock)
        self.was_recovered = kept is not None
        """Whether the state comes from the file, and not from the seed."""
        exchange = self._begin(seed) if kept is None else kept
        self._sequencer = Sequencer(exchange, self._clock, journal)
        if kept is None:
            self._sequencer.checkpoint()
        else:
            self._let_in(kept)
        self.requests = RequestLog()
        replica = Replica(self._sequencer, Api)
        self.faults = Faults(exchange.seed, table().reads, replica.prepare)
        self._memory = MemorySnapshots()
        api = Api(self._sequencer)
        control = ControlSurface(self, self._control_secret, from_anywhere=control_from_anywhere)
        self._router = Router(self._sequencer, [api, control])
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
    def control_secret(self) -> str:
        """What the control plane below `/_sandbox` is called with."""
        return self._control_secret

    @property
    def base_url(self) -> str:
        """The address that requests through an engine are made for; nothing listens there."""
        return table().base_url

    @property
    def clock(self) -> Clock:
        """What tells the exchange its time."""
        return self._clock

    @property
    def exchange(self) -> Exchange:
        """The state itself, to look at; what changes it goes through the methods here."""
        return self._sequencer.exchange

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

    def _begin(self, seed: int) -> Exchange:
        """Make the exchange as it is at the beginning, now."""
        exchange, now_ms = Exchange(seed=seed), self._clock.now_ms()
        seed_exchange(exchange, seed=seed, now_ms=now_ms)
        furnish(exchange, self._accounts, lambda one: one.apply(exchange, now_ms), now_ms)
        if self._live:
            exchange.go_live(now_ms)
        return exchange

    def _let_in(self, kept: Exchange) -> None:
        """Give a kept state the accounts and tokens of this run."""
        execute = self._sequencer.execute
        furnish(kept, self._accounts, execute, self._clock.now_ms())
        if self._live:
            self.go_live()
        self._sequencer.commit()

    def _check_secrets(self) -> None:
        given = [token.token for account in self._accounts for token in account.tokens]
        for secret in (*given, self._control_secret):
            digest_of(secret)
        if len({*given, self._control_secret}) <= len(given):
            raise ValueError("all tokens and the control secret must differ from each other")
