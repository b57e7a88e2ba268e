"""What a list of deposits must say together with balances and coins (rulings R032, R052)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from coinbtr.contract.checks import Problem

PENDING: Final = "pending"
CONFIRMED: Final = "confirmed"

Entries = Sequence[Mapping[str, Any]]


def statuses(deposits: Entries) -> dict[str, str]:
    """Give the status of each deposit by its transaction."""
    return {one["txid"]: one["status"] for one in deposits}


def unconfirmed(deposits: Entries, coin: str) -> Decimal | None:
    """Add up what isn't confirmed of a coin.

    Args:
        deposits: all of an account's, of this coin at least.
        coin: in upper case.

    Returns:
        The sum, or None where a status isn't one that is known: the list of them is open.
    """
    own = [one for one in deposits if one["coin"] == coin]
    if any(one["status"] not in (PENDING, CONFIRMED) for one in own):
        return None
    return sum((Decimal(one["amount"]) for one in own if one["status"] == PENDING), Decimal(0))


def pending(deposits: Entries, balance: Mapping[str, Any]) -> Iterator[Problem]:
    """Find a balance whose pending part isn't what its unconfirmed deposits add up to."""
    expected = unconfirmed(deposits, balance["coin"])
    if expected is not None and balance["pending"] != expected:
        yield Problem(
            "C509",
            f"{balance['coin']}: {balance['pending']} is pending, and deposits of {expected}"
            " aren't confirmed.",
        )


def confirmations(deposits: Entries, coins: Entries) -> Iterator[Problem]:
    """Find a deposit that is confirmed too soon, or not in time."""
    required = {coin["coin"]: coin["confirmations_required"] for coin in coins}
    for one in deposits:
        needed = required.get(one["coin"])
        if needed is None or one["status"] not in (PENDING, CONFIRMED):
            continue
        if (one["confirmations"] >= needed) is not (one["status"] == CONFIRMED):
            yield Problem(
                "C510",
                f"{one['txid']} is {one['status']} with {one['confirmations']} confirmations;"
                f" {one['coin']} requires {needed}.",
            )
