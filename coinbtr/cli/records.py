"""Results as plain records: text, whole numbers, exact Decimals, and nothing else."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from coinbtr.models import Balance, OrderBook

Record = dict[str, Any]
Time = Callable[[datetime], str]


def record_of(thing: Any) -> Record:
    """The fields of one domain object, by their names."""
    record = {one.name: getattr(thing, one.name) for one in attrs.fields(type(thing))}
    if isinstance(thing, Balance):
        address = record.pop("deposit_address")
        record |= {"frozen": thing.frozen, "deposit_address": address}
    return record


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
    if isinstance(result, OrderBook):
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
