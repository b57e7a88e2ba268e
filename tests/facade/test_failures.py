"""What a failure says of itself: where an engine broke, and which limit stopped an order."""

import copy
import pickle
from decimal import Decimal

import pytest

from coinbtr import CoinBTR, ConnectionLost, GuardRailError
from coinbtr.wire.secret import Token
from coinbtr.wire.verdict import failure


def broken() -> None:
    """Break, one call below who asked."""
    raise ZeroDivisionError("half of nothing")


def test_an_engine_that_breaks_is_placed() -> None:
    """The exception, the file and the line of the innermost frame, and its words."""
    with pytest.raises(ZeroDivisionError) as caught:
        broken()
    found = failure(caught.value)
    line = broken.__code__.co_firstlineno + 2
    assert found.kind is ConnectionLost
    assert found.summary == "the engine failed"
    assert found.reason == f"ZeroDivisionError at test_failures.py:{line}: half of nothing"


def test_an_exception_that_was_never_raised_has_no_place() -> None:
    """Its name and its words are all there is."""
    assert failure(KeyError("left")).reason == "KeyError: 'left'"


def test_a_token_shows_nothing_and_goes_nowhere() -> None:
    """Its repr has no letter of it, and neither a copy nor a pickle is made."""
    token = Token("a-token-of-a-test")
    assert repr(token) == "Token(…)"
    assert f"{token}" == "Token(…)"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"^a token is never pickled or copied; make a new"):
            leave(token)


@pytest.mark.parametrize(
    ("amount", "price", "limit", "words"),
    [
        ("0.0000001", "900000", "min_amount", "amount is 0.0000001 BTC, below"),
        ("0.001", "0.01", "min_price", "price is 0.01 MXN, below"),
        ("0.0001", "500000.001", "price_step", "price is 500000.001 MXN, no multiple of"),
    ],
)
def test_a_limit_of_the_book_is_told_in_full(
    amount: str, price: str, limit: str, words: str
) -> None:
    """What is out of bounds, of which book, in which coin; and that nothing was sent."""
    with CoinBTR.sandbox() as exchange:
        [book] = [book for book in exchange.market.books() if book.name == "BTC-MXN"]
        with pytest.raises(GuardRailError) as caught:
            exchange.trading.buy_limit("btc-mxn", amount=amount, price=price)
    error, allowed = caught.value, getattr(book, limit)
    coin = "BTC" if limit == "min_amount" else "MXN"
    assert error.message == f"{words} {limit} of BTC-MXN, {allowed:f} {coin}; nothing was sent"
    assert (error.limit, error.allowed) == (limit, allowed)
    assert error.value == Decimal(amount if limit == "min_amount" else price)
    assert error.operation == "placeBuyLimitOrder"
