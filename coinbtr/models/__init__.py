"""The domain objects: immutable, with Decimals, aware datetimes in UTC, and open enums."""

from typing import TYPE_CHECKING

from coinbtr_api.lazy import lazy

if TYPE_CHECKING:
    from coinbtr.models.account import Profile, Session, TokenPermissions
    from coinbtr.models.changes import ChangeKind, OrderChange
    from coinbtr.models.enums import FilledAs, OpenEnum, Side, TransferStatus
    from coinbtr.models.market import Book, Currency, OrderBook, PriceLevel, Ticker, Volume
    from coinbtr.models.trading import Order, Transaction
    from coinbtr.models.wallet import (
        Balance,
        Deposit,
        DepositAddress,
        Withdrawal,
        WithdrawalReceipt,
    )

__all__ = [
    "Balance",
    "Book",
    "ChangeKind",
    "Currency",
    "Deposit",
    "DepositAddress",
    "FilledAs",
    "OpenEnum",
    "Order",
    "OrderBook",
    "OrderChange",
    "PriceLevel",
    "Profile",
    "Session",
    "Side",
    "Ticker",
    "TokenPermissions",
    "Transaction",
    "TransferStatus",
    "Volume",
    "Withdrawal",
    "WithdrawalReceipt",
]

# Where each name is imported from when it is first asked for; a test holds it to the imports above.
_HOMES = {
    "account": "Profile Session TokenPermissions",
    "changes": "ChangeKind OrderChange",
    "enums": "FilledAs OpenEnum Side TransferStatus",
    "market": "Book Currency OrderBook PriceLevel Ticker Volume",
    "trading": "Order Transaction",
    "wallet": "Balance Deposit DepositAddress Withdrawal WithdrawalReceipt",
}

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(
        __name__, {name: home for home, names in _HOMES.items() for name in names.split()}
    )
