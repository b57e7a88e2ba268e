"""What a command is about to do with money: said, checked against limits and balances, not done."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import field, frozen

from coinbtr import CoinBTR
from coinbtr.arguments import to_address, to_coin, to_market
from coinbtr.cli.desk import Desk
from coinbtr.cli.records import Record
from coinbtr.errors import (
    AddressNotAllowed,
    CoinBTRError,
    OrderValueTooHigh,
    PriceTooFar,
    WithdrawalsNotAllowed,
)
from coinbtr.guards import (
    Placing,
    book_limit_broken,
    check_price,
    check_value,
    check_withdrawal,
    unlisted,
)
from coinbtr.models import Balance, Book
from coinbtr.money import DECIMALS, product, to_money, to_step, total


@frozen(kw_only=True)
class Sent:
    """What came of it: what to show, and the errors of those parts that failed."""

    result: Any
    errors: tuple[CoinBTRError, ...] = ()


@frozen(kw_only=True)
class Plan:
    """What is to be done: `record` says it, `send` does it.

    `limits` says which guard rails forbid it, so that it isn't sent; `problems` why the exchange
    would refuse it as things are. `units` are the coins of the record's numbers. `adds` is whether
    it adds an effect that a lost one could be mistaken for: a cancel doesn't.
    """

    question: str
    record: Record | list[Record]
    units: Mapping[str, str] = field(factory=dict)
    limits: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    send: Callable[[CoinBTR], Sent]
    adds: bool = True
    allow_withdrawals: bool = False


def order(desk: Desk, side: Literal["BUY", "SELL"], book: str, amount: str, price: str) -> Plan:
    """The plan of a limit order; raises what reading and bad arguments raise."""
    name = to_market(book).upper()
    operation = "placeBuyLimitOrder" if side == "BUY" else "placeSellLimitOrder"
    asked = Placing(operation, name, to_money(amount, "amount"), to_money(price, "price"))
    books = desk.exchange.market.books()
    rules = next((one for one in books if one.name == name), None)
    if rules is None:
        raise unlisted(asked, books)
    needed, coin = (asked.value, rules.quote) if side == "BUY" else (asked.amount, rules.base)
    gained, fee_coin = (asked.amount, rules.base) if side == "BUY" else (asked.value, rules.quote)
    balance = desk.exchange.wallet.balance(coin)

    def send(exchange: CoinBTR) -> Sent:
        place = exchange.trading.buy_limit if side == "BUY" else exchange.trading.sell_limit
        return Sent(result=place(name, amount=asked.amount, price=asked.price))

    return Plan(
        question="Place this order?",
        record={
            "operation": side.lower(),
            "book": name,
            "amount": asked.amount,
            "price": asked.price,
            "value": asked.value,
            "fee": _fee(gained, max(rules.maker_fee, rules.taker_fee)),
            "fee_coin": fee_coin,
            "available": balance.available,
            "available_coin": coin,
        },
        units={
            "amount": rules.base,
            "price": rules.quote,
            "value": rules.quote,
            "fee": fee_coin,
            "available": coin,
        },
        limits=tuple(_order_limits(desk, asked, rules)),
        problems=(
            *(() if rules.is_open else (f"{name} takes no orders now",)),
            *_short_of(balance, needed),
        ),
        send=send,
    )


def withdrawal(desk: Desk, coin: str, amount: str, address: str, *, allowed: bool) -> Plan:
    """The plan of a withdrawal; raises what reading and bad arguments raise."""
    name, destination = to_coin(coin).upper(), to_address(address)
    asked = to_money(amount, "amount")
    currencies = {one.coin: one for one in desk.exchange.market.currencies()}
    balance = desk.exchange.wallet.balance(name)
    rules = currencies.get(name)
    fee = Decimal(0) if rules is None else rules.fee_withdraw
    needed = total([asked, fee])
    problems = []
    if rules is None or not rules.available_to_withdraw:
        problems.append(f"{name} can't be withdrawn by address now")
    elif asked < rules.min_withdraw:
        problems.append(f"amount is {asked:f} {name}, below min_withdraw of {rules.min_withdraw:f}")

    def send(exchange: CoinBTR) -> Sent:
        receipt = exchange.wallet.withdraw(name, address=destination, amount=asked)
        return Sent(result=receipt)

    return Plan(
        question="Send these coins? This can't be called back.",
        record={
            "operation": "withdraw",
            "coin": name,
            "amount": asked,
            "fee": fee,
            "total": needed,
            "address": destination,
            "available": balance.available,
        },
        units=dict.fromkeys(("amount", "fee", "total", "available"), name),
        limits=tuple(_withdrawal_limits(desk, name, destination, allowed=allowed)),
        problems=(*problems, *_short_of(balance, needed)),
        send=send,
        allow_withdrawals=allowed,
    )


def _order_limits(desk: Desk, asked: Placing, rules: Book) -> Iterator[str]:
    rails = desk.place.guards()
    if (broken := book_limit_broken(asked, rules)) is not None:
        yield broken.message
    try:
        check_value(rails, asked)
        if rails.max_price_deviation is not None:
            check_price(rails, asked, desk.exchange.market.order_book(asked.book, limit=1))
    except (OrderValueTooHigh, PriceTooFar) as error:
        yield error.message


def _withdrawal_limits(desk: Desk, coin: str, address: str, *, allowed: bool) -> Iterator[str]:
    try:
        check_withdrawal(desk.place.guards(allow_withdrawals=allowed), coin, address)
    except WithdrawalsNotAllowed:
        yield (
            "withdrawals aren't allowed here: --allow-withdrawals allows this one,"
            " `coinbtr config set allow_withdrawals true` all of a profile"
        )
    except AddressNotAllowed as error:
        yield error.message


def _short_of(balance: Balance, needed: Decimal) -> list[str]:
    if needed <= balance.available:
        return []
    coin = balance.coin
    return [f"{needed:f} {coin} is needed, and {balance.available:f} {coin} is available"]


def _fee(gained: Decimal, rate: Decimal) -> Decimal:
    """The fee at this rate, rounded up at the eighth decimal as the exchange does."""
    return to_step(product(gained, rate), Decimal(1).scaleb(-DECIMALS), "up", "fee")
