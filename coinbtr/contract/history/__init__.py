"""Follows a recorded session: does each answer fit what the earlier ones said?

Only what can't be otherwise is a finding: others trade at the same exchange, and the recording
may not be all that its account did.
"""

from collections.abc import Iterator

from coinbtr.contract.history.accounts import Accounts, Owners
from coinbtr.contract.history.deposits import Deposits
from coinbtr.contract.history.limits import Limits
from coinbtr.contract.history.lists import Lists
from coinbtr.contract.history.market import Market
from coinbtr.contract.history.money import Money
from coinbtr.contract.history.orders import Orders
from coinbtr.contract.history.records import Records
from coinbtr.contract.history.step import Found, Step

__all__ = ["Found", "History", "Step"]


class History:
    """All that is followed."""

    def __init__(self) -> None:
        self._money = Money()
        owners = Owners()
        self._followers = (
            Accounts(owners).see,
            Orders(owners).see,
            Records().see,
            self._money.see,
            Market().see,
            Lists().see,
            Deposits().see,
            Limits().see,
        )

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        for follow in self._followers:
            yield from follow(step)

    def lose(self) -> None:
        """Take note of a change whose outcome isn't known."""
        self._money.lose()

    def end(self) -> Iterator[Found]:
        """Give what shows at the end only."""
        yield from self._money.end()
