"""The root of the tree, and the errors that are raised before anything is sent."""

# ruff: noqa: N818 - the names say what happened (OrderNotFound), and read so in an `except` line.
from __future__ import annotations

import sys
import warnings
from typing import Any


class InferredOperationWarning(UserWarning):
    """The reference doesn't show this operation: that it exists was inferred by a ruling."""


def warn_caller(message: str, kind: type[Warning]) -> None:
    """Warn at the line that led into this package, however many of its own lie between."""
    level, frame = 1, sys._getframe()  # noqa: SLF001 - documented, and inspect takes long to import
    while frame.f_back and str(frame.f_globals.get("__name__")).startswith("coinbtr."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, kind, stacklevel=level)


class CoinBTRError(Exception):
    """The root of all errors of this package.

    `operation` is the description's operationId, `status` the HTTP status, `code` the exchange's
    word for the error, `message` one sentence, `excerpt` the beginning of what arrived (the token
    blacked out), `attempts` how often the request was sent or tried to be, `elapsed` the seconds
    that all of it took. Each is None if there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.status = status
        self.code = code
        self.excerpt = excerpt
        self.attempts: int | None = None
        self.elapsed: float | None = None

    def __str__(self) -> str:
        where = "" if self.operation is None else f"{self.operation}: "
        facts = [] if self.status is None else [f"HTTP {self.status}"]
        if self.code is not None:
            facts.append(self.code)
        return where + self.message + (f" ({', '.join(facts)})" if facts else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(
    kind: type[CoinBTRError], args: tuple[object, ...], state: dict[str, object]
) -> CoinBTRError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(CoinBTRError):
    """Token, base URL and environment don't fit together, or one is not valid; nothing was sent."""


class ClientClosed(CoinBTRError):
    """The client was closed before this call; nothing was sent."""


class DeadlineExceeded(CoinBTRError, TimeoutError):
    """The call's deadline passed before anything was sent."""


class IntentLogError(CoinBTRError):
    """The intent log could not be written to, so the request was not sent."""


class ArgumentError(CoinBTRError):
    """An argument that can't be sent; nothing was sent. `field` names it."""

    def __init__(self, message: str, *, field: str, operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.field = field


class InvalidValue(ArgumentError, ValueError):
    """The argument has the right type and a value that can't be sent."""


class InvalidType(ArgumentError, TypeError):
    """The argument has the wrong type: a float for money above all."""


class EmptyBook(CoinBTRError, LookupError):
    """The side of the order book that was asked for its best level holds no order."""
