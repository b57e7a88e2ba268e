"""Long lists are read lazily and whole, whatever happens to them meanwhile."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coinbtr import AsyncCoinBTR, CoinBTR, InvalidType, InvalidValue, Unavailable
from coinbtr._async.paging import AsyncPages
from coinbtr._sync.paging import Pages
from coinbtr.sandbox import Sandbox
from tests.facade.scripted import ORDER, Facade, Script, refusal, success

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")

ADDRESS = "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"


class Changing:
    """A list, newest first, that changes by a script between two reads."""

    def __init__(self, start: list[Any], changes: list[Callable[[list[Any]], None]]) -> None:
        self.entries = start
        self.changes = changes
        self.reads: list[tuple[int, int]] = []

    def read(self, limit: int, offset: int) -> list[Any]:
        """One page of the list as it is now; then it changes."""
        self.reads.append((limit, offset))
        page = self.entries[offset : offset + limit]
        if self.changes:
            self.changes.pop(0)(self.entries)
        return page

    async def read_async(self, limit: int, offset: int) -> list[Any]:
        """The same, awaited."""
        return self.read(limit, offset)


def read_all(kind: str, changing: Changing, size: int) -> list[Any]:
    """All that the pages give, by either facade's class."""
    if kind == "sync":
        return list(Pages(changing.read, lambda one: one, size))

    async def collected() -> list[Any]:
        pages = AsyncPages(changing.read_async, lambda one: one, size)
        return [one async for one in pages]

    return asyncio.run(collected())


@st.composite
def changes(draw: st.DrawFn) -> Callable[[list[int]], None]:
    """New entries at the front, and some that vanish."""
    added, fractions = draw(st.integers(0, 5)), draw(st.lists(st.floats(0, 0.99), max_size=6))

    def change(entries: list[int]) -> None:
        for fraction in fractions:
            if entries:
                del entries[int(fraction * len(entries))]
        newest = max([1000, *entries])
        entries[:0] = range(newest + added, newest, -1)

    return change


@given(
    kind=st.sampled_from(["sync", "async"]),
    length=st.integers(0, 40),
    script=st.lists(changes(), max_size=30),
    size=st.integers(2, 7),
)
def test_nothing_comes_twice_and_nothing_is_left_out(
    kind: str, length: int, script: list[Callable[[list[int]], None]], size: int
) -> None:
    """Of a list that grows and shrinks between pages, all that stays in it comes exactly once."""
    start = list(range(length, 0, -1))
    changing = Changing(list(start), script)
    given_ = read_all(kind, changing, size)
    assert len(given_) == len(set(given_))
    assert set(start) & set(changing.entries) <= set(given_)


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("size", [2, 3, 100])
def test_entries_that_look_alike_are_counted(kind: str, size: int) -> None:
    """Two deposits alike to the last field are two, on one page or across two, growing or not."""

    def grow(entries: list[str]) -> None:
        entries.insert(0, "new")

    start = ["c", "b", "b", "b", "a", "a"]
    assert read_all(kind, Changing(list(start), []), size) == start
    assert read_all(kind, Changing(list(start), [grow, grow]), size) == start


def test_pages_are_read_as_far_as_one_goes() -> None:
    """The first entry costs one page, no more than are asked for are read, and pages are full."""
    changing = Changing(list(range(500)), [])
    pages = Pages(changing.read, lambda one: one)
    assert changing.reads == []
    assert next(pages) == 0
    assert changing.reads == [(100, 0)]
    for _ in range(100):
        next(pages)
    assert changing.reads == [(100, 0), (100, 99)]


def test_after_an_error_the_reading_goes_on(facade: Facade) -> None:
    """A step that failed is repeated by the next one: nothing is lost, nothing comes twice."""
    orders = [ORDER | {"id": number} for number in (3, 2, 1)]
    script = Script(
        [
            success(orders[:2]),
            refusal("unavailable", 503),
            refusal("unavailable", 503),
            refusal("unavailable", 503),
            success(orders[1:]),
            success(orders[2:]),
        ]
    )

    def steps(client: Any) -> Any:
        pages = client.trading.iter_open_orders(page_size=2)
        return sync_steps(pages) if facade.kind == "sync" else async_steps(pages)

    assert facade.run(steps, script=script) == [3, 2, 1]


def sync_steps(pages: Any) -> list[int]:
    """The ids that one gets who goes on after an error."""
    found: list[int] = []
    failed = 0
    while True:
        try:
            found.append(next(pages).id)
        except Unavailable:
            failed += 1
        except StopIteration:
            assert failed
            return found


async def async_steps(pages: Any) -> list[int]:
    """The same, awaited."""
    found: list[int] = []
    failed = 0
    while True:
        try:
            found.append((await anext(pages)).id)
        except Unavailable:
            failed += 1
        except StopAsyncIteration:
            assert failed
            return found


def test_a_list_longer_than_the_exchange_gives_says_so() -> None:
    """Beyond the last offset that can be asked for is an error and not a silent end."""
    pages: Pages[int] = Pages(lambda limit, offset: list(range(offset, offset + limit)), int)
    with pytest.raises(InvalidValue, match="beyond offset 100000") as caught:
        for _ in pages:
            pass
    assert caught.value.field == "offset"


@pytest.mark.parametrize("size", [0, 1, 101, -5])
@pytest.mark.parametrize("method", ["trading.iter_open_orders", "wallet.iter_deposits"])
def test_a_bad_page_size_is_named_at_once(facade: Facade, method: str, size: int) -> None:
    """Before anything is iterated over or sent."""
    part, name = method.split(".")
    script = Script([success([])])
    with pytest.raises(InvalidValue, match="page_size must be from 2 to 100"):
        facade.run(lambda c: getattr(getattr(c, part), name)(page_size=size), script=script)
    with pytest.raises(InvalidType, match="page_size"):
        facade.run(lambda c: getattr(getattr(c, part), name)(page_size="7"), script=script)
    assert not script.requests


@pytest.mark.parametrize(
    ("lists", "iterates"),
    [
        (
            lambda c: c.trading.open_orders("btc-mxn"),
            lambda c, n: c.trading.iter_open_orders("btc-mxn", page_size=n),
        ),
        (lambda c: c.trading.transactions(), lambda c, n: c.trading.iter_transactions(page_size=n)),
        (
            lambda c: c.wallet.deposits("btc"),
            lambda c, n: c.wallet.iter_deposits("btc", page_size=n),
        ),
        (lambda c: c.wallet.withdrawals(), lambda c, n: c.wallet.iter_withdrawals(page_size=n)),
    ],
    ids=["open_orders", "transactions", "deposits", "withdrawals"],
)
def test_each_list_of_the_exchange(
    lists: Callable[[Any], Any], iterates: Callable[[Any, int], Any]
) -> None:
    """Page by page or at once, in either facade: the same entries in the same order."""
    exchange = Sandbox()
    with CoinBTR.sandbox(exchange, allow_withdrawals=True) as client:
        ask = client.market.order_book("btc-mxn", limit=1).best_ask.price
        for number in range(5):
            client.trading.buy_limit("btc-mxn", amount="0.02", price=1000 + number)
            client.trading.buy_limit("btc-mxn", amount="0.001", price=ask)
            exchange.credit("btc", "0.5")
            client.wallet.withdraw("btc", address=ADDRESS, amount="0.01")
        at_once = lists(client)
        assert list(iterates(client, 2)) == list(iterates(client, 100)) == at_once
        assert len(at_once) >= 5

    async def collected() -> list[Any]:
        async with AsyncCoinBTR.sandbox(exchange) as client:
            return [one async for one in iterates(client, 3)]

    assert asyncio.run(collected()) == at_once
