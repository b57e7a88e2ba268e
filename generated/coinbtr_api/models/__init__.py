"""Contains all the data models used in inputs/outputs; imported when asked for."""

from typing import TYPE_CHECKING

from ..lazy import lazy

if TYPE_CHECKING:
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
    "WithdrawAnswer",
    "WithdrawRequest",
    "Withdrawal",
    "WithdrawalReceipt",
    "WithdrawalsAnswer",
)

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "BalanceAnswer": "balance_answer",
            "BalancesAnswer": "balances_answer",
            "Book": "book",
            "BooksAnswer": "books_answer",
            "CancelledOrderAnswer": "cancelled_order_answer",
            "CoinBalance": "coin_balance",
            "CurrenciesAnswer": "currencies_answer",
            "Currency": "currency",
            "Deposit": "deposit",
            "DepositAddress": "deposit_address",
            "DepositAddressAnswer": "deposit_address_answer",
            "DepositsAnswer": "deposits_answer",
            "Error": "error",
            "ErrorDetail": "error_detail",
            "LimitOrderRequest": "limit_order_request",
            "ListRequest": "list_request",
            "Order": "order",
            "OrderAnswer": "order_answer",
            "OrderBook": "order_book",
            "OrderBookAnswer": "order_book_answer",
            "OrderBookLevel": "order_book_level",
            "OrderIdRequest": "order_id_request",
            "OrdersAnswer": "orders_answer",
            "PlacedOrderAnswer": "placed_order_answer",
            "Profile": "profile",
            "ProfileAnswer": "profile_answer",
            "Session": "session",
            "SessionAnswer": "session_answer",
            "SessionToken": "session_token",
            "Ticker": "ticker",
            "TickerAnswer": "ticker_answer",
            "TokenPermissions": "token_permissions",
            "Transaction": "transaction",
            "TransactionAnswer": "transaction_answer",
            "TransactionIdRequest": "transaction_id_request",
            "TransactionsAnswer": "transactions_answer",
            "Volume": "volume",
            "VolumeAnswer": "volume_answer",
            "WithdrawAnswer": "withdraw_answer",
            "WithdrawRequest": "withdraw_request",
            "Withdrawal": "withdrawal",
            "WithdrawalReceipt": "withdrawal_receipt",
            "WithdrawalsAnswer": "withdrawals_answer",
        },
    )
