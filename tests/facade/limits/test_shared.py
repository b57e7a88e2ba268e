"""Through a real Redis server, processes share one budget; without it, each keeps to its own."""

import asyncio
import socket
import subprocess
import sys
import time
import warnings
from contextlib import suppress
from typing import Any

import pytest

import coinbtr
from coinbtr import AsyncCoinBTR, CoinBTR, RateLimit, RateLimitExceeded
from coinbtr.limits import shared
from coinbtr.limits.limiter import Limiter
from coinbtr.limits.window import forget_all
from tests.facade.extras import told_without
from tests.facade.limits.conftest import RedisProcess
from tests.facade.limits.test_rate_limit import Watch
from tests.facade.scripted import (
    CALLS,
    TOKEN,
    URL,
    AsyncScriptedEngine,
    Facade,
    Script,
    ScriptedEngine,
    example_answer,
)

TICKER = CALLS["getTicker"][1]
BALANCE = CALLS["getBalance"][1]

# A process of its own: as many requests as it may without waiting, and how many these were.
PROCESS = """
import sys
from coinbtr import CoinBTR, RateLimit, RateLimitExceeded
from tests.facade.scripted import Script, ScriptedEngine, example_answer

script = Script([example_answer("getBalance")])
url, token, base_url = sys.argv[1:]
limit = RateLimit(private=(40, 30), longest_wait=0, redis=url)
engine = ScriptedEngine(script)
with CoinBTR(token, base_url=base_url, engine=engine, rate_limit=limit) as client:
    try:
        for _ in range(60):
            client.wallet.balance("btc")
    except RateLimitExceeded:
        pass
print(len(script.requests))
"""


@pytest.fixture(autouse=True)
def _new_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_servers", {})
    monkeypatch.setattr(shared, "PATIENCE", 0.2)


def run(facade: Facade, limit: RateLimit, times: int, token: str = TOKEN) -> int:
    """How many of so many balances were asked for until the limit was met."""
    script = Script([example_answer("getBalance")])
    options: dict[str, Any] = {"base_url": URL, "rate_limit": limit}

    async def awaited() -> None:
        async with AsyncCoinBTR(token, engine=AsyncScriptedEngine(script), **options) as client:
            for _ in range(times):
                await BALANCE(client)

    try:
        if facade.kind == "async":
            asyncio.run(awaited())
        else:
            with CoinBTR(token, engine=ScriptedEngine(script), **options) as client:
                for _ in range(times):
                    BALANCE(client)
    except RateLimitExceeded:
        pass
    return len(script.requests)


def forget_own_window() -> None:
    """Let this process forget its own requests, as if it were another one."""
    forget_all()


def test_processes_share_one_budget(redis_server: RedisProcess, repository: Any) -> None:
    """Three processes at once, 180 requests wanted: 40 are sent, not 120."""
    command = [sys.executable, "-c", PROCESS, redis_server.url, TOKEN, URL]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=repository)
        for _ in range(3)
    ]
    sent = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert all(process.returncode == 0 for process in processes)
    assert sum(sent) == 40


def test_another_key_has_a_budget_of_its_own(facade: Facade, redis_server: RedisProcess) -> None:
    """What one key used, another one has left."""
    limit = RateLimit(private=(5, 30), longest_wait=0, redis=redis_server.url)
    assert run(facade, limit, 9) == 5
    forget_own_window()
    assert run(facade, limit, 9) == 0
    assert run(facade, limit, 9, token="another") == 5


def test_a_turn_is_waited_for(facade: Facade, redis_server: RedisProcess) -> None:
    """What other processes used up comes back after the interval, and not before."""
    limit = RateLimit(private=(3, 1), redis=redis_server.url)
    start = time.monotonic()
    assert run(facade, limit, 3) == 3
    forget_own_window()
    assert run(facade, limit, 3) == 3
    assert 0.9 < time.monotonic() - start < 10


def test_neither_key_nor_address_is_stored(redis_server: RedisProcess) -> None:
    """Whoever reads the Redis server learns no token."""
    import redis

    limit = RateLimit(redis=redis_server.url)
    run(Facade("sync"), limit, 2)
    connection: Any
    with redis.Redis.from_url(redis_server.url) as connection:
        keys = connection.keys("*")
        stored = repr([(key, connection.lrange(key, 0, -1)) for key in keys])
    assert keys
    assert all(key.startswith(b"coinbtr:") for key in keys)
    assert TOKEN not in stored
    assert "exchange.test" not in stored


def test_requests_go_on_when_redis_goes_away(
    facade: Facade, redis_server: RedisProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One warning, then this process keeps to the budget alone, until Redis is back."""
    monkeypatch.setattr(shared, "PATIENCE", 0)  # each request tries it again
    limit = RateLimit(private=(6, 30), longest_wait=0, redis=redis_server.url)
    assert run(facade, limit, 2) == 2
    redis_server.stop()
    with pytest.warns(coinbtr.SharedLimitWarning) as caught:
        # What it sent before counts: 2 of 6 are gone.
        assert run(facade, limit, 9) == 4
    assert len(caught) == 1
    assert "by itself" in str(caught[0].message)

    redis_server.start()
    forget_own_window()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run(facade, limit, 3) == 3
    forget_own_window()
    assert run(facade, limit, 9) == 3

    redis_server.stop()
    forget_own_window()
    with pytest.warns(coinbtr.SharedLimitWarning) as caught:
        assert run(facade, limit, 9) == 6
    assert len(caught) == 1


class Crowd:
    """A budget whose next turns others are faster to take."""

    def __init__(self, *waits: float) -> None:
        self.waits = list(waits)

    def take(self) -> float:
        """How long to wait now."""
        return self.waits.pop(0)


@pytest.mark.parametrize(("longest", "sent", "waited"), [(None, 1, 6), (4.0, 0, 1)])
def test_a_turn_that_others_took_is_waited_for_again(
    facade: Facade,
    monkeypatch: pytest.MonkeyPatch,
    longest: float | None,
    sent: int,
    waited: float,
) -> None:
    """It asks until it has a turn, and no longer than it may wait in all."""
    crowd, watch = Crowd(1, 5, 0), Watch(facade)
    monkeypatch.setattr(Limiter, "shared", lambda *_: crowd)
    client = watch.client(rate_limit=RateLimit(longest_wait=longest))
    with suppress(RateLimitExceeded):
        watch.call(client, TICKER)
    assert len(watch.sent) == sent
    assert sum(watch.clock.waits) == waited


def test_a_redis_that_never_answers_costs_little(
    facade: Facade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that takes connections and says nothing holds up one request, once, not each."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        limit = RateLimit(redis=f"redis://:hunter2@127.0.0.1:{deaf.getsockname()[1]}/0")
        monkeypatch.setattr(shared, "PATIENCE", 5.0)
        start = time.monotonic()
        with pytest.warns(coinbtr.SharedLimitWarning) as caught:
            assert run(facade, limit, 20) == 20
        assert time.monotonic() - start < 10
        deaf.setblocking(False)
        deaf.accept()[0].close()
        with pytest.raises(BlockingIOError):
            deaf.accept()  # nobody has tried a second time
    assert len(caught) == 1
    assert "(TimeoutError)" in str(caught[0].message)
    assert "hunter2" not in str(caught[0].message)


def test_tasks_share_it_without_blocking_the_loop(redis_server: RedisProcess) -> None:
    """Forty tasks with one client, on two event loops in turn: each gets its answer."""
    script = Script([example_answer("getTicker")])
    limit = RateLimit(public=(100, 5), redis=redis_server.url)

    async def many() -> None:
        engine = AsyncScriptedEngine(script)
        async with AsyncCoinBTR(TOKEN, base_url=URL, engine=engine, rate_limit=limit) as client:
            await asyncio.gather(*(TICKER(client) for _ in range(40)))

    asyncio.run(many())
    asyncio.run(many())
    assert len(script.requests) == 80


def test_without_the_extra_it_says_what_to_install() -> None:
    """One sentence, when the limit is made and not when the first order waits."""
    told = told_without("limits", "coinbtr.RateLimit(redis='redis://localhost')")
    assert told == "a shared rate limit needs limits: pip install 'coinbtr[redis]'\n"
