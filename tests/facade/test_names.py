"""The public names are pinned, and importing them costs nothing that isn't asked for."""

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import coinbtr_api.models
import pytest

import coinbtr.models

CLIENTS = {
    *("AsyncPages", "AsyncRawAccount", "AsyncRawMarket", "AsyncRawTrading", "AsyncRawWallet"),
    *("AsyncWatch", "Pages", "RawAccount", "RawMarket", "RawTrading", "RawWallet", "Watch"),
    *("Account", "AsyncAccount", "AsyncCoinBTR", "AsyncMarket", "AsyncTrading", "AsyncWallet"),
    *("CoinBTR", "Market", "Trading", "Wallet"),
}
OPTIONS = {"GuardRails", "RateLimit", "Retries"}
INTENTS = {
    *("DeadlineExceeded", "Intent", "IntentLogError", "OutcomeUnknown", "Watermark"),
    *("outcomes", "to_frame", "unresolved"),
}
FILES = {"openapi_path"}
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
    names = (
        CLIENTS | OBSERVERS | OPTIONS | INTENTS | ENGINES | MODELS | ERRORS | LIMIT_ERRORS | FILES
    )
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


@pytest.mark.parametrize("package", [coinbtr, coinbtr.models, coinbtr_api, coinbtr_api.models])
def test_a_name_comes_from_where_a_type_checker_sees_it(package: ModuleType) -> None:
    """The imports that type checkers read are those that are made when a name is asked for."""
    tree = ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8"))
    (checked,) = (
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    names = {"__version__"} if package is coinbtr else set()
    for node in checked.body:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            home = import_module("." * node.level + (node.module or ""), package.__name__)
            assert getattr(package, alias.name) is getattr(home, alias.name)
            names.add(alias.name)
    assert names == set(package.__all__)
    assert names <= set(dir(package))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As for any other package."""
    with pytest.raises(AttributeError, match="module 'coinbtr' has no attribute 'Client'"):
        coinbtr.Client  # type: ignore[attr-defined]  # noqa: B018 - what is tested


def imported(code: str) -> set[str]:
    """The modules that there are in a new process after some code."""
    # Without httpx's command line, which it takes where rich and click happen to be installed.
    bare = "import sys; sys.modules['rich'] = sys.modules['click'] = None; "
    code = f"{bare}{code}; print('\\n'.join(sys.modules))"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_next_to_nothing() -> None:
    """Each name is imported when it is asked for: not even httpx or attrs before."""
    assert not imported("import coinbtr") & {"asyncio", "attr", "decimal", "httpx"}


def test_making_a_client_imports_what_every_client_needs() -> None:
    """httpx, attrs, and few modules of ours: no operation, model, retry library or extra."""
    made = imported("import coinbtr; coinbtr.CoinBTR(base_url='http://127.0.0.1:8642').close()")
    more = made - imported("import httpx; httpx.Client()")
    assert "httpx" in made
    assert "attr" in more
    assert len(more) <= 70
    extras = {
        *("jsonschema", "jsonschema_rs", "pandas", "schemathesis", "tenacity", "typer", "uvicorn"),
        "yaml",
    }
    assert not more & {*extras, "asyncio", "msgspec", "pycurl"}
    unasked = ("coinbtr.sandbox", "coinbtr.cli", "coinbtr._async", "coinbtr.models.")
    generated = ("coinbtr_api.api.", "coinbtr_api.models.")
    assert not [name for name in more if name.startswith(unasked + generated)]
