"""Follows deposits: what is pending is what isn't confirmed, and what is confirmed stays so."""

from collections.abc import Iterator
from typing import Any, Final

from attrs import define, field

from coinbtr.contract import deposits
from coinbtr.contract.checks import Problem
from coinbtr.contract.history.step import Found, Step

_RANKS: Final = {
    "listDeposits": ("pending", "confirmed"),
    "listWithdrawals": ("signed", "sent", "confirmed"),
}


@define
class _Account:
    """The last whole list of deposits, and the balances that were looked at since."""

    listed: list[dict[str, Any]] | None = None
    since: list[tuple[Step, dict[str, Any]]] = field(factory=list)


class Deposits:
    """What the answers so far say of money that is on its way."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}
        self._ranks: dict[tuple[str, str], int] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        if not step.ok:
            return
        if step.operation in _RANKS:
            yield from self._move_on(step)
        account = self._accounts.setdefault(step.account, _Account())
        if step.operation in ("listBalances", "getBalance"):
            account.since += [(step, entry) for entry in step.entries]
        elif step.is_whole_of("listDeposits", "coin"):
            # The same list before and after: nothing was confirmed in between.
            listed = account.listed
            if listed is not None and deposits.statuses(listed) == deposits.statuses(step.data):
                for looked, entry in account.since:
                    for problem in deposits.pending(step.data, entry):
                        yield looked.recorded, problem
            self._accounts[step.account] = _Account(step.data)

    def _move_on(self, step: Step) -> Iterator[Found]:
        """Find a status that went back; what isn't known of statuses is left aside."""
        known = _RANKS[step.operation]
        for entry in step.data:
            if entry["status"] not in known:
                continue
            key, rank = (step.operation, entry["txid"]), known.index(entry["status"])
            if rank < self._ranks.get(key, 0) and step.alone:
                sentence = f"The status of {entry['txid']} went back to {entry['status']}."
                yield step.recorded, Problem("C421", sentence)
            self._ranks[key] = rank
