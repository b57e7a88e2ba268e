"""What each operation must answer: read from the model, asked for like a server."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from attrs import frozen

from coinbtr.contract.model.exchange import Exchange, Refusal
from coinbtr.contract.model.records import Account, Order, Side, Who

_LIMIT: Final = 50
"""Entries of a list, and levels of a book, where no limit is asked for (rulings R042, R063)."""

Arguments = Mapping[str, Any]


@frozen
class Beginning:
    """The first entries of a list whose rest lies before the model began, and isn't known."""

    entries: list[Any]


def answer(exchange: Exchange, operation: str, who: Who, arguments: Arguments) -> Any:
    """Predict the `data` of an answer, or a `Refusal`; what moves money is done in the model."""
    for name, known, code in (
        ("market", (exchange.rules.name,), "book_not_found"),
        ("coin", exchange.coins, "coin_not_found"),
    ):
        if name in arguments and arguments[name].upper() not in known:
            return Refusal.of(code)
    return _ANSWERS[operation](exchange, who, arguments)


def _place(side: Side) -> Callable[[Exchange, Who, Arguments], Any]:
    def place(exchange: Exchange, who: Who, given: Arguments) -> Any:
        return _shown(
            exchange.place(who, side, given["market"], given["amount"], given["price"]),
        )

    return place


def _cancel(side: Side) -> Callable[[Exchange, Who, Arguments], Any]:
    return lambda exchange, who, given: _shown(exchange.cancel(who, side, given["id"]))


def _shown(order: Order | Refusal) -> Any:
    return order if isinstance(order, Refusal) else order.view()


def _withdraw(exchange: Exchange, who: Who, given: Arguments) -> Any:
    made = exchange.withdraw(who, given["coin"], given["address"], given["amount"])
    if isinstance(made, Refusal):
        return made
    return {name: made.view()[name] for name in ("coin", "txid", "date")}


def _open_order(exchange: Exchange, who: Who, given: Arguments) -> Any:
    order = exchange.open_order(who, given["id"])
    return Refusal.of("order_not_found") if order is None else order.view()


def _open_orders(exchange: Exchange, who: Who, given: Arguments) -> Any:
    own = [order.view() for order in reversed(exchange.orders) if order.who == who]
    return _page(own, given, "market")


def _transaction(exchange: Exchange, who: Who, given: Arguments) -> Any:
    for entry in _transactions_of(exchange, who):
        if entry["id"] == given["id"]:
            return entry
    return Refusal.of("transaction_not_found")


def _transactions(exchange: Exchange, who: Who, given: Arguments) -> Any:
    return _page(_transactions_of(exchange, who), given, "market", exchange, who)


def _transactions_of(exchange: Exchange, who: Who) -> Iterable[Any]:
    account = exchange.accounts[who]
    for trade in reversed(account.trades):
        yield trade.view()
    yield from account.older["listTransactions"]


def _withdrawals(exchange: Exchange, who: Who, given: Arguments) -> Any:
    account = exchange.accounts[who]
    own = [made.view() for made in reversed(account.withdrawals)]
    return _page([*own, *account.older["listWithdrawals"]], given, "coin", exchange, who)


def _deposits(exchange: Exchange, who: Who, given: Arguments) -> Any:
    return _page(exchange.accounts[who].older["listDeposits"], given, "coin", exchange, who)


def _page(
    entries: Iterable[Any],
    given: Arguments,
    key: str,
    exchange: Exchange | None = None,
    who: Who = "mine",
) -> Any:
    wanted = given[key].upper() if key in given else None
    chosen = (entry for entry in entries if wanted in (None, entry[key]))
    limit, offset = given.get("limit", _LIMIT), given.get("offset", 0)
    page = list(islice(chosen, offset, offset + limit))
    is_cut = exchange is not None and exchange.accounts[who].is_cut
    return Beginning(page) if is_cut and len(page) < limit else page


def _balances(exchange: Exchange, who: Who, _: Arguments) -> Any:
    account, held = exchange.accounts[who], exchange.held(who)
    return [_of_coin(account, held, coin) for coin in account.available]


def _balance(exchange: Exchange, who: Who, given: Arguments) -> Any:
    return _of_coin(exchange.accounts[who], exchange.held(who), given["coin"].upper())


def _of_coin(account: Account, held: Mapping[str, Decimal], coin: str) -> dict[str, Any]:
    available, pending = account.available[coin], account.pending[coin]
    return {
        "coin": coin,
        "balance": available + held.get(coin, Decimal(0)) + pending,
        "available": available,
        "pending": pending,
        "depositAddress": account.addresses[coin],
    }


def _address(exchange: Exchange, who: Who, given: Arguments) -> Any:
    coin = given["coin"].upper()
    address = exchange.accounts[who].addresses[coin]
    if address is None:
        return Refusal.of("deposit_unavailable")
    return {"coin": coin, "address": address}


def _book(exchange: Exchange, _: Who, given: Arguments) -> Any:
    limit = given.get("limit", _LIMIT)
    return {
        "market": exchange.rules.name,
        "asks": _levels(exchange, "SELL")[:limit],
        "bids": _levels(exchange, "BUY")[:limit],
    }


def _levels(exchange: Exchange, side: Side) -> list[dict[str, Decimal]]:
    best_first = sorted(_amounts(exchange, side).items(), reverse=side == "BUY")
    return [{"price": price, "amount": amount} for price, amount in best_first]


def _amounts(exchange: Exchange, side: Side) -> Mapping[Decimal, Decimal]:
    amounts = dict(exchange.foreign[side])
    for order in exchange.orders:
        if order.side == side and order.market == exchange.rules.name:
            amounts[order.price] = amounts.get(order.price, Decimal(0)) + order.left
    return amounts


def _ticker(exchange: Exchange, _: Who, __: Arguments) -> Any:
    day = exchange.day.totals()
    return {
        "market": exchange.rules.name,
        "last": exchange.day.last,
        "bid": max(_amounts(exchange, "BUY"), default=None),
        "ask": min(_amounts(exchange, "SELL"), default=None),
        "high": day.high,
        "low": day.low,
        "volume": day.volume,
    }


def _volume(exchange: Exchange, _: Who, __: Arguments) -> Any:
    day = exchange.day.totals()
    return {"market": exchange.rules.name, "volume": day.volume, "value": day.value}


def _constant(operation: str) -> Callable[[Exchange, Who, Arguments], Any]:
    return lambda exchange, who, _: exchange.accounts[who].constant[operation]


CONSTANT: Final = ("listBooks", "getCurrencies", "getProfile", "getSession")
"""What no order and no withdrawal changes."""

_ANSWERS: Final[Mapping[str, Callable[[Exchange, Who, Arguments], Any]]] = {
    "placeBuyLimitOrder": _place("BUY"),
    "placeSellLimitOrder": _place("SELL"),
    "cancelBuyLimitOrder": _cancel("BUY"),
    "cancelSellLimitOrder": _cancel("SELL"),
    "withdraw": _withdraw,
    "getOpenOrder": _open_order,
    "listOpenOrders": _open_orders,
    "getTransaction": _transaction,
    "listTransactions": _transactions,
    "listWithdrawals": _withdrawals,
    "listDeposits": _deposits,
    "listBalances": _balances,
    "getBalance": _balance,
    "getDepositAddress": _address,
    "getOrderBook": _book,
    "getTicker": _ticker,
    "get24hVolume": _volume,
    **{operation: _constant(operation) for operation in CONSTANT},
}
