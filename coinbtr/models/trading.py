"""Orders and the trades that they lead to. Amounts in the base coin, prices in the quote coin."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from coinbtr.models.enums import FilledAs, Side
from coinbtr.models.showing import plainly


@frozen(kw_only=True, field_transformer=plainly)
class Order:
    """A limit order, as it stood when the exchange answered (ruling R049).

    `amount` is what was ordered: `remaining` + `filled`. On the wire these are `initial_amount`,
    `amount` and `filled`. A partly filled order is open (R041).
    """

    id: int
    book: str
    side: Side
    price: Decimal
    amount: Decimal
    remaining: Decimal
    filled: Decimal
    is_open: bool
    created_at: datetime


@frozen(kw_only=True, field_transformer=plainly)
class Transaction:
    """One trade of one of the account's own orders (rulings R039, R050).

    `value` is what changed hands in the quote coin, at the price of the resting order; `fee_amount`
    came off what was received, in `fee_coin`.
    """

    id: int
    order_id: int
    book: str
    side: Side
    price: Decimal
    amount: Decimal
    value: Decimal
    fee_amount: Decimal
    fee_coin: str
    filled_as: FilledAs
    created_at: datetime
