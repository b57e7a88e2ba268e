"""The random stream of orders that books and exchange are fed with, and an exchange to feed."""

from random import Random
from typing import Final, NamedTuple

from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import BUY, SELL, Side
from coinbtr.sandbox.core.units import SCALE

MARKET: Final = "BTC-MXN"
MIDDLE: Final = 100_000
"""The price around which orders stand, in coins."""
TRADERS: Final = 8


class Placing(NamedTuple):
    """A limit order of the stream; its number is its place among the orders."""

    trader: int
    side: Side
    amount: int
    price: int


Stream = list[Placing | int]
"""Orders, and for cancellations the numbers of earlier orders (which may be filled by then)."""


def stream(length: int, seed: int = 1, cancels: float = 0.3) -> Stream:
    """Draw limit orders around one price, and cancellations among them."""
    rng = Random(seed)  # noqa: S311 - repeatable on purpose
    made: Stream = []
    placed = 0
    for _ in range(length):
        if placed and rng.random() < cancels:
            made.append(rng.randrange(max(0, placed - 2_000), placed))
            continue
        side = rng.choice((BUY, SELL))
        away = int(rng.gauss(30, 60))
        price = MIDDLE - away if side is BUY else MIDDLE + away
        amount = rng.randint(1, 100) * SCALE // 1000
        # A pool for each side: no order meets one of its own account.
        trader = rng.randrange(TRADERS) * 2 + (1 if side is BUY else 2)
        made.append(Placing(trader, side, amount, price * SCALE))
        placed += 1
    return made


def funded() -> Exchange:
    """An exchange with rich traders and empty books."""
    exchange = Exchange()
    for number in range(1, 2 * TRADERS + 1):
        account = exchange.open_account(f"trader{number}", "", now_ms=0)
        for coin in ("BTC", "MXN"):
            exchange.wallets.deposit(account.id, coin, 10**20, now_ms=0, confirmed=True)
    return exchange
