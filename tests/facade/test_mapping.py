"""Each argument goes to its place in the request, and each field of an answer to its attribute."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest
from coinbtr_api import exact_json
from coinbtr_api.shapes import DATA

from coinbtr import MalformedAnswer, OutcomeUnknown, Request, Response
from tests.facade.scripted import CALLS, URL, Facade, Script, answer, example, success

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"

# The words that differ between the wire and the facade; those of an order first.
OF_ORDERS = {"amount": "remaining", "initial_amount": "amount"}
RENAMED = {
    "balance": "total",
    "coin_name": "name",
    "depositAddress": "deposit_address",
    "market": "book",
}

REQUESTS: list[tuple[str, Callable[[Any], Any], str, bytes]] = [
    ("getProfile", lambda c: c.account.profile(), "/wallet/user/profile", b""),
    ("getSession", lambda c: c.account.session(), "/user/session", b""),
    (
        "getDepositAddress",
        lambda c: c.wallet.deposit_address("BTC"),
        "/wallet/getdepositaddress?coin=btc",
        b"",
    ),
    (
        "withdraw",
        lambda c: c.wallet.withdraw("BTC", address=ADDRESS, amount="0.00100000"),
        "/wallet/withdraw",
        b'{"coin":"btc","address":"%s","amount":0.00100000}' % ADDRESS.encode(),
    ),
    ("listBalances", lambda c: c.wallet.balances(), "/wallet/listbalances", b""),
    ("getBalance", lambda c: c.wallet.balance("mxn"), "/wallet/getbalance?coin=mxn", b""),
    ("listWithdrawals", lambda c: c.wallet.withdrawals(), "/wallet/listwithdraws", b""),
    (
        "listWithdrawals",
        lambda c: c.wallet.withdrawals("btc", limit=100, offset=0),
        "/wallet/listwithdraws?coin=btc&limit=100&offset=0",
        b"",
    ),
    (
        "listDeposits",
        lambda c: c.wallet.deposits("btc", limit=1, offset=100_000),
        "/wallet/listdeposits?coin=btc&limit=1&offset=100000",
        b"",
    ),
    (
        "placeBuyLimitOrder",
        lambda c: c.trading.buy_limit("BTC/MXN", amount="0.01", price=Decimal("1E+6")),
        "/trading/place/buylimit",
        b'{"market":"btc-mxn","amount":0.01,"price":1000000}',
    ),
    (
        "placeSellLimitOrder",
        lambda c: c.trading.sell_limit("btc-mxn", amount=Decimal("1E-8"), price="2000000.00"),
        "/trading/place/selllimit",
        b'{"market":"btc-mxn","amount":0.00000001,"price":2000000.00}',
    ),
    (
        "cancelBuyLimitOrder",
        lambda c: c.trading.cancel_buy_limit(5),
        "/trading/cancel/buylimit",
        b'{"id":5}',
    ),
    (
        "cancelSellLimitOrder",
        lambda c: c.trading.cancel_sell_limit(6),
        "/trading/cancel/selllimit",
        b'{"id":6}',
    ),
    ("listOpenOrders", lambda c: c.trading.open_orders(), "/trading/listopenorders", b"{}"),
    (
        "listOpenOrders",
        lambda c: c.trading.open_orders("btc-mxn", limit=100, offset=0),
        "/trading/listopenorders",
        b'{"market":"btc-mxn","limit":100,"offset":0}',
    ),
    ("getOpenOrder", lambda c: c.trading.open_order(7), "/trading/getopenorder", b'{"id":7}'),
    (
        "listTransactions",
        lambda c: c.trading.transactions("LTC/BTC", limit=2, offset=100_000),
        "/trading/listtransactions",
        b'{"market":"ltc-btc","limit":2,"offset":100000}',
    ),
    ("getTransaction", lambda c: c.trading.transaction(8), "/trading/gettransaction", b'{"id":8}'),
    ("listBooks", lambda c: c.market.books(), "/market/listbooks", b""),
    (
        "getOrderBook",
        lambda c: c.market.order_book("btc-mxn"),
        "/market/getorderbook?market=btc-mxn",
        b"",
    ),
    (
        "getOrderBook",
        lambda c: c.market.order_book("btc-mxn", limit=1000),
        "/market/getorderbook?market=btc-mxn&limit=1000",
        b"",
    ),
    ("getTicker", lambda c: c.market.ticker("btc-mxn"), "/market/gettiker?market=btc-mxn", b""),
    (
        "get24hVolume",
        lambda c: c.market.volume("btc-mxn"),
        "/market/get24hvolume?market=btc-mxn",
        b"",
    ),
    ("getCurrencies", lambda c: c.market.currencies(), "/market/getcurrencies", b""),
]


def agreeing(operation_id: str, request: Request) -> Response:
    """The answer that the description's first example shows, to what this request asks for."""
    data, asked = example(operation_id)["data"], exact_json.loads(request.content or b"{}")
    if operation_id.startswith("place"):
        asked["initial_amount"] = asked.pop("amount")
    return success({**data, **asked} if isinstance(data, dict) else data)


@pytest.mark.parametrize(("operation_id", "call", "target", "body"), REQUESTS)
def test_each_argument_has_its_place(
    facade: Facade, operation_id: str, call: Callable[[Any], Any], target: str, body: bytes
) -> None:
    """The request line and the body are these, to the byte, and the body is declared as JSON."""
    script = Script([lambda request: agreeing(operation_id, request)])
    facade.run(call, script=script)
    [request] = script.requests
    assert request.url == URL + target
    assert request.content == body
    assert request.headers.get("Content-Type") == ("application/json" if body else None)
    assert request.headers["Accept"] == "application/json"


# What an answer repeats of its request, by the answer's names.
ORDERED = frozenset({"market", "side", "price", "initial_amount"})
REPEATED = defaultdict(
    frozenset[str],
    placeBuyLimitOrder=ORDERED,
    placeSellLimitOrder=ORDERED,
    cancelBuyLimitOrder=frozenset({"id"}),
    cancelSellLimitOrder=frozenset({"id"}),
    getOpenOrder=frozenset({"id"}),
    getTransaction=frozenset({"id"}),
    withdraw=frozenset({"coin"}),
    getDepositAddress=frozenset({"coin"}),
)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all scalars below a value."""
    if isinstance(value, (dict, list)):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*path, key))
    else:
        yield path


def perturbed(value: object, key: str | int) -> object:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, Decimal):
        return value + Decimal("0.00000001")
    if key in ("market", "name"):
        return "QQQ-ZZZ"
    if key in ("created_at", "date", "expires"):
        return "2031-01-01T00:00:00.000Z"
    return "QQQ"


@pytest.mark.parametrize("operation_id", CALLS)
def test_each_field_has_its_attribute(operation_id: str) -> None:
    """Changing one field changes the attribute of its name, or is refused as another's answer."""
    facade, call = Facade("sync"), CALLS[operation_id][1]
    renamed = RENAMED | (OF_ORDERS if DATA[operation_id].strip("[]") == "Order" else {})
    whole = exact_json.dumps(example(operation_id))
    before = facade.run(call, answer(whole))
    paths = list(leaves(exact_json.loads(whole)["data"]))
    assert paths
    for path in paths:
        document = exact_json.loads(whole)
        owner = document["data"]
        for key in path[:-1]:
            owner = owner[key]
        owner[path[-1]] = perturbed(owner[path[-1]], path[-1])
        altered = answer(exact_json.dumps(document))
        if (name := path[-1]) in REPEATED[operation_id]:
            with pytest.raises((OutcomeUnknown, MalformedAnswer), match=rf"\$\.data\.{name} is "):
                facade.run(call, altered)
            continue
        after = facade.run(call, altered)
        # A session's `token` is no object of its own in the facade.
        wanted = tuple(renamed.get(str(key), key) for key in path if key != "token")
        assert list(changes(before, after)) == [wanted]


def changes(
    before: Any, after: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """The paths at which two results differ."""
    if isinstance(before, (list, tuple)):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changes(one, other, (*path, index))
    elif attrs.has(kind := type(before)):
        for field in attrs.fields(kind):
            one, other = getattr(before, field.name), getattr(after, field.name)
            yield from changes(one, other, (*path, field.name))
    elif before != after:
        yield path
