"""Follows whose things are: what one account has is never another's, and its profile fits it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from coinbtr.contract.checks import Problem
from coinbtr.contract.history.step import Found, Step

_WHO: Final = ("getProfile", "getSession")
# What is one account's own: by what, and the rule that another's breaks.
_OWN: Final = {
    "listTransactions": ("order_id", "C303"),
    "getTransaction": ("order_id", "C303"),
    "listWithdrawals": ("txid", "C303"),
    "listBalances": ("depositAddress", "C304"),
    "getBalance": ("depositAddress", "C304"),
    "getDepositAddress": ("address", "C304"),
    "listDeposits": ("address", "C304"),
}
_DATES: Final = {
    "listOpenOrders": "created_at",
    "listTransactions": "created_at",
    "listDeposits": "date",
    "listWithdrawals": "date",
}


class Owners:
    """Which tokens are of different accounts; two tokens may be of one."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def differ(self, one: str, other: str) -> bool:
        """Tell whether profile or session named different users; if not, nothing is known."""
        names = self.names
        return one in names and other in names and names[one] != names[other]


class Accounts:
    """What the answers so far say of accounts.

    Args:
        owners: is told here who is who.
    """

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._first: dict[tuple[str, Any], str] = {}
        self._oldest: dict[str, datetime] = {}
        self._profiles: dict[str, Step] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        # A recording without tokens doesn't tell accounts apart.
        if not step.ok or not step.account:
            return
        if step.operation in _WHO:
            yield from self._who(step)
        elif step.operation == "withdraw":
            self._first.setdefault(("txid", step.data["txid"]), step.account)
        elif step.operation.startswith("place"):
            self._first.setdefault(("order_id", step.data["id"]), step.account)
        elif step.operation in _OWN:
            yield from self._own(step, *_OWN[step.operation])
        if step.operation in _DATES:
            yield from self._age(step)

    def _who(self, step: Step) -> Iterator[Found]:
        name = step.data["username"]
        known = self._owners.names.setdefault(step.account, name)
        if name != known:
            yield step.recorded, Problem("C304", "Profile and session name different users.")
        if step.operation == "getProfile":
            self._profiles[step.account] = step
            yield from self._is_older(step.account)

    def _own(self, step: Step, key: str, code: str) -> Iterator[Found]:
        kind = "address" if key == "depositAddress" else key
        for entry in step.entries:
            if entry[key] is None:
                continue
            first = self._first.setdefault((kind, entry[key]), step.account)
            if self._owners.differ(first, step.account):
                yield step.recorded, Problem(code, f"{key} {entry[key]} is another account's.")
                return

    def _age(self, step: Step) -> Iterator[Found]:
        times = [datetime.fromisoformat(one[_DATES[step.operation]]) for one in step.data]
        if times:
            known = self._oldest.get(step.account, times[0])
            self._oldest[step.account] = min(known, *times)
            yield from self._is_older(step.account)

    def _is_older(self, account: str) -> Iterator[Found]:
        profile, oldest = self._profiles.get(account), self._oldest.get(account)
        if profile is None or oldest is None:
            return
        if datetime.fromisoformat(profile.data["created_at"]) > oldest:
            sentence = f"The account is younger than what it did at {oldest.isoformat()}."
            yield profile.recorded, Problem("C412", sentence)
