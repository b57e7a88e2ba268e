"""One exchange of a recorded session, as those who follow its history look at it."""

from decimal import Decimal
from typing import Any, Final

from attrs import frozen

from coinbtr.contract.checks import Problem
from coinbtr.contract.recordings import Recorded

DEFAULT_LIMIT: Final = 50


@frozen(kw_only=True, eq=False)
class Step:
    """An exchange whose answer keeps to the description.

    `alone` says that no request that changes something was under way at the same time.
    """

    recorded: Recorded
    account: str
    alone: bool

    @property
    def operation(self) -> str:
        """The operationId."""
        return self.recorded.call.operation.id

    @property
    def arguments(self) -> dict[str, Any]:
        """What was asked for."""
        return dict(self.recorded.call.arguments)

    @property
    def ok(self) -> bool:
        """Whether it was a success."""
        return self.recorded.answer is not None and self.recorded.answer.ok

    @property
    def code(self) -> str | None:
        """The word of a refusal, or None."""
        return None if self.recorded.answer is None else self.recorded.answer.code

    @property
    def data(self) -> Any:
        """What a success carried."""
        return None if self.recorded.answer is None else self.recorded.answer.data

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries of a list, or the one thing that was answered."""
        data: Any = self.data
        return data if isinstance(data, list) else [data]

    @property
    def market(self) -> str | None:
        """The market that was asked for, in upper case."""
        market = self.arguments.get("market")
        return market.upper() if isinstance(market, str) else None

    @property
    def is_whole(self) -> bool:
        """Whether a list is all that there is: from the newest on, and shorter than its limit."""
        asked = self.arguments
        try:
            limit, offset = int(asked.get("limit", DEFAULT_LIMIT)), int(asked.get("offset", 0))
        except (TypeError, ValueError):
            return False
        return offset == 0 and len(self.data) < limit

    def is_whole_of(self, operation: str, narrowing: str) -> bool:
        """Tell whether it is the whole list of an operation, not narrowed by an argument."""
        return self.operation == operation and narrowing not in self.arguments and self.is_whole


Found = tuple[Recorded, Problem]


def number(value: Any) -> Decimal:
    """Give a JSON number exactly."""
    return Decimal(value)
