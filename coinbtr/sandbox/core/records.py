"""What the exchange keeps about its users: accounts, their trades, deposits and withdrawals.

Amounts are in units (10^-8), times in milliseconds since 1970 (UTC).
"""

from enum import StrEnum

from attrs import define, frozen

from coinbtr.sandbox.core.orders import Side


@frozen
class Account:
    """A user of the exchange."""

    id: int
    username: str
    email: str
    level: int
    created_ms: int


class FilledAs(StrEnum):
    """Whether an order waited in the book or took from it."""

    MAKER = "maker"
    TAKER = "taker"


@frozen
class Transaction:
    """One trade as one of its two sides sees it; the fee is in the coin that it received."""

    id: int
    account_id: int
    order_id: int
    market: str
    side: Side
    price: int
    amount: int
    value: int
    fee: int
    fee_coin: str
    filled_as: FilledAs
    created_ms: int


class TransferStatus(StrEnum):
    """How far a transfer has come."""

    PENDING = "pending"
    SIGNED = "signed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@define(eq=False)
class Withdrawal:
    """Money on its way out: `signed`, then `sent`, then `confirmed` or `failed`."""

    id: int
    account_id: int
    coin: str
    address: str
    amount: int
    fee: int
    txid: str
    created_ms: int
    status: TransferStatus = TransferStatus.SIGNED
    confirmations: int = 0


@define(eq=False)
class Deposit:
    """Money on its way in: `pending`, then `confirmed` after enough blocks."""

    id: int
    account_id: int
    coin: str
    address: str
    amount: int
    txid: str
    created_ms: int
    status: TransferStatus = TransferStatus.PENDING
    confirmations: int = 0
