"""Domain objects: immutable, exact, in UTC, and at ease with what nobody knew."""

import copy
import pickle
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import attrs
import pytest

from coinbtr import (
    EmptyBook,
    FilledAs,
    MalformedAnswer,
    OpenEnum,
    OrderBook,
    PriceLevel,
    Side,
    TransferStatus,
)
from coinbtr.description import load
from tests.facade.scripted import CALLS, ORDER, Facade, example, example_answer, success

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


def result(operation_id: str) -> Any:
    """What the sync facade makes of the description's first example."""
    return Facade("sync").run(CALLS[operation_id][1], example_answer(operation_id))


@pytest.mark.parametrize("operation_id", CALLS)
def test_results_are_immutable_and_travel(operation_id: str) -> None:
    """No field of a result can be set; pickle and deepcopy give an equal object."""
    given = result(operation_id)
    for one in given if isinstance(given, list) else [given]:
        for field in attrs.fields(type(one)):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(one, field.name, None)
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own
        assert copy.deepcopy(one) == one
        assert isinstance(hash(one), int)


@pytest.mark.parametrize("operation_id", CALLS)
def test_no_result_holds_a_float_or_a_naive_time(operation_id: str) -> None:
    """Money is Decimal and times are in UTC, all the way down."""

    def look(value: object) -> None:
        assert not isinstance(value, float)
        if isinstance(value, datetime):
            assert value.tzinfo is UTC
        elif isinstance(value, (list, tuple)):
            for one in value:
                look(one)
        elif attrs.has(kind := type(value)):
            for field in attrs.fields(kind):
                look(getattr(value, field.name))

    look(result(operation_id))


def test_a_balance_says_what_is_frozen() -> None:
    """Total less available less pending is what open orders hold (ruling R032)."""
    balance = result("getBalance")
    assert (balance.total, balance.available, balance.pending) == (
        Decimal("2.5"),
        Decimal(2),
        Decimal(0),
    )
    assert balance.frozen == Decimal("0.5")


def test_the_best_of_a_book() -> None:
    """Lowest ask, highest bid, and what lies between them."""
    book = result("getOrderBook")
    assert book.best_ask == PriceLevel(price=Decimal("1000100.00"), amount=Decimal("0.5"))
    assert book.best_bid.price == Decimal("999900.00")
    assert book.spread == Decimal("200.00")


def test_an_empty_side_has_no_best() -> None:
    """EmptyBook, which is a LookupError, says which side of which book."""
    book = OrderBook(book="ZEC-BTC", asks=(), bids=())
    with pytest.raises(EmptyBook, match="ZEC-BTC has no ask"):
        _ = book.best_ask
    with pytest.raises(LookupError, match="ZEC-BTC has no bid"):
        _ = book.best_bid
    with pytest.raises(EmptyBook):
        _ = book.spread


def test_a_book_knows_its_coins() -> None:
    """BTC is traded for MXN."""
    [book] = result("listBooks")
    assert (book.name, book.base, book.quote) == ("BTC-MXN", "BTC", "MXN")


def test_money_is_shown_plainly() -> None:
    """A repr has no exponent: 1E-8 is hard to read."""
    level = PriceLevel(price=Decimal("1E-8"), amount=Decimal("0E-8"))
    shown = "PriceLevel(price=Decimal('0.00000001'), amount=Decimal('0.00000000'))"
    assert repr(level) == shown
    assert "last=None" in repr(attrs.evolve(result("getTicker"), last=None))


@pytest.mark.parametrize("kind", [Side, TransferStatus, FilledAs])
def test_an_enum_survives_what_it_does_not_know(kind: type[OpenEnum]) -> None:
    """An unknown value is equal to itself and its string, hashes, pickles, and says so."""
    odd = kind("Brand-New")
    assert odd == kind("Brand-New") == "Brand-New"
    assert hash(odd) == hash("Brand-New")
    assert not odd.known
    assert odd.value == odd.name == str(odd) == "Brand-New"
    assert repr(odd) == f"{kind.__name__}('Brand-New')"
    assert pickle.loads(pickle.dumps(odd)) == copy.deepcopy(odd) == odd  # noqa: S301 - our own
    assert odd not in list(kind)
    assert all(member.known for member in kind)
    with pytest.raises(ValueError, match="17"):
        kind(cast("str", 17))


def test_a_known_value_in_any_case_is_the_member() -> None:
    """`buy` is BUY: no program fails because of a letter."""
    assert Side("buy") is Side.BUY
    assert TransferStatus("Signed") is TransferStatus.SIGNED


def test_the_known_values_are_the_descriptions() -> None:
    """What the description lists, the enums know."""
    schemas = load()["components"]["schemas"]
    assert list(Side) == schemas["Side"]["x-known-values"]
    assert set(TransferStatus) == set(schemas["TransferStatus"]["x-known-values"])


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time is not UTC."""
    monkeypatch.setenv("TZ", "America/Mexico_City")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("written", "microsecond", "hour"),
    [
        ("2018-07-02T04:57:55.942Z", 942000, 4),
        ("2018-07-02T04:57:55.942731Z", 942731, 4),
        ("2018-07-02T04:57:55Z", 0, 4),
        ("2018-07-01T23:57:55.942-05:00", 942000, 4),
        ("2018-07-02T04:57:55.942", 942000, 4),
        ("2018-07-02 04:57:55.942+00:00", 942000, 4),
    ],
)
def test_times_in_every_form_that_was_seen(
    far_from_utc: None, written: str, microsecond: int, hour: int
) -> None:
    """Z or an offset, with or without a fraction; without a zone it is UTC (ruling R030)."""
    order = Facade("sync").run(CALLS["getOpenOrder"][1], success({**ORDER, "created_at": written}))
    assert order.created_at == datetime(2018, 7, 2, hour, 57, 55, microsecond, tzinfo=UTC)
    assert order.created_at.tzinfo is UTC


@pytest.mark.parametrize(
    "written", ["yesterday", "2018-13-01T00:00:00Z", "", "0001-01-01T00:00:00+23:00"]
)
def test_what_is_no_time_is_named(written: str) -> None:
    """A time that can't be read, or lies before all calendars, is an error with its path."""
    with pytest.raises(MalformedAnswer, match=r"\$\.data\.created_at should be a time"):
        Facade("sync").run(CALLS["getOpenOrder"][1], success({**ORDER, "created_at": written}))


@pytest.mark.parametrize("number", ["3453", Decimal("3453.0")])
def test_an_id_may_be_a_string(number: object) -> None:
    """A quoted id, or one with a fraction of zero, is the same id."""
    order = Facade("sync").run(CALLS["getOpenOrder"][1], success({**ORDER, "id": number}))
    assert order.id == 3453
    assert type(order.id) is int


def test_names_come_out_in_upper_case() -> None:
    """Whatever the wire wrote (ruling R013)."""
    order = Facade("sync").run(CALLS["getOpenOrder"][1], success({**ORDER, "market": "btc-mxn"}))
    assert order.book == "BTC-MXN"
    address = {"coin": "btc", "address": "2NFfxvXpAWjKng7enFougtvtxxCJ2hQEMo4"}
    given = Facade("sync").run(CALLS["getDepositAddress"][1], success(address))
    assert given.coin == "BTC"


def test_an_optional_field_may_be_null() -> None:
    """A currency's `country` absent or null is None."""
    [currency, *_] = example("getCurrencies")["data"]
    for country in ({}, {"country": None}):
        plain = {key: value for key, value in currency.items() if key != "country"}
        [given] = Facade("sync").run(CALLS["getCurrencies"][1], success([{**plain, **country}]))
        assert given.country is None
