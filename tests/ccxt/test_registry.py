"""ccxt finds the exchange by name, as it finds its own."""

import pickle
import subprocess
import sys

import ccxt
import ccxt.async_support
import pytest

import coinbtr.ccxt
import coinbtr.ccxt.async_support
from coinbtr import errors
from coinbtr.ccxt.errors import by_code, meaning
from coinbtr.sending.intent import Intent


def test_one_import_is_enough() -> None:
    """It is an attribute and in the list, in order and once, sync and async."""
    coinbtr.ccxt.register()
    coinbtr.ccxt.register()
    for module, kind in (
        (ccxt, coinbtr.ccxt.coinbtr),
        (ccxt.async_support, coinbtr.ccxt.async_support.coinbtr),
    ):
        assert getattr(module, "coinbtr") is kind  # noqa: B009 - by its name, as bots do it
        assert issubclass(kind, module.Exchange)
        assert module.exchanges.count("coinbtr") == 1
        assert module.exchanges == sorted(module.exchanges)
    assert ccxt.coinbtr().id == "coinbtr"


def test_a_program_is_run_so_that_it_knows_the_exchange() -> None:
    """`python -m coinbtr.ccxt MODULE …` runs it with its arguments."""
    said = subprocess.run(
        [
            *(sys.executable, "-m", "coinbtr.ccxt", "timeit", "-n", "1", "-r", "1"),
            "import ccxt; assert ccxt.coinbtr().id == 'coinbtr'",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert said.returncode == 0, said.stderr
    assert "loop" in said.stdout
    wrong = subprocess.run(
        [sys.executable, "-m", "coinbtr.ccxt"], capture_output=True, text=True, timeout=120
    )
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("usage: python -m coinbtr.ccxt MODULE")


def test_has_names_only_methods_that_are_there() -> None:
    """What it says yes to is not ccxt's own method that refuses."""
    exchange = coinbtr.ccxt.coinbtr()
    for name, value in exchange.has.items():
        method = getattr(exchange, name, None)
        if value and callable(method):
            own = hasattr(coinbtr.ccxt.coinbtr, method.__name__)
            assert own, name
    assert exchange.has["fetchTickers"] == "emulated"
    for name in ("fetchOHLCV", "fetchTrades", "fetchClosedOrders", "createMarketOrder", "ws"):
        assert not exchange.has[name]


def test_the_sandbox_is_on_this_machine_unless_it_is_told_elsewhere() -> None:
    """`set_sandbox_mode` turns to `urls["test"]`, and back to the live exchange."""
    exchange = coinbtr.ccxt.coinbtr()
    assert exchange.urls["api"] == "https://coinbtr.com/api/v1"
    exchange.set_sandbox_mode(True)
    assert exchange.urls["api"] == "http://127.0.0.1:8642/api/v1"
    exchange.set_sandbox_mode(False)
    assert exchange.urls["api"] == "https://coinbtr.com/api/v1"
    other = coinbtr.ccxt.coinbtr(
        {"urls": {"test": "http://127.0.0.1:1/api/v1"}, "options": {"sandbox": True}}
    )
    assert other.urls["api"] == "http://127.0.0.1:1/api/v1"


def test_a_key_goes_over_tls_or_stays_on_this_machine() -> None:
    """Plain http to another machine is refused before anything is sent."""
    exchange = coinbtr.ccxt.coinbtr({"apiKey": "k" * 20, "urls": {"api": "http://example.com/api"}})
    with pytest.raises(ccxt.ExchangeError, match="https"):
        exchange.fetch_balance()


def test_every_error_has_a_meaning_in_ccxts_tree() -> None:
    """Each code of the exchange, and each class of the package's tree."""
    assert by_code()["insufficient_funds"] is ccxt.InsufficientFunds
    assert by_code()["rate_limited"] is ccxt.RateLimitExceeded
    assert coinbtr.ccxt.coinbtr().describe()["exceptions"]["exact"] == by_code()
    for name in errors.__all__:
        kind = getattr(errors, name)
        if issubclass(kind, errors.CoinBTRError):
            assert issubclass(meaning(kind), ccxt.BaseError)
    # What a program may try again, and what it may not.
    assert issubclass(meaning(errors.Unavailable), ccxt.NetworkError)
    assert not issubclass(meaning(errors.Refused), ccxt.NetworkError)


def test_a_lost_answer_pickles() -> None:
    """With what it needs to be looked up by another client."""
    lost = errors.OutcomeUnknown("lost", intent=Intent(operation="withdraw"))
    again = pickle.loads(pickle.dumps(coinbtr.ccxt.OutcomeUnknown("coinbtr lost", lost)))  # noqa: S301
    assert str(again) == "coinbtr lost"
    assert again.lost.intent == lost.intent
