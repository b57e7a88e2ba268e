"""What happened to the account's open orders between two readings of them."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from coinbtr.models.trading import Order


class ChangeKind(StrEnum):
    """What happened to an order.

    `GONE`: it is not open any more, and the account's trades don't tell whether it was filled or
    cancelled.
    """

    OPEN = "open"
    TRADED = "traded"
    FILLED = "filled"
    CANCELLED = "cancelled"
    GONE = "gone"


@frozen(kw_only=True)
class OrderChange:
    """One change of one order: seen open for the first time, traded in part, or ended.

    `order` is how it stands now; `before` how it stood at the reading before, None at the first.
    """

    kind: ChangeKind
    order: Order
    before: Order | None
