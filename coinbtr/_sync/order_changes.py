# Derived from coinbtr/_async/order_changes.py by `make generate`: edit that file, not this one.
"""Finds out what happened to the account's open orders since they were last read."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from attrs import evolve

from coinbtr._sync.paging import Pages
from coinbtr.errors import NotFound, PermissionDenied
from coinbtr.models import ChangeKind, Order, OrderChange, Transaction
from coinbtr.money import difference

# How many of the newest trades are read, at most, to tell a filled order from a cancelled one.
MOST_TRADES: Final = 1000


class OrderChanges:
    """Remembers the open orders of the last reading, and compares."""

    def __init__(
        self,
        open_orders: Callable[[], Pages[Order]],
        transactions: Callable[[], Pages[Transaction]],
    ) -> None:
        self._open_orders = open_orders
        self._transactions = transactions
        self._last: dict[int, Order] = {}

    def changes(self) -> list[OrderChange]:
        """What happened, oldest order first; nothing is remembered of a reading that failed."""
        now = {order.id: order for order in self._open_orders()}
        ended = [order for number, order in self._last.items() if number not in now]
        found = [
            OrderChange(
                kind=ChangeKind.OPEN if number not in self._last else ChangeKind.TRADED,
                order=order,
                before=self._last.get(number),
            )
            for number, order in now.items()
            if order != self._last.get(number)
        ]
        if ended:
            found += self._ends(ended)
        self._last = now
        return sorted(found, key=lambda change: change.order.id)

    def _ends(self, orders: list[Order]) -> list[OrderChange]:
        """How each of these ended: what the trades say of it, which were read after it ended."""
        filled = self._filled(orders)
        return [_ended(order, None if filled is None else filled[order.id]) for order in orders]

    def _filled(self, orders: list[Order]) -> dict[int, Decimal] | None:
        """How much of each was traded, by the account's trades; None where they can't tell."""
        filled = {order.id: Decimal(0) for order in orders}
        oldest = min(order.created_at for order in orders)
        read = 0
        try:
            for trade in self._transactions():
                if trade.created_at < oldest:
                    return filled
                if trade.order_id in filled:
                    less = trade.amount.copy_negate()
                    filled[trade.order_id] = difference(filled[trade.order_id], less)
                read += 1
                if all(filled[order.id] == order.amount for order in orders):
                    return filled
                if read >= MOST_TRADES:
                    return None
        except (NotFound, PermissionDenied):
            return None  # that the exchange lists trades at all is inferred (R023)
        return filled


def _ended(order: Order, filled: Decimal | None) -> OrderChange:
    if filled is None or not order.filled <= filled <= order.amount:
        gone = evolve(order, is_open=False)
        return OrderChange(kind=ChangeKind.GONE, order=gone, before=order)
    kind = ChangeKind.FILLED if filled == order.amount else ChangeKind.CANCELLED
    after = evolve(order, is_open=False, filled=filled, remaining=difference(order.amount, filled))
    return OrderChange(kind=kind, order=after, before=order)
