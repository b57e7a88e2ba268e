"""Books: how they stand, what was traded, closing them and opening them again."""

from collections.abc import Iterable

from coinbtr.sandbox.control.desk import Desk
from coinbtr.sandbox.control.views import (
    Book,
    BookDetail,
    Candle,
    PriceLevel,
    PublicTrade,
    moment,
)
from coinbtr.sandbox.core.commands import HaltBook
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.records import Trade
from coinbtr.sandbox.core.units import to_decimal
from coinbtr.sandbox.handlers.call import maybe


class Books(Desk):
    """The markets of the exchange."""

    def books(self) -> tuple[Book, ...]:
        """Tell how every book stands."""
        with self._sequencer.turn() as (exchange, now_ms):
            return tuple(_book(exchange, name, now_ms) for name in exchange.catalogue.markets)

    def book(self, market: str, *, limit: int = 50) -> BookDetail:
        """Tell price levels, trades of the last 24 hours, and the ticker of a book.

        Args:
            market: its name, in any case.
            limit: how many levels of each side, and how many trades, at most.

        Raises:
            Refusal: there is no such book.
        """
        with self._sequencer.turn() as (exchange, now_ms):
            depth = exchange.market.depth(market, limit)
            book = _book(exchange, depth.market, now_ms)
            return BookDetail(
                book=book,
                asks=_levels(depth.asks),
                bids=_levels(depth.bids),
                trades=tuple(
                    PublicTrade(
                        time=moment(trade.time_ms),
                        side=str(trade.taker_side),
                        price=to_decimal(trade.price),
                        amount=to_decimal(trade.amount),
                        value=to_decimal(trade.value),
                    )
                    for trade in exchange.trading.days[depth.market].recent(limit)
                ),
            )

    def candles(self, market: str, interval: int, *, limit: int = 50) -> tuple[Candle, ...]:
        """Tell the candles of the last 24 hours, oldest first; intervals without a trade have none.

        Args:
            market: a book's name, in any case.
            interval: the length of each in seconds; they begin at multiples of it.
            limit: how many at most, the newest ones.

        Raises:
            ValueError: the interval is below 1.
            Refusal: there is no such book.
        """
        if interval < 1:
            raise ValueError(f"interval must be 1 second or more, not {interval}")
        with self._sequencer.turn() as (exchange, now_ms):
            name = exchange.catalogue.market(market).name
            day = exchange.trading.days[name]
            day.advance(now_ms)
            intervals: dict[int, list[Trade]] = {}
            for trade in reversed(day):  # a day is long: only as far back as is asked for
                begin_ms = trade.time_ms - trade.time_ms % (interval * 1000)
                if begin_ms not in intervals and len(intervals) == limit:
                    break
                intervals.setdefault(begin_ms, []).append(trade)
        return tuple(
            _candle(begin_ms, trades[::-1]) for begin_ms, trades in reversed(intervals.items())
        )

    def halt(self, book: str) -> Book:
        """Close a book: new orders are refused with `book_closed`, open ones can be cancelled.

        Raises:
            Refusal: there is no such book.
        """
        return self._switch(book, halted=True)

    def resume(self, book: str) -> Book:
        """Open a book again.

        Raises:
            Refusal: there is no such book.
        """
        return self._switch(book, halted=False)

    def _switch(self, book: str, *, halted: bool) -> Book:
        with self._sequencer.turn() as (exchange, now_ms):
            self._sequencer.execute(HaltBook(book, halted))
            shown = _book(exchange, book, now_ms)
        self._sequencer.commit()
        return shown


def _book(exchange: Exchange, name: str, now_ms: int) -> Book:
    ticker = exchange.market.ticker(name, now_ms)
    return Book(
        name=ticker.market,
        is_open=exchange.market.is_open(name),
        last=maybe(ticker.last),
        bid=maybe(ticker.bid),
        ask=maybe(ticker.ask),
        high=maybe(ticker.high),
        low=maybe(ticker.low),
        volume=to_decimal(ticker.amount),
        value=to_decimal(ticker.value),
    )


def _levels(levels: Iterable[tuple[int, int]]) -> tuple[PriceLevel, ...]:
    return tuple(PriceLevel(to_decimal(price), to_decimal(amount)) for price, amount in levels)


def _candle(begin_ms: int, trades: list[Trade]) -> Candle:
    prices = [trade.price for trade in trades]
    return Candle(
        time=moment(begin_ms),
        open=to_decimal(prices[0]),
        high=to_decimal(max(prices)),
        low=to_decimal(min(prices)),
        close=to_decimal(prices[-1]),
        volume=to_decimal(sum(trade.amount for trade in trades)),
        value=to_decimal(sum(trade.value for trade in trades)),
    )
