"""The order book of one market: price first, then time.

Matching is planned before anything changes, so that a refused order leaves no trace.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Sequence

from attrs import define, field, frozen

from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.orders import Order, Side


@frozen
class Fill:
    """One resting order's part in a match: `amount` trades at the resting order's price."""

    maker: Order
    amount: int


@define
class _Level:
    """All orders at one price, oldest first, and what they have left together."""

    price: int
    total: int = 0
    # An OrderedDict finds its first entry in constant time after many removals; a dict doesn't.
    orders: OrderedDict[int, Order] = field(factory=OrderedDict)


class _Half:
    """One side of a book.

    `keys` is sorted with the best level last: searching is logarithmic, and what moves in memory
    when a level comes or goes near the best price is little.
    """

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._keys: list[int] = []
        self._levels: dict[int, _Level] = {}

    def best(self) -> int | None:
        """Tell the best price, or None when nothing rests."""
        return self._sign * self._keys[-1] if self._keys else None

    def add(self, order: Order) -> None:
        """Put an order behind those of its price."""
        key = self._sign * order.price
        level = self._levels.get(key)
        if level is None:
            level = self._levels[key] = _Level(order.price)
            insort(self._keys, key)
        level.orders[order.id] = order
        level.total += order.left

    def reduce(self, order: Order, amount: int) -> None:
        """Take `amount` off an order's level, and the order out when that is all it had left."""
        key = self._sign * order.price
        level = self._levels[key]
        level.total -= amount
        if amount == order.left:
            del level.orders[order.id]
            if not level.orders:
                del self._levels[key]
                # Nearly always the best level is the one that empties: the last key.
                del self._keys[bisect_left(self._keys, key)]

    def plan(self, account_id: int, limit: int, amount: int) -> list[Fill]:
        """List what an order for `amount` up to the price `limit` would trade with."""
        fills: list[Fill] = []
        worst = self._sign * limit
        for key in reversed(self._keys):
            if key < worst:
                break
            for maker in self._levels[key].orders.values():
                if maker.account_id == account_id:
                    raise Refusal(
                        Code.SELF_TRADE,
                        f"The order would trade with your own open order {maker.id}.",
                    )
                part = min(amount, maker.left)
                fills.append(Fill(maker, part))
                amount -= part
                if not amount:
                    return fills
        return fills

    def depth(self, limit: int) -> list[tuple[int, int]]:
        """List the best `limit` levels as (price, amount), best first."""
        first = max(len(self._keys) - limit, 0)
        levels = (self._levels[key] for key in reversed(self._keys[first:]))
        return [(level.price, level.total) for level in levels]


class OrderBook:
    """Resting buy and sell orders of one market."""

    def __init__(self) -> None:
        self._halves = {Side.BUY: _Half(1), Side.SELL: _Half(-1)}

    def best(self, side: Side) -> int | None:
        """Tell the best price of a side in units, or None when it is empty."""
        return self._halves[side].best()

    def depth(self, side: Side, limit: int) -> Sequence[tuple[int, int]]:
        """List the best `limit` levels of a side as (price, amount), best first."""
        return self._halves[side].depth(limit)

    def plan(self, account_id: int, side: Side, price: int, amount: int) -> list[Fill]:
        """List what an incoming order would trade with, best price and oldest first.

        Nothing changes; `apply` does what was planned.

        Raises:
            Refusal: `self_trade`, when an order of the same account would be met before
                the incoming one is filled.
        """
        return self._halves[side.other].plan(account_id, price, amount)

    def apply(self, fill: Fill) -> None:
        """Let a planned fill happen to the resting order."""
        maker = fill.maker
        self._halves[maker.side].reduce(maker, fill.amount)
        maker.left -= fill.amount
        maker.filled += fill.amount

    def rest(self, order: Order) -> None:
        """Put an order with something left into the book."""
        self._halves[order.side].add(order)

    def remove(self, order: Order) -> None:
        """Take a resting order out of the book."""
        self._halves[order.side].reduce(order, order.left)
