"""Results as plain records: text, whole numbers, exact Decimals, and nothing else."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from coinbtr import models

Record = dict[str, Any]
Time = Callable[[datetime], str]


def record_of(thing: Any) -> Record:
    """The fields of one domain object, by their names."""
    return {name: getattr(thing, name) for name in _names(type(thing))}


def names_of(kind: str | None) -> list[str]:
    """The names of the fields of a kind of domain objects; none where no kind is named."""
    return [] if kind is None else _names(getattr(models, kind))


def _names(kind: type) -> list[str]:
    names = [one.name for one in attrs.fields(kind)]
    if kind is models.Balance:
        names.insert(names.index("deposit_address"), "frozen")
    return names


def plain(result: Any, time: Time = datetime.isoformat) -> Any:
    """The result as dicts and lists, by the names of the domain objects' fields."""
    if isinstance(result, (Decimal, bool, int)) or result is None:
        return result
    if isinstance(result, str):
        return str(result)
    if isinstance(result, datetime):
        return time(result)
    if isinstance(result, (list, tuple)):
        return [plain(one, time) for one in result]
    record = result if isinstance(result, Mapping) else record_of(result)
    return {name: plain(value, time) for name, value in record.items()}


def rows(result: Any, time: Time = datetime.isoformat) -> list[Record]:
    """The result as rows of one depth: a line for each entry, or each level of an order book."""
    if isinstance(result, models.OrderBook):
        return [
            {"book": result.book, "side": side, **record_of(level)}
            for side, levels in (("ask", result.asks), ("bid", result.bids))
            for level in levels
        ]
    entries = result if isinstance(result, list) else [result]
    return [_flat(plain(entry, time)) for entry in entries]


def text_of(value: Any) -> str:
    """One value as it is written outside JSON: all digits, no exponent, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _flat(record: Record, prefix: str = "") -> Record:
    flat: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}_")
        elif isinstance(value, list):
            flat[prefix + name] = "; ".join(text_of(one) for one in value)
        else:
            flat[prefix + name] = value
    return flat
