"""Sends what a generated operation built and gives what its parser makes of the answer, or raises.

Here alone requests leave the package. What moves money is sent again only when it is certain that
nothing was done; else its outcome is unknown, and said to be.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from attrs import define, evolve, field
from coinbtr_api.models.error import Error
from coinbtr_api.operations import OPERATIONS, Operation

from coinbtr.config import Config
from coinbtr.errors import (
    ClientClosed,
    CoinBTRError,
    ConfigurationError,
    ConnectionLost,
    DeadlineExceeded,
    InferredOperationWarning,
    OutcomeUnknown,
)
from coinbtr.sending.decision import Next
from coinbtr.sending.intent import Intent
from coinbtr.sending.observing import observe
from coinbtr.sending.progress import Progress
from coinbtr.sending.record import Lost, Record
from coinbtr.sending.waiting import SYSTEM_CLOCK, Clock
from coinbtr.wire.engine import AsyncEngine, Response, Timeout
from coinbtr.wire.outgoing import outgoing
from coinbtr.wire.secret import bare
from coinbtr.wire.verdict import Failure, failure, verdict

T = TypeVar("T")


@define(eq=False, kw_only=True)
class Shared:
    """What all views of one client have in common: the connection, and what it knows."""

    engine: AsyncEngine
    owns_engine: bool
    clock: Clock = SYSTEM_CLOCK
    record: Record = field(factory=Record)
    closed: bool = False
    warned: set[str] = field(factory=set)


class Seam:
    """One client's way to its server: where, with which token, over which engine."""

    def __init__(self, config: Config, shared: Shared, *, is_view: bool = False) -> None:
        self._config = config
        self._shared = shared
        self._is_view = is_view

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

    def view(self, **changes: Any) -> Seam:
        """The same way with other time-outs, deadline or retries: fields of Config."""
        return Seam(evolve(self._config, **changes), self._shared, is_view=True)

    async def call(
        self,
        operation_id: str,
        kwargs: dict[str, Any],
        parse: Callable[..., T | Error | None],
        *,
        intent: Intent | None = None,
    ) -> T:
        """Carry out one operation.

        Args:
            operation_id: its name in the description.
            kwargs: what the generated `_get_kwargs` gave.
            parse: the generated `_parse_response`.
            intent: what an operation that moves money is to do.

        Raises:
            OutcomeUnknown: it moves money, was sent, and may have been carried out.
            CoinBTRError: any of the tree; its frames hold neither the request nor the token.
        """
        operation = OPERATIONS[operation_id]
        self._check(operation)
        result = await self._carried_out(operation, kwargs, parse, intent)
        if isinstance(result, CoinBTRError):
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
            if self._shared.owns_engine:
                await self._shared.engine.aclose()

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
        if operation.inferred and name not in self._shared.warned:
            self._shared.warned.add(name)
            warnings.warn(
                f"{name} ({operation.method} {operation.path}) is not in the exchange's reference:"
                " that it exists is inferred",
                InferredOperationWarning,
                stacklevel=4,
            )

    async def _carried_out(
        self,
        operation: Operation,
        kwargs: dict[str, Any],
        parse: Callable[..., T | Error | None],
        intent: Intent | None,
    ) -> T | CoinBTRError:
        """The success, or the error to raise, after as many attempts as it takes.

        A request that moves money is on record from before its sending until its outcome is known.
        """
        if operation.effect == "read":
            return await self._attempted(operation, kwargs, parse, _Sending())
        asked = intent or Intent(operation=operation.operation_id)
        asked = self._shared.record.begin(asked, self._shared.clock.now())
        sending = _Sending()
        try:
            result = await self._attempted(operation, kwargs, parse, sending)
        except BaseException:
            # Cancelled or interrupted, and that goes on; but what was sent is not forgotten.
            if sending.under_way:
                cause = ConnectionLost("the call was interrupted before its answer was read")
                self._lose(asked, cause)
            else:
                self._shared.record.end(asked)
            raise
        if isinstance(result, CoinBTRError) and sending.unknown:
            return self._lose(asked, result)
        self._shared.record.end(asked)
        return result

    async def _attempted(
        self,
        operation: Operation,
        kwargs: dict[str, Any],
        parse: Callable[..., T | Error | None],
        sending: _Sending,
    ) -> T | CoinBTRError:
        config, clock = self._config, self._shared.clock
        progress = Progress(operation.effect, config.retries, config.deadline, clock)
        while True:
            if progress.out_of_time:
                return progress.noted(
                    DeadlineExceeded(
                        f"the deadline of {config.deadline} s passed before anything was sent",
                        operation=operation.operation_id,
                    )
                )
            progress.attempts += 1
            sending.under_way = True
            # One expression: no local of this frame holds the answer.
            result = verdict(
                operation,
                await self._exchange(operation, kwargs, progress.left),
                parse,
                config.token,
            )
            sending.under_way = False
            if not isinstance(result, CoinBTRError):
                observe(self._shared.record, operation.operation_id, getattr(result, "data", None))
                return result
            follows = progress.after(result)
            if isinstance(follows, Next):
                sending.unknown = follows is Next.UNKNOWN
                return progress.noted(result)
            await clock.async_sleep(follows)

    async def _exchange(
        self, operation: Operation, kwargs: dict[str, Any], left: float | None
    ) -> Response | Failure:
        """The answer, or why there is none. The request is no local here, and never outlives it."""
        config = self._config
        try:
            return await self._shared.engine.send(
                outgoing(
                    operation,
                    kwargs,
                    base_url=config.base_url,
                    token=config.token,
                    timeout=_within(config.timeout, left),
                )
            )
        except Exception as error:  # noqa: BLE001 - an engine may raise anything
            return failure(error)
        except BaseException as error:  # noqa: BLE001 - an interrupt or a cancellation goes on
            # … as it is, but without the frames it came through.
            raise bare(error)  # noqa: B904 - a cause or context would bring those frames back

    def _lose(self, intent: Intent, cause: CoinBTRError) -> OutcomeUnknown:
        lost = Lost(intent=intent, cause=bare(cause), lost_at=self._shared.clock.now())
        self._shared.record.lose(lost)
        return self._unknown(lost)

    def _unknown(self, lost: Lost) -> OutcomeUnknown:
        error = OutcomeUnknown(
            f"it is not known whether this was done: {lost.intent}; {lost.cause.message};"
            " it is not sent again, look it up with reconcile()",
            intent=lost.intent,
            cause=lost.cause,
            lost_at=lost.lost_at,
        )
        error.attempts, error.elapsed = lost.cause.attempts, lost.cause.elapsed
        return error


@define
class _Sending:
    """Where one call stands: is a request out, and did the last one end without a clear answer?"""

    under_way: bool = False
    unknown: bool = False


def _within(timeout: Timeout, left: float | None) -> Timeout:
    """The time-outs of one attempt, none longer than what is left of the deadline."""
    if left is None:
        return timeout
    return Timeout(
        connect=min(timeout.connect, left),
        read=min(timeout.read, left),
        write=min(timeout.write, left),
        pool=min(timeout.pool, left),
    )
