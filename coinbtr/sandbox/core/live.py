"""The live market: makers and takers of the exchange itself that keep every book moving.

Each book acts on its own, after waits drawn at random: its fair price moves, often a taker comes,
and the maker draws its ladder after the price. What users do changes no fair price and no wait.
"""

from collections.abc import Mapping
from heapq import heapify, heapreplace
from typing import Any, Final

from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.live_book import HouseDesk, LiveBook
from coinbtr.sandbox.core.price_process import FairPrices, Walk, character_of
from coinbtr.sandbox.core.rng import SplitMix64
from coinbtr.sandbox.core.trading import TradingDesk
from coinbtr.sandbox.core.transfers import WalletDesk

_TAKERS: Final = 60  # of 100 steps have one


class LiveMarket:
    """Trades on its own, one book after the other, whenever a step is due.

    The same state and the same commands give the same market, however often it is looked at.

    Args:
        catalogue: the books.
        trading: where it trades.
        wallets: where its money comes from.
        house: the account of the makers.
        crowd: the account of the takers.
        seed: what its random numbers begin with.
        now_ms: when it begins.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        trading: TradingDesk,
        wallets: WalletDesk,
        *,
        house: int,
        crowd: int,
        seed: int,
        now_ms: int,
    ) -> None:
        self.steps = 0
        self._house = house
        self._crowd = crowd
        self._closed = trading.closed
        self._names = list(catalogue.markets)
        self._prices = FairPrices(catalogue)
        desk = HouseDesk(trading, wallets)
        self._books = {
            name: LiveBook(rules, trading, desk, house=house, crowd=crowd)
            for name, rules in catalogue.markets.items()
        }
        # What happens to the orders must not change what happens to the prices.
        self._chances = {
            name: (SplitMix64.named(seed, name), SplitMix64.named(seed, f"{name}/orders"))
            for name in self._names
        }
        for name, book in self._books.items():
            self._prices.settle(name, book.middle())
        # The first round is spread evenly over the first seconds; books are told by their place.
        self._due = [(now_ms + 300 * place, place) for place in range(1, len(self._names) + 1)]

    @property
    def next_due_ms(self) -> int:
        """When the next step is due."""
        return self._due[0][0]

    def step(self) -> None:
        """Make the step that is due."""
        now_ms, place = self._due[0]
        name = self._names[place - 1]
        character, (prices, orders) = character_of(name), self._chances[name]
        wait_ms = prices.between(character.wait_ms // 4, character.wait_ms * 7 // 4)
        heapreplace(self._due, (now_ms + wait_ms, place))
        self.steps += 1
        walk = self._prices.walks[name]
        shock = walk.step(character, prices)
        if name in self._closed:
            return
        book = self._books[name]
        # Takers are quicker: they meet the ladder as it stood before the price moved.
        if orders.between(1, 100) <= _TAKERS:
            book.take(shock, walk.heat, orders, now_ms)
        book.quote(self._prices.fair(name), orders, now_ms)

    def dump(self) -> dict[str, Any]:
        """Give the state, for `load`; the maker's orders stand in the books."""
        due = {self._names[place - 1]: due_ms for due_ms, place in self._due}
        return {
            "house": self._house,
            "crowd": self._crowd,
            "steps": self.steps,
            "books": {
                name: [
                    due[name],
                    walk.deviation,
                    walk.heat,
                    *(chance.state for chance in self._chances[name]),
                ]
                for name, walk in self._prices.walks.items()
            },
        }

    @classmethod
    def load(
        cls,
        state: Mapping[str, Any],
        catalogue: Catalogue,
        trading: TradingDesk,
        wallets: WalletDesk,
    ) -> "LiveMarket":
        """Make the market from what `dump` gave, over books that are loaded already."""
        made = cls(
            catalogue,
            trading,
            wallets,
            house=state["house"],
            crowd=state["crowd"],
            seed=0,
            now_ms=0,
        )
        made.steps = state["steps"]
        made._due = []
        for place, name in enumerate(made._names, 1):
            due_ms, deviation, heat, prices, orders = state["books"][name]
            made._due.append((due_ms, place))
            made._prices.walks[name] = Walk(deviation, heat)
            made._chances[name] = SplitMix64(prices), SplitMix64(orders)
        heapify(made._due)
        return made
