"""Domain objects as pandas frames. pandas is imported when a frame is made: coinbtr[pandas]."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import attrs

from coinbtr.errors import ConfigurationError, InvalidType, InvalidValue
from coinbtr.models.market import OrderBook

if TYPE_CHECKING:
    from pandas import DataFrame

Numbers: TypeAlias = Literal["decimal", "float"]


def to_frame(values: object, *, numbers: Numbers = "decimal") -> DataFrame:
    """Make a pandas frame of domain objects: a row for each, a column for each field.

    An order book gives a row for each price level, bids first, the best ones on top, with the
    columns `side` (bid or ask), `price` and `amount`. Times are UTC, enums their text. A list
    without entries gives a frame without columns.

    Args:
        values: a domain object, such as an OrderBook, or several of one kind: a list of orders,
            transactions, balances, or what `iter_transactions` gives.
        numbers: `"decimal"` keeps amounts exact, as Decimals in columns of objects; `"float"`
            makes floats of them, which are quick to compute with and not exact.

    Raises:
        ConfigurationError: pandas is not installed; the message says what to install.
        InvalidType: `values` is no domain object, nor several.
        InvalidValue: `numbers` is another word.
    """
    if numbers not in get_args(Numbers):
        raise InvalidValue(
            f'numbers must be "decimal" or "float", not {numbers!r}', field="numbers"
        )
    rows = _rows(values)
    try:
        from pandas import DataFrame
    except ModuleNotFoundError as missing:
        raise ConfigurationError(
            f"a frame needs {missing.name}: pip install 'coinbtr[pandas]'"
        ) from None
    kinds = [] if not rows else [name for name, kind in _fields(rows[0]) if "Decimal" in str(kind)]
    frame = DataFrame(
        [{name: _plain(getattr(row, name)) for name, _ in _fields(row)} for row in rows]
        if not isinstance(values, OrderBook)
        else _levels(values)
    )
    for name in kinds:
        frame[name] = frame[name].astype("float64" if numbers == "float" else "object")
    return frame


def _rows(values: object) -> list[Any]:
    """The objects that the rows are made of."""
    if isinstance(values, OrderBook):
        return [*values.bids, *values.asks]
    if attrs.has(type(values)):
        return [values]
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise InvalidType(
            f"values must be domain objects, not {type(values).__name__}", field="values"
        )
    rows = list(values)
    for row in rows:
        if not attrs.has(type(row)):
            raise InvalidType(
                f"values must be domain objects, not {type(row).__name__}", field="values"
            )
    return rows


def _levels(book: OrderBook) -> list[dict[str, Any]]:
    sides = (("bid", book.bids), ("ask", book.asks))
    return [
        {"side": side, "price": one.price, "amount": one.amount}
        for side, levels in sides
        for one in levels
    ]


def _fields(row: Any) -> list[tuple[str, Any]]:
    return [(field.name, field.type) for field in attrs.fields(type(row))]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, StrEnum) else value
