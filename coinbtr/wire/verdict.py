"""What came of one request: the parsed success, or the error to raise, given back and not raised.

Given back, so that it can be raised from a frame that never held the request: an error that leaves
the package has no frame, cause or context in which the token is a local.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from attrs import frozen
from coinbtr_api.operations import Operation

from coinbtr.errors import (
    AnswerTimeout,
    AnswerTooLarge,
    CoinBTRError,
    ConnectionLost,
    ConnectTimeout,
    NoConnection,
)
from coinbtr.wire.engine import (
    AnswerOverLimit,
    AnswerTimedOut,
    ConnectTimedOut,
    EngineError,
    NotConnected,
    Response,
)
from coinbtr.wire.secret import Token, bare

if TYPE_CHECKING:
    from coinbtr.sending.observers import Seen
    from coinbtr.wire.answer import Judge

T = TypeVar("T")

_MEANING: Final[list[tuple[type[EngineError], type[CoinBTRError], str]]] = [
    (ConnectTimedOut, ConnectTimeout, "no connection came about in time"),
    (NotConnected, NoConnection, "no connection came about"),
    (AnswerTimedOut, AnswerTimeout, "no answer came in time"),
    (AnswerOverLimit, AnswerTooLarge, "the answer was not read"),
]


@frozen
class Failure:
    """No complete answer: the class of the error, and why, still as the engine said it."""

    kind: type[CoinBTRError]
    summary: str
    reason: str


def failure(error: Exception) -> Failure:
    """What an engine's exception means.

    One that isn't an EngineError is the engine's own fault, and proves nothing of what was sent.
    """
    if not isinstance(error, EngineError):
        return Failure(ConnectionLost, "the engine failed", f"{_place(error)}: {error}")
    for kind, meaning, summary in _MEANING:
        if isinstance(error, kind):
            return Failure(meaning, summary, error.reason)
    return Failure(ConnectionLost, "the connection was lost", error.reason)


def verdict(
    operation: Operation,
    outcome: Response | Failure,
    parse: Callable[[dict[str, Any]], T],
    token: Token | None,
    at_once: Callable[[bytes], T | None] | None = None,
    seen: Seen | None = None,
) -> T | CoinBTRError:
    """What `parse` makes of a success, else the error to raise.

    `at_once` is asked first: what it reads straight from the bytes needs no other judgement.
    `seen` is told of the answer before it is judged.
    """
    try:
        if isinstance(outcome, Failure):
            reason = outcome.reason if token is None else token.blacked_out_of(outcome.reason)
            raise outcome.kind(f"{outcome.summary}: {reason}", operation=operation.operation_id)
        if seen is not None:
            seen.answered(outcome)
        if (
            at_once is not None
            and outcome.status == 200
            and outcome.headers.get("content-type", "").partition(";")[0] == "application/json"
            and (result := at_once(outcome.content)) is not None
        ):
            return result
        # Here, not above: what checks answers is imported with the first one.
        from coinbtr.wire.answer import Judge

        return _parsed(Judge(operation, token), outcome, parse)
    except CoinBTRError as error:
        return bare(error)


def _parsed(judge: Judge, response: Response, parse: Callable[[dict[str, Any]], T]) -> T:
    from coinbtr.sending.agreement import MismatchError

    body = judge.success(response)
    try:
        return parse(body)
    except MismatchError as error:
        raise judge.disagreeing(response, error) from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise judge.malformed(response, f"{type(error).__name__}: {error}") from None


def _place(error: Exception) -> str:
    """The exception's name and where it was raised: its traceback itself can't be kept."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} at {file}:{trace.tb_lineno}"
