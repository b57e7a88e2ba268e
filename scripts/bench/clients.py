"""The clients that are measured: ours, plain HTTP clients, and SDKs of other exchanges.

Each contender makes `number` calls over connections that are kept alive.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

from coinbtr import AsyncCoinBTR, CoinBTR
from coinbtr.wire.engines import EngineName

Calls = Callable[[int], int]
AsyncCall = Callable[[], Awaitable[object]]

TICKER: Final = "/api/v1/market/gettiker?market=btc-mxn"
BOOK: Final = "/api/v1/market/getorderbook?market=btc-mxn&limit=1000"
ENGINES: Final[tuple[EngineName, ...]] = ("httpx", "fast")


def repeated(call: Callable[[], object], number: int) -> int:
    """Make calls one after the other."""
    for _ in range(number):
        call()
    return number


@contextmanager
def sync_tickers(url: str) -> Iterator[Mapping[str, Calls]]:
    """Give what reads a ticker, by name."""
    import ccxt
    import httpx
    import pycurl
    import requests
    from kraken.spot import Market  # type: ignore[import-not-found]

    with ExitStack() as open_ones:
        plain = open_ones.enter_context(httpx.Client())
        session = open_ones.enter_context(requests.Session())
        bare = HTTPConnection(urlsplit(url).netloc)
        open_ones.callback(bare.close)
        curl = open_ones.enter_context(pycurl.Curl())
        curl.setopt(pycurl.URL, url + TICKER)
        calls: dict[str, Callable[[], object]] = {
            "httpx": lambda: plain.get(url + TICKER).json(),
            **{f"coinbtr, {name}": one for name, one in _own(url, open_ones).items()},
            "pycurl": lambda: json.loads(curl.perform_rb()),
            "http.client": partial(_by_http_client, bare),
            "requests": lambda: session.get(url + TICKER).json(),
            "ccxt (requests)": partial(bitso(ccxt, url).fetch_ticker, "BTC/MXN"),
            "python-kraken-sdk (requests)": partial(Market(url=url).get_ticker, "XBTUSD"),
        }
        yield {name: partial(repeated, call) for name, call in calls.items()}


def _by_http_client(connection: HTTPConnection) -> object:
    connection.request("GET", TICKER)
    return json.loads(connection.getresponse().read())


def _own(url: str, open_ones: ExitStack) -> Mapping[str, Callable[[], object]]:
    return {
        name: partial(open_ones.enter_context(own(url, name)).market.ticker, "btc-mxn")
        for name in ENGINES
    }


def own(url: str, engine: EngineName) -> CoinBTR:
    """Give our client, with its own rate limit out of the way."""
    return CoinBTR(base_url=f"{url}/api/v1", rate_limit=None, engine=engine)


def own_async(url: str, engine: EngineName) -> AsyncCoinBTR:
    """Give our async client, with its own rate limit out of the way."""
    return AsyncCoinBTR(base_url=f"{url}/api/v1", rate_limit=None, engine=engine)


@contextmanager
def books(url: str) -> Iterator[Mapping[str, Calls]]:
    """Give what reads an order book with a thousand levels a side, by name."""
    import ccxt  # pyright: ignore[reportMissingImports]
    import httpx

    with ExitStack() as open_ones:
        plain = open_ones.enter_context(httpx.Client())
        calls: dict[str, Callable[[], object]] = {
            "httpx": lambda: json.loads(plain.get(url + BOOK).content),
            "ccxt (requests)": partial(bitso(ccxt, url).fetch_order_book, "BTC/MXN"),
        }
        for name in ENGINES:
            client = open_ones.enter_context(own(url, name))
            calls[f"coinbtr, {name}"] = partial(client.market.order_book, "btc-mxn", limit=1000)
        yield {name: partial(repeated, call) for name, call in calls.items()}


@contextmanager
def async_tickers(url: str, callers: int, *, peers: bool = True) -> Iterator[Mapping[str, Calls]]:
    """Give what reads a ticker with this many callers at once, by name."""
    with asyncio.Runner() as runner:
        calls, close = runner.run(_async_tickers(url, peers=peers))
        try:
            yield {name: partial(_at_once, runner, call, callers) for name, call in calls.items()}
        finally:
            runner.run(close())


def _at_once(runner: asyncio.Runner, call: AsyncCall, callers: int, number: int) -> int:
    async def caller() -> None:
        for _ in range(number // callers):
            await call()

    async def all_of_them() -> None:
        await asyncio.gather(*(caller() for _ in range(callers)))

    runner.run(all_of_them())
    return number // callers * callers


async def _async_tickers(
    url: str, *, peers: bool
) -> tuple[Mapping[str, AsyncCall], Callable[[], Any]]:
    import aiohttp
    import ccxt.async_support as ccxt
    import httpx
    from kraken.spot import SpotAsyncClient  # pyright: ignore[reportMissingImports]

    plain = httpx.AsyncClient()
    session = aiohttp.ClientSession()
    exchange = bitso(ccxt, url)
    kraken = SpotAsyncClient(url=url)
    clients = {name: own_async(url, name) for name in ENGINES}

    async def with_httpx() -> object:
        return (await plain.get(url + TICKER)).json()

    async def with_aiohttp() -> object:
        async with session.get(url + TICKER) as answer:
            return await answer.json()

    others: dict[str, AsyncCall] = {
        "aiohttp": with_aiohttp,
        "ccxt (aiohttp)": partial(exchange.fetch_ticker, "BTC/MXN"),
        "python-kraken-sdk (aiohttp), untyped": partial(
            kraken.request, "GET", "/0/public/Ticker", auth=False, params={"pair": "XBTUSD"}
        ),
    }
    calls: dict[str, AsyncCall] = {
        "httpx": with_httpx,
        **{
            f"coinbtr, {name}": partial(client.market.ticker, "btc-mxn")
            for name, client in clients.items()
        },
        **(others if peers else {}),
    }

    async def close() -> None:
        await plain.aclose()
        await session.close()
        await exchange.close()
        await kraken.async_close()
        for client in clients.values():
            await client.close()

    return calls, close


def bitso(ccxt: Any, url: str) -> Any:
    """Give ccxt's client of Bitso, which trades the same book, at another address."""
    exchange = ccxt.bitso({"enableRateLimit": False})
    exchange.urls["api"] = {"rest": url}
    market = exchange.safe_market_structure(
        {
            "id": "btc_mxn",
            "symbol": "BTC/MXN",
            "base": "BTC",
            "quote": "MXN",
            "type": "spot",
            "spot": True,
            "precision": {"amount": 1e-8, "price": 0.01},
        }
    )
    exchange.set_markets([market])
    return exchange
