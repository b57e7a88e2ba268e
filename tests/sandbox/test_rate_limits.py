"""Rate limits as a server keeps them: by token and by address, 429 with whole seconds to wait."""

from typing import Any

import pytest

from coinbtr import CoinBTR
from coinbtr.description import load
from coinbtr.sandbox import ManualClock, Sandbox
from coinbtr.sandbox.rate_limits import MOST_CALLERS, RateLimit, RateLimiter, RateLimits
from coinbtr.wire.engine import Request
from tests.sandbox.caller import Caller

LIMITS = RateLimits(public=RateLimit(3, 60), private=RateLimit(5, 10))
BOOKS = "/market/listbooks"
BALANCES = "/wallet/listbalances"


@pytest.fixture
def sandbox(clock: ManualClock) -> Sandbox:
    """A sandbox with small limits."""
    return Sandbox(clock=clock, rate_limits=LIMITS)


def test_off_by_default_and_the_description_s_numbers_when_on() -> None:
    """Without the argument nobody is held back; True takes the numbers of the description."""
    free = Caller(Sandbox(), None)
    assert {free.get(BOOKS).status for _ in range(100)} == {200}
    described = load()["x-rate-limits"]["public"]
    held = Caller(Sandbox(clock=ManualClock(), rate_limits=True), None)
    statuses = [held.get(BOOKS).status for _ in range(described["requests"] + 1)]
    assert statuses == [200] * described["requests"] + [429]


def test_the_public_limit_goes_by_address(sandbox: Sandbox, clock: ManualClock) -> None:
    """The fourth request of an address is refused, another address is not; a minute later it is
    let in again."""

    def get(peer: str) -> Any:
        return sandbox.handle(Request(method="GET", url=sandbox.base_url + BOOKS), peer=peer)

    assert [get("192.0.2.1").status for _ in range(4)] == [200, 200, 200, 429]
    assert get("192.0.2.2").status == 200
    clock.advance(ms=59_999)
    refused = get("192.0.2.1")
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    clock.advance(ms=1)
    assert get("192.0.2.1").status == 200


def test_the_private_limit_goes_by_token(
    sandbox: Sandbox, demo: Caller, other: Caller, clock: ManualClock
) -> None:
    """Each token has its own; the answer is the documented one, and nothing was done."""
    assert [demo.get(BALANCES).status for _ in range(5)] == [200] * 5
    refused = demo.post(
        "/trading/place/buylimit", {"market": "btc-mxn", "amount": 1, "price": 500_000}
    )
    assert refused.refused == (429, "rate_limited")
    assert refused.headers["retry-after"] == "10"
    assert other.get(BALANCES).status == 200
    second = Caller(sandbox, sandbox.issue_token("demo"))
    assert second.get(BALANCES).status == 200
    clock.advance(ms=10_001)
    assert demo.post("/trading/listopenorders").data == other.post("/trading/listopenorders").data


def test_public_and_private_are_counted_apart(demo: Caller) -> None:
    """A token's requests to public operations count for its address."""
    assert [demo.get(BOOKS).status for _ in range(4)] == [200, 200, 200, 429]
    assert demo.get(BALANCES).status == 200


def test_who_is_not_let_in_counts_by_address(sandbox: Sandbox) -> None:
    """Guessing tokens or paths ends at the public limit; a good token is not held back by it."""
    guess = Caller(sandbox, "wrong")
    assert [guess.get(BALANCES).status for _ in range(4)] == [401, 401, 401, 429]
    assert guess.get("/nothing").refused == (429, "rate_limited")
    assert Caller(sandbox, sandbox.token).get(BALANCES).status == 200


def test_health_is_never_limited(sandbox: Sandbox, anyone: Caller) -> None:
    """Whoever watches it may ask as often as he likes."""
    base = sandbox.base_url.removesuffix("/api/v1")
    assert {anyone.url("GET", f"{base}/_sandbox/health").status for _ in range(20)} == {200}
    assert anyone.get(BOOKS).status == 200


def test_the_facade_waits_and_goes_on(clock: ManualClock) -> None:
    """A client that is held back with 429 waits as long as it was told, and gets its answer."""
    sandbox = Sandbox(rate_limits=RateLimits(private=RateLimit(2, 1)))
    with CoinBTR.sandbox(sandbox) as client:
        for _ in range(4):
            assert client.wallet.balance("btc").available == 10
    statuses = [request.status for request in sandbox.requests.list()]
    assert statuses.count(200) == 4
    assert 429 in statuses


def test_memory_is_bounded() -> None:
    """Beyond so many callers the one that was quiet longest is forgotten."""
    limiter = RateLimiter(LIMITS)
    for number in range(MOST_CALLERS + 500):
        limiter.take(f"caller {number}", private=False, now_ms=0)
        limiter.take("busy", private=False, now_ms=0)
    assert len(limiter._windows) == MOST_CALLERS
    assert limiter.take("busy", private=False, now_ms=1) == 60


@pytest.mark.parametrize(("requests", "seconds"), [(0, 1), (1, 0), (-1, 1)])
def test_a_limit_of_nothing_is_refused(requests: int, seconds: int) -> None:
    """Both numbers are one or more, and whole."""
    with pytest.raises(ValueError, match="must be 1 or more"):
        RateLimit(requests, seconds)
    with pytest.raises(TypeError, match="must be an int"):
        RateLimit(True, 0.5)  # type: ignore[arg-type]  # the mistake under test
