"""Enums that survive a value nobody knew: the exchange may add one on any day."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class OpenEnum(StrEnum):
    """A string enum whose unknown values become members of their own, equal by value.

    `known` tells them apart. A known value is taken in any case.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        for member in cls:
            if member.value.lower() == value.lower():
                return member
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown

    @property
    def known(self) -> bool:
        """Whether this package knows the value."""
        return self._name_ in type(self).__members__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._value_!r})"


class Side(OpenEnum):
    """Which side of a book an order is on (ruling R049)."""

    BUY = "BUY"
    SELL = "SELL"


class TransferStatus(OpenEnum):
    """How far a withdrawal or deposit is (ruling R015).

    A withdrawal is signed, sent, and then confirmed or failed; a deposit pending, then confirmed.
    """

    SIGNED = "signed"
    SENT = "sent"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class FilledAs(OpenEnum):
    """Whether the account's order rested in the book (maker) or met one that did (taker)."""

    MAKER = "maker"
    TAKER = "taker"
