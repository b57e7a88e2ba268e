"""Contains all the data models used in inputs/outputs"""

from .balance_answer import BalanceAnswer
from .balances_answer import BalancesAnswer
from .book import Book
from .books_answer import BooksAnswer
from .cancelled_order_answer import CancelledOrderAnswer
from .coin_balance import CoinBalance
from .currencies_answer import CurrenciesAnswer
from .currency import Currency
from .deposit import Deposit
from .deposit_address import DepositAddress
from .deposit_address_answer import DepositAddressAnswer
from .deposits_answer import DepositsAnswer
from .error import Error
from .error_detail import ErrorDetail
from .limit_order_request import LimitOrderRequest
from .list_request import ListRequest
from .order import Order
from .order_answer import OrderAnswer
from .order_book import OrderBook
from .order_book_answer import OrderBookAnswer
from .order_book_level import OrderBookLevel
from .order_id_request import OrderIdRequest
from .orders_answer import OrdersAnswer
from .placed_order_answer import PlacedOrderAnswer
from .profile import Profile
from .profile_answer import ProfileAnswer
from .session import Session
from .session_answer import SessionAnswer
from .session_token import SessionToken
from .ticker import Ticker
from .ticker_answer import TickerAnswer
from .token_permissions import TokenPermissions
from .transaction import Transaction
from .transaction_answer import TransactionAnswer
from .transaction_id_request import TransactionIdRequest
from .transactions_answer import TransactionsAnswer
from .volume import Volume
from .volume_answer import VolumeAnswer
from .withdraw_answer import WithdrawAnswer
from .withdraw_request import WithdrawRequest
from .withdrawal import Withdrawal
from .withdrawal_receipt import WithdrawalReceipt
from .withdrawals_answer import WithdrawalsAnswer

__all__ = (
    "BalanceAnswer",
    "BalancesAnswer",
    "Book",
    "BooksAnswer",
    "CancelledOrderAnswer",
    "CoinBalance",
    "CurrenciesAnswer",
    "Currency",
    "Deposit",
    "DepositAddress",
    "DepositAddressAnswer",
    "DepositsAnswer",
    "Error",
    "ErrorDetail",
    "LimitOrderRequest",
    "ListRequest",
    "Order",
    "OrderAnswer",
    "OrderBook",
    "OrderBookAnswer",
    "OrderBookLevel",
    "OrderIdRequest",
    "OrdersAnswer",
    "PlacedOrderAnswer",
    "Profile",
    "ProfileAnswer",
    "Session",
    "SessionAnswer",
    "SessionToken",
    "Ticker",
    "TickerAnswer",
    "TokenPermissions",
    "Transaction",
    "TransactionAnswer",
    "TransactionIdRequest",
    "TransactionsAnswer",
    "Volume",
    "VolumeAnswer",
    "Withdrawal",
    "WithdrawalReceipt",
    "WithdrawalsAnswer",
    "WithdrawAnswer",
    "WithdrawRequest",
)
