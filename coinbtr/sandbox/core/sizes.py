"""How much the exchange's own makers and takers offer and take, by the coin a book is priced in."""

from typing import Final

from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.units import SCALE

_LEVEL_VALUES: Final = {
    "MXN": (20_000 * SCALE, 90_000 * SCALE),
    "BTC": (SCALE // 50, SCALE // 10),
}


def level_values(market: Market) -> tuple[int, int]:
    """Tell the least and greatest value of what one price level offers, in units of its quote."""
    return _LEVEL_VALUES[market.quote]


def amount_worth(market: Market, value: int, price: int) -> int:
    """Tell how much of the base coin is worth a value at a price, within the book's limits.

    Args:
        market: the rules of the book; the amount is a multiple of its step.
        value: units of the quote coin; twice the book's least value at least is taken.
        price: units of the quote coin for a whole base coin.
    """
    # Twice: rounding down to a step must not lead below the least value.
    amount = stepped(max(value, 2 * market.min_value) * SCALE // price, market.amount_step)
    return min(max(amount, market.min_amount), market.max_amount)


def stepped(value: int, step: int) -> int:
    """Round down to a multiple of a step, one step at the least."""
    return max(value // step, 1) * step
