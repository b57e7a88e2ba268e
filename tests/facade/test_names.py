"""The public names are pinned, and importing them costs nothing that isn't asked for."""

import subprocess
import sys

import coinbtr

CLIENTS = {
    *("AsyncPages", "AsyncRawAccount", "AsyncRawMarket", "AsyncRawTrading", "AsyncRawWallet"),
    *("AsyncWatch", "Pages", "RawAccount", "RawMarket", "RawTrading", "RawWallet", "Watch"),
    *("Account", "AsyncAccount", "AsyncCoinBTR", "AsyncMarket", "AsyncTrading", "AsyncWallet"),
    *("CoinBTR", "Market", "Trading", "Wallet"),
}
OPTIONS = {"GuardRails", "RateLimit", "Retries"}
INTENTS = {
    *("DeadlineExceeded", "Intent", "IntentLogError", "OutcomeUnknown", "Watermark"),
    *("outcomes", "unresolved"),
}
OBSERVERS = {"Attempt", "AttemptEnd", "Hooks", "RawResponse"}
ENGINES = {"AsyncEngine", "Engine", "Request", "Response", "Timeout"}
MODELS = {
    *("ChangeKind", "OrderChange"),
    *("Balance", "Book", "Currency", "Deposit", "DepositAddress", "FilledAs", "OpenEnum", "Order"),
    *("OrderBook", "PriceLevel", "Profile", "Session", "Side", "Ticker", "TokenPermissions"),
    *("Transaction", "TransferStatus", "Volume", "Withdrawal", "WithdrawalReceipt"),
}
ERRORS = {
    *("AboveMaximum", "AnswerTimeout", "AnswerTooLarge", "ArgumentError", "AuthenticationError"),
    *("BadRequest", "BelowMinimum", "BelowMinimumValue", "BodyTooLarge", "BookClosed"),
    *("BookNotFound", "BrokenServerAnswer", "ClientClosed", "CoinBTRError", "CoinNotFound"),
    *("ConfigurationError", "Conflict", "ConnectTimeout", "ConnectionLost", "DepositUnavailable"),
    *("EmptyAnswer", "EmptyBook", "InferredOperationWarning", "InsufficientFunds"),
    *("InvalidAddress", "InvalidStep", "InvalidType", "InvalidValue", "MalformedAnswer"),
    *("MethodNotAllowed", "NetworkError", "NoConnection", "NotFound", "OrderNotFound"),
    *("PermissionDenied", "RateLimited", "Redirected", "Refused", "SelfTrade", "ServerError"),
    *("TransactionNotFound", "Unavailable", "UndocumentedStatus", "UnexpectedAnswer"),
    *("Unprocessable", "UnreadableAnswer", "UnsupportedMediaType", "WithdrawalUnavailable"),
    "WrongContentType",
}
LIMIT_ERRORS = {
    *("AboveBookMaximum", "AddressNotAllowed", "BelowBookMinimum", "BelowBookMinimumValue"),
    *("BookLimitBroken", "GuardRailError", "GuardRailUnchecked", "GuardRailWarning"),
    *("OffBookStep", "OrderValueTooHigh", "PriceTooFar", "RateLimitExceeded"),
    *("SharedLimitWarning", "UnlistedBook", "WithdrawalsNotAllowed"),
}


def test_the_public_names_are_these() -> None:
    """A name is added or taken away on purpose only, and the list is sorted."""
    names = CLIENTS | OBSERVERS | OPTIONS | INTENTS | ENGINES | MODELS | ERRORS | LIMIT_ERRORS
    assert set(coinbtr.__all__) == names | {"__version__"}
    assert coinbtr.__all__ == sorted(coinbtr.__all__)
    assert len(coinbtr.__all__) == len(set(coinbtr.__all__))


def test_every_public_name_has_a_docstring() -> None:
    """Each exported class says in its own words what it is, and so do functions and modules."""
    for name in coinbtr.__all__:
        if name != "__version__":
            value = getattr(coinbtr, name)
            # A class inherits no docstring: it must have its own.
            text = vars(value).get("__doc__") if isinstance(value, type) else value.__doc__
            assert text, name


def test_importing_the_package_imports_no_extra() -> None:
    """`import coinbtr` needs httpx and attrs only: the retry library waits for the first retry."""
    code = "import sys, coinbtr; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "httpx" in imported
    # Not rich: httpx takes it where it finds it.
    extras = {"jsonschema", "jsonschema_rs", "schemathesis", "tenacity", "typer", "uvicorn", "yaml"}
    assert not imported & extras
    assert not any(name.startswith(("coinbtr.sandbox", "coinbtr.cli")) for name in imported)
