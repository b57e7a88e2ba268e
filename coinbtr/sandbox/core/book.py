"""The order book of one market: price first, then time.

Matching is planned before anything changes, so that a refused order leaves no trace.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Sequence

from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.orders import BUY, Order, Side

Fill = tuple[Order, int]
"""One resting order's part in a match: the amount that trades, at the resting order's price."""


class Level(OrderedDict[int, Order]):
    """The orders of one price by their ids, oldest first, and what they have left together.

    An OrderedDict finds its first entry in constant time after many removals; a dict doesn't.
    """

    __slots__ = ("total",)

    total: int


class BookSide:
    """The resting orders of one side.

    `_keys` is sorted with the best level last: searching is logarithmic, and what moves in memory
    when a level comes or goes near the best price is little.
    """

    def __init__(self, side: Side) -> None:
        self._sign = 1 if side is BUY else -1
        self._keys: list[int] = []
        self._levels: dict[int, Level] = {}

    @property
    def best(self) -> int | None:
        """The best price in units, or None when nothing rests."""
        return self._sign * self._keys[-1] if self._keys else None

    def depth(self, limit: int) -> list[tuple[int, int]]:
        """List the best `limit` levels as (price, amount), best first."""
        first = max(len(self._keys) - limit, 0)
        return [(self._sign * key, self._levels[key].total) for key in reversed(self._keys[first:])]

    def add(self, order: Order) -> None:
        """Put an order behind those of its price."""
        key = self._sign * order.price
        level = self._levels.get(key)
        if level is None:
            level = self._levels[key] = Level()
            level.total = order.left
            insort(self._keys, key)
        else:
            level.total += order.left
        level[order.id] = order

    def remove(self, order: Order) -> None:
        """Take a resting order out."""
        key = self._sign * order.price
        level = self._levels[key]
        level.total -= order.left
        if level.total:
            del level[order.id]
        else:
            del self._levels[key], self._keys[bisect_left(self._keys, key)]

    def plan(self, account_id: int, limit: int, amount: int) -> Sequence[Fill]:
        """List what an order of the other side would trade with, best price and oldest first.

        Nothing changes; `take` does what was planned.

        Args:
            account_id: whose order it is.
            limit: the worst price that it takes, in units.
            amount: what it wants, in units.

        Raises:
            Refusal: `self_trade`, when an order of the same account would be met before
                the incoming one is filled.
        """
        keys, worst = self._keys, self._sign * limit
        if not keys or keys[-1] < worst:
            return ()
        fills: list[Fill] = []
        for key in reversed(keys):
            if key < worst:
                break
            for maker in self._levels[key].values():
                if maker.account_id == account_id:
                    raise Refusal(
                        Code.SELF_TRADE,
                        f"The order would trade with your own open order {maker.id}.",
                    )
                left = maker.left
                if amount <= left:
                    fills.append((maker, amount))
                    return fills
                fills.append((maker, left))
                amount -= left
        return fills

    def take(self, fills: Sequence[Fill]) -> int:
        """Let what was planned happen to the resting orders; tells how much it is together."""
        keys, levels, taken = self._keys, self._levels, 0
        for maker, amount in fills:
            level = levels[keys[-1]]
            level.total -= amount
            taken += amount
            maker.filled += amount
            maker.left -= amount
            if not level.total:
                del levels[keys.pop()]
            elif not maker.left:
                del level[maker.id]
        return taken


class OrderBook:
    """Resting buy and sell orders of one market."""

    def __init__(self) -> None:
        self.bids, self.asks = BookSide(Side.BUY), BookSide(Side.SELL)
