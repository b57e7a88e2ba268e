"""Checks of whether an answer is about what was asked, and of lists."""

from collections.abc import Iterator
from typing import Any

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks.problem import Check, Problem

_SIDES = {
    "placeBuyLimitOrder": "BUY",
    "cancelBuyLimitOrder": "BUY",
    "placeSellLimitOrder": "SELL",
    "cancelSellLimitOrder": "SELL",
}
# What tells the entries of a list apart, and what says when they came about.
_LISTS = {
    "listOpenOrders": ("id", "created_at"),
    "listTransactions": ("id", "created_at"),
    "listWithdrawals": ("txid", "date"),
    "listDeposits": ("txid", "date"),
    "listBalances": ("coin", None),
    "listBooks": ("name", None),
    "getCurrencies": ("coin", None),
}


def subject(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find an answer about another coin, market, id or side."""
    asked = call.arguments
    data: Any = answer.data
    entries: list[Any] = data if isinstance(data, list) else [data]
    for entry in entries:
        for name in ("coin", "market"):
            wanted = asked.get(name)
            answered = entry.get(name, entry.get("name"))  # a book calls its own market `name`
            if isinstance(wanted, str) and str(answered).upper() != wanted.upper():
                yield Problem("C147", f"Asked for {wanted}, it answered {answered!r}.")
                return
    if "id" in asked and entries[0].get("id") != asked["id"]:
        yield Problem("C147", f"Asked for id {asked['id']}, it answered {entries[0].get('id')}.")
    side = _SIDES.get(call.operation.id)
    if side and entries[0]["side"] != side:
        yield Problem("C147", f"The order is a {entries[0]['side']}, not a {side}.")


def order_of_list(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a list that repeats an entry or isn't newest first."""
    key, when = _LISTS.get(call.operation.id, (None, None))
    if key is None:
        return
    keys = [entry[key] for entry in answer.data]
    if len(set(keys)) < len(keys):
        yield Problem("C145", f"The list has a {key} twice.")
    if when is not None:
        times = [entry[when] for entry in answer.data]
        # The documented form with the same number of decimals sorts as text.
        if len({len(time) for time in times}) == 1 and times != sorted(times, reverse=True):
            yield Problem("C145", "The list isn't newest first.")


def length(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find more entries than the limit, or than the default limit where none was given."""
    takes_limit = "limit" in call.operation.parameters or "limit" in (
        (call.operation.body or {}).get("properties", {})
    )
    if not takes_limit:
        return
    try:
        limit = int(call.arguments.get("limit", 50))
    except (TypeError, ValueError):
        return  # such a limit should have been refused, which other checks see
    lists = (
        {"entries": answer.data}
        if isinstance(answer.data, list)
        else {side: answer.data[side] for side in ("asks", "bids")}
    )
    for name, entries in lists.items():
        if len(entries) > limit:
            yield Problem("C146", f"It answered {len(entries)} {name} at a limit of {limit}.")


CHECKS: tuple[Check, ...] = (subject, order_of_list, length)
