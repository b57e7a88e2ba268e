"""`client.market`: public market data; no token needed, and none sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coinbtr_api.api import market as api

from coinbtr import wire
from coinbtr._async.seam import Seam
from coinbtr.arguments import given, to_levels, to_market
from coinbtr.models import direct, reading
from coinbtr.sending.waiting import DEFAULT_INTERVAL, DEFAULT_PATIENCE

if TYPE_CHECKING:
    from coinbtr._async.raw import AsyncRawMarket
    from coinbtr._async.watching import AsyncWatch
    from coinbtr.models import Book, Currency, OrderBook, Ticker, Volume


class AsyncMarket:
    """Public market data. No method needs a token, and none is sent."""

    def __init__(self, seam: Seam) -> None:
        self._seam = seam

    @property
    def with_raw_response(self) -> AsyncRawMarket:
        """The methods that send one request, each giving a RawResponse: result, status, body, …"""
        from coinbtr._async.raw import AsyncRawMarket

        return AsyncRawMarket(self)

    async def books(self) -> list[Book]:
        """List the books with their limits for orders and their fees.

        Source: reference lines 238-241; rulings R001 and R024.

        Raises:
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "listBooks", api.list_books._get_kwargs(), api.list_books._parse_success
        )
        return [reading.book(one) for one in answer.data]

    async def order_book(self, book: str, *, limit: int | None = None) -> OrderBook:
        """Get the best price levels of both sides of a book: asks rising, bids falling.

        Source: reference lines 243-245; rulings R001, R025 and R063.

        Args:
            book: its name, such as `btc-mxn` or `BTC/MXN`, in any case.
            limit: how many levels of each side at most, 1 to 1000; 50 if left out.

        Raises:
            BookNotFound: there is no such book.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        return await self._seam.call(
            "getOrderBook",
            api.get_order_book._get_kwargs(market=to_market(book), limit=given(to_levels(limit))),
            direct.order_book,
            at_once=wire.plain.plain_book,
        )

    async def ticker(self, book: str) -> Ticker:
        """Get the last price, the best prices, and high, low and volume of the last 24 hours.

        Source: reference lines 247-249; rulings R001, R025, R026 and R051.

        Args:
            book: its name, such as `btc-mxn` or `BTC/MXN`, in any case.

        Raises:
            BookNotFound: there is no such book.
            InvalidValue: the book's name is none; nothing was sent.
            InvalidType: the book is not a str; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        return await self._seam.call(
            "getTicker",
            api.get_ticker._get_kwargs(market=to_market(book)),
            direct.ticker,
            at_once=wire.plain.plain_ticker,
        )

    def watch_ticker(
        self,
        book: str,
        *,
        interval: float = DEFAULT_INTERVAL,
        patience: float | None = DEFAULT_PATIENCE,
    ) -> AsyncWatch[Ticker]:
        """Watch a ticker: iterate, and get the current one and then each that differs.

        The API has no stream, so this reads again and again; see Watch for how politely.
        Source: reference lines 247-249; rulings R001, R025, R026 and R051.

        Args:
            book: its name, such as `btc-mxn` or `BTC/MXN`, in any case.
            interval: seconds from one reading to the next, above 0; by default 5.
            patience: seconds without one good reading after which the error is raised; by default
                60; None for never.

        Raises:
            BookNotFound: there is no such book; raised by the first step.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors; raised by a step.
        """
        from coinbtr._async.watching import AsyncWatch, Latest

        name = to_market(book)
        latest = Latest(lambda: self.ticker(name))
        return self._seam.watched(
            AsyncWatch(f"ticker {name}", latest.changes, interval=interval, patience=patience)
        )

    def watch_order_book(
        self,
        book: str,
        *,
        limit: int | None = None,
        interval: float = DEFAULT_INTERVAL,
        patience: float | None = DEFAULT_PATIENCE,
    ) -> AsyncWatch[OrderBook]:
        """Watch an order book: iterate, and get the current one and then each that differs.

        The API has no stream, so this reads again and again; see Watch for how politely.
        Source: reference lines 243-245; rulings R001, R025 and R063.

        Args:
            book: its name, such as `btc-mxn` or `BTC/MXN`, in any case.
            limit: how many levels of each side at most, 1 to 1000; 50 if left out.
            interval: seconds from one reading to the next, above 0; by default 5.
            patience: seconds without one good reading after which the error is raised; by default
                60; None for never.

        Raises:
            BookNotFound: there is no such book; raised by the first step.
            InvalidValue: an argument is out of its bounds; nothing was sent.
            InvalidType: an argument has the wrong type; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors; raised by a step.
        """
        from coinbtr._async.watching import AsyncWatch, Latest

        name, levels = to_market(book), to_levels(limit)
        latest = Latest(lambda: self.order_book(name, limit=levels))
        return self._seam.watched(
            AsyncWatch(f"order book {name}", latest.changes, interval=interval, patience=patience)
        )

    async def volume(self, book: str) -> Volume:
        """Get what was traded in a book in the last 24 hours, in both of its coins.

        Source: reference lines 251-253; rulings R001, R025 and R051.

        Args:
            book: its name, such as `btc-mxn` or `BTC/MXN`, in any case.

        Raises:
            BookNotFound: there is no such book.
            InvalidValue: the book's name is none; nothing was sent.
            InvalidType: the book is not a str; nothing was sent.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "get24hVolume",
            api.get_24_h_volume._get_kwargs(market=to_market(book)),
            api.get_24_h_volume._parse_success,
        )
        return reading.volume(answer.data)

    async def currencies(self) -> list[Currency]:
        """List the coins and what it takes to deposit and withdraw them.

        Source: reference lines 255-257; rulings R001, R040 and R052.

        Raises:
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "getCurrencies", api.get_currencies._get_kwargs(), api.get_currencies._parse_success
        )
        return [reading.currency(one) for one in answer.data]
