"""Checks orders and withdrawals against the guard rails, and reads what that takes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Final

from coinbtr._async.seam import Seam
from coinbtr.errors import BookLimitBroken, CoinBTRError, GuardRailWarning
from coinbtr.errors.base import warn_caller
from coinbtr.guards import (
    GuardRails,
    Placing,
    book_limit_broken,
    check_price,
    check_value,
    check_withdrawal,
    unchecked,
    unlisted,
)
from coinbtr.locks import new_async_lock

if TYPE_CHECKING:
    from coinbtr._async.market import AsyncMarket
    from coinbtr.models import Book

LIFETIME: Final = 300.0
"""Seconds that the list of books is kept."""
FRESH: Final = 10.0
"""No order is refused by a list that is older than this many seconds: it is read again first."""
PATIENCE: Final = 30.0
"""Seconds until a list that could not be read is asked for again."""
DEADLINE: Final = 5.0
"""Seconds that reading the list may hold up an order, which can go without it."""


class Guard:
    """One client's guard rails; shared by all that sends for it."""

    def __init__(
        self, rails: GuardRails, seam: Seam, clock: Callable[[], float] = monotonic
    ) -> None:
        self.rails = rails
        self._seam = seam
        self._clock = clock
        self._books: dict[str, Book] = {}
        self._read_at: float | None = None
        self._failed: CoinBTRError | None = None
        self._failed_at = 0.0
        self._lock = new_async_lock()

    @cached_property
    def _market(self) -> AsyncMarket:
        from coinbtr._async.market import AsyncMarket

        return AsyncMarket(self._seam)

    @cached_property
    def _in_a_hurry(self) -> AsyncMarket:
        from coinbtr._async.market import AsyncMarket

        usual = self._seam.config.deadline
        return AsyncMarket(
            self._seam.view(deadline=DEADLINE if usual is None else min(DEADLINE, usual))
        )

    def withdrawal(self, coin: str, address: str) -> None:
        """Raise the GuardRailError that forbids this withdrawal, if one does."""
        check_withdrawal(self.rails, coin, address)

    async def order(self, operation: str, market: str, amount: Decimal, price: Decimal) -> None:
        """Raise the GuardRailError that forbids this order, if one does.

        The price comes last, so that the best one is as young as can be when the order is sent.
        """
        order = Placing(operation, market.upper(), amount, price)
        check_value(self.rails, order)
        if self.rails.book_limits:
            await self._check_book(order)
        if self.rails.max_price_deviation is not None:
            await self._check_price(order)

    async def _check_book(self, order: Placing) -> None:
        failure = await self._refresh(LIFETIME)
        if self._read_at is None:
            if failure is not None:
                warn_caller(
                    f"the list of books could not be read, so {order.operation} goes out checked"
                    f" by the exchange alone: {failure}",
                    GuardRailWarning,
                )
            return
        if self._problem(order) is not None:
            await self._refresh(FRESH)
        if (problem := self._problem(order)) is not None:
            raise problem

    async def _check_price(self, order: Placing) -> None:
        try:
            best = await self._market.order_book(order.book, limit=1)
        except CoinBTRError as error:
            limit = self.rails.max_price_deviation
            raise unchecked(order, "max_price_deviation", limit, str(error)) from error
        check_price(self.rails, order, best)

    def _problem(self, order: Placing) -> BookLimitBroken | None:
        book = self._books.get(order.book)
        if book is None:
            return unlisted(order, self._books.values())
        return book_limit_broken(order, book)

    async def _refresh(self, lifetime: float) -> CoinBTRError | None:
        """Read the list of books if it is older than `lifetime`: the error if that failed.

        One reads and the others wait. A failure leaves the list that there was, and is not repeated
        at once: an order is not held up by a list that doesn't come.
        """
        async with self._lock:
            now = self._clock()
            if self._read_at is not None and now - self._read_at <= lifetime:
                return None
            if self._failed is not None and now - self._failed_at <= PATIENCE:
                return self._failed
            try:
                books = await self._in_a_hurry.books()
            except CoinBTRError as error:
                self._failed, self._failed_at = error, self._clock()
                return error
            finally:
                # A lock belongs to the event loop that it was waited for in; the next may be new.
                self._lock = new_async_lock()
            self._books = {book.name: book for book in books}
            self._read_at, self._failed = self._clock(), None
            return None
