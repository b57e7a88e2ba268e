"""Whose budget a request counts in, how long its turn is waited for, and what is said of limits."""

import time
import warnings
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import define, field
from coinbtr_api.operations import OPERATIONS

import coinbtr
from coinbtr import ConfigurationError, RateLimit, RateLimitExceeded
from coinbtr.limits import shared
from coinbtr.limits.limiter import Limiter
from coinbtr.limits.rate_limit import to_rate_limit
from coinbtr.limits.shared import RedisServer
from coinbtr.limits.window import Window
from coinbtr.wire.secret import Token
from tests.facade.limits.test_rate_limit import TICKER, FakeClock, Watch
from tests.facade.limits.test_shared import Crowd
from tests.facade.scripted import Facade, example_answer, refusal

URL = "https://exchange.test/api/v1"
PUBLIC, PRIVATE = OPERATIONS["getTicker"], OPERATIONS["getBalance"]


def owners(base_url: str, token: Token | None, **options: Any) -> tuple[list[Any], Limiter]:
    """What windows a limiter asks for: owner, requests, seconds and the time."""
    asked: list[Any] = []

    def window_of(owner: str, requests: int, seconds: int, now: float) -> Window:
        asked.append((owner, requests, seconds, now))
        return Window(requests, seconds)

    limit = RateLimit(public=(2, 3), private=(4, 5), **options)
    return asked, Limiter(limit, base_url, token, 77.0, window_of)


def test_a_budget_is_the_servers_and_the_keys() -> None:
    """One for each server, and one for each key at each server; neither is named in the open."""
    (public, private), _ = owners(URL, Token("key"))
    assert (public[1:], private[1:]) == ((2, 3, 77.0), (4, 5, 77.0))
    assert owners(URL, Token("key"))[0] == [public, private]
    others = [
        owners(URL, Token("another"))[0],
        owners("https://other.test", Token("key"))[0],
        owners(URL, None)[0],
        owners("https://other.test", None)[0],
    ]
    publics = {one[0][0] for one in others} | {public[0]}
    privates = {one[1][0] for one in others} | {private[0]}
    assert (len(publics), len(privates)) == (2, 5)
    for name in publics | privates:
        scope, _, digits = name.partition("/")
        assert scope in ("public", "private")
        assert len(digits) == 24
        assert int(digits, 16) > 0


def test_what_is_shared_is_the_same_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through Redis the owner, the requests and the seconds are those of the own window."""
    asked, limiter = owners(URL, Token("key"), redis="redis://127.0.0.1:1/0")
    for operation, (owner, requests, seconds, _) in zip((PUBLIC, PRIVATE), asked, strict=True):
        budget = limiter.shared(operation)
        assert budget is not None
        assert (budget.owner, budget.requests, budget.seconds) == (owner, requests, seconds)
        assert budget.server is shared.server("redis://127.0.0.1:1/0")
        assert budget.server is not shared.server("redis://127.0.0.1:2/0")
        fake = FakeLimiter(taken=True)
        monkeypatch.setattr(budget.server, "_connected", lambda fake=fake: fake)
        assert budget.take() == 0
        assert fake.items == [(requests, seconds, owner)]
    assert owners(URL, Token("key"))[1].shared(PUBLIC) is None


def test_a_turn_says_when_it_comes_and_can_be_given_back() -> None:
    """At once, then after the seconds of the budget; who gives his back lets the next one in."""
    _, limiter = owners(URL, None)
    turns = [limiter.take(PUBLIC, 100.0, None) for _ in range(3)]
    assert [
        (one.at, one.wait) for one in turns if not isinstance(one, (Exception, type(None)))
    ] == [
        (100.0, 0.0),
        (100.0, 0.0),
        (103.0, 3.0),
    ]
    late = turns[2]
    assert late is not None
    assert not isinstance(late, Exception)
    late.give_back()
    again = limiter.take(PUBLIC, 100.0, 3.0)
    assert again is not None
    assert not isinstance(again, Exception)
    assert again.at == 103.0
    error = limiter.take(PUBLIC, 100.5, 2.0)
    assert isinstance(error, RateLimitExceeded)
    assert str(error) == (
        "getTicker: the client's own rate limit for public operations has room in 2.5 s, which is"
        " too long to wait; nothing was sent"
    )
    assert (error.retry_after, error.operation) == (2.5, "getTicker")


@pytest.mark.parametrize(
    ("waits", "deadline", "longest", "waited", "sent"),
    [
        ((3, 3, 0), None, 4.0, [3], 0),
        ((4, 0), None, 4.0, [4], 1),
        ((3, 3, 0), 4.0, None, [3], 0),
        ((3, 0.5, 0), 4.0, None, [3, 0.5], 1),
    ],
)
def test_all_waits_for_a_shared_turn_count(
    facade: Facade,
    monkeypatch: pytest.MonkeyPatch,
    waits: tuple[float, ...],
    deadline: float | None,
    longest: float | None,
    waited: list[float],
    sent: int,
) -> None:
    """Together they are held against `longest_wait` and the deadline; the bound is within it."""
    crowd, watch = Crowd(*waits), Watch(facade)
    monkeypatch.setattr(Limiter, "shared", lambda *_: crowd)
    limit = RateLimit(public=(1, 10), longest_wait=longest)
    client = watch.client(rate_limit=limit, deadline=deadline)
    if sent:
        watch.call(client, TICKER)
    else:
        with pytest.raises(RateLimitExceeded) as caught:
            watch.call(client, TICKER)
        assert caught.value.retry_after == waits[1]
        # The own turn was given back: the next one is not held up by it.
        crowd.waits = [0.0]
        begun = watch.clock.time
        watch.call(client, TICKER)
        assert watch.sent == [begun]
    assert watch.clock.waits == waited


def test_less_than_a_second_is_waited_for(facade: Facade) -> None:
    """A turn that comes in half a second is not taken now."""
    watch = Watch(facade)
    client = watch.client(rate_limit=RateLimit(public=(1, 10)))
    watch.call(client, TICKER)
    watch.clock.time += 9.5
    watch.call(client, TICKER)
    assert watch.clock.waits == [0.5]


@pytest.mark.parametrize(("limit", "asked"), [(None, {"Retry_After": "7"}), (RateLimit(), {})])
def test_a_429_without_a_wait_or_a_limit_holds_up_nobody(
    facade: Facade, limit: RateLimit | None, asked: dict[str, str]
) -> None:
    """A client that keeps no limit, or is told no time, raises what came and sends the next."""
    watch = Watch(facade, [refusal("rate_limited", 429, **asked), example_answer("getTicker")])
    client = watch.client(rate_limit=limit)
    with pytest.raises(coinbtr.RateLimited):
        watch.call(client, TICKER)
    watch.call(client, TICKER)
    assert watch.sent == [1000.0, 1000.0]


class Impatient(FakeClock):
    """A clock whose user presses Ctrl-C whenever it waits."""

    def sleep(self, seconds: float) -> None:
        """Wait no time."""
        raise KeyboardInterrupt


def test_an_interrupted_wait_gives_its_turn_back(facade: Facade) -> None:
    """Ctrl-C while it waits: the next call has the turn that this one would have had."""
    watch = Watch(facade, clock=Impatient())
    client = watch.client(rate_limit=RateLimit(public=(1, 10)))
    watch.call(client, TICKER)
    with pytest.raises(KeyboardInterrupt):
        watch.call(client, TICKER)
    watch.clock.time += 10
    watch.call(client, TICKER)
    assert watch.sent == [1000.0, 1010.0]


@define
class FakeLimiter:
    """What the library `limits` does, told by the test."""

    taken: bool
    free_at: float = 0.0
    looks: int = 0
    items: list[Any] = field(factory=list)

    def hit(self, item: Any, owner: str) -> bool:
        """Whether there is a turn."""
        self.items.append((item.amount, item.get_expiry(), owner))
        return self.taken

    def get_window_stats(self, item: Any, owner: str) -> Any:
        """When there is one again."""
        assert (item.amount, item.get_expiry(), owner) == self.items[-1]
        self.looks += 1
        return type("Stats", (), {"reset_time": self.free_at})


def test_redis_is_asked_for_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many requests in so many seconds for this owner; the wait is until there is room."""
    server = RedisServer("redis://127.0.0.1:1/0")
    fake = FakeLimiter(taken=True)
    monkeypatch.setattr(server, "_connected", lambda: fake)
    assert server.take("me", 7, 30) == 0.0
    assert fake.looks == 0
    fake.taken, fake.free_at = False, time.time() + 1000
    assert 900 < server.take("me", 7, 30) <= 1000
    fake.free_at = time.time() - 1
    assert server.take("me", 7, 30) == 0.005
    assert fake.items == [(7, 30, "me")] * 3


def test_redis_is_given_half_a_second() -> None:
    """To connect, and for each answer: nothing that Redis does holds up an order for long."""
    storage: Any = RedisServer("redis://127.0.0.1:1/0")._connected().storage
    given = storage.get_connection().connection_pool.connection_kwargs
    assert (given["socket_connect_timeout"], given["socket_timeout"]) == (0.5, 0.5)


def test_a_redis_that_is_down_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """One warning with the class of what ailed it; it is asked again five seconds later."""
    server, fake, now, asked = RedisServer("redis://x"), FakeLimiter(taken=True), [50.0], []

    def connected() -> FakeLimiter:
        asked.append(now[0])
        if now[0] < 60:
            raise ConnectionError("redis://:hunter2@x")
        return fake

    monkeypatch.setattr(server, "_connected", connected)
    monkeypatch.setattr(shared, "time", SimpleNamespace(monotonic=lambda: now[0], time=time.time))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for moment in (50.0, 54.9, 55.0, 59.9, 60.0, 61.0):
            now[0] = moment
            assert server.take("me", 1, 1) == 0.0
    assert asked == [50.0, 55.0, 60.0, 61.0]
    assert [(one.category, str(one.message)) for one in caught] == [
        (
            coinbtr.SharedLimitWarning,
            "the shared rate limit can't be reached (ConnectionError): this process keeps to the"
            " budget by itself until it can",
        )
    ]


PAIR = "a rate limit is (requests, seconds), such as (60, 60), or None, not "
INTS = "a rate limit is two ints from 1, (requests, seconds), not "


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"public": 60}, f"{PAIR}60"),
        ({"public": (60,)}, f"{PAIR}(60,)"),
        ({"private": "ab"}, f"{PAIR}'ab'"),
        ({"private": (0, 60)}, f"{INTS}(0, 60)"),
        ({"private": (60, 0)}, f"{INTS}(60, 0)"),
        ({"private": ("1", 1)}, f"{INTS}('1', 1)"),
        ({"private": (True, 1)}, f"{INTS}(True, 1)"),
        ({"longest_wait": "3"}, "longest_wait must be seconds or None, not '3'"),
        ({"longest_wait": True}, "longest_wait must be seconds or None, not True"),
        ({"longest_wait": -1}, "longest_wait must be 0 or more and finite, not -1"),
        ({"longest_wait": float("inf")}, "longest_wait must be 0 or more and finite, not inf"),
        ({"redis": 5}, "redis must be a URL such as redis://localhost:6379/0"),
        ({"redis": "http://x"}, "redis must be a URL such as redis://localhost:6379/0"),
    ],
)
def test_a_limit_that_makes_no_sense_is_told_what_to_write(
    options: dict[str, Any], words: str
) -> None:
    """The whole sentence, with what was given where that is no secret."""
    with pytest.raises(ConfigurationError) as caught:
        RateLimit(**options)
    assert str(caught.value) == words


def test_the_least_that_is_allowed() -> None:
    """One request a second, in a list too, and no waiting at all; the parameter takes a name."""
    limit = RateLimit(public=[1, 1], longest_wait=0)  # type: ignore[arg-type]  # a list does
    assert (limit.public, limit.longest_wait) == ((1, 1), 0.0)
    assert to_rate_limit("default") == RateLimit()
    assert to_rate_limit(limit) is limit
    assert to_rate_limit(None) is None
    assert str(to_rate_limit(60)) == (
        'rate_limit must be a RateLimit, "default", or None for no limit, not int'
    )


def test_a_turn_counts_until_its_seconds_are_over() -> None:
    """Exactly then it is free again, and a window without turns or pause may be forgotten."""
    window = Window(1, 10)
    assert window.is_idle(0.0)
    assert window.take(100.0) == (100.0, True)
    assert not window.is_idle(109.9)
    assert window.take(109.9, 0) == (110.0, False)
    assert window.is_idle(110.0)
    assert window.take(110.0, 0) == (110.0, True)
    window.pause(130.0)
    assert not window.is_idle(129.9)
    assert window.is_idle(130.0)
    assert window.take(125.0, 5) == (130.0, True)
    window.give_back(5.0)
    assert window.take(130.0, 0) == (140.0, False)


def test_a_window_forgets_what_is_over_and_nothing_else() -> None:
    """Each turn as soon as its seconds are over: it never holds more than it needs."""
    window = Window(3, 10)
    for now in (100.0, 105.0, 109.0, 111.0):
        assert window.take(now) == (now, True)
    assert window.take(112.0, 0) == (115.0, False)
    assert window._turns == [105.0, 109.0, 111.0]
    assert window.take(119.5) == (119.5, True)
    assert window._turns == [111.0, 119.5]


@pytest.mark.parametrize("missing", ["limits", "redis"])
def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """When the limit is made: which one, and what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else name)
    with pytest.raises(ConfigurationError) as caught:
        RateLimit(redis="redis://127.0.0.1:1/0")
    assert str(caught.value) == (
        f"a shared rate limit needs {missing}: pip install 'coinbtr[redis]'"
    )
