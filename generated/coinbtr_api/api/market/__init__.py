"""Contains endpoint functions for accessing the API; imported when asked for."""

from typing import TYPE_CHECKING

from ...lazy import lazy

if TYPE_CHECKING:
    from . import get_24_h_volume, get_currencies, get_order_book, get_ticker, list_books

__all__ = ("get_24_h_volume", "get_currencies", "get_order_book", "get_ticker", "list_books")

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "list_books": "list_books",
            "get_order_book": "get_order_book",
            "get_ticker": "get_ticker",
            "get_24_h_volume": "get_24_h_volume",
            "get_currencies": "get_currencies",
        },
    )
