"""Tells whoever listens of each attempt: hooks, the logger `coinbtr`, OpenTelemetry, raw answers.

Nothing that is told holds the token. Nobody who listens can change or stop what is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Final, TypeAlias

from attrs import define, frozen
from coinbtr_api.operations import Operation

from coinbtr.errors import CoinBTRError, ConfigurationError, OutcomeUnknown
from coinbtr.sending.telemetry import is_tracing, recorded
from coinbtr.wire.engine import Response

log: Final = logging.getLogger("coinbtr")


@frozen(kw_only=True)
class Attempt:
    """One sending of a request, about to happen: `number` counts from 1 within a call.

    `operation` is the description's operationId, `effect` what it does to money (read, order or
    withdrawal); `method` and `path` are the description's, and `base_url` is where it goes.
    """

    operation: str
    effect: str
    method: str
    path: str
    base_url: str
    number: int


@frozen(kw_only=True)
class AttemptEnd:
    """How an attempt ended: `status` is None if no answer came, `error` if it was a success.

    `elapsed` is in seconds. `error` is what this attempt alone would raise: the call may go on.
    """

    attempt: Attempt
    status: int | None
    elapsed: float
    error: CoinBTRError | None


@frozen(kw_only=True)
class Hooks:
    """Functions that are called before and after each attempt, in the caller's thread or task.

    They only look on, and should be quick. An exception of theirs is logged and stops nothing: the
    outcome of an order must not be lost to it.

    Args:
        before: is given the Attempt that is about to be sent.
        after: is given the AttemptEnd. An attempt that was interrupted or cancelled has none.
    """

    before: Callable[[Attempt], object] | None = None
    after: Callable[[AttemptEnd], object] | None = None


AnyHooks: TypeAlias = Hooks | Sequence[Hooks] | None


def to_hooks(hooks: AnyHooks) -> tuple[Hooks, ...]:
    """The hooks as a tuple, in the order given.

    Raises ConfigurationError for anything else.
    """
    given = () if hooks is None else (hooks,) if isinstance(hooks, Hooks) else tuple(hooks)
    for one in given:
        if not isinstance(one, Hooks):
            raise ConfigurationError(f"hooks must be Hooks, not {type(one).__name__}")
    return given


@define
class Captured:
    """The last answer of a call, for who asked for it raw."""

    response: Response | None = None
    attempts: int = 0


_capturing: ContextVar[Captured | None] = ContextVar("coinbtr_capturing", default=None)


@contextmanager
def captured() -> Iterator[Captured]:
    """Keep the answer that the calls within this block get."""
    kept = Captured()
    mark = _capturing.set(kept)
    try:
        yield kept
    finally:
        _capturing.reset(mark)


@define
class Seen:
    """One attempt under way: takes down what came of it."""

    number: int
    status: int | None = None
    error: CoinBTRError | None = None
    ended: bool = False

    def answered(self, response: Response) -> None:
        """Note an answer."""
        self.status = response.status
        if (kept := _capturing.get()) is not None:
            kept.response, kept.attempts = response, self.number

    def end(self, result: object) -> None:
        """Note what came of it: the success, or the error that it is."""
        self.ended = True
        self.error = result if isinstance(result, CoinBTRError) else None


def telling(
    operation: Operation, base_url: str, number: int, hooks: tuple[Hooks, ...]
) -> AbstractContextManager[Seen] | None:
    """What tells of an attempt, before and after its block; None when nobody looks on."""
    if hooks or log.isEnabledFor(logging.INFO) or is_tracing() or _capturing.get() is not None:
        return _told(operation, base_url, Seen(number), hooks)
    return None


@contextmanager
def _told(
    operation: Operation, base_url: str, seen: Seen, hooks: tuple[Hooks, ...]
) -> Iterator[Seen]:
    about = Attempt(
        operation=operation.operation_id,
        effect=operation.effect,
        method=operation.method,
        path=operation.path,
        base_url=base_url,
        number=seen.number,
    )
    log.debug("%s: attempt %d: %s %s", about.operation, about.number, about.method, about.path)
    for hook in hooks:
        _call(hook.before, about)
    begun = perf_counter()
    with recorded(about, seen):
        yield seen
    if not seen.ended:
        return
    end = AttemptEnd(
        attempt=about, status=seen.status, elapsed=perf_counter() - begun, error=seen.error
    )
    _log_end(end)
    for hook in hooks:
        _call(hook.after, end)


def log_unknown(error: CoinBTRError) -> None:
    """Log an outcome that nobody knows: somebody should look at it."""
    if isinstance(error, OutcomeUnknown):
        log.error("%s", error)


def _log_end(end: AttemptEnd) -> None:
    about, status = end.attempt, "no answer" if end.status is None else f"HTTP {end.status}"
    if end.error is not None:
        log.info(
            "%s: attempt %d: %s in %.3f s: %s: %s",
            *(about.operation, about.number, status, end.elapsed),
            *(type(end.error).__name__, end.error.message),
        )
        return
    level = logging.DEBUG if about.effect == "read" else logging.INFO
    log.log(
        level, "%s: attempt %d: %s in %.3f s", about.operation, about.number, status, end.elapsed
    )


def _call(hook: Callable[..., object] | None, about: object) -> None:
    if hook is not None:
        try:
            hook(about)
        except Exception:
            log.exception("a hook failed; the call goes on")
