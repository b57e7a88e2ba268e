"""What the exchange says of itself to ccxt: what it has, and what it can't do."""

from __future__ import annotations

from typing import Any, Final

import ccxt

from coinbtr.ccxt.errors import by_code
from coinbtr.config import LIVE_URL

SANDBOX_URL: Final = "http://127.0.0.1:8642/api/v1"
"""Where `coinbtr sandbox` listens unless it is told otherwise."""

# What ccxt would say yes to, or "emulated", unless it is told no.
_HAS_NOT: Final = ("createMarketOrder", "editOrder", "fetchCurrenciesWs", "ws")

_HAS: Final = (
    *("cancelOrder", "createLimitBuyOrder", "createLimitOrder", "createLimitSellOrder"),
    *("createOrder", "fetchBalance", "fetchCurrencies", "fetchDepositAddress", "fetchDeposits"),
    *("fetchMarkets", "fetchMyTrades", "fetchOpenOrder", "fetchOpenOrders", "fetchOrder"),
    *("fetchOrderBook", "fetchTicker", "fetchWithdrawals", "sandbox", "spot", "withdraw"),
)


def description() -> dict[str, Any]:
    """What `describe()` gives beyond what is common to all exchanges of ccxt."""
    return {
        "id": "coinbtr",
        "name": "CoinBTR",
        "countries": ["MX"],
        "version": "v1",
        "rateLimit": 1000,
        "certified": False,
        "pro": False,
        "has": {
            "CORS": None,
            **dict.fromkeys(("margin", "swap", "future", "option", "index"), False),
            **dict.fromkeys(_HAS_NOT, False),
            **dict.fromkeys(_HAS, True),
            # One request for each market: the API has no ticker of all.
            "fetchTickers": "emulated",
        },
        "urls": {
            "api": LIVE_URL,
            "test": SANDBOX_URL,
            "www": "https://coinbtr.com",
        },
        "requiredCredentials": {"apiKey": True, "secret": False},
        "precisionMode": ccxt.TICK_SIZE,
        "fees": {
            # The rates are the markets' own, and come with them.
            "trading": {"tierBased": True, "percentage": True, "feeSide": "get"},
            "funding": {"tierBased": False, "percentage": False},
        },
        "exceptions": {"exact": by_code(), "broad": {}},
        "features": {"spot": _features()},
        "options": {
            "intentLog": None,
            "watermark": "first",
            "allowWithdrawals": True,
            "withdrawalAddresses": None,
            "maxOrderValue": None,
            "maxPriceDeviation": None,
            "maxRetriesOnFailure": 0,
            "maxRetriesOnFailureDelay": 0,
        },
    }


def _features() -> dict[str, Any]:
    """What the methods take, as ccxt lists it; what the API can't do is False or None."""
    plain = {"marginMode": False, "trigger": False, "trailing": False, "symbolRequired": False}
    days: dict[str, Any] = {"daysBack": None, "untilDays": None}
    return {
        "sandbox": True,
        "createOrder": {
            **dict.fromkeys(("marginMode", "triggerPrice", "stopLossPrice"), False),
            **dict.fromkeys(("takeProfitPrice", "hedged", "trailing"), False),
            **dict.fromkeys(("triggerPriceType", "attachedStopLossTakeProfit"), None),
            "timeInForce": {"GTC": True, **dict.fromkeys(("IOC", "FOK", "PO", "GTD"), False)},
        },
        "fetchMyTrades": {"marginMode": False, "limit": None, **days, "symbolRequired": False},
        "fetchOrder": plain,
        "fetchOpenOrders": {**plain, "limit": None},
        **dict.fromkeys(("createOrders", "fetchOrders", "fetchClosedOrders", "fetchOHLCV"), None),
    }
