"""Reads what there is when a play begins, and makes the model of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from coinbtr.contract.model.answers import CONSTANT
from coinbtr.contract.model.day import NOTHING, Day, Past
from coinbtr.contract.model.exchange import Exchange
from coinbtr.contract.model.records import Account, Order, Side, Who
from coinbtr.contract.model.rules import Coin, Rules
from coinbtr.contract.model.table import Table
from coinbtr.contract.model.unknown import History, Unknown, milliseconds

WHO: Final[tuple[Who, Who]] = ("mine", "other")
DEPTH: Final = 1000
"""The most levels that a book shows: one that is deeper can't be known."""

_PAGE: Final = 100
_SHOWN: Final = 30


def begin(table: Table, market: str) -> Exchange:
    """Read everything that the two accounts and a book show.

    Raises:
        Deviation: a request was refused.
        LookupError, TypeError, ValueError, ArithmeticError: an answer has another shape.
    """
    history = History(stands_still=table.tick is not None)
    query = {"market": market.lower()}
    accounts: dict[Who, Account] = {who: _account(table, who) for who in WHO}
    orders = [order for who in WHO for order in _orders(table, who, history)]
    orders.sort(key=lambda order: (milliseconds(order.created_at.value) or 0, order.id.value))
    book = _look(table, "getOrderBook", "mine", {**query, "limit": DEPTH})
    ticker = _look(table, "getTicker", "mine", query)
    volume = _look(table, "get24hVolume", "mine", query)
    entry = next(
        one for one in accounts["mine"].constant["listBooks"] if one["name"] == market.upper()
    )
    for account in accounts.values():
        history.taken["trade"] |= {one["id"] for one in account.older["listTransactions"]}
    history.taken["order"] |= {order.id.value for order in orders}
    past = Past(volume["volume"], volume["value"], ticker["high"], ticker["low"])
    return Exchange(
        rules=Rules.read(entry),
        coins={one["coin"]: Coin.read(one) for one in accounts["mine"].constant["getCurrencies"]},
        accounts=accounts,
        orders=orders,
        foreign={
            "SELL": _foreign(book["asks"], orders, "SELL", market),
            "BUY": _foreign(book["bids"], orders, "BUY", market),
        },
        day=Day(ticker["last"], past if volume["volume"] else NOTHING),
        history=history,
    )


def _look(table: Table, operation: str, who: Who, arguments: Mapping[str, Any]) -> Any:
    return table.look(operation, who, arguments, judged=False).answer.data


def _account(table: Table, who: Who) -> Account:
    balances = _look(table, "listBalances", who, {})
    older = {
        operation: _look(table, operation, who, {"limit": _SHOWN})
        for operation in ("listTransactions", "listWithdrawals", "listDeposits")
    }
    # A status moves on by itself.
    for name in ("listWithdrawals", "listDeposits"):
        older[name] = [
            {key: value for key, value in one.items() if key not in ("status", "confirmations")}
            for one in older[name]
        ]
    return Account(
        available={one["coin"]: Decimal(one["available"]) for one in balances},
        pending={one["coin"]: Decimal(one["pending"]) for one in balances},
        addresses={one["coin"]: one["depositAddress"] for one in balances},
        older=older,
        is_cut=any(len(entries) == _SHOWN for entries in older.values()),
        constant={operation: _look(table, operation, who, {}) for operation in CONSTANT},
    )


def _orders(table: Table, who: Who, history: History) -> list[Order]:
    entries: list[Any] = []
    while True:
        page = _look(table, "listOpenOrders", who, {"limit": _PAGE, "offset": len(entries)})
        entries += page
        if len(page) < _PAGE:
            break
    return [
        Order(
            who=who,
            side=one["side"],
            market=one["market"],
            price=Decimal(one["price"]),
            initial=Decimal(one["initial_amount"]),
            left=Decimal(one["amount"]),
            id=Unknown("order", history, one["id"]),
            created_at=Unknown("time", history, one["created_at"]),
        )
        # The list has the newest first; a stable sort by time keeps what was listed later older.
        for one in reversed(entries)
    ]


def _foreign(
    levels: list[Any], orders: list[Order], side: Side, market: str
) -> Mapping[Decimal, Decimal]:
    amounts = {Decimal(level["price"]): Decimal(level["amount"]) for level in levels}
    for order in orders:
        if order.side == side and order.market == market.upper():
            amounts[order.price] = amounts.get(order.price, Decimal(0)) - order.left
    return {price: amount for price, amount in amounts.items() if amount}
