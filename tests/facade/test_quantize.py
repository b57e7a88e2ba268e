"""A price or an amount is brought to the book's step in the direction that was named."""

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coinbtr import Book, CoinBTR, InvalidType, InvalidValue
from coinbtr.money import is_multiple, product

STEPS = ("0.01", "0.00000001", "1", "0.25", "0.03", "5")
VALUES = st.decimals(min_value=0, max_value=10**12, places=20, allow_nan=False)


def book(price_step: str = "0.01", amount_step: str = "0.000001") -> Book:
    """A book with these steps."""
    numbers = ("min_amount", "max_amount", "min_price", "max_price", "min_value")
    fees = {"maker_fee": Decimal(0), "taker_fee": Decimal(0)}
    return Book(
        name="BTC-MXN",
        is_open=True,
        price_step=Decimal(price_step),
        amount_step=Decimal(amount_step),
        **dict.fromkeys(numbers, Decimal(1)),
        **fees,
    )


@pytest.mark.parametrize(
    ("value", "down", "up", "nearest"),
    [
        ("1234.567", "1234.56", "1234.57", "1234.57"),
        ("1234.565", "1234.56", "1234.57", "1234.56"),
        ("1234.575", "1234.57", "1234.58", "1234.58"),
        ("1234.56", "1234.56", "1234.56", "1234.56"),
        ("0.009", "0.00", "0.01", "0.01"),
        (7, "7.00", "7.00", "7.00"),
        (Decimal(1000) / 3, "333.33", "333.34", "333.33"),
        (Decimal("0.001") / 3, "0.00", "0.01", "0.00"),
        ("999999999999.9900000000000001", "999999999999.99", "1000000000000.00", "999999999999.99"),
    ],
)
def test_a_price_goes_the_way_that_is_named(value: Any, down: str, up: str, nearest: str) -> None:
    """Down, up and to the nearest step, written with the step's decimals."""
    prices = {way: f"{book().quantize_price(value, way):f}" for way in ("down", "up", "nearest")}
    assert prices == {"down": down, "up": up, "nearest": nearest}


@pytest.mark.parametrize("step", STEPS)
@given(value=VALUES)
def test_what_comes_out_is_a_multiple_and_near(step: str, value: Decimal) -> None:
    """Always a multiple, below and above in their directions, less than one step away."""
    one, width = book(amount_step=step), Decimal(step)
    with localcontext(prec=50):
        down = one.quantize_amount(value, "down")
        up = one.quantize_amount(value, "up")
        nearest = one.quantize_amount(value, rounding="nearest")
        assert all(is_multiple(made, width) for made in (down, up, nearest))
        assert down <= value <= up
        assert up - down in (0, width)
        assert (up == down) is is_multiple(value, width)
        assert nearest in (down, up)
        assert 2 * abs(nearest - value) <= width


def test_the_callers_context_changes_nothing() -> None:
    """A decimal context of two digits, set by the caller, rounds none of it."""
    with localcontext(prec=2):
        assert book().quantize_price("1234567.891", "down") == Decimal("1234567.89")
        assert f"{product(Decimal('1234567.89'), Decimal('0.000001')):f}" == "1.23456789"


@pytest.mark.parametrize(
    ("value", "rounding", "kind", "field"),
    [
        (0.1, "down", InvalidType, "amount"),
        (True, "down", InvalidType, "amount"),
        (None, "down", InvalidType, "amount"),
        ("-1", "down", InvalidValue, "amount"),
        (Decimal("-0.01"), "up", InvalidValue, "amount"),
        (Decimal("NaN"), "up", InvalidValue, "amount"),
        (Decimal("1e99999999"), "up", InvalidValue, "amount"),
        ("1e3", "up", InvalidValue, "amount"),
        ("1", "half", InvalidValue, "rounding"),
        ("1", None, InvalidValue, "rounding"),
    ],
)
def test_what_cannot_be_rounded_is_named(
    value: Any, rounding: Any, kind: type[InvalidValue | InvalidType], field: str
) -> None:
    """Floats, negatives, what is no number, and a direction that there is not."""
    with pytest.raises(kind) as caught:
        book().quantize_amount(value, rounding)
    assert caught.value.field == field


def test_a_book_without_a_step_rounds_to_the_eighth_decimal() -> None:
    """A step of 0, should a server list one, divides nothing by zero."""
    assert book(price_step="0").quantize_price("0.123456789", "up") == Decimal("0.12345679")
    assert is_multiple(Decimal("0.123"), Decimal(0))


def test_a_rounded_order_is_taken() -> None:
    """What was rounded with the book's own helpers passes its checks."""
    with CoinBTR.sandbox() as exchange:
        books = {one.name: one for one in exchange.market.books()}
        rules = books["BTC-MXN"]
        ticker = exchange.market.ticker("btc-mxn")
        assert ticker.bid is not None
        order = exchange.trading.buy_limit(
            "btc-mxn",
            amount=rules.quantize_amount(Decimal(1000) / ticker.bid, "up"),
            price=rules.quantize_price(ticker.bid * Decimal("0.9973123"), "down"),
        )
        assert is_multiple(order.price, rules.price_step)
