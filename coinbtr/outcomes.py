"""What became of a request whose answer was lost, and of orders that were cancelled together.

`reconcile` gives one of these. Only Found is true: `if lost.reconcile(): …` never takes a guess for
a fact.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

if TYPE_CHECKING:
    from coinbtr.errors import CoinBTRError
    from coinbtr.models import Balance, Order, Transaction, Withdrawal


@frozen(kw_only=True)
class Looked:
    """What all outcomes have: when the exchange was read (UTC), and the balance it told.

    `balance` is that of the coin that the request would have spent, None where it was not read.
    """

    kind: ClassVar[str]
    read_at: datetime
    balance: Balance | None = None

    def __bool__(self) -> bool:
        return False


@frozen(kw_only=True)
class Found(Looked):
    """The request was carried out: here is its order or its withdrawal; the other one is None.

    Of an order that is filled the exchange lists the trades only: then `created_at` is the time of
    its first one.
    """

    kind: ClassVar[str] = "found"
    order: Order | None = None
    withdrawal: Withdrawal | None = None

    def __bool__(self) -> bool:
        return True


@frozen(kw_only=True)
class NotFound(Looked):
    """Nothing of the request was to be seen at `read_at`, the settle interval after its loss.

    If the exchange takes longer than that to carry out what it was sent, it may still appear.
    """

    kind: ClassVar[str] = "not_found"


@frozen(kw_only=True)
class Ambiguous(Looked):
    """It can't be told: `candidates` may be its effect, or another request's. `reason` says why."""

    kind: ClassVar[str] = "ambiguous"
    reason: str
    candidates: tuple[Order | Withdrawal | Transaction, ...] = ()


@frozen(kw_only=True)
class Cancelled(Looked):
    """The order is not open any more, and not filled either; `filled` was traded before."""

    kind: ClassVar[str] = "cancelled"
    order_id: int
    filled: Decimal


@frozen(kw_only=True)
class Filled(Looked):
    """The order was filled to its end before it could be cancelled: `filled` is all of it."""

    kind: ClassVar[str] = "filled"
    order_id: int
    filled: Decimal


@frozen(kw_only=True)
class StillOpen(Looked):
    """The order is open: the request to cancel it had no effect, the settle interval later."""

    kind: ClassVar[str] = "still_open"
    order: Order


Outcome = Found | NotFound | Ambiguous | Cancelled | Filled | StillOpen


@frozen(kw_only=True)
class CancelResult:
    """What `cancel_all` did to one order.

    `order` is the order as it was listed, `cancelled` as it was cancelled (None where the exchange
    answers without it), `error` what was raised instead: OrderNotFound if it was not open any more.
    """

    order: Order
    cancelled: Order | None = None
    error: CoinBTRError | None = None

    @property
    def is_done(self) -> bool:
        """Whether the exchange said that it was cancelled."""
        return self.error is None
