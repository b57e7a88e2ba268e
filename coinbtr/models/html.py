"""Domain objects as notebooks show them: small tables, every text of the exchange escaped."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Any, Final

import attrs

from coinbtr.models.market import OrderBook, PriceLevel

MOST_LEVELS: Final = 20
"""How many price levels of each side are shown."""
_NUMBER: Final = ' style="text-align: right; font-variant-numeric: tabular-nums"'


def html(value: Any) -> str:
    """A domain object as an HTML table: an order book as a ladder, anything else by its fields."""
    if isinstance(value, OrderBook):
        return _ladder(value)
    rows = [_row(_head(name), _cell(getattr(value, name))) for name in _names(value)]
    return _table(type(value).__name__, rows)


def _ladder(book: OrderBook) -> str:
    rows = [_row(*(_head(name) for name in ("amount", "bid", "ask", "amount")))]
    for place in range(min(MOST_LEVELS, max(len(book.bids), len(book.asks)))):
        bid, ask = _level(book.bids, place), _level(book.asks, place)
        rows.append(_row(_cell(bid[1]), _cell(bid[0]), _cell(ask[0]), _cell(ask[1])))
    left = max(len(book.bids), len(book.asks)) - MOST_LEVELS
    more = f", {left} more levels" if left > 0 else ""
    return _table(f"OrderBook {book.book}{more}", rows)


def _level(side: tuple[PriceLevel, ...], place: int) -> tuple[Decimal | None, Decimal | None]:
    return (side[place].price, side[place].amount) if place < len(side) else (None, None)


def _names(value: Any) -> list[str]:
    return [field.name for field in attrs.fields(type(value))]


def _table(caption: str, rows: list[str]) -> str:
    return f"<table><caption>{escape(caption)}</caption>{''.join(rows)}</table>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _head(text: str) -> str:
    return f"<th>{escape(text.replace('_', ' '))}</th>"


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return f"<td{_NUMBER}>{value:f}</td>"
    return f"<td>{'' if value is None else escape(str(value))}</td>"
