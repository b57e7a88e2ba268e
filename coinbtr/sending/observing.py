"""Takes from each success what helps to look up a lost one later: orders, trades, withdrawals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from coinbtr.sending.intent import Intent
from coinbtr.sending.record import Record
from coinbtr.times import utc


def observe(record: Record, operation_id: str, data: Any) -> None:
    """Note in `record` what the parsed `data` of an operation's success tells of the account."""
    noting = _NOTING.get(operation_id)
    if noting is not None and data:  # a cancel may be answered without data
        noting(record, data)


def effect_of(intent: Intent, data: Any) -> int | str | None:
    """What names the order or withdrawal that a success tells of."""
    if intent.kind == "cancel" or not data:
        return None
    found = data.txid if intent.kind == "withdraw" else data.id
    return found if isinstance(found, (int, str)) else None


def _order(record: Record, order: Any) -> None:
    record.saw_order(order.id, order.initial_amount)


def _orders(record: Record, orders: Any) -> None:
    for order in orders:
        _order(record, order)


def _transaction(record: Record, transaction: Any) -> None:
    record.saw_transaction(transaction.id, transaction.order_id)


def _transactions(record: Record, transactions: Any) -> None:
    for transaction in transactions:
        _transaction(record, transaction)


def _sent(record: Record, receipt: Any) -> None:
    record.saw_withdrawal(receipt.coin.upper(), receipt.txid, utc(receipt.date))


def _withdrawals(record: Record, withdrawals: Any) -> None:
    # Newest first: of several with one date, the first is the newest.
    for one in reversed(withdrawals):
        record.saw_withdrawal(one.coin.upper(), one.txid, utc(one.date))


_NOTING: Final[Mapping[str, Callable[[Record, Any], None]]] = {
    "placeBuyLimitOrder": _order,
    "placeSellLimitOrder": _order,
    "cancelBuyLimitOrder": _order,
    "cancelSellLimitOrder": _order,
    "getOpenOrder": _order,
    "listOpenOrders": _orders,
    "getTransaction": _transaction,
    "listTransactions": _transactions,
    "withdraw": _sent,
    "listWithdrawals": _withdrawals,
}
