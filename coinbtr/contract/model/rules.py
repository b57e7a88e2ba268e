"""A market's and a coin's own limits, and what they make of an amount and a price."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Context, Decimal
from typing import Any, Final

from attrs import fields, frozen

UNIT: Final = Decimal("1e-8")
"""The smallest part of a coin."""

_EXACT: Final = Context(prec=100)


@frozen(kw_only=True)
class Rules:
    """One book as `listBooks` describes it (ruling R024)."""

    name: str
    min_amount: Decimal
    max_amount: Decimal
    amount_step: Decimal
    min_price: Decimal
    max_price: Decimal
    price_step: Decimal
    min_value: Decimal
    maker_fee: Decimal
    taker_fee: Decimal
    is_open: bool

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> "Rules":
        """Take the limits from an entry of the list of books."""
        numbers = {
            name: Decimal(value)
            for name, value in entry.items()
            if isinstance(value, int | Decimal) and not isinstance(value, bool)
        }
        known = {attribute.name for attribute in fields(cls)}
        given = {"name": entry["name"], "is_open": entry["is_open"], **numbers}
        return cls(**{name: value for name, value in given.items() if name in known})

    @property
    def base(self) -> str:
        """The coin that is traded."""
        return self.name.partition("-")[0]

    @property
    def quote(self) -> str:
        """The coin that it is paid with."""
        return self.name.partition("-")[2]

    def faults(self, amount: Decimal, price: Decimal) -> Iterator[str]:
        """Give the code of every limit that an order breaks."""
        if not self.is_open:
            yield "book_closed"
        if amount < self.min_amount or price < self.min_price:
            yield "below_minimum"
        if amount > self.max_amount or price > self.max_price:
            yield "above_maximum"
        if _EXACT.remainder(amount, self.amount_step) or _EXACT.remainder(price, self.price_step):
            yield "invalid_step"
        if value_of(amount, price) < self.min_value:
            yield "below_minimum_value"


@frozen(kw_only=True)
class Coin:
    """One coin as `getCurrencies` describes it (ruling R052)."""

    name: str
    min_withdraw: Decimal
    fee_withdraw: Decimal
    can_withdraw: bool

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> "Coin":
        """Take it from an entry of the list of coins."""
        return cls(
            name=entry["coin"],
            min_withdraw=Decimal(entry["min_withdraw"]),
            fee_withdraw=Decimal(entry["fee_withdraw"]),
            can_withdraw=entry["available_to_withdraw"],
        )


def value_of(amount: Decimal, price: Decimal) -> Decimal:
    """Multiply exactly."""
    return _EXACT.multiply(amount, price)


def fee_of(received: Decimal, rate: Decimal) -> Decimal:
    """Take a share of what is received, rounded up at the eighth decimal (ruling R046)."""
    return _EXACT.multiply(received, rate).quantize(UNIT, ROUND_CEILING, _EXACT)
