"""Answers that prove nothing: a server that failed, and what the description doesn't know."""

# ruff: noqa: N818 - the names say what happened (OrderNotFound), and read so in an `except` line.
from __future__ import annotations

from typing import Any

from coinbtr.errors.base import CoinBTRError


class ServerError(CoinBTRError):
    """5xx: the server failed, and whether it carried the request out is not known."""


class Unavailable(ServerError):
    """503: the exchange is not available at the moment."""


class UnexpectedAnswer(CoinBTRError):
    """An answer that the description doesn't know: the request may have been carried out."""

    def __str__(self) -> str:
        # What arrived instead is the best hint at why.
        seen = "" if self.excerpt is None else f"; it began with {self.excerpt!r}"
        return super().__str__() + seen


class BrokenServerAnswer(ServerError, UnexpectedAnswer):
    """5xx, and not in the exchange's words: often a gateway's page."""


class EmptyAnswer(UnexpectedAnswer):
    """An answer without a body."""


class UnreadableAnswer(UnexpectedAnswer):
    """A body that is no JSON: HTML, truncated, or with numbers beyond all bounds."""


class WrongContentType(UnexpectedAnswer):
    """A body that is declared as something else than JSON."""


class UndocumentedStatus(UnexpectedAnswer):
    """A status that the description doesn't list, or one that contradicts the body's `success`."""


class Redirected(UnexpectedAnswer):
    """The server wants the request sent elsewhere; redirects are never followed."""


class AnswerTooLarge(UnexpectedAnswer):
    """The answer is larger than the client reads."""


class MalformedAnswer(UnexpectedAnswer):
    """A required field is missing or mistyped, or repeats something else than was asked for.

    `path` is its JSON path, such as `$.data.price`, `answered` the id in an answer that tells of
    something else than was asked for.
    """

    def __init__(
        self, message: str, *, path: str, answered: int | None = None, **facts: Any
    ) -> None:
        super().__init__(message, **facts)
        self.path = path
        self.answered = answered
