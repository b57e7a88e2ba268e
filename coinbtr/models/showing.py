"""How domain objects show themselves: money as `Decimal('0.00000000')`, tables in notebooks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from attrs import Attribute


def plainly(cls: type, fields: list[Attribute[Any]]) -> list[Attribute[Any]]:  # noqa: ARG001 - attrs gives it
    """The fields of an attrs class, those of money with a repr without an exponent."""
    return [
        field.evolve(repr=_shown) if "Decimal" in str(field.type) else field for field in fields
    ]


class InNotebooks:
    """What notebooks show as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """The table, its texts escaped; Jupyter asks for it by this name."""
        from coinbtr.models.html import html

        return html(self)


def _shown(value: Decimal | None) -> str:
    return "None" if value is None else f"Decimal('{value:f}')"
