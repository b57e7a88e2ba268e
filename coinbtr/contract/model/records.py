"""What an account of the model holds and has done, and how the wire shows it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import define, field

from coinbtr.contract.model.rules import value_of
from coinbtr.contract.model.unknown import Unknown

Who = Literal["mine", "other"]
Side = Literal["BUY", "SELL"]


@define(eq=False, kw_only=True)
class Order:
    """A limit order; `left` falls as it trades."""

    who: Who
    side: Side
    market: str
    price: Decimal
    initial: Decimal
    left: Decimal
    id: Unknown
    created_at: Unknown
    is_open: bool = True

    @property
    def hold(self) -> tuple[str, Decimal]:
        """What it holds, and of which coin: its value to buy, its amount to sell (ruling R032)."""
        base, _, quote = self.market.partition("-")
        if self.side == "BUY":
            return quote, value_of(self.left, self.price)
        return base, self.left

    def view(self) -> dict[str, Any]:
        """Show it as an answer does (ruling R049)."""
        return {
            "id": self.id.shown,
            "market": self.market,
            "side": self.side,
            "price": self.price,
            "initial_amount": self.initial,
            "amount": self.left,
            "filled": self.initial - self.left,
            "is_open": self.is_open,
            "created_at": self.created_at.shown,
        }


@define(eq=False, kw_only=True)
class Trade:
    """One side of a trade (ruling R050)."""

    order: Order
    price: Decimal
    amount: Decimal
    fee: Decimal
    filled_as: Literal["maker", "taker"]
    id: Unknown
    created_at: Unknown

    def view(self) -> dict[str, Any]:
        """Show it as an answer does."""
        base, _, quote = self.order.market.partition("-")
        return {
            "id": self.id.shown,
            "order_id": self.order.id.shown,
            "market": self.order.market,
            "side": self.order.side,
            "price": self.price,
            "amount": self.amount,
            "value": value_of(self.amount, self.price),
            "fee_amount": self.fee,
            "fee_coin": base if self.order.side == "BUY" else quote,
            "filled_as": self.filled_as,
            "created_at": self.created_at.shown,
        }


@define(eq=False, kw_only=True)
class Withdrawal:
    """Money on its way out; its status moves on by itself."""

    coin: str
    address: str
    amount: Decimal
    fee: Decimal
    txid: Unknown
    date: Unknown

    def view(self) -> dict[str, Any]:
        """Show it as an answer does, without the status."""
        return {
            "coin": self.coin,
            "address": self.address,
            "amount": self.amount,
            "fee_amount": self.fee,
            "txid": self.txid.shown,
            "date": self.date.shown,
        }


@define(eq=False)
class Account:
    """One account.

    Attributes:
        available: what can be spent, by coin.
        pending: deposits that aren't confirmed, by coin.
        addresses: deposit addresses by coin; None where the coin has none.
        older: what the lists held before the model began, newest first, by operation.
        is_cut: whether they held more than was read.
        constant: what nothing done here changes, by operation.
    """

    available: dict[str, Decimal]
    pending: Mapping[str, Decimal]
    addresses: Mapping[str, str | None]
    trades: list[Trade] = field(factory=list)
    withdrawals: list[Withdrawal] = field(factory=list)
    older: Mapping[str, list[Any]] = field(factory=dict)
    is_cut: bool = False
    constant: Mapping[str, Any] = field(factory=dict)
