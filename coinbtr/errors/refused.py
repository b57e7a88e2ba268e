"""The exchange said no: one class for each meaning, by its code or else its status."""

# ruff: noqa: N818 - the names say what happened (OrderNotFound), and read so in an `except` line.
from __future__ import annotations

from typing import Any

from coinbtr.errors.base import CoinBTRError


class Refused(CoinBTRError):
    """The exchange said no, whatever the HTTP status: nothing was done. `code` says why."""


class BadRequest(Refused):
    """400: not valid JSON, a field missing, unknown, of a wrong type or out of bounds."""


class AuthenticationError(Refused):
    """401: no token was sent, or one that the exchange doesn't know."""


class PermissionDenied(Refused):
    """403: the token lacks the permission to trade, withdraw or deposit."""


class NotFound(Refused):
    """404: the exchange has no such path or thing."""


class BookNotFound(NotFound):
    """There is no such book."""


class CoinNotFound(NotFound):
    """There is no such coin."""


class OrderNotFound(NotFound):
    """No open order of this account and side has this id."""


class TransactionNotFound(NotFound):
    """No transaction of this account has this id."""


class MethodNotAllowed(Refused):
    """405: the server doesn't take this method on this path."""


class Conflict(Refused):
    """409: the request is valid, and the state of the account or book forbids it."""


class BookClosed(Conflict):
    """The book takes no orders at the moment."""


class InsufficientFunds(Conflict):
    """The available balance doesn't cover the order or the withdrawal and its fee."""


class SelfTrade(Conflict):
    """The order would have met an order of its own account, so it was refused whole."""


class BodyTooLarge(Refused):
    """413: the request's body is larger than the exchange reads."""


class UnsupportedMediaType(Refused):
    """415: the request's body is not declared as JSON."""


class Unprocessable(Refused):
    """422: well formed, and against a rule of the book or coin."""


class AboveMaximum(Unprocessable):
    """Amount or price above what the book allows."""


class BelowMinimum(Unprocessable):
    """Amount or price below what the book or the coin allows."""


class BelowMinimumValue(BelowMinimum):
    """Amount times price below the book's minimum value."""


class DepositUnavailable(Unprocessable):
    """The coin can't be deposited at the moment."""


class InvalidAddress(Unprocessable):
    """The address is none of this coin."""


class InvalidStep(Unprocessable):
    """Amount or price is no multiple of the book's step."""


class WithdrawalUnavailable(Unprocessable):
    """The coin can't be withdrawn at the moment."""


class RateLimited(Refused):
    """429: too many requests. `retry_after` is the wait in seconds that the server asks for."""

    def __init__(self, message: str, *, retry_after: float | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.retry_after = retry_after
