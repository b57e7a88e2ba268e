"""The package's errors in ccxt's words, so that a program catches what it catches elsewhere."""

from __future__ import annotations

from typing import Any, Final

import ccxt

from coinbtr import errors
from coinbtr.wire.refusals import BY_CODE


class OutcomeUnknown(ccxt.RequestTimeout):
    """An order, a cancel or a withdrawal was sent, and its answer is lost: it may be carried out.

    It is never sent again by itself, and should not be by you before `reconcile` said that nothing
    was done. `lost` is the `coinbtr.OutcomeUnknown`, with the intent and the cause.
    """

    def __init__(self, message: str, lost: errors.OutcomeUnknown) -> None:
        super().__init__(message)
        self.lost = lost

    def reconcile(self, *, settle: float = 5.0) -> Any:
        """Find out what became of it, one of `coinbtr.outcomes`; await it in async code.

        Args:
            settle: seconds after the loss before "not found" is believed.

        Raises:
            CoinBTRError: what any call of `coinbtr` may raise.
        """
        return self.lost.reconcile(settle=settle)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.lost)


# The first that fits, from the special to the general.
_MEANINGS: Final[tuple[tuple[type[errors.CoinBTRError], type[ccxt.BaseError]], ...]] = (
    (errors.ClientClosed, ccxt.ExchangeClosedByUser),
    (errors.ConfigurationError, ccxt.ExchangeError),
    (errors.BookNotFound, ccxt.BadSymbol),
    (errors.CoinNotFound, ccxt.BadSymbol),
    (errors.OrderNotFound, ccxt.OrderNotFound),
    (errors.InvalidAddress, ccxt.InvalidAddress),
    (errors.InsufficientFunds, ccxt.InsufficientFunds),
    (errors.BookClosed, ccxt.MarketClosed),
    (errors.SelfTrade, ccxt.InvalidOrder),
    (errors.AboveMaximum, ccxt.InvalidOrder),
    (errors.BelowMinimum, ccxt.InvalidOrder),
    (errors.InvalidStep, ccxt.InvalidOrder),
    (errors.DepositUnavailable, ccxt.OperationRejected),
    (errors.WithdrawalUnavailable, ccxt.OperationRejected),
    (errors.GuardRailError, ccxt.OperationRejected),
    (errors.ArgumentError, ccxt.BadRequest),
    (errors.AuthenticationError, ccxt.AuthenticationError),
    (errors.PermissionDenied, ccxt.PermissionDenied),
    (errors.RateLimited, ccxt.RateLimitExceeded),
    (errors.BadRequest, ccxt.BadRequest),
    (errors.TransactionNotFound, ccxt.BadRequest),
    (errors.Conflict, ccxt.OperationRejected),
    (errors.Unprocessable, ccxt.OperationRejected),
    (errors.AnswerTimeout, ccxt.RequestTimeout),
    (errors.ConnectTimeout, ccxt.RequestTimeout),
    (errors.NoConnection, ccxt.ExchangeNotAvailable),
    (errors.NetworkError, ccxt.NetworkError),
    (errors.ServerError, ccxt.ExchangeNotAvailable),
    (errors.EmptyAnswer, ccxt.NullResponse),
    (errors.UnexpectedAnswer, ccxt.BadResponse),
)


def meaning(kind: type[errors.CoinBTRError]) -> type[ccxt.BaseError]:
    """The class of ccxt's tree that says the same; ExchangeError for what has no other word."""
    return next((word for ours, word in _MEANINGS if issubclass(kind, ours)), ccxt.ExchangeError)


def by_code() -> dict[str, type[ccxt.BaseError]]:
    """What each error code of the exchange means in ccxt's words."""
    return {code: meaning(kind) for code, kind in BY_CODE.items()}


def translated(error: errors.CoinBTRError, exchange: str) -> ccxt.BaseError:
    """The error to raise instead, with the same sentence."""
    message = f"{exchange} {error}"
    if isinstance(error, errors.OutcomeUnknown):
        return OutcomeUnknown(message, error)
    return meaning(type(error))(message)
