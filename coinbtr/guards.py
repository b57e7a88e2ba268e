"""Guard rails: what a client refuses to send, whatever the exchange would say. Pure.

Two kinds. Limits of yours, which nobody else checks: withdrawals at all, their addresses, the value
of an order, its distance from the best price. And the book's own limits, which the exchange checks
as well: here they are seen before anything is sent, with the limit and the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from coinbtr.arguments import to_coin
from coinbtr.errors import (
    AboveBookMaximum,
    AddressNotAllowed,
    BelowBookMinimum,
    BelowBookMinimumValue,
    BookLimitBroken,
    CoinBTRError,
    ConfigurationError,
    GuardRailUnchecked,
    OffBookStep,
    OrderValueTooHigh,
    PriceTooFar,
    UnlistedBook,
    WithdrawalsNotAllowed,
)
from coinbtr.money import difference, is_multiple, product, to_money, to_share, total

if TYPE_CHECKING:
    from coinbtr.models import Book, OrderBook

Money = Decimal | int | str
Addresses = Mapping[str, Iterable[str]] | Iterable[str]

ANY_COIN: Final = "*"
_SENT: Final = "nothing was sent"


def _values(limits: Mapping[str, Money | None] | None) -> dict[str, Decimal | None] | None:
    if limits is None:
        return None
    if not isinstance(limits, Mapping):
        raise ConfigurationError(
            'max_order_value must name the coin: write {"mxn": "50000"}, with an entry for each'
            " coin that you pay or price in, None for one without a limit"
        )
    return {
        to_coin(coin).upper(): None
        if limit is None
        else to_money(limit, f"max_order_value[{coin}]")
        for coin, limit in limits.items()
    }


def _addresses(allowed: Addresses | None) -> dict[str, frozenset[str]] | None:
    if allowed is None:
        return None
    if isinstance(allowed, Mapping):
        return {to_coin(coin).upper(): _words(some) for coin, some in allowed.items()}
    return {ANY_COIN: _words(allowed)}


def _words(addresses: object) -> frozenset[str]:
    # A str is iterable, too, and its letters are no addresses.
    if isinstance(addresses, Iterable) and not isinstance(addresses, str):
        words = list(addresses)
        if all(isinstance(word, str) for word in words):
            return frozenset(words)
    raise ConfigurationError(
        'withdrawal_addresses must be a list of str for each coin, such as {"btc": ["2N9J…"]}'
    )


def _share(share: Money | None) -> Decimal | None:
    return None if share is None else to_share(share, "max_price_deviation")


def _flag(value: bool) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"a guard rail is on or off: True or False, not {value!r}")
    return value


@frozen(kw_only=True, hash=False)
class GuardRails:
    """What a client refuses to send. Each refusal is a GuardRailError; nothing was sent then.

    Args:
        allow_withdrawals: whether the client withdraws at all. Not until you say so.
        withdrawal_addresses: the only addresses that it withdraws to, for each coin:
            `{"btc": ["2N9J…"]}`. A coin that is left out can't be withdrawn. A plain list counts
            for every coin: addresses of some coins look alike, so name the coin if you can. None
            for any address.
        max_order_value: the most that amount × price of one order may be, for each quote coin:
            `{"mxn": "50000", "btc": "0.05"}`. Orders in a coin that is left out are refused; None
            for a coin is no limit. None altogether: no limit for any.
        max_price_deviation: how far a price may be outside the best bid and ask, as a share: with
            `"0.05"` an order's price is at least the best bid less 5 %, and at most the best ask
            plus 5 %. The order book is read before each order. None for no limit.
        book_limits: whether orders are checked against the book's own limits (ruling R024), which
            are read when the first order is placed and kept for 5 minutes. The exchange checks
            them, too: so if the list can't be read, the order goes out with a GuardRailWarning.

    Raises:
        ConfigurationError: a limit has not the form above.
        InvalidValue: an amount in it is out of bounds.
        InvalidType: an amount in it is a float, or a coin is not a str.
    """

    allow_withdrawals: bool = field(default=False, converter=_flag)
    withdrawal_addresses: Mapping[str, frozenset[str]] | None = field(
        default=None, converter=_addresses
    )
    max_order_value: Mapping[str, Decimal | None] | None = field(default=None, converter=_values)
    max_price_deviation: Decimal | None = field(default=None, converter=_share)
    book_limits: bool = field(default=True, converter=_flag)


def chosen(
    guards: GuardRails | None,
    *,
    allow_withdrawals: bool,
    withdrawal_addresses: Addresses | None,
    max_order_value: Mapping[str, Money | None] | None,
    max_price_deviation: Money | None,
) -> GuardRails | CoinBTRError:
    """The guard rails of a client's parameters: given whole, or one by one, not both.

    The error is given back, not raised: the caller raises it from a frame without the token.
    """
    try:
        single = GuardRails(
            allow_withdrawals=allow_withdrawals,
            withdrawal_addresses=withdrawal_addresses,
            max_order_value=max_order_value,
            max_price_deviation=max_price_deviation,
        )
    except CoinBTRError as error:
        return error.with_traceback(None)
    if guards is None:
        return single
    if not _is_guard_rails(guards):
        return ConfigurationError(f"guards must be a GuardRails, not {type(guards).__name__}")
    if single != GuardRails():
        return ConfigurationError("give guards, or the single guard rails, but not both")
    return guards


def _is_guard_rails(guards: object) -> bool:
    return isinstance(guards, GuardRails)


def check_withdrawal(rails: GuardRails, coin: str, address: str) -> None:
    """Raise WithdrawalsNotAllowed or AddressNotAllowed unless the withdrawal may be sent.

    `coin` is in any case; the address is compared as it stands.
    """
    if not rails.allow_withdrawals:
        raise WithdrawalsNotAllowed(
            "this client withdraws nothing: allow_withdrawals is False, and a withdrawal of"
            f" {coin.upper()} was asked for; make it with allow_withdrawals=True to change that;"
            f" {_SENT}",
            limit="allow_withdrawals",
            allowed=False,
            value=coin.upper(),
            operation="withdraw",
        )
    if rails.withdrawal_addresses is None:
        return
    listed = rails.withdrawal_addresses
    allowed = listed.get(coin.upper(), frozenset()) | listed.get(ANY_COIN, frozenset())
    if address not in allowed:
        raise AddressNotAllowed(
            f"{address} is none of the {len(allowed)} addresses that withdrawal_addresses has for"
            f" {coin.upper()}; {_SENT}",
            limit="withdrawal_addresses",
            allowed=tuple(sorted(allowed)),
            value=address,
            operation="withdraw",
        )


@frozen
class Placing:
    """An order on its way out: which operation, on which book (`BTC-MXN`), how much, at what."""

    operation: str
    book: str
    amount: Decimal
    price: Decimal

    @property
    def value(self) -> Decimal:
        """Amount × price, in the quote coin."""
        return product(self.amount, self.price)

    @property
    def quote(self) -> str:
        """The coin that the price is in."""
        return self.book.partition("-")[2]


def check_value(rails: GuardRails, order: Placing) -> None:
    """Raise OrderValueTooHigh if amount × price is above what `max_order_value` says."""
    if rails.max_order_value is None:
        return
    coin = order.quote
    if coin not in rails.max_order_value:
        raise OrderValueTooHigh(
            f"max_order_value has no limit for {coin}, and the order's value is {order.value:f}"
            f" {coin}; add one, or None for no limit; {_SENT}",
            limit="max_order_value",
            allowed=None,
            value=order.value,
            operation=order.operation,
        )
    limit = rails.max_order_value[coin]
    if limit is not None and order.value > limit:
        raise OrderValueTooHigh(
            f"amount × price is {order.value:f} {coin}, above max_order_value of {limit:f} {coin};"
            f" {_SENT}",
            limit="max_order_value",
            allowed=limit,
            value=order.value,
            operation=order.operation,
        )


def check_price(rails: GuardRails, order: Placing, best: OrderBook) -> None:
    """Raise PriceTooFar if the price is further from the best bid and ask than it may be.

    A side without orders is stood for by the other. Raises GuardRailUnchecked if both are empty:
    then there is no best price.
    """
    share = rails.max_price_deviation
    if share is None:
        return
    levels = [side[0].price for side in (best.bids, best.asks) if side]
    if not levels:
        raise unchecked(order, "max_price_deviation", share, f"{order.book} has no orders at all")
    bid, ask = levels[0], levels[-1]
    less, more = difference(Decimal(1), share), total((Decimal(1), share))
    least, most = product(bid, less), product(ask, more)
    if not least <= order.price <= most:
        raise PriceTooFar(
            f"the price {order.price:f} is outside {least:f} to {most:f} {order.quote}, which is"
            f" max_price_deviation of {share:f} from the best bid {bid:f} and ask {ask:f};"
            f" {_SENT}",
            limit="max_price_deviation",
            allowed=(least, most),
            value=order.price,
            operation=order.operation,
        )


def unchecked(order: Placing, limit: str, allowed: object, why: str) -> GuardRailUnchecked:
    """The error for a limit of the user's that can't be checked."""
    return GuardRailUnchecked(
        f"{limit} can't be checked, so the order was not sent: {why}",
        limit=limit,
        allowed=allowed,
        value=order.price,
        operation=order.operation,
    )


def book_limit_broken(order: Placing, book: Book) -> BookLimitBroken | None:
    """What of the book's own limits the order breaks: the error to raise, or None (ruling R024)."""
    for name, value, coin, least, most, step in (
        ("amount", order.amount, book.base, book.min_amount, book.max_amount, book.amount_step),
        ("price", order.price, book.quote, book.min_price, book.max_price, book.price_step),
    ):
        if value < least:
            return _broken(BelowBookMinimum, order, f"min_{name}", least, name, value, coin)
        if value > most:
            return _broken(AboveBookMaximum, order, f"max_{name}", most, name, value, coin)
        if not is_multiple(value, step):
            return _broken(OffBookStep, order, f"{name}_step", step, name, value, coin)
    if order.value < book.min_value:
        return _broken(
            *(BelowBookMinimumValue, order, "min_value", book.min_value),
            *("amount × price", order.value, book.quote),
        )
    return None


def unlisted(order: Placing, books: Iterable[Book]) -> UnlistedBook:
    """The error for an order on a book that the exchange doesn't list."""
    names = tuple(book.name for book in books)
    return UnlistedBook(
        f"{order.book} is none of the books that the exchange lists"
        f" ({', '.join(names) or 'there are none'}); {_SENT}",
        limit="books",
        allowed=names,
        value=order.book,
        operation=order.operation,
    )


def _broken(
    kind: type[BookLimitBroken],
    order: Placing,
    limit: str,
    allowed: Decimal,
    what: str,
    value: Decimal,
    coin: str,
) -> BookLimitBroken:
    relation = {"min": "below", "max": "above"}.get(limit[:3], "no multiple of")
    return kind(
        f"{what} is {value:f} {coin}, {relation} {limit} of {order.book}, {allowed:f} {coin};"
        f" {_SENT}",
        limit=limit,
        allowed=allowed,
        value=value,
        operation=order.operation,
    )
