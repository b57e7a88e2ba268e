"""What a request that moves money was to do, without the token: enough to find out what it did."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from attrs import evolve, field, frozen


@frozen(kw_only=True)
class Watermark:
    """The newest that this client knew of the account when it sent: what is newer may be its own.

    `order_id` and `transaction_id` are the highest known ids, `txid` names the newest withdrawal of
    the coin. Of an order to cancel, `transaction_id` is what was known when it was placed by this
    client: its own trades are newer. Each is None if nothing was known, and 0 or "" if it was known
    that there was none.
    """

    order_id: int | None = None
    transaction_id: int | None = None
    txid: str | None = None


def _new_id() -> str:
    from uuid import uuid4

    return uuid4().hex


@frozen(kw_only=True)
class Intent:
    """What a call was to do: an order to place or cancel, or coins to send.

    `operation` is the description's operationId, `book` upper case, `side` BUY or SELL, `amount`
    and `price` exact. Of an order to cancel, `order_id` is given, and `amount` where it is known.
    `when` is the time of sending (UTC, this machine's clock). `id` names the intent in the log.
    """

    operation: str
    book: str | None = None
    side: Literal["BUY", "SELL"] | None = None
    amount: Decimal | None = None
    price: Decimal | None = None
    coin: str | None = None
    address: str | None = None
    order_id: int | None = None
    watermark: Watermark = Watermark()
    when: datetime = field(factory=lambda: datetime.now(UTC))
    id: str = field(factory=_new_id)

    @property
    def kind(self) -> Literal["place", "cancel", "withdraw"]:
        """What it is about."""
        if self.order_id is not None:
            return "cancel"
        return "withdraw" if self.address is not None else "place"

    def is_like(self, other: Intent) -> bool:
        """Whether both ask for the same thing, so that nobody could tell their effects apart."""
        return self._asked() == other._asked()

    def sent(self, when: datetime, watermark: Watermark, amount: Decimal | None) -> Intent:
        """The same intent at the moment of sending; `amount` if it doesn't say one itself."""
        known = amount if self.amount is None else self.amount
        return evolve(self, when=when, watermark=watermark, amount=known)

    def __str__(self) -> str:
        if self.kind == "cancel":
            return f"cancel order {self.order_id}"
        if self.kind == "withdraw":
            return f"withdraw {_plain(self.amount)} {self.coin} to {self.address}"
        verb = "buy" if self.side == "BUY" else "sell"
        return f"{verb} {_plain(self.amount)} {self.book} at {_plain(self.price)}"

    def _asked(self) -> tuple[object, ...]:
        if self.kind == "cancel":
            return (self.operation, self.order_id)
        return (
            *(self.operation, self.book, self.side, self.amount, self.price),
            *(self.coin, self.address),
        )


def _plain(number: Decimal | None) -> str:
    return "?" if number is None else f"{number:f}"
