"""The sync and the async facade are one, and every operation of the description has its method."""

import inspect
import re
from typing import Any

import pytest
from coinbtr_api.operations import OPERATIONS

import coinbtr
from tests.facade.scripted import CALLS, URL, Facade, Script, example_answer

PAIRS = [
    (coinbtr.CoinBTR, coinbtr.AsyncCoinBTR),
    (coinbtr.Account, coinbtr.AsyncAccount),
    (coinbtr.Wallet, coinbtr.AsyncWallet),
    (coinbtr.Trading, coinbtr.AsyncTrading),
    (coinbtr.Market, coinbtr.AsyncMarket),
]
ITERATORS = [(coinbtr.Pages, coinbtr.AsyncPages), (coinbtr.Watch, coinbtr.AsyncWatch)]
RAW = [
    (coinbtr.RawAccount, coinbtr.AsyncRawAccount),
    (coinbtr.RawWallet, coinbtr.AsyncRawWallet),
    (coinbtr.RawTrading, coinbtr.AsyncRawTrading),
    (coinbtr.RawMarket, coinbtr.AsyncRawMarket),
]
NAMES = [one.__name__ for one, _ in PAIRS]
ALL_PAIRS = PAIRS + ITERATORS + RAW
ALL_NAMES = [one.__name__ for one, _ in ALL_PAIRS]
TWIN_DUNDERS = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
}
LAZY = {
    *("trading.iter_open_orders", "trading.iter_transactions", "trading.watch_orders"),
    *("wallet.iter_deposits", "wallet.iter_withdrawals"),
    *("market.watch_order_book", "market.watch_ticker"),
}

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


def members(kind: type) -> dict[str, Any]:
    """The functions that a class itself defines, by their sync names."""
    return {
        TWIN_DUNDERS.get(name, name): getattr(value, "__func__", value)
        for name, value in vars(kind).items()
        if inspect.isfunction(getattr(value, "__func__", value))
    }


@pytest.mark.parametrize(("sync", "twin"), ALL_PAIRS, ids=ALL_NAMES)
def test_both_have_the_same_methods(sync: type, twin: type) -> None:
    """What one facade has, the other has, in the same order."""
    assert list(members(sync)) == list(members(twin))


@pytest.mark.parametrize(("sync", "twin"), ALL_PAIRS, ids=ALL_NAMES)
def test_both_have_the_same_signatures(sync: type, twin: type) -> None:
    """Arguments, defaults and results are the same, but for the engine that each takes."""
    for name, function in members(sync).items():
        asynchronous = str(inspect.signature(members(twin)[name])).replace("Async", "")
        assert str(inspect.signature(function)) == asynchronous


@pytest.mark.parametrize(("sync", "twin"), ALL_PAIRS, ids=ALL_NAMES)
def test_both_have_the_same_docstrings(sync: type, twin: type) -> None:
    """Every public function has a docstring, and it is the same in both."""
    assert inspect.getdoc(sync) == inspect.getdoc(twin)
    for name, function in members(sync).items():
        assert inspect.getdoc(function) == inspect.getdoc(members(twin)[name])
        assert function.__doc__ or name.startswith("_")


def test_only_the_async_methods_are_awaited() -> None:
    """No method of the sync facade is a coroutine function, and each that sends of the other is."""
    for sync, twin in PAIRS[1:]:
        part = sync.__name__.lower()
        public = [name for name in members(sync) if not name.startswith("_")]
        public = [name for name in public if f"{part}.{name}" not in LAZY]
        assert public
        assert not any(inspect.iscoroutinefunction(members(sync)[name]) for name in public)
        assert all(inspect.iscoroutinefunction(members(twin)[name]) for name in public)


@pytest.mark.parametrize("name", sorted(LAZY))
def test_what_is_iterated_over_sends_nothing_by_itself(name: str) -> None:
    """It gives an iterator of its own facade's kind at once, not a coroutine."""
    part, method = name.split(".")
    for sync, twin in PAIRS[1:]:
        if sync.__name__.lower() == part:
            for kind, prefix in [(sync, ""), (twin, "Async")]:
                function = members(kind)[method]
                assert not inspect.iscoroutinefunction(function)
                gives = str(inspect.signature(function).return_annotation)
                assert re.match(rf"{prefix}(Pages|Watch)\[", gives)


def test_every_method_that_sends_one_request_is_had_raw() -> None:
    """`with_raw_response` has each call of each operation, and cancel by its order."""
    wanted = {name for name, _ in CALLS.values()} | {"trading.cancel"}
    with coinbtr.CoinBTR.sandbox() as client:
        had = {
            f"{part}.{name}"
            for part in ("account", "wallet", "trading", "market")
            for name in vars(getattr(client, part).with_raw_response)
        }
    assert had == wanted


def test_every_operation_has_a_method() -> None:
    """The calls below cover each operation of the description, and each method of the facade."""
    assert set(CALLS) == set(OPERATIONS)
    methods = {
        f"{sync.__name__.lower()}.{name}"
        for sync, _ in PAIRS[1:]
        for name in members(sync)
        if not name.startswith("_")
    }
    assert methods - {name for name, _ in CALLS.values()} == LAZY | {
        "trading.cancel",
        "trading.cancel_all",
    }
    assert {name for name, _ in CALLS.values()} <= methods


@pytest.mark.parametrize("operation_id", CALLS)
def test_each_method_sends_its_operation(facade: Facade, operation_id: str) -> None:
    """Method and path are those of the description, under the attribute named by its tag."""
    name, call = CALLS[operation_id]
    operation = OPERATIONS[operation_id]
    script = Script([example_answer(operation_id)])
    facade.run(call, script=script)
    [request] = script.requests
    assert request.method == operation.method
    assert request.url.split("?")[0] == URL + operation.path
    assert name.split(".")[0] == operation.tag
    assert ("Authorization" in request.headers) is operation.secured


@pytest.mark.parametrize("operation_id", CALLS)
def test_both_give_the_same(operation_id: str) -> None:
    """The same answer becomes the same object in both facades."""
    call = CALLS[operation_id][1]
    results = [Facade(kind).run(call, example_answer(operation_id)) for kind in ("sync", "async")]
    assert results[0] == results[1]
    assert results[0] is not None
