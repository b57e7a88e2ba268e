"""Balances, deposits and withdrawals. Amounts are in units of the coin, exact."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from coinbtr.models.enums import TransferStatus
from coinbtr.models.showing import InNotebooks, plainly
from coinbtr.money import difference


@frozen(kw_only=True, field_transformer=plainly)
class Balance(InNotebooks):
    """What the account has of one coin: `total` is `available` + `frozen` + `pending` (R032).

    `pending` is deposits not yet confirmed; `deposit_address` is None for a coin without one (MXN).
    """

    coin: str
    total: Decimal
    available: Decimal
    pending: Decimal
    deposit_address: str | None

    @property
    def frozen(self) -> Decimal:
        """What open orders hold."""
        return difference(self.total, self.available, self.pending)


@frozen(kw_only=True)
class DepositAddress:
    """Where to send a coin to, to have it in the account."""

    coin: str
    address: str


@frozen(kw_only=True)
class WithdrawalReceipt:
    """What the exchange says of a withdrawal at once; `txid` names it in the list (ruling R033)."""

    coin: str
    txid: str
    status: TransferStatus
    date: datetime


@frozen(kw_only=True, field_transformer=plainly)
class Withdrawal:
    """Coins sent: the destination receives `amount`; `fee_amount` was paid on top (ruling R055)."""

    coin: str
    address: str
    amount: Decimal
    fee_amount: Decimal
    txid: str
    status: TransferStatus
    date: datetime


@frozen(kw_only=True, field_transformer=plainly)
class Deposit:
    """Coins received; they are available once they have the confirmations that the coin needs."""

    coin: str
    address: str
    amount: Decimal
    txid: str
    status: TransferStatus
    confirmations: int
    date: datetime
