"""How domain objects show money: `Decimal('0.00000000')`, not `Decimal('0E-8')`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from attrs import Attribute


def plainly(cls: type, fields: list[Attribute[Any]]) -> list[Attribute[Any]]:  # noqa: ARG001 - attrs gives it
    """The fields of an attrs class, those of money with a repr without an exponent."""
    return [
        field.evolve(repr=_shown) if "Decimal" in str(field.type) else field for field in fields
    ]


def _shown(value: Decimal | None) -> str:
    return "None" if value is None else f"Decimal('{value:f}')"
