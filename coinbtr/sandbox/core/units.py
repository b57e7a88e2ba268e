"""Scaled integers, the money of the core: 1 unit is 10^-8 of a coin, and Decimals end here."""

from decimal import Context, Decimal
from functools import lru_cache

PLACES = 8
"""Decimals that an amount or a price can have."""

SCALE = 100_000_000
"""Units in one whole coin."""

# Wide enough for every amount of the exchange; the default context would round at 28 digits.
_EXACT = Context(prec=100)


def to_units(value: Decimal | int | str) -> int:
    """Turn coins into units: `"0.001"` into `100000`.

    Raises:
        ValueError: the value has more than 8 decimals or is no finite number.
    """
    if isinstance(value, int):
        return value * SCALE
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value} is no finite number")
    scaled = number.scaleb(PLACES, _EXACT)
    units = int(scaled)
    if units != scaled:
        raise ValueError(f"{value} has more than {PLACES} decimals")
    return units


@lru_cache(8192)  # whoever polls sees the same amounts and prices again and again
def to_decimal(units: int) -> Decimal:
    """Turn units into coins, with all 8 decimals: `100000` into `Decimal("0.00100000")`."""
    return Decimal(units).scaleb(-PLACES, _EXACT)


def value_of(price: int, amount: int) -> int:
    """Multiply a price by an amount: the value in units of the quote coin, exact.

    Raises:
        ValueError: the product has more than 8 decimals; the steps of a market rule that out.
    """
    value, rest = divmod(price * amount, SCALE)
    if rest:
        raise ValueError(f"price {price} times amount {amount} is no whole number of units")
    return value


def fee_of(received: int, rate: int) -> int:
    """Take the share `rate` (in units: 0.0020 is 200000) of what is received, rounded up."""
    return -(-received * rate // SCALE)
