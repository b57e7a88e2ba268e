"""Which books plays can be had on: with room in the spread, and no coin in common."""

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Final

from coinbtr.contract.model.beginning import DEPTH, begin
from coinbtr.contract.model.choices import affordable, ticks_inside
from coinbtr.contract.model.table import Table

_ROOM: Final = 3


def find(table: Table, wanted: int, among: Collection[str] | None = None) -> Sequence[str]:
    """Choose books that don't disturb each other: balances are exact only if no coin is shared.

    Args:
        table: access to the server.
        wanted: how many books; fewer are given where there aren't as many.
        among: the books to choose from; all if left out.

    Raises:
        Deviation: the server refused a read.
        LookupError, TypeError, ValueError, ArithmeticError: an answer has another shape.
    """
    room: dict[str, int] = {}
    listed = table.look("listBooks", "mine", {}, judged=False).answer.data
    for name in (entry["name"] for entry in listed if entry["is_open"]):
        if among is not None and name not in among:
            continue
        exchange = begin(table, name)
        is_whole = all(len(levels) < DEPTH for levels in exchange.foreign.values())
        inside = ticks_inside(exchange)
        if is_whole and inside >= _ROOM and affordable(exchange):
            room[name] = inside
    for size in range(wanted, 0, -1):
        disjoint = [books for books in combinations(room, size) if _share_no_coin(books)]
        if disjoint:
            return max(disjoint, key=lambda books: min(room[name] for name in books))
    return ()


def _share_no_coin(books: Sequence[str]) -> bool:
    coins = [coin for name in books for coin in name.split("-")]
    return len(set(coins)) == len(coins)
