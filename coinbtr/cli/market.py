"""Commands of the market: public data, for which no token is needed or sent."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coinbtr.cli.arguments import Book
from coinbtr.cli.commands import Commands

if TYPE_CHECKING:
    from coinbtr.cli.desk import Desk

market = Commands("Market", public=True)


@market.reads("ticker", "coinbtr ticker btc-mxn", "coinbtr ticker btc-mxn --watch --output json")
def ticker(desk: "Desk", book: Book = None) -> Any:
    """Last price, best prices, and high, low and volume of 24 hours."""
    return desk.exchange.market.ticker(desk.book(book))


@market.reads("book", "coinbtr book btc-mxn --limit 20", "coinbtr book btc-mxn --watch")
def order_book(
    desk: "Desk",
    book: Book = None,
    *,
    limit: Annotated[
        int, typer.Option("--limit", "-l", help="Price levels of each side.", min=1, max=1000)
    ] = 10,
) -> Any:
    """The order book: price levels of both sides, and what they add up to."""
    return desk.exchange.market.order_book(desk.book(book), limit=limit)


@market.reads("books", "coinbtr books", "coinbtr books --output csv", of="Book")
def books(desk: "Desk") -> Any:
    """All books, with their limits for orders and their fees."""
    return desk.exchange.market.books()


@market.reads("volume", "coinbtr volume btc-mxn")
def volume(desk: "Desk", book: Book = None) -> Any:
    """What was traded in the last 24 hours, in both coins."""
    return desk.exchange.market.volume(desk.book(book))


@market.reads("currencies", "coinbtr currencies", of="Currency")
def currencies(desk: "Desk") -> Any:
    """All coins, and what it takes to deposit and withdraw them."""
    return desk.exchange.market.currencies()
