"""Which rule a difference breaks: by where it was seen and what was done before."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from coinbtr.contract.model.compare import Difference
from coinbtr.contract.model.exchange import Refusal
from coinbtr.contract.model.steps import CANCEL, PLACE

Outcome = Literal[
    "begun", "placed", "traded", "cancelled", "withdrawn", "refused", "read", "waited"
]

AFTER: Final[Mapping[Outcome, str]] = {
    "placed": "an order was placed",
    "traded": "a trade",
    "cancelled": "an order was cancelled",
    "withdrawn": "a withdrawal",
    "refused": "a refusal",
    "read": "nothing but reading",
    "waited": "time passed",
}
"""What was done last, for people."""

Asked = Literal["another account's", "an open one", "none"]

_LIMITS: Final = {"below_minimum", "above_maximum", "invalid_step", "below_minimum_value"}

# What a balance shows depends on what was done to it.
_BALANCE: Final[Mapping[Outcome, str]] = {
    "placed": "C501",
    "cancelled": "C502",
    "traded": "C503",
    "withdrawn": "C504",
    "refused": "C408",
}
_FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "order": {"amount": "C411", "filled": "C411", "is_open": "C411"},
    "trade": {"price": "C602", "order_id": "C603", "fee_amount": "C503", "value": "C503"},
}
_OPERATIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(PLACE.values(), "C401"),
    **dict.fromkeys(CANCEL.values(), "C413"),
    "withdraw": "C506",
    "listWithdrawals": "C506",
    "getOpenOrder": "C403",
    "listOpenOrders": "C402",
    "getTransaction": "C606",
    "listTransactions": "C606",
    "getBalance": "C507",
    "getDepositAddress": "C507",
    "getOrderBook": "C601",
    "getTicker": "C604",
    "get24hVolume": "C605",
}


def rule_of(operation: str, outcome: Outcome, difference: Difference, paged: bool) -> str:
    """Name the rule that a difference in an answer of `operation` breaks.

    Args:
        operation: what was asked.
        outcome: what the step before it, or itself, came to.
        difference: what was seen.
        paged: whether a part of a list or book was asked for.
    """
    name = difference.field
    if name == "id":
        return "C406" if "given away" in difference.text else _OPERATIONS.get(operation, "C402")
    if paged:
        return "C701"
    if name in ("created_at", "date"):
        return "C412"
    if operation == "listBalances" or (operation == "getBalance" and outcome in _BALANCE):
        return _BALANCE.get(outcome, "C508")
    if outcome == "waited" and operation in ("getTicker", "get24hVolume"):
        return "C607"
    if operation == "getTicker" and name == "volume":
        return "C605"
    if operation in PLACE.values():
        return _FIELDS["order"].get(name, "C401")
    if operation in ("listTransactions", "getTransaction") and name in _FIELDS["trade"]:
        return _FIELDS["trade"][name]
    if outcome == "refused":
        return "C408"
    if operation == "listOpenOrders" and outcome in ("cancelled", "traded"):
        return "C404"
    return _OPERATIONS.get(operation, "C508")


def worst(found: Sequence[Difference]) -> Difference:
    """Choose the difference that says most: a wrong price explains a wrong partner."""
    names = ["price", "order_id", "filled", "fee_amount", "available", "id"]
    places = {name: place for place, name in enumerate(names)}
    return min(found, key=lambda one: places.get(one.field, len(names)))


def rule_of_acceptance(operation: str, refusal: Refusal, asked_for: Asked) -> str:
    """Name the rule that a success breaks where a refusal was due.

    Args:
        operation: what was asked.
        refusal: what was due.
        asked_for: whose the order or trade is that was asked for.
    """
    codes = refusal.codes
    if codes & {"order_not_found", "transaction_not_found"}:
        if asked_for == "another account's":
            return "C303"
        if operation in CANCEL.values():
            return "C407" if asked_for == "an open one" else "C405"
        return "C404"
    for code, rule in (("self_trade", "C410"), ("insufficient_funds", "C505")):
        if codes == {code}:
            return rule
    if codes & _LIMITS:
        return "C409"
    return "C505" if "insufficient_funds" in codes else "C202"
