"""A client keeps to a rate limit by itself: it waits for its turn, or says that it would."""

import asyncio
import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from attrs import define, field

import coinbtr
from coinbtr import (
    AsyncCoinBTR,
    CoinBTR,
    ConfigurationError,
    RateLimit,
    RateLimitExceeded,
    Request,
    Response,
)
from coinbtr.description import load
from coinbtr.limits.rate_limit import PRIVATE, PUBLIC
from coinbtr.sending.waiting import SYSTEM_CLOCK
from tests.facade.scripted import (
    CALLS,
    OPEN,
    TOKEN,
    URL,
    Answer,
    AsyncScriptedEngine,
    Facade,
    Script,
    ScriptedEngine,
    example_answer,
    refusal,
)

TICKER = CALLS["getTicker"][1]
BALANCE = CALLS["getBalance"][1]
BUY = CALLS["placeBuyLimitOrder"][1]


@define(eq=False)
class FakeClock:
    """A clock that a wait moves on at once."""

    time: float = 1000.0
    waits: list[float] = field(factory=list)

    def monotonic(self) -> float:
        """The time."""
        return self.time

    def now(self) -> datetime:
        """The time of day."""
        return datetime.fromtimestamp(self.time, UTC)

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.waits.append(seconds)
        self.time += seconds

    async def async_sleep(self, seconds: float) -> None:
        """Move on."""
        self.sleep(seconds)


@define
class Watch:
    """A client over a script, with a clock of its own, and when its requests were sent."""

    facade: Facade
    answers: list[Answer] = field(factory=lambda: [example_answer("getTicker")])
    clock: FakeClock = field(factory=FakeClock)
    sent: list[float] = field(factory=list)

    def client(self, token: str | None = TOKEN, **options: Any) -> Any:
        """A client of the facade."""
        answers = self.answers

        def note(answer: Answer) -> Answer:
            def noted(request: Any) -> Any:
                self.sent.append(self.clock.time)
                if isinstance(answer, BaseException):
                    raise answer
                return answer(request) if callable(answer) else answer

            return noted

        script = Script([note(one) for one in answers])
        given: dict[str, Any] = {"guards": OPEN, "retries": 1, "deadline": None}
        options = given | {"watermark": "seen"} | options
        client: Any
        if self.facade.kind == "sync":
            client = CoinBTR(token, base_url=URL, engine=ScriptedEngine(script), **options)
        else:
            client = AsyncCoinBTR(
                token, base_url=URL, engine=AsyncScriptedEngine(script), **options
            )
        client._seam._shared.clock = self.clock
        return client

    def call(self, client: Any, call: Callable[[Any], Any], times: int = 1) -> None:
        """Make a call, so many times."""

        async def awaited() -> None:
            for _ in range(times):
                await call(client)

        if self.facade.kind == "async":
            asyncio.run(awaited())
        else:
            for _ in range(times):
                call(client)


@pytest.fixture
def watch(facade: Facade) -> Watch:
    """Each facade in turn."""
    return Watch(facade)


def test_the_default_is_the_descriptions() -> None:
    """60 requests a minute without a token, 300 with one, as ruled."""
    described = load()["x-rate-limits"]
    assert (described["public"]["requests"], described["public"]["seconds"]) == PUBLIC
    assert (described["private"]["requests"], described["private"]["seconds"]) == PRIVATE
    assert (RateLimit().public, RateLimit().private) == (PUBLIC, PRIVATE)


def test_it_is_on_by_default(watch: Watch) -> None:
    """The 61st public request of a minute waits for the next; private ones have a budget of 300."""
    client = watch.client()
    watch.call(client, TICKER, 61)
    assert watch.sent == [1000.0] * 60 + [1060.0]
    watch.sent.clear()
    watch.answers[:] = [example_answer("getBalance")]
    watch.call(watch.client(), BALANCE, 301)
    assert watch.sent == [1060.0] * 300 + [1120.0]


def test_no_limit_on_request(watch: Watch) -> None:
    """None takes it off, whole or by part."""
    for limit in (None, RateLimit(public=None)):
        watch.call(watch.client(rate_limit=limit), TICKER, 200)
    assert watch.clock.waits == []
    assert len(watch.sent) == 400


def test_the_clients_of_one_key_share_a_budget(watch: Watch) -> None:
    """A second client is no second budget; another key, and another scope, is."""
    watch.answers = [example_answer("getBalance")]
    limit = RateLimit(private=(2, 10))
    watch.call(watch.client(rate_limit=limit), BALANCE, 2)
    watch.call(watch.client("another", rate_limit=limit), BALANCE, 2)
    assert watch.clock.waits == []
    watch.call(watch.client(rate_limit=limit), BALANCE)
    assert watch.sent == [1000.0] * 4 + [1010.0]


def test_a_view_shares_the_budget(watch: Watch) -> None:
    """Other options for a call are no way around the limit."""
    client = watch.client(rate_limit=RateLimit(public=(2, 10)))
    watch.call(client.with_options(timeout=3), TICKER, 2)
    watch.call(client, TICKER)
    assert watch.sent == [1000.0, 1000.0, 1010.0]


@pytest.mark.parametrize(
    ("call", "operation"), [(BALANCE, "getBalance"), (BUY, "placeBuyLimitOrder")]
)
def test_who_does_not_wait_is_told(watch: Watch, call: Any, operation: str) -> None:
    """With `longest_wait` the call raises at once, says how long it would be, and sends nothing."""
    watch.answers = [example_answer(operation)]
    client = watch.client(rate_limit=RateLimit(private=(1, 10), longest_wait=0))
    watch.call(client, call)
    watch.clock.time += 4
    with pytest.raises(RateLimitExceeded) as caught:
        watch.call(client, call)
    assert caught.value.retry_after == 6
    assert caught.value.operation == operation
    assert "6 s" in str(caught.value)
    assert (watch.clock.waits, len(watch.sent)) == ([], 1)
    assert not client.unresolved
    watch.clock.time += 6
    watch.call(client, call)
    assert len(watch.sent) == 2


@pytest.mark.parametrize("longest", [None, 1000.0])
def test_a_deadline_is_not_waited_past(watch: Watch, longest: float | None) -> None:
    """A turn that comes after the call's deadline is not waited for, whatever else allows it."""
    limit = RateLimit(public=(1, 100), longest_wait=longest)
    client = watch.client(rate_limit=limit, deadline=60)
    watch.call(client, TICKER)
    with pytest.raises(RateLimitExceeded):
        watch.call(client, TICKER)
    watch.clock.time += 41
    watch.call(client, TICKER)
    assert watch.sent == [1000.0, 1100.0]


def test_each_attempt_counts(watch: Watch) -> None:
    """A retry is a request like any other."""
    fault = refusal("unavailable", 503)
    watch.answers = [fault, example_answer("getTicker"), example_answer("getTicker")]
    client = watch.client(rate_limit=RateLimit(public=(2, 100)), retries=3)
    watch.call(client, TICKER, 2)
    assert watch.sent[-1] == 1100.0


def test_a_429_holds_up_all(watch: Watch) -> None:
    """When the exchange asks for a wait, no other call of this key goes out before it is over."""
    watch.answers = [refusal("rate_limited", 429, Retry_After="7"), example_answer("getTicker")]
    client = watch.client()
    with pytest.raises(coinbtr.RateLimited):
        watch.call(client, TICKER)
    watch.call(client, TICKER)
    assert watch.sent == [1000.0, 1007.0]


def test_a_429_that_names_a_year_is_not_believed(watch: Watch) -> None:
    """One answer doesn't stop a program for more than five minutes."""
    watch.answers = [
        refusal("rate_limited", 429, Retry_After="31536000"),
        example_answer("getTicker"),
    ]
    client = watch.client()
    with pytest.raises(coinbtr.RateLimited):
        watch.call(client, TICKER)
    watch.call(client, TICKER)
    assert watch.sent == [1000.0, 1300.0]


def test_threads_keep_to_one_budget() -> None:
    """Real threads, real time: never more than 20 requests in any 0.9 seconds."""
    watch = Watch(Facade("sync"))
    client = watch.client(rate_limit=RateLimit(public=(20, 1)))
    client._seam._shared.clock = SYSTEM_CLOCK
    times: list[float] = []
    engine = client._seam._shared.engine

    def timed(request: Request) -> Response:
        times.append(SYSTEM_CLOCK.monotonic())
        return example_answer("getTicker")

    engine.script = Script([timed])
    threads = [Thread(target=lambda: [TICKER(client) for _ in range(12)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    assert len(times) == 48
    assert all(last - first > 0.9 for first, last in zip(times, times[20:], strict=False))


def test_a_cancelled_wait_gives_its_turn_back() -> None:
    """Tasks that were cancelled while they waited hold up nobody."""
    script = Script([example_answer("getTicker")])
    limit = RateLimit(public=(1, 1))

    async def whole() -> float:
        client = AsyncCoinBTR(
            TOKEN, base_url=URL, engine=AsyncScriptedEngine(script), rate_limit=limit
        )
        loop = asyncio.get_running_loop()
        start = loop.time()
        await TICKER(client)
        tasks = [asyncio.create_task(TICKER(client)) for _ in range(20)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert all(task.cancelled() for task in tasks)
        await TICKER(client)
        return loop.time() - start

    assert 0.9 < asyncio.run(whole()) < 5
    assert len(script.requests) == 2


def test_the_embedded_sandbox_is_not_limited() -> None:
    """A hundred requests in a row, unless a limit is asked for."""
    with CoinBTR.sandbox() as client:
        assert len({client.market.ticker("btc-mxn").last for _ in range(100)}) == 1
    limit = RateLimit(public=(3, 60), longest_wait=0)
    with CoinBTR.sandbox(rate_limit=limit) as client:
        for _ in range(3):
            client.market.ticker("btc-mxn")
        with pytest.raises(RateLimitExceeded):
            client.market.ticker("btc-mxn")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RateLimit(public=60), "(requests, seconds)"),  # type: ignore[arg-type]  # on purpose
        (lambda: RateLimit(public=(0, 60)), "from 1"),
        (lambda: RateLimit(private=(60, 0.5)), "two ints"),  # type: ignore[arg-type]  # on purpose
        (lambda: RateLimit(private=(True, 5)), "two ints"),
        (lambda: RateLimit(longest_wait=-1), "longest_wait"),
        (lambda: RateLimit(longest_wait=float("inf")), "longest_wait"),
        (lambda: RateLimit(longest_wait="3"), "longest_wait"),  # type: ignore[arg-type]  # on purpose
        (lambda: RateLimit(redis="http://user:hunter2@x"), "redis://localhost"),
        (lambda: CoinBTR(rate_limit="none"), "rate_limit"),  # type: ignore[arg-type]  # on purpose
        (lambda: AsyncCoinBTR(rate_limit=60), "rate_limit"),  # type: ignore[arg-type]  # on purpose
        (lambda: CoinBTR.sandbox(rate_limit=60), "rate_limit"),  # type: ignore[arg-type]  # on purpose
    ],
)
def test_a_rate_limit_that_makes_no_sense(make: Callable[[], Any], words: str) -> None:
    """It is refused at once, without repeating what may be a password."""
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_rate_limit_is_a_value() -> None:
    """It compares, copies, pickles, and its repr shows no password."""
    limit = RateLimit(public=(5, 1), redis="redis://:hunter2@localhost:6379/0")
    assert pickle.loads(pickle.dumps(limit)) == copy.deepcopy(limit) == limit  # noqa: S301 - our own
    assert "hunter2" not in repr(limit)
