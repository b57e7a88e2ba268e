"""Checks of whether the amounts within one answer add up."""

from collections.abc import Iterator
from typing import Any

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks.problem import Check, Problem

_ORDERS = {
    "placeBuyLimitOrder",
    "placeSellLimitOrder",
    "cancelBuyLimitOrder",
    "cancelSellLimitOrder",
    "listOpenOrders",
    "getOpenOrder",
}
_CANCELS = {"cancelBuyLimitOrder", "cancelSellLimitOrder"}


def orders(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find an order whose amounts don't add up (rulings R041, R049)."""
    if call.operation.id not in _ORDERS:
        return
    for order in _entries(answer):
        if order["initial_amount"] != order["amount"] + order["filled"]:
            yield Problem(
                "C141",
                f"Order {order['id']}: initial_amount {order['initial_amount']} is not amount"
                f" {order['amount']} + filled {order['filled']}.",
            )
        should_be_open = bool(order["amount"]) and call.operation.id not in _CANCELS
        if order["is_open"] is not should_be_open:
            yield Problem("C141", f"Order {order['id']}: is_open is {order['is_open']}.".lower())


def transactions(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a trade whose value or fee's coin is wrong (rulings R046, R050)."""
    if call.operation.id not in ("listTransactions", "getTransaction"):
        return
    for trade in _entries(answer):
        if trade["value"] != trade["amount"] * trade["price"]:
            yield Problem(
                "C142",
                f"Trade {trade['id']}: value {trade['value']} is not {trade['amount']} ×"
                f" {trade['price']}.",
            )
        base, _, quote = trade["market"].partition("-")
        received = base if trade["side"] == "BUY" else quote
        if trade["fee_coin"] != received:
            yield Problem("C142", f"Trade {trade['id']}: the fee is in {trade['fee_coin']}.")


def balances(call: Call, answer: Answer) -> Iterator[Problem]:
    """Find a balance that is less than its parts (ruling R032)."""
    if call.operation.id not in ("listBalances", "getBalance"):
        return
    for entry in _entries(answer):
        if entry["balance"] < entry["available"] + entry["pending"]:
            yield Problem(
                "C143",
                f"{entry['coin']}: balance {entry['balance']} is less than available"
                f" {entry['available']} + pending {entry['pending']}.",
            )


def _entries(answer: Answer) -> list[Any]:
    return answer.data if isinstance(answer.data, list) else [answer.data]


CHECKS: tuple[Check, ...] = (orders, transactions, balances)
