"""From small choices to requests: prices inside the spread, amounts around each limit."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from coinbtr.contract.model.exchange import Exchange
from coinbtr.contract.model.records import Side, Who
from coinbtr.contract.model.rules import UNIT, value_of

PRICES: Final = 5
"""Prices that the two accounts meet at."""

AMOUNT: Final = 9
"""The greatest number of a small amount."""

EDGES: Final = ("inside", "limit", "beyond the limit", "off the step")
AMOUNTS: Final = (
    "least",
    "below the least",
    "smallest",
    "off the step",
    "greatest",
    "above the greatest",
    "all",
    "one step too much",
)
WITHDRAWALS: Final = (
    "least",
    "below the least",
    "one unit too much",
    "far too much",
    "nowhere",
    "unknown coin",
    "closed coin",
)
_MOST: Final = Decimal(10) ** 12
_NOWHERE: Final = "not-an-address"


def ticks_inside(exchange: Exchange) -> int:
    """Count the prices at which nobody else is met."""
    low, high = _bounds(exchange)
    return max(int((high - low) / exchange.rules.price_step) + 1, 0)


def price(exchange: Exchange, number: int) -> Decimal:
    """Give one of `PRICES` prices strictly between the others' best bid and best ask, rising."""
    low, _ = _bounds(exchange)
    room = ticks_inside(exchange)
    first = room // 4
    # Uneven distances: sums and products of such prices have many digits.
    stride = max((room - first) // (2 * PRICES), 1)
    place = min(first + number * stride, room - 1)
    return low + place * exchange.rules.price_step


def price_at(exchange: Exchange, side: Side, edge: str) -> Decimal:
    """Give a price at or beyond what the market takes."""
    rules = exchange.rules
    inside = price(exchange, 0 if side == "BUY" else PRICES - 1)
    if edge == "off the step":
        return _valid(inside + rules.price_step / 2, inside)
    if edge == "inside":
        return inside
    limit = rules.min_price if side == "BUY" else rules.max_price
    if edge == "limit":
        return limit
    beyond = limit - rules.price_step if side == "BUY" else limit + rules.price_step
    return _valid(beyond, limit)


def amount(exchange: Exchange, at: Decimal, number: int) -> Decimal:
    """Give a small amount: the least that the market takes, and some odd steps more."""
    return least(exchange, at) + (2 * number + 1) * exchange.rules.amount_step


def least(exchange: Exchange, at: Decimal) -> Decimal:
    """Give the least amount that the market takes at a price."""
    rules = exchange.rules
    return _stepped(max(rules.min_amount, rules.min_value / at), rules.amount_step, ROUND_CEILING)


def amount_at(exchange: Exchange, who: Who, side: Side, at: Decimal, kind: str) -> Decimal:
    """Give an amount at or beyond what the market or the account's funds take."""
    rules, bottom = exchange.rules, least(exchange, at)
    step = rules.amount_step
    if kind == "below the least":
        return _valid(bottom - step, bottom)
    if kind == "smallest":
        return _valid(step, bottom)
    if kind == "off the step":
        return _valid(bottom + step / 2, bottom)
    if kind == "greatest":
        return rules.max_amount
    if kind == "above the greatest":
        return _valid(rules.max_amount + step, rules.max_amount)
    if kind in ("all", "one step too much"):
        coin = rules.quote if side == "BUY" else rules.base
        funds = exchange.accounts[who].available[coin]
        most = _stepped(funds / at if side == "BUY" else funds, step, ROUND_FLOOR)
        return max(most if kind == "all" else most + step, step)
    return bottom


def withdrawal(exchange: Exchange, who: Who, coin: str, kind: str) -> Mapping[str, Any]:
    """Give the arguments of a withdrawal."""
    found, account = exchange.coins[coin], exchange.accounts[who]
    bottom = max(found.min_withdraw, UNIT)
    funds = account.available[coin]
    quantity = bottom
    if kind == "below the least":
        quantity = max(found.min_withdraw - UNIT, UNIT)
    elif kind == "one unit too much":
        quantity = max(funds - found.fee_withdraw + UNIT, bottom)
    elif kind == "far too much":
        quantity = max(2 * funds, bottom)
    elif kind == "closed coin":
        closed = (one.name for one in exchange.coins.values() if not one.can_withdraw)
        coin = next(closed, coin)
    address = account.addresses[coin]
    return {
        "coin": "nil" if kind == "unknown coin" else coin.lower(),
        "address": _NOWHERE if kind == "nowhere" or address is None else address,
        "amount": quantity,
    }


def leaving(
    exchange: Exchange, who: Who, side: Side, at: Decimal, short: Decimal
) -> Decimal | None:
    """Give the amount to withdraw so that what is left pays for a whole order, less `short`.

    Orders are worth whole steps, and funds are not: only so does an overdraft of one unit show.
    Gives None where the coin can't be withdrawn.
    """
    rules = exchange.rules
    found = exchange.coins[rules.quote if side == "BUY" else rules.base]
    if not found.can_withdraw:
        return None
    granule = rules.amount_step * (at if side == "BUY" else 1)
    bottom = max(found.min_withdraw, UNIT)
    left = exchange.accounts[who].available[found.name] - bottom - found.fee_withdraw
    return bottom + (left + short) % granule if left > granule else None


def withdrawable(exchange: Exchange) -> list[str]:
    """Give the coins that can be withdrawn, those of the market first."""
    market = (exchange.rules.base, exchange.rules.quote)
    coins = sorted(exchange.coins, key=lambda coin: coin not in market)
    return [coin for coin in coins if exchange.coins[coin].can_withdraw]


def _bounds(exchange: Exchange) -> tuple[Decimal, Decimal]:
    rules = exchange.rules
    bids, asks = exchange.foreign["BUY"], exchange.foreign["SELL"]
    low = max(bids) + rules.price_step if bids else rules.min_price
    high = min(asks) - rules.price_step if asks else rules.max_price
    return max(low, rules.min_price), min(high, rules.max_price)


def _stepped(number: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (number / step).to_integral_value(rounding) * step


def _valid(wanted: Decimal, otherwise: Decimal) -> Decimal:
    """Take a number only if the description's own bounds do (ruling R047)."""
    fits = 0 < wanted <= _MOST and wanted == wanted.quantize(UNIT)
    return wanted if fits else otherwise


def affordable(exchange: Exchange) -> bool:
    """Tell whether both accounts can pay for some hundred orders on the market."""
    at = price(exchange, PRICES - 1)
    needed = 100 * amount(exchange, at, AMOUNT)
    return all(
        account.available.get(exchange.rules.base, Decimal(0)) > needed
        and account.available.get(exchange.rules.quote, Decimal(0)) > value_of(needed, at)
        for account in exchange.accounts.values()
    )
