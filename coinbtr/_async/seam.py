"""Sends what a generated operation built and gives what its parser makes of the answer, or raises.

Here alone requests leave the package. What moves money is sent again only when it is certain that
nothing was done; else its outcome is unknown, and said to be.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve
from coinbtr_api.operations import OPERATIONS, Operation

from coinbtr._async.shared import Shared
from coinbtr.config import Config
from coinbtr.errors import (
    ClientClosed,
    CoinBTRError,
    ConfigurationError,
    ConnectionLost,
    DeadlineExceeded,
    InferredOperationWarning,
    IntentLogError,
    OutcomeUnknown,
    RateLimited,
    Refused,
)
from coinbtr.sending.decision import Next
from coinbtr.sending.intent import Intent
from coinbtr.sending.observers import Hooks, Seen, log_unknown, telling
from coinbtr.sending.observing import effect_of, observe
from coinbtr.sending.progress import Progress
from coinbtr.sending.record import Lost, Record
from coinbtr.sending.waiting import SETTLE
from coinbtr.wire.engine import Response
from coinbtr.wire.outgoing import Outgoing, within
from coinbtr.wire.secret import bare
from coinbtr.wire.verdict import Failure, failure, verdict

if TYPE_CHECKING:
    from coinbtr._async.watching import AsyncWatch
    from coinbtr.outcomes import Outcome

T = TypeVar("T")


class Seam:
    """One client's way to its server: where, with which token, over which engine."""

    def __init__(
        self, config: Config, shared: Shared, *, is_view: bool = False, quiet: bool = False
    ) -> None:
        self._config = config
        self._outgoing = Outgoing(config.base_url, config.token)
        self._shared = shared
        self._is_view = is_view
        self._quiet = quiet

    @property
    def config(self) -> Config:
        """Where, and with which time-outs, deadline and retries."""
        return self._config

    @property
    def label(self) -> str:
        """LIVE, SANDBOX or the host."""
        return self._config.label

    @property
    def unresolved(self) -> tuple[OutcomeUnknown, ...]:
        """The requests of this client that nobody knows the outcome of, oldest first."""
        return tuple(self._unknown(lost) for lost in self._shared.record.lost)

    @property
    def record(self) -> Record:
        """What the client knows of its own requests that move money."""
        return self._shared.record

    def view(self, *, quiet: bool = False, **changes: Any) -> Seam:
        """The same way with other time-outs, deadline or retries: fields of Config.

        A quiet one doesn't warn of inferred operations: its caller didn't choose them.
        """
        return Seam(evolve(self._config, **changes), self._shared, is_view=True, quiet=quiet)

    def keep_log(self, path: str | PathLike[str] | None) -> None:
        """Write intents to this log from now on; what it has open counts as lost by this client.

        Raises ConfigurationError when it can't be read or written, or another client has it open.
        """
        if path is not None:
            from coinbtr.sending.log import IntentLog, effects, unresolved
            from coinbtr.wire import forks

            self._shared.log = IntentLog(path)
            forks.tell(self._shared.log)
            left = [
                Lost(
                    intent=one.intent,
                    cause=one.cause or one,
                    lost_at=one.lost_at,
                    since=self._shared.clock.monotonic(),
                )
                for one in unresolved(path)
            ]
            self._shared.record.adopt(left, effects(path))

    def close_log(self) -> None:
        """Close the intent log, so that another client may go on with it."""
        if self._shared.log is not None:
            self._shared.log.close()

    def must_be_closed(self) -> None:
        """Warn when the client is forgotten without a close: its engine holds connections."""
        self._shared.holds_connections = True

    def tell(self, hooks: tuple[Hooks, ...]) -> None:
        """Call these hooks before and after each attempt from now on."""
        self._shared.hooks = hooks

    def now(self) -> datetime:
        """The time of day by the client's clock, in UTC."""
        return self._shared.clock.now()

    def elapsed_since(self, lost: OutcomeUnknown) -> float:
        """Seconds since a loss; of one that another client lost, since this one first looks at it.

        Never by the time of day: it may be set, or be another machine's, and "not found" must not
        be believed early.
        """
        now = self._shared.clock.monotonic()
        return now - self._shared.record.lost_since(lost.intent, now)

    async def pause(self, seconds: float) -> None:
        """Wait by the client's clock."""
        await self._shared.clock.async_sleep(seconds)

    async def reconcile(self, lost: OutcomeUnknown, *, settle: float = SETTLE) -> Outcome:
        """Find out what became of a lost request; see the client's method."""
        from coinbtr._async.reconcile import reconcile

        return await reconcile(self, lost, settle)

    def settled(self, intent: Intent, outcome: str, effect: int | str | None) -> None:
        """Note what became of a lost request, here and in the intent log."""
        self._shared.record.resolve(intent, None)
        if self._shared.log is not None:
            self._shared.log.closed(intent, outcome, effect)

    async def call(
        self,
        operation_id: str,
        kwargs: dict[str, Any],
        parse: Callable[[dict[str, Any]], T],
        *,
        intent: Intent | None = None,
        at_once: Callable[[bytes], T | None] | None = None,
    ) -> T:
        """Carry out one operation.

        Args:
            operation_id: its name in the description.
            kwargs: what the generated `_get_kwargs` gave.
            parse: what makes the result of a checked success: the generated `_parse_success`.
            intent: what an operation that moves money is to do.
            at_once: what makes it of the bytes, where it can, for an operation that only reads.

        Raises:
            OutcomeUnknown: it moves money, was sent, and may have been carried out.
            CoinBTRError: any of the tree; its frames hold neither the request nor the token.
        """
        operation = OPERATIONS[operation_id]
        self._check(operation)
        if operation.effect == "read":
            config, clock = self._config, self._shared.clock
            progress = Progress(operation.effect, config.retries, config.deadline, clock)
            result = await self._attempted(operation, kwargs, parse, progress, at_once)
        else:
            result = await self._on_record(operation, kwargs, parse, intent)
        if isinstance(result, CoinBTRError):
            log_unknown(result)
            raise result
        return result

    def check(self, operation_id: str) -> None:
        """Raise what would keep this operation from being sent at all, before others are.

        Raises:
            ClientClosed: the client is closed.
            ConfigurationError: the operation needs a token, and there is none.
        """
        self._check(OPERATIONS[operation_id])

    async def close(self) -> None:
        """Close the engine if this client made it; a second call does nothing, a view's too."""
        if not self._shared.closed and not self._is_view:
            self._shared.closed = True
            self._shared.stop_watches()
            self.close_log()
            if self._shared.owns_engine:
                await self._shared.engine.aclose()

    def watched(self, watch: AsyncWatch[T]) -> AsyncWatch[T]:
        """The watch, which ends when the client is closed."""
        self._shared.keep(watch)
        return watch

    def _check(self, operation: Operation) -> None:
        name = operation.operation_id
        if self._shared.closed:
            raise ClientClosed("the client is closed", operation=name)
        if operation.secured and self._config.token is None:
            raise ConfigurationError(
                "this operation needs a token: give token and base_url, or set COINBTR_TOKEN and"
                " COINBTR_BASE_URL",
                operation=name,
            )
        if operation.inferred and not self._quiet and self._shared.is_first(name):
            warnings.warn(
                f"{name} ({operation.method} {operation.path}) is not in the exchange's reference:"
                " that it exists is inferred",
                InferredOperationWarning,
                stacklevel=4,
            )

    async def _on_record(
        self,
        operation: Operation,
        kwargs: dict[str, Any],
        parse: Callable[[dict[str, Any]], T],
        intent: Intent | None,
    ) -> T | CoinBTRError:
        """The same as `_attempted`, for what moves money.

        It is on record from before its sending until its outcome is known.
        """
        # Here, not above: a client that moves nothing needs none of it.
        from coinbtr.sending.agreement import agreeing, repeated

        asked = intent or Intent(operation=operation.operation_id)
        if (unmarked := await self._marked(asked)) is not None:
            return unmarked
        config, clock = self._config, self._shared.clock
        progress = Progress(operation.effect, config.retries, config.deadline, clock)
        try:
            asked = self._shared.record.begin(asked, clock.now())
            if (unwritten := self._logged(asked)) is not None:
                return unwritten
            result = await self._attempted(
                operation, kwargs, agreeing(parse, repeated(asked)), progress
            )
            if not isinstance(result, CoinBTRError):
                self._end(asked, "done", effect_of(asked, getattr(result, "data", None)))
            elif progress.unknown:
                return self._lose(asked, result)
            else:
                self._end(asked, "refused" if isinstance(result, Refused) else "not sent")
        except BaseException:
            # Cancelled or interrupted, and that goes on; but what was sent is not forgotten.
            if progress.under_way:
                cause = ConnectionLost("the call was interrupted before its outcome was on record")
                self._lose(asked, cause)
            else:
                self._end(asked, "not sent")
            raise
        return result

    async def _attempted(
        self,
        operation: Operation,
        kwargs: dict[str, Any],
        parse: Callable[[dict[str, Any]], T],
        progress: Progress,
        at_once: Callable[[bytes], T | None] | None = None,
    ) -> T | CoinBTRError:
        """The success, or the error to raise, after as many attempts as it takes."""
        config, clock = self._config, self._shared.clock
        while True:
            left = progress.left
            if left is not None and left <= 0:
                return progress.noted(
                    DeadlineExceeded(
                        f"the deadline of {config.deadline} s passed before anything was sent",
                        operation=operation.operation_id,
                    )
                )
            full = await self._shared.gate.take(operation, left, clock)
            if full is not None:
                return progress.noted(full)
            progress.attempts += 1
            progress.under_way = True
            told = telling(operation, config.base_url, progress.attempts, self._shared.hooks)
            if told is None:
                result = await self._once(operation, kwargs, parse, progress.left, at_once)
            else:
                with told as seen:
                    result = await self._once(
                        operation, kwargs, parse, progress.left, at_once, seen
                    )
                    seen.end(result)
            if not isinstance(result, CoinBTRError):
                if operation.secured:  # the market tells nothing of the account
                    data = getattr(result, "data", None)
                    observe(self._shared.record, operation.operation_id, data)
                return result
            if isinstance(result, RateLimited):
                self._shared.gate.note(operation, result, clock)
            follows = progress.after(result)
            if isinstance(follows, Next):
                progress.unknown = follows is Next.UNKNOWN
                return progress.noted(result)
            # Not before: an interrupt must not hide that something was sent, or what came of it.
            progress.under_way = False
            await clock.async_sleep(follows)

    async def _once(
        self,
        operation: Operation,
        kwargs: dict[str, Any],
        parse: Callable[[dict[str, Any]], T],
        left: float | None,
        at_once: Callable[[bytes], T | None] | None,
        seen: Seen | None = None,
    ) -> T | CoinBTRError:
        # One expression: no local of this frame holds the answer.
        return verdict(
            operation,
            await self._exchange(operation, kwargs, left),
            parse,
            self._config.token,
            at_once,
            seen,
        )

    async def _exchange(
        self, operation: Operation, kwargs: dict[str, Any], left: float | None
    ) -> Response | Failure:
        """The answer, or why there is none. The request is no local here, and never outlives it."""
        try:
            self._shared.used = True
            return await self._shared.engine.send(
                self._outgoing.request(operation, kwargs, within(self._config.timeout, left))
            )
        except Exception as error:  # noqa: BLE001 - an engine may raise anything
            return failure(error)
        except BaseException as error:  # noqa: BLE001 - an interrupt or a cancellation goes on
            # … as it is, but without the frames it came through.
            raise bare(error)  # noqa: B904 - a cause or context would bring those frames back

    async def _marked(self, intent: Intent) -> CoinBTRError | None:
        """Read the watermark, if one is wanted; the error, given back, if nothing may be sent."""
        wanted = self._config.watermark
        if wanted == "seen" or (wanted == "first" and self._shared.record.has_mark(intent)):
            return None
        from coinbtr._async.reconcile import read_watermark

        try:
            await read_watermark(self, intent)
        except CoinBTRError as error:
            # The first one is a precaution that nobody asked for: it must not stop an order.
            return bare(error) if wanted == "read" else None
        return None

    def _logged(self, intent: Intent) -> IntentLogError | None:
        """Write the intent to the log, if there is one; the error, given back, if that fails."""
        if self._shared.log is None:
            return None
        try:
            self._shared.log.opened(intent)
        except OSError as error:
            self._shared.record.end(intent)
            return IntentLogError(
                f"the intent could not be written to the intent log, so nothing was sent: {error}",
                operation=intent.operation,
            )
        return None

    def _end(self, intent: Intent, outcome: str, effect: int | str | None = None) -> None:
        self._shared.record.end(intent, effect)
        if self._shared.log is not None:
            self._shared.log.closed(intent, outcome, effect)

    def _lose(self, intent: Intent, cause: CoinBTRError) -> OutcomeUnknown:
        clock = self._shared.clock
        lost = Lost(intent=intent, cause=bare(cause), lost_at=clock.now(), since=clock.monotonic())
        self._shared.record.lose(lost)
        if self._shared.log is not None:
            self._shared.log.lost(intent, getattr(cause, "answered", None))
        return self._unknown(lost)

    def _unknown(self, lost: Lost) -> OutcomeUnknown:
        error = OutcomeUnknown(
            f"it is not known whether this was done: {lost.intent}; {lost.cause.message};"
            " it is not sent again, look it up with reconcile()",
            intent=lost.intent,
            cause=lost.cause,
            lost_at=lost.lost_at,
            via=self,
        )
        error.attempts, error.elapsed = lost.cause.attempts, lost.cause.elapsed
        return error
