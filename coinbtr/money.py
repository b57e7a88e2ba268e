"""Money as the caller writes it (Decimal, int, str) made what is sent, exactly or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Literal, TypeAlias, get_args

from coinbtr.errors import InvalidType, InvalidValue

# The wire's bounds for money in requests: above zero, at most a million million, 8 decimals.
DECIMALS = 8
MAXIMUM = Decimal(1_000_000_000_000)

Rounding: TypeAlias = Literal["down", "up", "nearest"]

_SHOWN = 40
# Wide enough for any answer; the context that the caller set may round.
_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])
_PLAIN = re.compile(r"(-?)([0-9]{1,30})(?:\.([0-9]{1,30}))?")
# What a division left behind, on its way to be rounded.
_LONG = re.compile(r"(-?)([0-9]{1,31})(?:\.([0-9]{1,120}))?")


def to_money(value: Decimal | int | str, field: str) -> Decimal:
    """The exact Decimal of a positive amount or price, in units of its coin.

    `value` is a Decimal, an int or a str in plain notation (`"0.1"`); greater than 0, at most
    1000000000000, with at most 8 decimals (zeros beyond the 8th are no decimals). It is never
    rounded. `field` is the name used in errors.

    Raises InvalidType for anything else, floats and bools included, and InvalidValue for a value
    out of these bounds. Source: rulings R014 (decimals) and R047 (bounds).
    """
    number = _exact(value, field)
    if number <= 0:
        raise InvalidValue(f"{field} must be greater than 0, not {_show(value)}", field=field)
    if number > MAXIMUM:
        raise InvalidValue(f"{field} must be at most {MAXIMUM}, not {_show(value)}", field=field)
    return number


def to_share(value: Decimal | int | str, field: str) -> Decimal:
    """The exact Decimal of a share from 0 to 1, given as money is: `"0.05"` is 5 %.

    Raises InvalidType and InvalidValue as `to_money` does.
    """
    number = _exact(value, field)
    if not 0 <= number <= 1:
        raise InvalidValue(
            f"{field} is a share from 0 to 1, 0.05 for 5 %, and not {_show(value)}", field=field
        )
    return number


def difference(minuend: Decimal, *subtrahends: Decimal) -> Decimal:
    """What is left of `minuend`, exactly, whatever decimal context the caller works in."""
    for subtrahend in subtrahends:
        minuend = _EXACT.subtract(minuend, subtrahend)
    return minuend


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, whatever decimal context the caller works in."""
    whole = Decimal(0)
    for amount in amounts:
        whole = _EXACT.add(whole, amount)
    return whole


def product(amount: Decimal, price: Decimal) -> Decimal:
    """`amount` × `price`, exactly, whatever decimal context the caller works in."""
    return _EXACT.multiply(amount, price)


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether `value` is a whole number of steps; anything is of a step of 0 or less."""
    return step <= 0 or _EXACT.remainder(value, step) == 0


def to_step(value: Decimal | int | str, step: Decimal, rounding: Rounding, field: str) -> Decimal:
    """The multiple of `step` that is next to `value`, in the direction that `rounding` names.

    `value` is a Decimal of any precision up to 60 digits, an int or a str in plain notation, 0 or
    more. `"nearest"` takes the even multiple where two are as near. A step of 0 or less counts as
    the wire's 8th decimal.

    Raises InvalidType for anything else, floats included, and InvalidValue for a value that is
    negative or beyond all bounds, or another word for the direction.
    """
    if rounding not in get_args(Rounding):
        raise InvalidValue(
            f'rounding must be "down", "up" or "nearest", not {_show(rounding)}', field="rounding"
        )
    number = _exact(value, field, decimals=None)
    if number < 0:
        raise InvalidValue(f"{field} must be 0 or more, not {_show(value)}", field=field)
    if step <= 0:
        step = _EXACT.scaleb(1, -DECIMALS)
    steps, rest = _EXACT.divmod(number, step)
    twice, is_odd = _EXACT.multiply(rest, 2), _EXACT.remainder(steps, 2) == 1
    if rest and (
        rounding == "up" or (rounding == "nearest" and (twice > step or (twice == step and is_odd)))
    ):
        steps = _EXACT.add(steps, 1)
    return _EXACT.multiply(steps, step)


def _exact(value: object, field: str, decimals: int | None = DECIMALS) -> Decimal:
    if isinstance(value, str):
        return _from_text(value, field, value, decimals)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InvalidValue(f"{field} must be a finite number, not {value}", field=field)
        # The exponent is looked at first: printing Decimal("1e99999999") would take 100 MB.
        if not -60 <= value.adjusted() <= 30 or len(value.as_tuple().digits) > 60:
            raise InvalidValue(f"{field} has too many digits: {_show(value)}", field=field)
        return _from_text(f"{value:f}", field, value, decimals)
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > MAXIMUM:
            raise InvalidValue(f"{field} must be at most {MAXIMUM}, in absolute value", field=field)
        return Decimal(value)
    if isinstance(value, float):
        text = repr(value)
        # What 0.1 + 0.2 gives is no better as a string: it would be refused for its decimals.
        match = _PLAIN.fullmatch(text)
        plain = text if match and len(match.group(3) or "") <= DECIMALS else "0.1"
        raise InvalidType(
            f"{field} must be exact, and the float {text} is not:"
            f' write Decimal("{plain}") or "{plain}"',
            field=field,
        )
    raise InvalidType(
        f"{field} must be a Decimal, an int or a str, not {type(value).__name__}", field=field
    )


def _from_text(text: str, field: str, value: object, decimals: int | None) -> Decimal:
    match = (_PLAIN if decimals else _LONG).fullmatch(text)
    if match is None:
        raise InvalidValue(
            f'{field} must be a plain decimal number such as "0.1" (digits, a point, no exponent),'
            f" not {_show(value)}",
            field=field,
        )
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if decimals is not None and len(fraction.rstrip("0")) > decimals:
        raise InvalidValue(
            f"{field} has more than {decimals} decimals: {_show(value)}; it is never rounded here,"
            " so round it yourself, in the direction that you want",
            field=field,
        )
    return Decimal(f"{sign}{whole}.{fraction[:decimals]}")


def _show(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
