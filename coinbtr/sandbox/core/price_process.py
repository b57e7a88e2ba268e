"""Where the live market sees the fair price of each book: random walks that come back.

A book's deviation from its anchor moves by a bell-shaped shock at each of its steps and is pulled
back a little. Shocks grow for a while after a piece of news. All integers, so that every machine
draws the same prices. The anchor is the book's first price, moved along with bitcoin for a coin
priced in pesos; on a cross book it is what the two peso books say.
"""

from collections.abc import Mapping
from typing import Final

from attrs import define, frozen

from coinbtr.sandbox.core.catalogue import Catalogue
from coinbtr.sandbox.core.rng import NORMAL_SCALE, SplitMix64
from coinbtr.sandbox.core.units import SCALE

FINE: Final = 10_000
"""Fair prices are told in this fraction of a unit: one unit is much for the cheapest coin."""

_BILLION: Final = 1_000_000_000

CALM: Final = 1_000
"""The heat of a book without news."""

_HOUR_MS: Final = 60 * 60 * 1_000


@frozen
class Character:
    """How a book moves.

    Attributes:
        wait_ms: time between two of its steps on average, in milliseconds.
        swing: standard deviation of a step's shock in calm times, in billionths of the price.
        memory_ms: time in which a deviation would fall to a third if nothing else happened.
        follows: a book whose deviation this one shares to six tenths.
        crosses: two books, the price of the first divided by that of the second is the anchor.
    """

    wait_ms: int
    swing: int
    memory_ms: int = 70 * _HOUR_MS
    follows: str | None = None
    crosses: tuple[str, str] | None = None


_BITCOIN: Final = "BTC-MXN"
_ORDINARY: Final = Character(8_000, 330_000)

# Bitcoin swings by about 3 % a day, the others by 4 or 5.
CHARACTERS: Final[Mapping[str, Character]] = {
    _BITCOIN: Character(3_000, 150_000),
    "LTC-MXN": Character(6_000, 240_000, follows=_BITCOIN),
    "BCH-MXN": Character(6_000, 240_000, follows=_BITCOIN),
    "DASH-MXN": Character(6_000, 260_000, follows=_BITCOIN),
    "XLM-MXN": Character(6_000, 280_000, follows=_BITCOIN),
    "LTC-BTC": Character(8_000, 60_000, _HOUR_MS, crosses=("LTC-MXN", _BITCOIN)),
    "DASH-BTC": Character(8_000, 60_000, _HOUR_MS, crosses=("DASH-MXN", _BITCOIN)),
    "ZEC-BTC": _ORDINARY,
    "XEM-BTC": _ORDINARY,
}
"""How each of the platform's books moves."""


def character_of(market: str) -> Character:
    """Tell how a book moves; one that isn't the platform's own moves as its smallest do."""
    return CHARACTERS.get(market, _ORDINARY)


@define
class Walk:
    """The random walk of one book.

    Attributes:
        deviation: from the anchor, in billionths of it.
        heat: how wild it is, in thousandths of calm.
    """

    deviation: int = 0
    heat: int = CALM

    def step(self, character: Character, rng: SplitMix64) -> int:
        """Move, and tell the shock, in billionths."""
        if not rng.between(0, 2_999):
            self.heat += rng.between(CALM // 2, 4 * CALM)  # news
        self.heat += (CALM - self.heat) // 256
        shock = rng.bell() * character.swing * self.heat // (CALM * NORMAL_SCALE)
        self.deviation += shock - self.deviation * character.wait_ms // character.memory_ms
        # No walk gets here in years; a price must never reach zero all the same.
        self.deviation = min(max(self.deviation, -_BILLION // 2), _BILLION)
        return shock


class FairPrices:
    """The fair price of every book.

    Args:
        catalogue: the books, with the prices that they began with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.walks = {name: Walk() for name in catalogue.markets}
        self._starts = {name: rules.start_price for name, rules in catalogue.markets.items()}

    def fair(self, market: str) -> int:
        """Tell the fair price of a book, in fine units (a unit is `FINE` of them)."""
        return self._anchor(market) * (_BILLION + self.walks[market].deviation) // _BILLION

    def settle(self, market: str, price: int) -> None:
        """Take a price, in units, as the fair one; books that others hang on come first."""
        deviation = price * FINE * _BILLION // self._anchor(market) - _BILLION
        self.walks[market].deviation = deviation

    def _anchor(self, market: str) -> int:
        character = character_of(market)
        if character.crosses is not None:
            base, quote = character.crosses
            return self.fair(base) * SCALE * FINE // self.fair(quote)
        anchor = self._starts[market] * FINE
        if character.follows is not None:
            shared = self.walks[character.follows].deviation * 6 // 10
            anchor = anchor * (_BILLION + shared) // _BILLION
        return anchor
