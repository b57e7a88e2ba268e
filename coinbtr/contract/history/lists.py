"""Follows lists: a page or a filtered list is a part of the whole one that stood around it."""

from collections.abc import Iterator
from typing import Any, Final

from attrs import define, field

from coinbtr.contract.checks import Problem
from coinbtr.contract.history.step import DEFAULT_LIMIT, Found, Step

_FILTERS: Final = {
    "listOpenOrders": "market",
    "listTransactions": "market",
    "listDeposits": "coin",
    "listWithdrawals": "coin",
}


@define
class _Whole:
    """A whole list, and the parts of it that were asked for since."""

    entries: list[Any]
    parts: list[Step] = field(factory=list)


class Lists:
    """What the answers so far say of lists."""

    def __init__(self) -> None:
        self._whole: dict[tuple[str, str], _Whole] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts the earlier ones."""
        if step.recorded.call.operation.effect != "read":
            self._whole.clear()
        name = _FILTERS.get(step.operation)
        if name is None or not step.ok or not step.alone:
            return
        key = (step.account, step.operation)
        before = self._whole.get(key)
        if name in step.arguments or not step.is_whole:
            if before is not None:
                before.parts.append(step)
            return
        # The same list before and after: what lay between was a part of it.
        if before is not None and before.entries == step.data:
            for part in before.parts:
                yield from _compare(part, name, before.entries)
        self._whole[key] = _Whole(step.data)


def _compare(part: Step, name: str, entries: list[Any]) -> Iterator[Found]:
    asked = part.arguments
    wanted = str(asked[name]).upper() if name in asked else None
    of_it = [entry for entry in entries if wanted is None or entry[name] == wanted]
    offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", DEFAULT_LIMIT))
    if part.data != of_it[offset : offset + limit]:
        code = "C702" if wanted is not None else "C701"
        sentence = f"It answered {len(part.data)} entries that aren't those of the whole list."
        yield part.recorded, Problem(code, sentence)
