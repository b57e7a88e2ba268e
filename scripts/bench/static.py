"""A server that answers each path with bytes made beforehand: what clients are measured against.

`python -m scripts.bench.static` serves on a free port, which it prints.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

import uvloop

LEVELS: Final = 1000

# Bitso's and Kraken's answers are for the SDKs that speak to those exchanges.
_BITSO_TICKER: Final = {
    "high": "1010000.00",
    "last": "1000000.00",
    "created_at": "2026-01-28T17:03:29+00:00",
    "book": "btc_mxn",
    "volume": "12.34500000",
    "vwap": "1000000.10",
    "low": "990000.00",
    "ask": "1001000.00",
    "bid": "999000.00",
    "change_24": "478.45",
}
_KRAKEN_TICKER: Final = {
    "a": ["1001000.00", "1", "1.000"],
    "b": ["999000.00", "1", "1.000"],
    "c": ["1000000.00", "0.1"],
    "v": ["12.345", "12.345"],
    "p": ["1000000.1", "1000000.1"],
    "t": [10, 20],
    "l": ["990000.00", "990000.00"],
    "h": ["1010000.00", "1010000.00"],
    "o": "999000.00",
}
_TICKER: Final = (
    '{"success": true, "msg": "", "data": {"market": "BTC-MXN", "last": 1000000.00,'
    ' "bid": 999000.00, "ask": 1001000.00, "high": 1010000.00,'
    ' "low": 990000.00, "volume": 12.34500000}}'
)


def _levels(step: int) -> list[tuple[str, str]]:
    return [
        (f"{1_000_000 + step * (at + 1)}.{at % 100:02d}", f"0.{at + 1:08d}") for at in range(LEVELS)
    ]


def _book() -> str:
    sides = {
        side: ", ".join(
            f'{{"price": {price}, "amount": {amount}}}' for price, amount in _levels(step)
        )
        for side, step in (("asks", 10), ("bids", -10))
    }
    return (
        '{"success": true, "msg": "", "data": {"market": "BTC-MXN", "asks": ['
        f'{sides["asks"]}], "bids": [{sides["bids"]}]}}}}'
    )


def _bitso_book() -> str:
    sides = {
        side: [
            {"book": "btc_mxn", "price": price, "amount": amount} for price, amount in _levels(step)
        ]
        for side, step in (("asks", 10), ("bids", -10))
    }
    payload: dict[str, Any] = {
        **sides,
        "updated_at": "2026-01-28T17:03:29+00:00",
        "sequence": "27214",
    }
    return json.dumps({"success": True, "payload": payload})


def _bodies() -> Mapping[bytes, str]:
    return {
        b"/market/gettiker": _TICKER,
        b"/market/getorderbook": _book(),
        b"/v3/ticker": json.dumps({"success": True, "payload": _BITSO_TICKER}),
        b"/v3/order_book": _bitso_book(),
        b"/0/public/Ticker": json.dumps({"error": [], "result": {"XXBTZUSD": _KRAKEN_TICKER}}),
    }


async def _serve() -> None:
    answers = {
        path: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        % (len(body), body.encode())
        for path, body in _bodies().items()
    }

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self._transport = cast(asyncio.Transport, transport)  # it is TCP's, if not by its class

        def data_received(self, data: bytes) -> None:
            # A GET without a body fits into one packet, and nobody pipelines.
            path = data.split(b" ", 2)[1].partition(b"?")[0].removeprefix(b"/api")
            self._transport.write(answers[path.removeprefix(b"/v1")])

    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def serving() -> Iterator[str]:
    """Run the server in a process of its own; gives its address."""
    command = [sys.executable, "-m", "scripts.bench.static"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


if __name__ == "__main__":
    uvloop.run(_serve())
