"""Bad input is refused before anything is sent, by an error that names field and remedy."""

import tracemalloc
from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from coinbtr_api import exact_json

from coinbtr import InvalidType, InvalidValue, Order, Side
from coinbtr.arguments import MAX_ID, MAX_LEVELS, MAX_OFFSET, MAX_PAGE
from coinbtr.description import load
from coinbtr.money import DECIMALS, MAXIMUM, difference, to_money
from tests.facade.scripted import CALLS, ORDER, Facade, Script, example_answer, success

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


def refused(facade: Facade, call: Callable[[Any], Any], kind: type[Exception]) -> Any:
    """The error of a call that must send nothing."""
    script = Script([success({})])
    with pytest.raises(kind) as caught:
        facade.run(call, script=script)
    assert not script.requests
    return caught.value


MONEY_CALLS: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    "amount": lambda value: lambda c: c.trading.buy_limit("btc-mxn", amount=value, price=1),
    "price": lambda value: lambda c: c.trading.sell_limit("btc-mxn", amount=1, price=value),
    "withdrawn": lambda value: lambda c: c.wallet.withdraw("btc", address=ADDRESS, amount=value),
}


@pytest.mark.parametrize("which", MONEY_CALLS)
def test_a_float_is_refused_with_what_to_write(facade: Facade, which: str) -> None:
    """The TypeError names the field and writes out both exact forms."""
    error = refused(facade, MONEY_CALLS[which](0.1), TypeError)
    assert isinstance(error, InvalidType)
    assert error.field == ("price" if which == "price" else "amount")
    assert error.field in str(error)
    assert 'Decimal("0.1")' in str(error)


BAD_TYPES = [1.0, float("nan"), 1e-9, True, None, 1 + 0j, b"1", [1], ...]
BAD_VALUES = [
    *("", " 1", "1 ", "1_000", "1,5", "1e3", "+1", ".5", "5.", "0x10", "NaN", "inf", "１", "٣"),
    *("--1", "1.2.3", "0", "0.00000000", "-1", "0.000000001", "1.123456789", "9" * 31),
    *("1000000000000.00000001", "1\n", "1\x00", 0, -1, 10**13, -(10**400), Decimal(0), Decimal(-1)),
    *(Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e99999999")),
    *(Decimal("1e-99999999"), Decimal("1e-9"), Decimal("0E+50"), Decimal("1" * 100)),
]


@pytest.mark.parametrize("value", BAD_TYPES, ids=repr)
def test_a_wrong_type_of_money(value: Any) -> None:
    """Floats, bools and whatever else is no Decimal, int or str."""
    with pytest.raises(InvalidType, match="amount"):
        to_money(value, "amount")


# Without a backslash in the ids: pytest escapes it once more when it collects again in one process
# (`make mutation`), and then doesn't find the test.
VALUE_IDS = [ascii(value)[:20].replace("\\", "/") for value in BAD_VALUES]


@pytest.mark.parametrize("value", BAD_VALUES, ids=VALUE_IDS)
def test_a_wrong_value_of_money(value: Any) -> None:
    """Nothing but plain decimals within the bounds; nothing is rounded; messages stay short."""
    with pytest.raises(InvalidValue, match="amount") as caught:
        to_money(value, "amount")
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("value", [Decimal("1e9999999"), Decimal("1e-9999999")])
def test_a_huge_exponent_costs_nothing(value: Decimal) -> None:
    """Written out it would take megabytes, so it is refused before."""
    tracemalloc.start()
    with pytest.raises(InvalidValue):
        to_money(value, "amount")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("0.1", "0.1"),
        ("007.50", "7.50"),
        ("0.00000001", "0.00000001"),
        ("1.10000000000", "1.10000000"),
        ("1000000000000", "1000000000000"),
        (3, "3"),
        (Decimal("20999999.97690000"), "20999999.97690000"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-8"), "0.00000001"),
    ],
)
def test_money_is_sent_as_it_was_written(facade: Facade, value: Any, sent: str) -> None:
    """A JSON number without an exponent, with the zeros that the caller wrote."""
    script = Script([success({**ORDER, "initial_amount": Decimal(sent), "price": 1})])
    facade.run(lambda c: c.trading.buy_limit("btc-mxn", amount=value, price=1), script=script)
    assert script.requests[0].content == (
        f'{{"market":"btc-mxn","amount":{sent},"price":1}}'.encode()
    )


def test_differences_are_exact_in_any_context() -> None:
    """A caller who computes with few digits still sees every digit of a balance."""
    with localcontext(Context(prec=3)):
        left = difference(Decimal("20999999.97690000"), Decimal("0.00000001"))
    assert left == Decimal("20999999.97689999")


NAMES: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (lambda c: c.market.ticker("btcmxn"), InvalidValue, "book"),
    (lambda c: c.market.ticker("btc-mxn-usd"), InvalidValue, "book"),
    (lambda c: c.market.ticker("btc-mxn\n"), InvalidValue, "book"),
    (lambda c: c.market.ticker("btc-mxn&limit=1"), InvalidValue, "book"),
    (lambda c: c.market.ticker("b" * 9999), InvalidValue, "book"),
    (lambda c: c.market.ticker(None), InvalidType, "book"),
    (lambda c: c.market.order_book("btc-mxn", limit=0), InvalidValue, "limit"),
    (lambda c: c.market.order_book("btc-mxn", limit=1001), InvalidValue, "limit"),
    (lambda c: c.market.order_book("btc-mxn", limit="5"), InvalidType, "limit"),
    (lambda c: c.market.order_book("btc-mxn", limit=True), InvalidType, "limit"),
    (lambda c: c.wallet.balance(""), InvalidValue, "coin"),
    (lambda c: c.wallet.balance("bitcoin-cash"), InvalidValue, "coin"),
    (lambda c: c.wallet.balance(7), InvalidType, "coin"),
    (lambda c: c.wallet.withdrawals("ü1"), InvalidValue, "coin"),
    (lambda c: c.wallet.withdrawals(limit=101), InvalidValue, "limit"),
    (lambda c: c.wallet.deposits(offset=-1), InvalidValue, "offset"),
    (lambda c: c.wallet.deposits(offset=100_001), InvalidValue, "offset"),
    (lambda c: c.wallet.deposits(offset=1.0), InvalidType, "offset"),
    (lambda c: c.wallet.withdraw("btc", address="short", amount=1), InvalidValue, "address"),
    (lambda c: c.wallet.withdraw("btc", address=ADDRESS + " ", amount=1), InvalidValue, "address"),
    (lambda c: c.wallet.withdraw("btc", address=None, amount=1), InvalidType, "address"),
    (lambda c: c.trading.open_order("3453"), InvalidType, "order_id"),
    (lambda c: c.trading.open_order(0), InvalidValue, "order_id"),
    (lambda c: c.trading.open_order(10**4000), InvalidValue, "order_id"),
    (lambda c: c.trading.cancel_buy_limit(True), InvalidType, "order_id"),
    (lambda c: c.trading.transaction(-5), InvalidValue, "transaction_id"),
    (lambda c: c.trading.cancel(3453), InvalidType, "order"),
    (lambda c: c.trading.open_orders("nope"), InvalidValue, "book"),
]


@pytest.mark.parametrize(("call", "kind", "name"), NAMES)
def test_a_bad_argument_is_named(
    facade: Facade, call: Callable[[Any], Any], kind: type[Exception], name: str
) -> None:
    """The error has the field, is short, and nothing was sent."""
    error = refused(facade, call, kind)
    assert error.field == name
    assert str(error).startswith(name)
    assert len(str(error)) < 200


@pytest.mark.parametrize("book", ["btc-mxn", "BTC-MXN", "Btc/Mxn", "btc/MXN"])
def test_a_book_in_any_form(facade: Facade, book: str) -> None:
    """Case and separator don't matter; one form is sent, and upper case comes back."""
    script = Script([example_answer("getTicker")])
    ticker = facade.run(lambda c: c.market.ticker(book), script=script)
    assert script.requests[0].url.endswith("?market=btc-mxn")
    assert ticker.book == "BTC-MXN"


def test_the_bounds_are_the_descriptions() -> None:
    """What is checked here and what the description says agree."""
    schemas = load()["components"]["schemas"]
    levels = load()["components"]["parameters"]["Levels"]["schema"]
    assert schemas["MoneyInput"]["maximum"] == MAXIMUM
    assert schemas["MoneyInput"]["x-decimal-places"] == DECIMALS
    assert (schemas["Limit"]["minimum"], schemas["Limit"]["maximum"]) == (1, MAX_PAGE)
    assert (schemas["Offset"]["minimum"], schemas["Offset"]["maximum"]) == (0, MAX_OFFSET)
    assert (schemas["Id"]["minimum"], schemas["Id"]["maximum"]) == (1, MAX_ID)
    assert (levels["minimum"], levels["maximum"]) == (1, MAX_LEVELS)


@pytest.mark.parametrize(
    ("side", "path"), [("BUY", "/trading/cancel/buylimit"), ("SELL", "/trading/cancel/selllimit")]
)
@pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")
def test_cancel_goes_by_the_side(facade: Facade, side: str, path: str) -> None:
    """An order to buy and one to sell have operations of their own."""
    order = facade.run(CALLS["getOpenOrder"][1], success({**ORDER, "side": side}))
    script = Script([success(None)])
    assert facade.run(lambda c: c.trading.cancel(order), script=script) is None
    assert script.requests[0].url.endswith(path)
    assert exact_json.loads(script.requests[0].content) == {"id": 3453}


def test_an_order_of_an_unknown_side_is_not_cancelled(facade: Facade) -> None:
    """Which operation would cancel it can't be known, so nothing is sent."""
    order: Order = facade.run(CALLS["getOpenOrder"][1], success({**ORDER, "side": "SHORT"}))
    assert not order.side.known
    assert order.side == Side("SHORT")
    assert "SHORT" in str(refused(facade, lambda c: c.trading.cancel(order), InvalidValue))


def test_an_id_is_not_cancelled_by_a_guess_of_its_side(facade: Facade) -> None:
    """An id alone is refused, with the methods that take one."""
    error = refused(facade, lambda c: c.trading.cancel(3453), InvalidType)
    assert "cancel_buy_limit or cancel_sell_limit" in str(error)
