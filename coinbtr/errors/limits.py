"""Errors of the limits that the client keeps by itself: raised before anything is sent.

Those of a book's own limits are refusals, too: `except BelowMinimum` catches an order that is too
small, whether the client or the exchange saw it.
"""

# ruff: noqa: N818 - the names say what happened, and read so in an `except` line.
from __future__ import annotations

from coinbtr.errors.base import CoinBTRError
from coinbtr.errors.refused import (
    AboveMaximum,
    BelowMinimum,
    BelowMinimumValue,
    BookNotFound,
    InvalidStep,
)


class GuardRailWarning(UserWarning):
    """A book's limits could not be read: an order goes out and the exchange alone checks them."""


class SharedLimitWarning(UserWarning):
    """The shared rate limit can't be reached: each process keeps to the budget by itself."""


class GuardRailError(CoinBTRError):
    """A limit that you set, or the book's own, forbids the request; nothing was sent.

    `limit` is the limit's name, `allowed` what it allows and `value` what was asked for.
    """

    def __init__(
        self,
        message: str,
        *,
        limit: str,
        allowed: object,
        value: object,
        operation: str | None = None,
    ) -> None:
        super().__init__(message, operation=operation)
        self.limit = limit
        self.allowed = allowed
        self.value = value


class WithdrawalsNotAllowed(GuardRailError):
    """The client was made without `allow_withdrawals=True`, so it sends no withdrawal."""


class AddressNotAllowed(GuardRailError):
    """The address is not among the coin's `withdrawal_addresses`."""


class OrderValueTooHigh(GuardRailError):
    """Amount × price is above `max_order_value`, or the quote coin has no limit there."""


class PriceTooFar(GuardRailError):
    """The price is further from the best price than `max_price_deviation`."""


class GuardRailUnchecked(GuardRailError):
    """What a limit of yours is checked against could not be read, so the order was not sent."""


class BookLimitBroken(GuardRailError):
    """The order breaks one of the limits that the exchange lists for the book (ruling R024)."""


class BelowBookMinimum(BookLimitBroken, BelowMinimum):
    """Amount or price is below the book's minimum."""


class BelowBookMinimumValue(BookLimitBroken, BelowMinimumValue):
    """Amount × price is below the book's `min_value`."""


class AboveBookMaximum(BookLimitBroken, AboveMaximum):
    """Amount or price is above the book's maximum."""


class OffBookStep(BookLimitBroken, InvalidStep):
    """Amount or price is no multiple of the book's step."""


class UnlistedBook(BookLimitBroken, BookNotFound):
    """The exchange's list of books has no such book."""


class RateLimitExceeded(CoinBTRError):
    """The client's own rate limit leaves no room in time; nothing was sent.

    `retry_after` is the wait in seconds until there is room.
    """

    def __init__(self, message: str, *, retry_after: float, operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.retry_after = retry_after
