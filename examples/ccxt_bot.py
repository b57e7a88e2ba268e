"""A bot that knows nothing of this package but one import: `python ccxt_bot.py`, on a sandbox."""

import os

import ccxt

import coinbtr.ccxt  # noqa: F401 - registers `coinbtr` with ccxt

url, token = os.environ["COINBTR_BASE_URL"], os.environ["COINBTR_TOKEN"]
exchange = getattr(ccxt, "coinbtr")({"apiKey": token, "urls": {"test": url}})  # noqa: B009
exchange.set_sandbox_mode(True)
best = exchange.fetch_order_book("BTC/MXN", 1)["bids"][0][0]
order = exchange.create_order("BTC/MXN", "limit", "buy", 0.01, best)
print(order["id"], order["status"], order["price"])
for one in exchange.fetch_open_orders("BTC/MXN"):
    print(one["id"], exchange.cancel_order(one["id"])["status"])
