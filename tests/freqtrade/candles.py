"""`coinbtr` with candles, for tests alone: the API has none, so the sandbox's owner tells them.

`python -m tests.freqtrade.candles trade …` is freqtrade with this exchange.
"""

import asyncio
import json
import os
import sys
from datetime import datetime
from typing import Any, Final
from urllib.request import Request, urlopen

from coinbtr.ccxt import async_support, coinbtr, register

SECRET: Final = "COINBTR_SANDBOX_SECRET"
SECONDS: Final = {"1m": 60}
HAS: Final = {"has": {"fetchOHLCV": True}, "timeframes": {name: name for name in SECONDS}}


def candles(
    api: str, market: str, seconds: int, since: int | None, limit: int | None
) -> list[list[float]]:
    """What the control plane of the sandbox at this address tells of a market."""
    control = api.removesuffix("/api/v1") + "/_sandbox"
    asked = Request(  # noqa: S310 - on this machine
        f"{control}/candles?market={market}&interval={seconds}&limit=1000",
        headers={"Authorization": f"Secret {os.environ[SECRET]}"},
    )
    with urlopen(asked, timeout=10) as answer:  # noqa: S310
        told = json.load(answer)["data"]
    rows = [
        [
            int(datetime.fromisoformat(one["time"]).timestamp() * 1000),
            *(one[name] for name in ("open", "high", "low", "close", "volume")),
        ]
        for one in told
    ]
    return [row for row in rows if since is None or row[0] >= since][: limit or len(rows)]


class WithCandles(coinbtr):
    """The sync exchange."""

    def describe(self) -> Any:
        """… and it has candles."""
        return self.deep_extend(super().describe(), HAS)

    def fetch_ohlcv(
        self,
        symbol: str,
        timeframe: str = "1m",
        since: int | None = None,
        limit: int | None = None,
        params: object = None,
    ) -> list[list[float]]:
        """The candles of a market."""
        seconds = SECONDS[timeframe]
        return candles(self.urls["api"], self.market(symbol)["id"], seconds, since, limit)


class AsyncWithCandles(async_support.coinbtr):
    """The async exchange."""

    def describe(self) -> Any:
        """… and it has candles."""
        return self.deep_extend(super().describe(), HAS)

    async def fetch_ohlcv(
        self,
        symbol: str,
        timeframe: str = "1m",
        since: int | None = None,
        limit: int | None = None,
        params: object = None,
    ) -> list[list[float]]:
        """The candles of a market."""
        await self.load_markets()
        seconds = SECONDS[timeframe]
        return await asyncio.to_thread(
            candles, self.urls["api"], self.market(symbol)["id"], seconds, since, limit
        )


if __name__ == "__main__":
    from freqtrade.main import main

    register(WithCandles, AsyncWithCandles)
    main(sys.argv[1:])
