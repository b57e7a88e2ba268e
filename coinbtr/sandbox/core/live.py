"""The live market: makers and takers of the exchange itself that keep every book moving."""

from collections.abc import Mapping
from typing import Any

from coinbtr.sandbox.core.trading import TradingDesk
from coinbtr.sandbox.core.transfers import WalletDesk

STEP_MS = 2_000
"""Time between two steps of one book, in milliseconds."""


class LiveMarket:
    """Trades on its own, one book after the other, whenever a step is due."""

    def __init__(
        self,
        trading: TradingDesk,
        wallets: WalletDesk,
        *,
        house: int,
        crowd: int,
        seed: int,
        now_ms: int,
    ) -> None:
        self._trading = trading
        self._wallets = wallets
        self._house = house
        self._crowd = crowd
        self._seed = seed
        self._next_due_ms = now_ms + STEP_MS
        self.steps = 0

    @property
    def next_due_ms(self) -> int:
        """When the next step is due."""
        return self._next_due_ms

    def step(self) -> None:
        """Make the step that is due."""
        self.steps += 1
        self._next_due_ms += STEP_MS

    def dump(self) -> dict[str, Any]:
        """Give the state, for `load`."""
        return {
            "house": self._house,
            "crowd": self._crowd,
            "seed": self._seed,
            "next_due_ms": self._next_due_ms,
            "steps": self.steps,
        }

    @classmethod
    def load(
        cls, state: Mapping[str, Any], trading: TradingDesk, wallets: WalletDesk
    ) -> "LiveMarket":
        """Make the market from what `dump` gave."""
        made = cls(
            trading,
            wallets,
            house=state["house"],
            crowd=state["crowd"],
            seed=state["seed"],
            now_ms=state["next_due_ms"] - STEP_MS,
        )
        made.steps = state["steps"]
        return made
