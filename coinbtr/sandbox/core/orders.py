"""Limit orders as they rest in a book and as they are told to their owner."""

from enum import StrEnum
from typing import Final

from attrs import define

from coinbtr.sandbox.core.units import value_of


class Side(StrEnum):
    """Which way an order goes."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def other(self) -> "Side":
        """The side that an order of this side trades with."""
        return SELL if self is BUY else BUY


# Looking a member up on its class costs more than all else that is done with it.
BUY: Final = Side.BUY
SELL: Final = Side.SELL


@define(eq=False)
class Order:
    """A limit order; `left` falls and `filled` rises as it trades. All amounts in units."""

    id: int
    account_id: int
    market: str
    side: Side
    price: int
    left: int
    filled: int
    created_ms: int
    cancelled: bool = False

    @property
    def initial(self) -> int:
        """The amount that was ordered."""
        return self.left + self.filled

    @property
    def is_open(self) -> bool:
        """Whether it can still trade; a partly filled order is open."""
        return self.left > 0 and not self.cancelled

    @property
    def held(self) -> int:
        """What its account holds frozen for it: quote coin for a purchase, base coin for a sale."""
        return hold_of(self.side, self.price, self.left)


def hold_of(side: Side, price: int, amount: int) -> int:
    """Tell what an order freezes: its full value when it buys, its amount when it sells."""
    return value_of(price, amount) if side is BUY else amount
