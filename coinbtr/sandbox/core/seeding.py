"""Brings an empty exchange to life: a market maker, a day of trades, and funded users."""

from random import Random

from attrs import frozen

from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.clock import DAY_MS
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import Side
from coinbtr.sandbox.core.records import Account
from coinbtr.sandbox.core.sizes import amount_worth, level_values, stepped
from coinbtr.sandbox.core.units import SCALE, to_units

LEVELS = 12
"""Price levels that the market maker posts on each side of a book."""

PAST_TRADES = 6
"""Trades of each book in the 24 hours before the start."""

FUNDS = {
    "MXN": "1000000",
    "BTC": "10",
    "LTC": "200",
    "BCH": "50",
    "DASH": "200",
    "XLM": "100000",
    "ZEC": "100",
    "XEM": "100000",
}
"""What each of the two users begins with, in coins."""

_HOUSE_FUNDS = 10**9 * SCALE


@frozen
class Seeded:
    """The accounts that seeding opened: the market maker, past takers, and two funded users."""

    house: Account
    crowd: Account
    demo: Account
    other: Account


def seed(exchange: Exchange, *, seed: int, now_ms: int) -> Seeded:
    """Fill an empty exchange; the same seed and time give the same exchange, to the last unit.

    Args:
        exchange: one without accounts.
        seed: what prices and amounts are drawn from.
        now_ms: the time to begin at; trades lie in the 24 hours before it.
    """
    rng = Random(seed)  # noqa: S311 - repeatable on purpose; nothing secret comes of it
    opened = now_ms - 30 * DAY_MS
    accounts = [
        exchange.open_account(
            name, f"{name}@sandbox.invalid", now_ms=opened, is_house=name in ("house", "crowd")
        )
        for name in ("house", "crowd", "demo", "other")
    ]
    seeded = Seeded(*accounts)
    for coin, funds in FUNDS.items():
        for account in (seeded.house, seeded.crowd):
            exchange.wallets.deposit(account.id, coin, _HOUSE_FUNDS, now_ms=opened, confirmed=True)
        for account in (seeded.demo, seeded.other):
            exchange.wallets.deposit(
                account.id, coin, to_units(funds), now_ms=opened, confirmed=True
            )
    for market in exchange.catalogue.markets.values():
        price = _past_day(exchange, seeded, market, rng, now_ms)
        _ladder(exchange, seeded.house, market, price, rng, now_ms)
    return seeded


def _past_day(exchange: Exchange, seeded: Seeded, market: Market, rng: Random, now_ms: int) -> int:
    """Trade through the last 24 hours and tell the price that it ended with."""
    price = market.start_price
    for number in range(PAST_TRADES):
        # Integers only: floats of one machine's mathematics could differ from another's.
        price = stepped(price * rng.randint(9_930, 10_070) // 10_000, market.price_step)
        amount = _level_amount(market, price, rng)
        when = now_ms - DAY_MS + DAY_MS * (number + 1) // (PAST_TRADES + 1)
        first = rng.choice((Side.BUY, Side.SELL))
        for account, side in ((seeded.house, first), (seeded.crowd, first.other)):
            exchange.trading.place(
                account.id, market.name, side, amount=amount, price=price, now_ms=when
            )
    return price


def _ladder(
    exchange: Exchange, house: Account, market: Market, middle: int, rng: Random, now_ms: int
) -> None:
    ticks = middle // market.price_step
    distance = {Side.BUY: 0, Side.SELL: 0}
    for _ in range(LEVELS):
        for side, sign in ((Side.BUY, -1), (Side.SELL, 1)):
            # Each level lies 0.05 to 0.15 % from the one before it, and one tick at the least.
            distance[side] += max(1, ticks * rng.randint(5, 15) // 10_000)
            price = (ticks + sign * distance[side]) * market.price_step
            exchange.trading.place(
                house.id,
                market.name,
                side,
                amount=_level_amount(market, price, rng),
                price=price,
                now_ms=now_ms,
            )


def _level_amount(market: Market, price: int, rng: Random) -> int:
    return amount_worth(market, rng.randint(*level_values(market)), price)
