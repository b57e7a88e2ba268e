"""Public market data. Amounts in the base coin, prices and values in the quote coin, exact."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from coinbtr.errors import EmptyBook
from coinbtr.models.showing import InNotebooks, plainly
from coinbtr.money import Rounding, difference, to_step

if TYPE_CHECKING:
    from pandas import DataFrame


@frozen(kw_only=True, field_transformer=plainly)
class Book(InNotebooks):
    """A market with its limits for orders and its fees (ruling R024).

    An amount is a multiple of `amount_step` within its bounds, a price of `price_step` within its
    own, and amount × price at least `min_value`. Fees are rates: 0.004 is 0.4 %.
    """

    name: str
    min_amount: Decimal
    max_amount: Decimal
    amount_step: Decimal
    min_price: Decimal
    max_price: Decimal
    price_step: Decimal
    min_value: Decimal
    maker_fee: Decimal
    taker_fee: Decimal
    is_open: bool

    @property
    def base(self) -> str:
        """The coin that is traded: BTC in BTC-MXN."""
        return self.name.partition("-")[0]

    @property
    def quote(self) -> str:
        """The coin that prices are in: MXN in BTC-MXN."""
        return self.name.partition("-")[2]

    def quantize_price(self, value: Decimal | int | str, rounding: Rounding) -> Decimal:
        """Round a price to the book's `price_step`, in the direction that is named.

        Args:
            value: in quote coins, 0 or more, of any precision; a float is refused.
            rounding: `"down"`, `"up"` or `"nearest"` (the even multiple where two are as near).

        Raises:
            InvalidValue: the value is negative or has too many digits, or the direction is another.
            InvalidType: the value has the wrong type, such as a float.
        """
        return to_step(value, self.price_step, rounding, "price")

    def quantize_amount(self, value: Decimal | int | str, rounding: Rounding) -> Decimal:
        """Round an amount to the book's `amount_step`, in the direction that is named.

        What is below one step is 0 when rounded down, and no order takes that.

        Args:
            value: in base coins, 0 or more, of any precision; a float is refused.
            rounding: `"down"`, `"up"` or `"nearest"` (the even multiple where two are as near).

        Raises:
            InvalidValue: the value is negative or has too many digits, or the direction is another.
            InvalidType: the value has the wrong type, such as a float.
        """
        return to_step(value, self.amount_step, rounding, "amount")


@frozen(kw_only=True, field_transformer=plainly)
class PriceLevel:
    """All orders of one side at one price."""

    price: Decimal
    amount: Decimal


@frozen(kw_only=True)
class OrderBook(InNotebooks):
    """The resting orders of a book by price: asks rising, bids falling (ruling R063)."""

    book: str
    asks: tuple[PriceLevel, ...]
    bids: tuple[PriceLevel, ...]

    @property
    def best_ask(self) -> PriceLevel:
        """The lowest price for sale. Raises EmptyBook if nothing is; `asks` is then empty."""
        return self._best(self.asks, "ask")

    @property
    def best_bid(self) -> PriceLevel:
        """The highest price wanted. Raises EmptyBook if nothing is; `bids` is then empty."""
        return self._best(self.bids, "bid")

    @property
    def spread(self) -> Decimal:
        """Lowest ask minus highest bid. Raises EmptyBook if a side is empty."""
        return difference(self.best_ask.price, self.best_bid.price)

    def to_frame(self, *, numbers: Literal["decimal", "float"] = "decimal") -> DataFrame:
        """Make a pandas frame of it, a row for each price level; see `coinbtr.to_frame`.

        Args:
            numbers: `"decimal"` keeps amounts exact, `"float"` makes floats of them.

        Raises:
            ConfigurationError: pandas is not installed; the message says what to install.
            InvalidValue: `numbers` is another word.
        """
        from coinbtr.models.frames import to_frame

        return to_frame(self, numbers=numbers)

    def _best(self, levels: tuple[PriceLevel, ...], side: str) -> PriceLevel:
        if not levels:
            raise EmptyBook(f"{self.book} has no {side}")
        return levels[0]


@frozen(kw_only=True, field_transformer=plainly)
class Ticker(InNotebooks):
    """A market at a glance (ruling R051); a price is None where there is none.

    `last` is the last trade, however long ago; `high`, `low` and `volume` are of the last 24 hours.
    """

    book: str
    last: Decimal | None
    bid: Decimal | None
    ask: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: Decimal


@frozen(kw_only=True, field_transformer=plainly)
class Volume:
    """What was traded in the last 24 hours: `volume` in base coins, `value` in quote coins."""

    book: str
    volume: Decimal
    value: Decimal


@frozen(kw_only=True, field_transformer=plainly)
class Currency:
    """A coin and what it takes to deposit and withdraw it (ruling R052).

    `fee_withdraw` is charged on top of the amount; `country` (ISO 3166-1 alpha-2) is None unless
    the coin is fiat money.
    """

    coin: str
    name: str
    min_withdraw: Decimal
    fee_withdraw: Decimal
    confirmations_required: int
    available_to_deposit: bool
    available_to_withdraw: bool
    country: str | None
