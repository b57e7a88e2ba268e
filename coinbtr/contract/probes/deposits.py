"""Deposits beside the balances that they add to, and the coins that they are of."""

from collections.abc import Sequence

from coinbtr.contract import deposits
from coinbtr.contract.bench import Bench, Reply
from coinbtr.contract.checks.schema import is_as_shipped

_ALL = {"limit": 100}


def run(bench: Bench) -> None:
    """Hold both accounts' deposits to their balances, and to what their coins require."""
    for who in ("mine", "other"):
        if bench.server.has_token(who):
            listed = pending(bench, who)
            if listed is not None:
                coins = bench.need("getCurrencies").data
                # What a coin requires may change in the course of years, but not on a sandbox.
                for problem in deposits.confirmations(listed.data, coins):
                    bench.find(problem.code, listed, problem.sentence)


def under_way(bench: Bench, who: str) -> Sequence[str]:
    """Name an account's deposits that aren't confirmed: they move its balances when they are."""
    listed = bench.ask("listDeposits", _ALL, token=who)
    if listed.failed or not listed.answer.ok or not is_as_shipped(listed.call, listed.answer):
        return []
    return [
        f"{one['amount']:f} {one['coin']}"
        for one in listed.data
        if one["status"] == deposits.PENDING
    ]


def pending(bench: Bench, who: str) -> Reply | None:
    """Hold an account's balances to its deposits; reads only.

    Returns:
        The whole list of deposits, or None where there is none, or where one moved on meanwhile.
    """
    before = bench.ask("listDeposits", _ALL, token=who)
    balances = bench.ask("listBalances", token=who)
    after = bench.ask("listDeposits", _ALL, token=who)
    for reply in (before, balances, after):
        if reply.failed or not reply.answer.ok or not is_as_shipped(reply.call, reply.answer):
            return None
    is_whole = len(after.data) < _ALL["limit"]
    # The same before and after: nothing was confirmed while the balances were asked for.
    if not is_whole or deposits.statuses(before.data) != deposits.statuses(after.data):
        return None
    for entry in balances.data:
        for problem in deposits.pending(after.data, entry):
            bench.find(problem.code, balances, problem.sentence)
    return after
