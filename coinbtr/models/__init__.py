"""The domain objects: immutable, with Decimals, aware datetimes in UTC, and open enums."""

from coinbtr.models.account import Profile, Session, TokenPermissions
from coinbtr.models.changes import ChangeKind, OrderChange
from coinbtr.models.enums import FilledAs, OpenEnum, Side, TransferStatus
from coinbtr.models.market import Book, Currency, OrderBook, PriceLevel, Ticker, Volume
from coinbtr.models.trading import Order, Transaction
from coinbtr.models.wallet import Balance, Deposit, DepositAddress, Withdrawal, WithdrawalReceipt

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
