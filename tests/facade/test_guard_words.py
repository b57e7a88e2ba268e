"""What the error of each guard rail says: the sentence that a user reads, and the facts in it."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

import coinbtr
from coinbtr import GuardRailError, GuardRails
from coinbtr.guards import (
    Placing,
    book_limit_broken,
    check_price,
    check_value,
    check_withdrawal,
    unlisted,
)
from coinbtr.models import Book, OrderBook, PriceLevel

ORDER = Placing("placeBuyLimitOrder", "BTC-MXN", Decimal("0.5"), Decimal(1000))
BOOK = Book(
    name="BTC-MXN",
    min_amount=Decimal("0.1"),
    max_amount=Decimal(2),
    amount_step=Decimal("0.1"),
    min_price=Decimal(500),
    max_price=Decimal(3000),
    price_step=Decimal("0.5"),
    min_value=Decimal(100),
    maker_fee=Decimal(0),
    taker_fee=Decimal(0),
    is_open=True,
)
LIMITED = GuardRails(
    allow_withdrawals=True,
    withdrawal_addresses={"btc": ["b", "a"]},
    max_order_value={"mxn": "400", "usd": None},
    max_price_deviation="0.1",
)


def levels(bids: list[int], asks: list[int]) -> OrderBook:
    """An order book with these prices, best first."""

    def side(prices: list[int]) -> tuple[PriceLevel, ...]:
        return tuple(PriceLevel(price=Decimal(one), amount=Decimal(1)) for one in prices)

    return OrderBook(book="BTC-MXN", bids=side(bids), asks=side(asks))


def broken(**changes: Any) -> None:
    """Raise what of the book's limits an order breaks that differs in this."""
    error = book_limit_broken(evolve(ORDER, **changes), BOOK)
    assert error is not None
    raise error


REFUSED: list[tuple[Any, type[GuardRailError], tuple[str, object, object, str], str]] = [
    (
        lambda: check_withdrawal(GuardRails(), "btc", "a"),
        coinbtr.WithdrawalsNotAllowed,
        ("allow_withdrawals", False, "BTC", "withdraw"),
        "withdraw: this client withdraws nothing: allow_withdrawals is False, and a withdrawal of"
        " BTC was asked for; make it with allow_withdrawals=True to change that; nothing was sent",
    ),
    (
        lambda: check_withdrawal(LIMITED, "btc", "A"),
        coinbtr.AddressNotAllowed,
        ("withdrawal_addresses", ("a", "b"), "A", "withdraw"),
        "withdraw: A is none of the 2 addresses that withdrawal_addresses has for BTC; nothing was"
        " sent",
    ),
    (
        lambda: check_value(LIMITED, evolve(ORDER, book="LTC-BTC")),
        coinbtr.OrderValueTooHigh,
        ("max_order_value", None, Decimal(500), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: max_order_value has no limit for BTC, and the order's value is 500.0"
        " BTC; add one, or None for no limit; nothing was sent",
    ),
    (
        lambda: check_value(LIMITED, ORDER),
        coinbtr.OrderValueTooHigh,
        ("max_order_value", Decimal(400), Decimal(500), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: amount × price is 500.0 MXN, above max_order_value of 400 MXN; nothing"
        " was sent",
    ),
    (
        lambda: check_price(LIMITED, ORDER, levels([1200, 1], [1300, 9999])),
        coinbtr.PriceTooFar,
        ("max_price_deviation", (1080, 1430), Decimal(1000), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: the price 1000 is outside 1080.0 to 1430.0 MXN, which is"
        " max_price_deviation of 0.1 from the best bid 1200 and ask 1300; nothing was sent",
    ),
    (
        lambda: check_price(LIMITED, ORDER, levels([], [])),
        coinbtr.GuardRailUnchecked,
        ("max_price_deviation", Decimal("0.1"), Decimal(1000), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: max_price_deviation can't be checked, so the order was not sent:"
        " BTC-MXN has no orders at all",
    ),
    (
        lambda: broken(amount=Decimal("0.05")),
        coinbtr.BelowBookMinimum,
        ("min_amount", Decimal("0.1"), Decimal("0.05"), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: amount is 0.05 BTC, below min_amount of BTC-MXN, 0.1 BTC; nothing was"
        " sent",
    ),
    (
        lambda: broken(amount=Decimal("2.1")),
        coinbtr.AboveBookMaximum,
        ("max_amount", 2, Decimal("2.1"), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: amount is 2.1 BTC, above max_amount of BTC-MXN, 2 BTC; nothing was"
        " sent",
    ),
    (
        lambda: broken(price=Decimal("1000.3")),
        coinbtr.OffBookStep,
        ("price_step", Decimal("0.5"), Decimal("1000.3"), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: price is 1000.3 MXN, no multiple of price_step of BTC-MXN, 0.5 MXN;"
        " nothing was sent",
    ),
    (
        lambda: broken(amount=Decimal("0.1"), price=Decimal(999)),
        coinbtr.BelowBookMinimumValue,
        ("min_value", 100, Decimal("99.9"), "placeBuyLimitOrder"),
        "placeBuyLimitOrder: amount × price is 99.9 MXN, below min_value of BTC-MXN, 100 MXN;"
        " nothing was sent",
    ),
]


@pytest.mark.parametrize(("refuse", "kind", "facts", "words"), REFUSED)
def test_each_refusal_names_its_limit_and_what_was_asked_for(
    refuse: Any, kind: type[GuardRailError], facts: tuple[str, object, object, str], words: str
) -> None:
    """The whole sentence, and what a program needs of it: limit, allowed, value and operation."""
    with pytest.raises(GuardRailError) as caught:
        refuse()
    error = caught.value
    assert type(error) is kind
    assert (error.limit, error.allowed, error.value, error.operation) == facts
    assert str(error) == words


@pytest.mark.parametrize(
    ("listed", "names", "words"),
    [
        ([BOOK, evolve(BOOK, name="LTC-MXN")], ("BTC-MXN", "LTC-MXN"), "BTC-MXN, LTC-MXN"),
        ([], (), "there are none"),
    ],
)
def test_a_book_that_is_not_listed_is_told_those_that_are(
    listed: list[Book], names: tuple[str, ...], words: str
) -> None:
    """An order on a book that doesn't exist is answered with the books that do."""
    error = unlisted(evolve(ORDER, book="DOGE-MXN"), listed)
    facts = ("books", names, "DOGE-MXN", "placeBuyLimitOrder")
    assert (error.limit, error.allowed, error.value, error.operation) == facts
    assert str(error) == (
        "placeBuyLimitOrder: DOGE-MXN is none of the books that the exchange lists"
        f" ({words}); nothing was sent"
    )


def test_the_bounds_of_a_book_and_of_a_value_are_within_them() -> None:
    """The largest amount and price, the least of both, and the highest value are sent."""
    for amount, price in (("2", "3000"), ("0.2", "500"), ("0.1", "1000")):
        order = evolve(ORDER, amount=Decimal(amount), price=Decimal(price))
        assert book_limit_broken(order, BOOK) is None
    check_value(LIMITED, evolve(ORDER, price=Decimal(800)))
    check_value(LIMITED, evolve(ORDER, book="BTC-USD", price=Decimal(10**9)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"max_order_value": "5"},
            'max_order_value must name the coin: write {"mxn": "50000"}, with an entry for each'
            " coin that you pay or price in, None for one without a limit",
        ),
        (
            {"withdrawal_addresses": "abc"},
            'withdrawal_addresses must be a list of str for each coin, such as {"btc": ["2N9J…"]}',
        ),
        (
            {"max_price_deviation": "2"},
            "max_price_deviation is a share from 0 to 1, 0.05 for 5 %, and not '2'",
        ),
        ({"guards": {}}, "guards must be a GuardRails, not dict"),
        (
            {"guards": GuardRails(), "allow_withdrawals": True},
            "give guards, or the single guard rails, but not both",
        ),
    ],
)
def test_guard_rails_that_make_no_sense_are_told_what_to_write(
    options: dict[str, Any], words: str
) -> None:
    """The error names the parameter, and says what would be right."""
    with pytest.raises(coinbtr.CoinBTRError) as caught:
        coinbtr.CoinBTR("key", base_url="https://exchange.test", **options)
    assert str(caught.value) == words
