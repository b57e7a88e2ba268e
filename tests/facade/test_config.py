"""A token goes only where the user said, and the client says where that is."""

import asyncio
import pickle
import sys
from collections.abc import Callable
from typing import Any

import pytest

from coinbtr import (
    AsyncCoinBTR,
    CoinBTR,
    ConfigurationError,
    Timeout,
)
from coinbtr.config import LIVE_URL
from coinbtr.description import load
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

Make = Callable[..., CoinBTR | AsyncCoinBTR]


@pytest.fixture(params=["sync", "async"])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a client of either facade, over a script."""

    def client(*args: Any, script: Script | None = None, **options: Any) -> Any:
        script = script or Script([example_answer("getTicker")])
        if request.param == "sync":
            return CoinBTR(*args, engine=ScriptedEngine(script), **options)
        return AsyncCoinBTR(*args, engine=AsyncScriptedEngine(script), **options)

    return client


def test_a_token_alone_goes_nowhere(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token without a named server is refused, from the parameter and from the environment."""
    with pytest.raises(ConfigurationError, match='environment="live"'):
        make(TOKEN)
    monkeypatch.setenv("COINBTR_TOKEN", TOKEN)
    with pytest.raises(ConfigurationError, match="COINBTR_BASE_URL"):
        make()


def test_a_token_goes_where_the_user_said(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """By parameter, by variable or by naming the live exchange; the repr says which it is."""
    assert "exchange.test" in repr(make(TOKEN, base_url=URL))
    assert "LIVE" in repr(make(TOKEN, environment="live"))
    assert "LIVE" in repr(make(TOKEN, base_url="https://coinbtr.com/api/v1/"))
    monkeypatch.setenv("COINBTR_TOKEN", TOKEN)
    monkeypatch.setenv("COINBTR_BASE_URL", "http://127.0.0.1:8642/api/v1")
    assert "127.0.0.1:8642" in repr(make())
    assert "exchange.test" in repr(make(base_url=URL))


def test_loopback_is_not_the_sandbox(make: Make) -> None:
    """Only what is proven is called SANDBOX: the embedded one is, an address is not."""
    assert "SANDBOX" not in repr(make(TOKEN, base_url="http://127.0.0.1:8642/api/v1"))
    with CoinBTR.sandbox() as client:
        assert repr(client) == "<CoinBTR SANDBOX>"


def test_live_and_another_address_contradict(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """`environment="live"` beside another address is refused: a mistake here costs real money."""
    with pytest.raises(ConfigurationError, match="base_url says"):
        make(TOKEN, base_url=URL, environment="live")
    monkeypatch.setenv("COINBTR_BASE_URL", URL)
    with pytest.raises(ConfigurationError, match="COINBTR_BASE_URL says"):
        make(TOKEN, environment="live")
    with pytest.raises(ConfigurationError, match='"live" or left out'):
        make(TOKEN, base_url=URL, environment="sandbox")


def awaited(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same call, waited for."""
    return lambda client: asyncio.run(call(client))


@pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")
def test_without_a_base_url_only_the_market(facade: Facade) -> None:
    """With neither token nor URL market data comes from the live exchange; the rest is refused."""
    for operation_id, (name, call) in CALLS.items():
        script = Script([example_answer(operation_id)])
        if facade.kind == "sync":
            client: Any = CoinBTR(engine=ScriptedEngine(script))
            run = call
        else:
            client = AsyncCoinBTR(engine=AsyncScriptedEngine(script))
            run = awaited(call)

        if name.startswith("market."):
            run(client)
            assert script.requests[0].url.startswith(LIVE_URL + "/market/")
            assert "Authorization" not in script.requests[0].headers
        else:
            with pytest.raises(ConfigurationError, match="needs a token"):
                run(client)
            assert not script.requests


def test_the_live_address_is_the_ruled_one() -> None:
    """The description's first server and the package agree."""
    assert load()["servers"][0]["url"] == LIVE_URL


GOOD_URLS = [
    ("https://coinbtr.com/api/v1/", "https://coinbtr.com/api/v1"),
    ("HTTPS://Exchange.Test:8443", "https://exchange.test:8443"),
    ("http://localhost:1/x", "http://localhost:1/x"),
    ("http://127.9.9.9/api", "http://127.9.9.9/api"),
    ("http://[::1]:8642/api/v1", "http://[::1]:8642/api/v1"),
]


@pytest.mark.parametrize(("given", "used"), GOOD_URLS)
def test_a_good_base_url(facade: Facade, given: str, used: str) -> None:
    """https anywhere, http on loopback; a slash at the end doesn't matter."""
    script = Script([example_answer("getTicker")])
    if facade.kind == "sync":
        CoinBTR(base_url=given, engine=ScriptedEngine(script)).market.ticker("btc-mxn")
    else:
        client = AsyncCoinBTR(base_url=given, engine=AsyncScriptedEngine(script))
        asyncio.run(client.market.ticker("btc-mxn"))
    assert script.requests[0].url == f"{used}/market/gettiker?market=btc-mxn"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://exchange.test/api", "https"),
        ("http://127.0.0.1.evil.test/", "https"),
        ("http://127.1/", "https"),
        ("http://0.0.0.0/", "https"),
        ("https://user:pass@exchange.test/", "user or password"),
        ("http://127.0.0.1:80@evil.test/", "user or password"),
        ("https://exchange.test/?a=b", "query"),
        ("https://exchange.test/#a", "fragment"),
        ("https://exchange.test\\@evil.test/", "user or password"),
        ("https://exchange.test\\.evil.test/", "look like"),
        ("https://exchange.test/\nHost: evil", "ASCII"),
        ("https://exchänge.test/", "ASCII"),
        ("https://exchange.test/a/../b", "plain path"),
        ("https://exchange.test/%2e%2e/b", "plain path"),
        ("https://exchange.test:99999/", "valid URL"),
        ("https://exchange.test:0/", "look like"),
        ("https://[::1/", "valid URL"),
        ("ftp://exchange.test/", "look like"),
        ("exchange.test/api", "look like"),
        ("https://", "look like"),
        ("", "look like"),
        (b"https://exchange.test", "must be a str"),
    ],
)
def test_a_bad_base_url(make: Make, url: Any, problem: str) -> None:
    """Anything but a plain address is refused by name, without repeating a password."""
    with pytest.raises(ConfigurationError, match=problem) as caught:
        make(TOKEN, base_url=url)
    assert "base_url" in str(caught.value)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("", "is empty"),
        ("abc\n", "a line feed at position 3"),
        ("abc\r\nX: y", "a carriage return at position 3"),
        ("a bc", "a space at position 1"),
        ("ab\x00c", r"a control character \(U\+0000\)"),
        ("abcé", "not ASCII"),
        ("Token abc", 'without the word "Token"'),
        (b"abc", "must be a str, not bytes"),
        (12345, "must be a str, not int"),
    ],
)
def test_a_bad_token(make: Make, token: Any, problem: str) -> None:
    """A token that can't be sent is refused by what is wrong with it, and not repeated."""
    with pytest.raises(ConfigurationError, match=problem) as caught:
        make(token, base_url=URL)
    assert "abc" not in str(caught.value)


def test_an_empty_variable_is_an_unset_one(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """As shells do it: `COINBTR_TOKEN=` means none."""
    monkeypatch.setenv("COINBTR_TOKEN", "")
    monkeypatch.setenv("COINBTR_BASE_URL", "")
    assert "LIVE" in repr(make())


def test_the_environment_is_read_at_construction(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that changes later changes no client."""
    monkeypatch.setenv("COINBTR_TOKEN", TOKEN)
    monkeypatch.setenv("COINBTR_BASE_URL", URL)
    script = Script([example_answer("getBalance")])
    client = CoinBTR(engine=ScriptedEngine(script))
    monkeypatch.setenv("COINBTR_TOKEN", "other")
    monkeypatch.setenv("COINBTR_BASE_URL", "https://other.test")
    client.wallet.balance("btc")
    assert script.requests[0].headers["Authorization"] == f"Token {TOKEN}"
    assert script.requests[0].url.startswith(URL)


@pytest.mark.parametrize(
    ("timeout", "sent"),
    [
        (None, Timeout(connect=5, read=15, write=10, pool=5)),
        (2.5, Timeout(connect=2.5, read=2.5, write=2.5, pool=2.5)),
        (Timeout(read=60), Timeout(connect=5, read=60, write=10, pool=5)),
    ],
)
def test_time_outs_are_explicit(timeout: Timeout | float | None, sent: Timeout) -> None:
    """Every request has a time-out for each step, the defaults included."""
    script = Script([example_answer("getTicker")])
    options: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
    CoinBTR(engine=ScriptedEngine(script), deadline=None, **options).market.ticker("btc-mxn")
    assert script.requests[0].timeout == sent


@pytest.mark.parametrize("timeout", [None, 0, -1, float("inf"), float("nan"), 1_000_001, "5", True])
def test_no_request_waits_for_ever(make: Make, timeout: Any) -> None:
    """None, zero, infinity and what is no number are refused."""
    with pytest.raises(ConfigurationError, match="timeout"):
        make(timeout=timeout)
    with pytest.raises(ConfigurationError, match="read"):
        make(timeout=Timeout(read=timeout))


def test_a_client_is_not_pickled(make: Make) -> None:
    """It holds a token, so it says so instead."""
    with pytest.raises(TypeError, match="holds a token"):
        pickle.dumps(make(TOKEN, base_url=URL))


@pytest.mark.parametrize("make", [CoinBTR, AsyncCoinBTR])
def test_an_engine_is_chosen_by_name(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the parameter, else by the variable; one that is given is taken as it is."""

    def name_of(**options: Any) -> str:
        return type(make(base_url=URL, **options)._seam._shared.engine).__name__

    prefix = "" if make is CoinBTR else "Async"
    assert name_of() == f"{prefix}HttpxEngine"
    assert name_of(engine="fast") == f"{prefix}FastEngine"
    monkeypatch.setenv("COINBTR_ENGINE", "fast")
    assert name_of() == f"{prefix}FastEngine"
    assert name_of(engine="httpx") == f"{prefix}HttpxEngine"
    assert name_of(engine=ScriptedEngine(Script([]))) == "ScriptedEngine"


def test_an_unknown_engine_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what it can be, and where it was said."""
    with pytest.raises(ConfigurationError, match='engine must be "httpx" or "fast", not \'curl\''):
        CoinBTR(base_url=URL, engine="curl")  # type: ignore[arg-type]  # what is tested
    monkeypatch.setenv("COINBTR_ENGINE", "curl")
    with pytest.raises(ConfigurationError, match="COINBTR_ENGINE must be"):
        CoinBTR(base_url=URL)


@pytest.mark.parametrize("make", [CoinBTR, AsyncCoinBTR])
def test_without_the_extra_the_engine_says_what_to_install(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, typed."""
    monkeypatch.setitem(sys.modules, "pycurl", None)
    said = r"needs pycurl: pip install 'coinbtr\[fast\]'"
    with pytest.raises(ConfigurationError, match=said):
        make(base_url=URL, engine="fast")
