"""What anybody may see of a market: depth, ticker and volume."""

from attrs import frozen

from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.trading import TradingDesk


@frozen
class Depth:
    """The best levels of a book as (price, amount) in units, each side from its best price on."""

    market: str
    asks: tuple[tuple[int, int], ...]
    bids: tuple[tuple[int, int], ...]


@frozen
class TickerView:
    """The last and best prices, and the last 24 hours, in units; None where there is nothing."""

    market: str
    last: int | None
    bid: int | None
    ask: int | None
    high: int | None
    low: int | None
    amount: int
    value: int


class MarketView:
    """Reads the public side of the trading desk."""

    def __init__(self, catalogue: Catalogue, desk: TradingDesk) -> None:
        self._catalogue = catalogue
        self._desk = desk

    def is_open(self, market: str) -> bool:
        """Tell whether a book takes orders."""
        return self._catalogue.market(market).name not in self._desk.closed

    def depth(self, market: str, limit: int = 50) -> Depth:
        """Tell the best levels of both sides, `limit` each.

        Raises:
            Refusal: `book_not_found`.
        """
        name = self._catalogue.market(market).name
        book = self._desk.books[name]
        return Depth(name, tuple(book.asks.depth(limit)), tuple(book.bids.depth(limit)))

    def ticker(self, market: str, now_ms: int) -> TickerView:
        """Tell the last and best prices, and high, low and volume of the last 24 hours.

        Raises:
            Refusal: `book_not_found`.
        """
        name = self._catalogue.market(market).name
        book, day = self._desk.books[name], self._desk.days[name]
        day.advance(now_ms)
        return TickerView(
            market=name,
            last=day.last,
            bid=book.bids.best,
            ask=book.asks.best,
            high=day.high,
            low=day.low,
            amount=day.amount,
            value=day.value,
        )
