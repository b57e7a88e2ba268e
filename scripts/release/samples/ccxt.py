"""ccxt knows the exchange, offline; without the sandbox's extra there is none to trade on."""

from typing import Any

import ccxt

import coinbtr.ccxt

assert "coinbtr" in ccxt.exchanges
registered: Any = ccxt
exchange = registered.coinbtr({"apiKey": "a-token", "urls": {"api": "http://127.0.0.1:9/api/v1"}})
assert exchange.id == "coinbtr"
try:
    exchange.fetch_ticker("BTC/MXN")
except ccxt.NetworkError:
    pass
else:
    raise SystemExit("nothing listens there, and yet there was an answer")
assert issubclass(coinbtr.ccxt.OutcomeUnknown, ccxt.BaseError)
