"""Watches read politely, give what changed, outlive what passes, and stop when they are told to."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from coinbtr import (
    ArgumentError,
    AsyncCoinBTR,
    BookNotFound,
    CoinBTR,
    ConnectionLost,
    InvalidType,
    InvalidValue,
    RateLimited,
    Trading,
    Unavailable,
)
from coinbtr._async.watching import AsyncWatch, Latest
from coinbtr._sync.watching import Latest as SyncLatest
from coinbtr._sync.watching import Watch
from coinbtr.models import ChangeKind
from coinbtr.sandbox import Sandbox
from tests.facade.scripted import ORDER, Facade, Script, refusal, success


class FakeTimer:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []
        self.stopped = False

    def now(self) -> float:
        """The time."""
        return self.time

    def wait(self, seconds: float) -> None:
        """Let it pass."""
        self.waits.append(seconds)
        self.time += seconds

    def stop(self) -> None:
        """No more."""
        self.stopped = True


class AsyncFakeTimer(FakeTimer):
    """The same, awaited."""

    async def wait(self, seconds: float) -> None:  # type: ignore[override] # awaited on purpose
        """Let it pass."""
        super().wait(seconds)


def steps(
    kind: str, script: list[Any], count: int, patience: float | None = 60.0
) -> tuple[list[Any], FakeTimer]:
    """What `count` steps of a watch over these readings give or raise, and its timer."""
    readings = list(script)

    def read() -> Any:
        reading = readings.pop(0)
        if isinstance(reading, Exception):
            raise reading
        return reading

    async def read_async() -> Any:
        return read()

    def outcome(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    if kind == "sync":
        timer = FakeTimer()
        latest: Any = SyncLatest(read)
        watch: Any = Watch(
            "it",
            latest.changes,
            interval=5,
            patience=patience,
            timer=timer,  # type: ignore[arg-type] # a stand-in
        )
        return [outcome(lambda: next(watch)) for _ in range(count)], timer

    async def all_steps() -> tuple[list[Any], FakeTimer]:
        timer = AsyncFakeTimer()
        latest = Latest(read_async)
        watch: Any = AsyncWatch(
            "it",
            latest.changes,
            interval=5,
            patience=patience,
            timer=timer,  # type: ignore[arg-type] # a stand-in
        )
        found = []
        for _ in range(count):
            try:
                found.append(await anext(watch))
            except Exception as error:  # noqa: BLE001 - the test looks at it
                found.append(error)
        return found, timer

    return asyncio.run(all_steps())


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    """Either facade's watch."""
    return str(request.param)


def test_only_changes_come_and_readings_are_an_interval_apart(kind: str) -> None:
    """The first reading at once, the others 5 s after the one before, no value twice in a row."""
    found, timer = steps(kind, ["a", "a", "a", "b", "b", "a"], 3)
    assert found == ["a", "b", "a"]
    assert timer.waits == [5, 5, 5, 5, 5]


def test_what_passes_is_outlived_with_growing_waits(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A lost connection or a 503 is logged and tried again, later each time; then as before."""
    caplog.set_level(logging.INFO, "coinbtr")
    lost = ConnectionLost("gone")
    found, timer = steps(kind, ["a", lost, lost, Unavailable("no"), "b", "c"], 3)
    assert found == ["a", "b", "c"]
    assert timer.waits == [5, 5, 10, 20, 5]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3 + ["INFO"]
    assert "watching it: gone; reading again in 5.0 s" in caplog.messages


def test_a_wait_that_the_server_asks_for_is_kept(kind: str) -> None:
    """Retry-After counts, where it is longer."""
    found, timer = steps(kind, [RateLimited("slow down", retry_after=33.0), "a"], 1)
    assert found == ["a"]
    assert timer.waits == [33.0]


def test_after_its_patience_the_error_is_raised_and_the_next_step_goes_on(kind: str) -> None:
    """A watch doesn't keep silent about a dead exchange, and isn't dead itself."""
    lost = ConnectionLost("gone")
    found, timer = steps(kind, ["a", lost, lost, lost, lost, "b"], 3, patience=30.0)
    assert found == ["a", lost, "b"]
    assert timer.time < 130
    never, _ = steps(kind, ["a", *[lost] * 50, "b"], 2, patience=None)
    assert never == ["a", "b"]


def test_what_does_not_pass_is_raised_at_once(kind: str) -> None:
    """No such book, today or tomorrow."""
    found, timer = steps(kind, [BookNotFound("no"), "a"], 1)
    assert [type(one) for one in found] == [BookNotFound]
    assert timer.waits == []


@pytest.mark.parametrize("ending", ["stop", "close"])
def test_a_waiting_watch_stops_at_once(facade: Facade, ending: str) -> None:
    """`stop`, or closing the client, wakes who waits for the next change and ends the iteration."""
    if facade.kind == "sync":
        client = CoinBTR.sandbox()
        watch = client.market.watch_ticker("btc-mxn", interval=600)
        assert next(watch).book == "BTC-MXN"
        timer = threading.Timer(0.05, watch.stop if ending == "stop" else client.close)
        timer.start()
        begun = time.monotonic()
        assert list(watch) == []
        assert list(watch) == []
        timer.join()
        client.close()
    else:

        async def whole() -> None:
            async with AsyncCoinBTR.sandbox() as client:
                watch = client.market.watch_ticker("btc-mxn", interval=600)
                assert (await anext(watch)).book == "BTC-MXN"

                async def end() -> None:
                    await asyncio.sleep(0.05)
                    watch.stop() if ending == "stop" else await client.close()

                ends = asyncio.create_task(end())
                assert [one async for one in watch] == []
                assert [one async for one in watch] == []
                await ends

        begun = time.monotonic()
        asyncio.run(whole())
    assert time.monotonic() - begun < 10


def test_a_block_stops_it() -> None:
    """In a `with` block it is over at its end, and a closed client's watch ends at once."""
    with CoinBTR.sandbox() as client:
        with client.market.watch_order_book("btc-mxn", limit=2, interval=600) as watch:
            assert len(next(watch).asks) == 2
        assert list(watch) == []
    assert list(client.market.watch_ticker("btc-mxn")) == []


def test_a_cancelled_task_leaves_the_watch(facade: Facade) -> None:
    """Cancelling who waits raises CancelledError there, and the watch can be gone on with."""
    if facade.kind == "sync":
        return

    async def whole() -> None:
        async with AsyncCoinBTR.sandbox() as client:
            watch = client.market.watch_ticker("btc-mxn", interval=600)
            await anext(watch)
            task = asyncio.create_task(step(watch))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            watch._due = 0.0
            await client.trading.buy_limit("btc-mxn", amount="0.02", price="900001")
            watch.stop()

    asyncio.run(whole())


async def step(watch: Any) -> Any:
    """The next change."""
    return await anext(watch)


def watching(client: Any, *, part: str, method: str, arguments: dict[str, Any]) -> Any:
    """A watch with these arguments."""
    return getattr(getattr(client, part), method)("btc-mxn", **arguments)


@pytest.mark.parametrize("method", ["watch_ticker", "watch_order_book", "watch_orders"])
def test_bad_arguments_are_named_before_anything_is_sent(facade: Facade, method: str) -> None:
    """An interval of 0 would be rude, and never come."""
    script = Script([success([])])
    part = "trading" if method == "watch_orders" else "market"
    cases: list[tuple[dict[str, Any], type[ArgumentError], str]] = [
        ({"interval": 0}, InvalidValue, "interval"),
        ({"interval": float("inf")}, InvalidValue, "interval"),
        ({"interval": 2**63}, InvalidValue, "interval"),  # no clock waits so long
        ({"interval": "5"}, InvalidType, "interval"),
        ({"patience": -1}, InvalidValue, "patience"),
        ({"patience": True}, InvalidType, "patience"),
    ]
    for arguments, error, field in cases:
        with pytest.raises(error, match=field) as caught:
            facade.run(
                partial(watching, part=part, method=method, arguments=arguments), script=script
            )
        assert caught.value.field == field
    with pytest.raises(InvalidValue, match="book"):
        facade.run(lambda c: getattr(getattr(c, part), method)("nonsense"), script=script)
    assert not script.requests


def told(watch: Any) -> list[tuple[str, int, str]]:
    """The changes of one reading: kind, order, filled."""
    watch._due = None
    watch._read()
    return taken(watch)


async def told_later(watch: Any) -> list[tuple[str, int, str]]:
    """The same in async."""
    watch._due = None
    await watch._read()
    return taken(watch)


def taken(watch: Any) -> list[tuple[str, int, str]]:
    """What was found, which is then forgotten."""
    found = [
        (one.kind.value, one.order.id, f"{one.order.filled.normalize():f}") for one in watch._found
    ]
    watch._found.clear()
    return found


def test_the_life_of_orders() -> None:
    """Open, traded in part, filled or cancelled: as the other account and the exchange made it."""
    exchange = Sandbox()
    other_engine = exchange.engine()
    other = CoinBTR(exchange.other_token, base_url=exchange.base_url, engine=other_engine)
    with CoinBTR.sandbox(exchange) as client:
        watch = client.trading.watch_orders("btc-mxn")
        assert told(watch) == []
        book = client.market.order_book("btc-mxn", limit=1)
        step = client.market.books()[0].price_step
        price = book.best_bid.price + step
        assert price < book.best_ask.price
        first = client.trading.buy_limit("btc-mxn", amount="0.02", price=price)
        assert told(watch) == [("open", first.id, "0")]
        assert told(watch) == []
        other.trading.sell_limit("btc-mxn", amount="0.005", price=price)
        second = client.trading.buy_limit("btc-mxn", amount="0.02", price=price)
        assert told(watch) == [("traded", first.id, "0.005"), ("open", second.id, "0")]
        other.trading.sell_limit("btc-mxn", amount="0.018", price=price)
        assert told(watch) == [("filled", first.id, "0.02"), ("traded", second.id, "0.003")]
        other.trading.sell_limit("btc-mxn", amount="0.002", price=price)
        client.trading.cancel(second)
        assert told(watch) == [("cancelled", second.id, "0.005")]
        assert told(watch) == []


def test_the_end_of_orders_in_async() -> None:
    """Filled and cancelled are told apart there, too, and cancel_all says what became of each."""
    exchange = Sandbox()

    async def whole() -> None:
        async with (
            AsyncCoinBTR.sandbox(exchange) as client,
            AsyncCoinBTR.sandbox(exchange, token=exchange.other_token) as other,
        ):
            watch = client.trading.watch_orders("btc-mxn")
            assert await told_later(watch) == []
            book = await client.market.order_book("btc-mxn", limit=1)
            price = book.best_bid.price + (await client.market.books())[0].price_step
            first = await client.trading.buy_limit("btc-mxn", amount="0.02", price=price)
            low = [
                await client.trading.buy_limit("btc-mxn", amount="0.01", price=price)
                for price in ("1000", "1001")
            ]
            assert len(await told_later(watch)) == 3
            await other.trading.sell_limit("btc-mxn", amount="0.02", price=price)
            assert await told_later(watch) == [("filled", first.id, "0.02")]
            results = await client.trading.cancel_all("btc-mxn")
            assert {one.order.id for one in results} == {order.id for order in low}
            assert all(one.cancelled is not None and one.error is None for one in results)
            ends = await told_later(watch)
            assert sorted(ends) == [("cancelled", order.id, "0") for order in low]
            assert await client.trading.open_orders() == []

    asyncio.run(whole())


def test_an_end_that_the_trades_do_not_tell(facade: Facade) -> None:
    """Without trades to read, an order that is gone is GONE: neither filled nor cancelled."""
    script = Script([success([ORDER]), success([]), refusal("not_found", 404)])

    def watched(client: Any) -> Any:
        watch = client.trading.watch_orders(interval=0.001)
        return (next(watch), next(watch)) if facade.kind == "sync" else both(watch)

    first, last = facade.run(watched, script=script)
    assert (first.kind, last.kind) == (ChangeKind.OPEN, ChangeKind.GONE)
    assert (last.before, last.order.is_open) == (first.order, False)


async def both(watch: Any) -> tuple[Any, Any]:
    """The first two changes."""
    return await anext(watch), await anext(watch)


def test_a_reading_that_fails_halfway_forgets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the trades can't be read, the end of an order is told by the next good reading."""
    exchange = Sandbox()
    with CoinBTR.sandbox(exchange) as client:
        watch: Any = client.trading.watch_orders()
        order = client.trading.buy_limit("btc-mxn", amount="0.02", price="1000")
        assert told(watch) == [("open", order.id, "0")]
        client.trading.cancel(order)
        with monkeypatch.context() as broken:
            broken.setattr(Trading, "transactions", failing)
            assert told(watch) == []
        assert told(watch) == [("cancelled", order.id, "0")]


def failing(*_: Any, **__: Any) -> Any:
    """A list that can't be read now."""
    raise Unavailable("not now")
