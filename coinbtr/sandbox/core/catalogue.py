"""The coins and the markets of the exchange, with their limits, steps and fees.

Prices stand around what the platform showed in August 2021. Everything is in units (10^-8).
"""

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType

from attrs import field, frozen

from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.units import SCALE, to_units


@frozen
class Coin:
    """A currency that an account can hold.

    `min_withdraw` and `fee_withdraw` are in units; `country` is set for money of a state only.
    """

    symbol: str
    name: str
    min_withdraw: int = field(converter=to_units)
    fee_withdraw: int = field(converter=to_units)
    confirmations_required: int
    can_deposit: bool = True
    can_withdraw: bool = True
    country: str | None = None


def _fees(levels: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    return tuple((to_units(maker), to_units(taker)) for maker, taker in levels)


@frozen
class Market:
    """The rules of one book: what an order on it must keep to and what it costs.

    Amounts are units of the base coin, prices and values units of the quote coin. `fees` has the
    shares that a maker and a taker pay, in units, for each level from 1; a higher level than the
    last pays as the last. `start_price` is where the seeded market maker begins.
    """

    name: str
    start_price: int = field(converter=to_units)
    price_step: int = field(converter=to_units)
    amount_step: int = field(converter=to_units)
    min_amount: int = field(converter=to_units)
    max_amount: int = field(converter=to_units)
    min_price: int = field(converter=to_units)
    max_price: int = field(converter=to_units)
    min_value: int = field(converter=to_units)
    fees: tuple[tuple[int, int], ...] = field(converter=_fees)
    base: str = field(init=False)
    quote: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        base, quote = self.name.split("-")
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "quote", quote)
        # Then the value of every allowed order is a whole number of units: no rounding, ever.
        if self.price_step * self.amount_step % SCALE:
            raise ValueError(f"{self.name}: price_step × amount_step must be a multiple of 1e-8")

    @property
    def maker_fee(self) -> int:
        """The share that a maker of level 1 pays, in units."""
        return self.fees[0][0]

    @property
    def taker_fee(self) -> int:
        """The share that a taker of level 1 pays, in units."""
        return self.fees[0][1]

    def fees_of(self, level: int) -> tuple[int, int]:
        """Tell the shares that a maker and a taker of a level pay, in units."""
        fees = self.fees
        return fees[level - 1] if level < len(fees) else fees[-1]


class Catalogue:
    """All coins and markets, found by their upper-case names."""

    coins: Mapping[str, Coin]
    markets: Mapping[str, Market]

    def __init__(self, coins: Iterable[Coin], markets: Iterable[Market]) -> None:
        self.coins = MappingProxyType({coin.symbol: coin for coin in coins})
        self.markets = MappingProxyType({market.name: market for market in markets})

    def coin(self, symbol: str) -> Coin:
        """Find a coin by its symbol, in any case.

        Raises:
            Refusal: `coin_not_found`.
        """
        try:
            return self.coins[symbol.upper()]
        except KeyError:
            known = ", ".join(self.coins)
            raise Refusal(
                Code.COIN_NOT_FOUND, f"There is no coin {symbol!r}; the coins are {known}."
            ) from None

    def market(self, name: str) -> Market:
        """Find the rules of a book by its name, in any case.

        Raises:
            Refusal: `book_not_found`.
        """
        try:
            return self.markets[name.upper()]
        except KeyError:
            known = ", ".join(self.markets)
            raise Refusal(
                Code.BOOK_NOT_FOUND, f"There is no book {name!r}; the books are {known}."
            ) from None


# Pesos have no addresses. A transfer of XEM needs a message, which no operation of the API
# can carry: it stays closed.
COINS = (
    Coin("BTC", "Bitcoin", "0.001", "0.0005", 3),
    Coin("LTC", "Litecoin", "0.01", "0.001", 6),
    Coin("BCH", "Bitcoin Cash", "0.01", "0.001", 6),
    Coin("DASH", "Dash", "0.01", "0.002", 6),
    Coin("XLM", "Stellar Lumens", "10", "0.01", 1),
    Coin("ZEC", "Zcash", "0.01", "0.001", 10),
    Coin("XEM", "NEM", "10", "4", 20, can_deposit=False, can_withdraw=False),
    Coin("MXN", "Mexican peso", "0", "0", 0, can_deposit=False, can_withdraw=False, country="MX"),
)

# Level 1 paid this in August 2021; the least is what the platform asked for in 2019.
FEES = (("0.0020", "0.0040"), ("0.0015", "0.0030"), ("0.0010", "0.0020"), ("0.00075", "0.00095"))
"""The shares that maker and taker pay, for each level from 1."""

_market = partial(Market, fees=FEES)

# name, start, price step, amount step, least and greatest amount, least and greatest price, value
MARKETS = (
    _market("BTC-MXN", "1000000", "0.01", "0.000001", "0.0001", "100", "1000", "10000000", "10"),
    _market("LTC-MXN", "3500", "0.01", "0.000001", "0.001", "10000", "10", "1000000", "10"),
    _market("BCH-MXN", "13000", "0.01", "0.000001", "0.001", "5000", "10", "1000000", "10"),
    _market("DASH-MXN", "4000", "0.01", "0.000001", "0.001", "10000", "10", "1000000", "10"),
    _market("XLM-MXN", "7.5", "0.0001", "0.0001", "1", "10000000", "0.01", "10000", "10"),
    _market("LTC-BTC", "0.0035", "0.000001", "0.01", "0.01", "10000", "0.00001", "1", "0.0001"),
    _market("DASH-BTC", "0.004", "0.000001", "0.01", "0.01", "10000", "0.00001", "1", "0.0001"),
    _market("ZEC-BTC", "0.0031", "0.000001", "0.01", "0.01", "10000", "0.00001", "1", "0.0001"),
    _market(
        "XEM-BTC", "0.00000350", "0.00000001", "1", "1", "100000000", "0.00000001", "1", "0.0001"
    ),
)

CATALOGUE = Catalogue(COINS, MARKETS)
"""The platform's own coins and books."""
