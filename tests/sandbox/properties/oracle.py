"""What must come of a limit order, worked out anew from the open orders by sorting and adding."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from attrs import frozen

from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.commands import PlaceOrder
from coinbtr.sandbox.core.errors import Code
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.orders import Order
from coinbtr.sandbox.core.units import SCALE


@frozen
class Expected:
    """A refusal, or fills as (maker's order, price, amount, maker's fee, taker's fee)."""

    refused: Code | None = None
    fills: tuple[tuple[int, int, int, int, int], ...] = ()


def resting(exchange: Exchange) -> list[Order]:
    """List every open order of everybody."""
    return [
        order for owner in exchange.accounts for order in exchange.trading.all_open_orders(owner)
    ]


def expect(exchange: Exchange, command: PlaceOrder, closed: Iterable[str]) -> Expected:
    """Tell what placing an order must do."""
    rules = exchange.catalogue.markets[command.market]
    buys = command.side == "BUY"
    if command.market in closed:
        return Expected(Code.BOOK_CLOSED)
    broken = _broken_rule(rules, command.amount, command.price)
    if broken is not None:
        return Expected(broken)
    value = Fraction(command.price * command.amount, SCALE)
    coin, needed = (rules.quote, value) if buys else (rules.base, Fraction(command.amount))
    if exchange.ledger.wallet(command.account_id, coin).amounts[0] < needed:
        return Expected(Code.INSUFFICIENT_FUNDS)
    fills: list[tuple[int, int, int, int, int]] = []
    left = command.amount
    for maker in _met(exchange, command):
        if not left:
            break
        if maker.account_id == command.account_id:
            return Expected(Code.SELF_TRADE)
        amount = min(left, maker.left)
        left -= amount
        worth = Fraction(maker.price * amount, SCALE)
        received = (worth, Fraction(amount)) if buys else (Fraction(amount), worth)
        rates = (
            _rates(rules, exchange, maker.account_id)[0],
            _rates(rules, exchange, command.account_id)[1],
        )
        maker_fee, taker_fee = (ceil(got * rate) for got, rate in zip(received, rates, strict=True))
        fills.append((maker.id, maker.price, amount, maker_fee, taker_fee))
    return Expected(fills=tuple(fills))


def _met(exchange: Exchange, command: PlaceOrder) -> list[Order]:
    """List the orders that a command's price reaches, the best price and the oldest first."""
    sign = 1 if command.side == "BUY" else -1
    found = [
        order
        for order in resting(exchange)
        if order.market == command.market
        and order.side != command.side
        and sign * order.price <= sign * command.price
    ]
    return sorted(found, key=lambda order: (sign * order.price, order.id))


def _rates(rules: Market, exchange: Exchange, account_id: int) -> tuple[Fraction, Fraction]:
    levels = rules.fees
    maker, taker = levels[min(exchange.accounts[account_id].level, len(levels)) - 1]
    return Fraction(maker, SCALE), Fraction(taker, SCALE)


def _broken_rule(rules: Market, amount: int, price: int) -> Code | None:
    limits = (
        (amount, rules.min_amount, rules.max_amount),
        (price, rules.min_price, rules.max_price),
    )
    for given, least, most in limits:
        if given < least:
            return Code.BELOW_MINIMUM
        if given > most:
            return Code.ABOVE_MAXIMUM
    if amount % rules.amount_step or price % rules.price_step:
        return Code.INVALID_STEP
    if Fraction(price * amount, SCALE) < rules.min_value:
        return Code.BELOW_MINIMUM_VALUE
    return None
