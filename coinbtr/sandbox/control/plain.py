"""Turns what the control plane tells into what JSON can hold: attrs objects into JSON objects."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import fields, has

from coinbtr.sandbox.handlers.call import iso


def plain(value: Any) -> Any:
    """Give plain data: objects by their fields' names, times as the wire writes them."""
    if value is None or isinstance(value, str | int | Decimal):
        return value
    if isinstance(value, datetime):
        return iso(int(value.timestamp()) * 1000 + value.microsecond // 1000)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if has(type(value)):
        return {one.name: plain(getattr(value, one.name)) for one in fields(type(value))}
    raise TypeError(f"{type(value).__name__} can't be told on the wire")
