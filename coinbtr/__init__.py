"""The Python client of the crypto exchange CoinBTR: exact, typed, sync and async."""

from typing import TYPE_CHECKING

from coinbtr_api.lazy import lazy

from coinbtr.__about__ import __version__

if TYPE_CHECKING:
    from coinbtr import outcomes
    from coinbtr._async.account import AsyncAccount
    from coinbtr._async.client import AsyncCoinBTR
    from coinbtr._async.market import AsyncMarket
    from coinbtr._async.paging import AsyncPages
    from coinbtr._async.raw import AsyncRawAccount, AsyncRawMarket, AsyncRawTrading, AsyncRawWallet
    from coinbtr._async.trading import AsyncTrading
    from coinbtr._async.wallet import AsyncWallet
    from coinbtr._async.watching import AsyncWatch
    from coinbtr._sync.account import Account
    from coinbtr._sync.client import CoinBTR
    from coinbtr._sync.market import Market
    from coinbtr._sync.paging import Pages
    from coinbtr._sync.raw import RawAccount, RawMarket, RawTrading, RawWallet
    from coinbtr._sync.trading import Trading
    from coinbtr._sync.wallet import Wallet
    from coinbtr._sync.watching import Watch
    from coinbtr.description import openapi_path
    from coinbtr.errors import (
        AboveBookMaximum,
        AboveMaximum,
        AddressNotAllowed,
        AnswerTimeout,
        AnswerTooLarge,
        ArgumentError,
        AuthenticationError,
        BadRequest,
        BelowBookMinimum,
        BelowBookMinimumValue,
        BelowMinimum,
        BelowMinimumValue,
        BodyTooLarge,
        BookClosed,
        BookLimitBroken,
        BookNotFound,
        BrokenServerAnswer,
        ClientClosed,
        CoinBTRError,
        CoinNotFound,
        ConfigurationError,
        Conflict,
        ConnectionLost,
        ConnectTimeout,
        DeadlineExceeded,
        DepositUnavailable,
        EmptyAnswer,
        EmptyBook,
        GuardRailError,
        GuardRailUnchecked,
        GuardRailWarning,
        InferredOperationWarning,
        InsufficientFunds,
        IntentLogError,
        InvalidAddress,
        InvalidStep,
        InvalidType,
        InvalidValue,
        MalformedAnswer,
        MethodNotAllowed,
        NetworkError,
        NoConnection,
        NotFound,
        OffBookStep,
        OrderNotFound,
        OrderValueTooHigh,
        OutcomeUnknown,
        PermissionDenied,
        PriceTooFar,
        RateLimited,
        RateLimitExceeded,
        Redirected,
        Refused,
        SelfTrade,
        ServerError,
        SharedLimitWarning,
        TransactionNotFound,
        Unavailable,
        UndocumentedStatus,
        UnexpectedAnswer,
        UnlistedBook,
        Unprocessable,
        UnreadableAnswer,
        UnsupportedMediaType,
        WithdrawalsNotAllowed,
        WithdrawalUnavailable,
        WrongContentType,
    )
    from coinbtr.guards import GuardRails
    from coinbtr.limits import RateLimit
    from coinbtr.models import (
        Balance,
        Book,
        ChangeKind,
        Currency,
        Deposit,
        DepositAddress,
        FilledAs,
        OpenEnum,
        Order,
        OrderBook,
        OrderChange,
        PriceLevel,
        Profile,
        Session,
        Side,
        Ticker,
        TokenPermissions,
        Transaction,
        TransferStatus,
        Volume,
        Withdrawal,
        WithdrawalReceipt,
    )
    from coinbtr.models.frames import to_frame
    from coinbtr.sending.intent import Intent, Watermark
    from coinbtr.sending.log import unresolved
    from coinbtr.sending.observers import Attempt, AttemptEnd, Hooks
    from coinbtr.sending.raw import RawResponse
    from coinbtr.sending.retries import Retries
    from coinbtr.wire.engine import AsyncEngine, Engine, Request, Response, Timeout

__all__ = [
    "AboveBookMaximum",
    "AboveMaximum",
    "Account",
    "AddressNotAllowed",
    "AnswerTimeout",
    "AnswerTooLarge",
    "ArgumentError",
    "AsyncAccount",
    "AsyncCoinBTR",
    "AsyncEngine",
    "AsyncMarket",
    "AsyncPages",
    "AsyncRawAccount",
    "AsyncRawMarket",
    "AsyncRawTrading",
    "AsyncRawWallet",
    "AsyncTrading",
    "AsyncWallet",
    "AsyncWatch",
    "Attempt",
    "AttemptEnd",
    "AuthenticationError",
    "BadRequest",
    "Balance",
    "BelowBookMinimum",
    "BelowBookMinimumValue",
    "BelowMinimum",
    "BelowMinimumValue",
    "BodyTooLarge",
    "Book",
    "BookClosed",
    "BookLimitBroken",
    "BookNotFound",
    "BrokenServerAnswer",
    "ChangeKind",
    "ClientClosed",
    "CoinBTR",
    "CoinBTRError",
    "CoinNotFound",
    "ConfigurationError",
    "Conflict",
    "ConnectTimeout",
    "ConnectionLost",
    "Currency",
    "DeadlineExceeded",
    "Deposit",
    "DepositAddress",
    "DepositUnavailable",
    "EmptyAnswer",
    "EmptyBook",
    "Engine",
    "FilledAs",
    "GuardRailError",
    "GuardRailUnchecked",
    "GuardRailWarning",
    "GuardRails",
    "Hooks",
    "InferredOperationWarning",
    "InsufficientFunds",
    "Intent",
    "IntentLogError",
    "InvalidAddress",
    "InvalidStep",
    "InvalidType",
    "InvalidValue",
    "MalformedAnswer",
    "Market",
    "MethodNotAllowed",
    "NetworkError",
    "NoConnection",
    "NotFound",
    "OffBookStep",
    "OpenEnum",
    "Order",
    "OrderBook",
    "OrderChange",
    "OrderNotFound",
    "OrderValueTooHigh",
    "OutcomeUnknown",
    "Pages",
    "PermissionDenied",
    "PriceLevel",
    "PriceTooFar",
    "Profile",
    "RateLimit",
    "RateLimitExceeded",
    "RateLimited",
    "RawAccount",
    "RawMarket",
    "RawResponse",
    "RawTrading",
    "RawWallet",
    "Redirected",
    "Refused",
    "Request",
    "Response",
    "Retries",
    "SelfTrade",
    "ServerError",
    "Session",
    "SharedLimitWarning",
    "Side",
    "Ticker",
    "Timeout",
    "TokenPermissions",
    "Trading",
    "Transaction",
    "TransactionNotFound",
    "TransferStatus",
    "Unavailable",
    "UndocumentedStatus",
    "UnexpectedAnswer",
    "UnlistedBook",
    "Unprocessable",
    "UnreadableAnswer",
    "UnsupportedMediaType",
    "Volume",
    "Wallet",
    "Watch",
    "Watermark",
    "Withdrawal",
    "WithdrawalReceipt",
    "WithdrawalUnavailable",
    "WithdrawalsNotAllowed",
    "WrongContentType",
    "__version__",
    "openapi_path",
    "outcomes",
    "to_frame",
    "unresolved",
]

# Where each name is imported from when it is first asked for; a test holds it to the imports above.
_HOMES = {
    "outcomes": "outcomes",
    "_async.account": "AsyncAccount",
    "_async.client": "AsyncCoinBTR",
    "_async.market": "AsyncMarket",
    "_async.paging": "AsyncPages",
    "_async.raw": "AsyncRawAccount AsyncRawMarket AsyncRawTrading AsyncRawWallet",
    "_async.trading": "AsyncTrading",
    "_async.wallet": "AsyncWallet",
    "_async.watching": "AsyncWatch",
    "_sync.account": "Account",
    "_sync.client": "CoinBTR",
    "_sync.market": "Market",
    "_sync.paging": "Pages",
    "_sync.raw": "RawAccount RawMarket RawTrading RawWallet",
    "_sync.trading": "Trading",
    "_sync.wallet": "Wallet",
    "_sync.watching": "Watch",
    "description": "openapi_path",
    "errors": """
        AboveBookMaximum AboveMaximum AddressNotAllowed AnswerTimeout AnswerTooLarge
        ArgumentError AuthenticationError BadRequest BelowBookMinimum
        BelowBookMinimumValue BelowMinimum BelowMinimumValue BodyTooLarge BookClosed
        BookLimitBroken BookNotFound BrokenServerAnswer ClientClosed CoinBTRError
        CoinNotFound ConfigurationError Conflict ConnectionLost ConnectTimeout
        DeadlineExceeded DepositUnavailable EmptyAnswer EmptyBook GuardRailError
        GuardRailUnchecked GuardRailWarning InferredOperationWarning InsufficientFunds
        IntentLogError InvalidAddress InvalidStep InvalidType InvalidValue MalformedAnswer
        MethodNotAllowed NetworkError NoConnection NotFound OffBookStep OrderNotFound
        OrderValueTooHigh OutcomeUnknown PermissionDenied PriceTooFar RateLimited
        RateLimitExceeded Redirected Refused SelfTrade ServerError SharedLimitWarning
        TransactionNotFound Unavailable UndocumentedStatus UnexpectedAnswer UnlistedBook
        Unprocessable UnreadableAnswer UnsupportedMediaType WithdrawalsNotAllowed
        WithdrawalUnavailable WrongContentType
    """,
    "guards": "GuardRails",
    "limits": "RateLimit",
    "models": """
        Balance Book ChangeKind Currency Deposit DepositAddress FilledAs OpenEnum Order
        OrderBook OrderChange PriceLevel Profile Session Side Ticker TokenPermissions
        Transaction TransferStatus Volume Withdrawal WithdrawalReceipt
    """,
    "models.frames": "to_frame",
    "sending.intent": "Intent Watermark",
    "sending.log": "unresolved",
    "sending.observers": "Attempt AttemptEnd Hooks",
    "sending.raw": "RawResponse",
    "sending.retries": "Retries",
    "wire.engine": "AsyncEngine Engine Request Response Timeout",
}

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(
        __name__, {name: home for home, names in _HOMES.items() for name in names.split()}
    )
