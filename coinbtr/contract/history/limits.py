"""Follows the limits that books and coins announce: what keeps to them is taken, else refused."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from coinbtr.contract.checks import Problem
from coinbtr.contract.history.step import Found, Step, number
from coinbtr.contract.model.rules import Rules

_LIMITS: Final = frozenset(
    {"below_minimum", "above_maximum", "invalid_step", "below_minimum_value"}
)


class Limits:
    """What was announced last; a session is too short for it to change."""

    def __init__(self) -> None:
        self._books: dict[str, Rules] = {}
        self._least: dict[str, Decimal] = {}

    def see(self, step: Step) -> Iterator[Found]:
        """Take one exchange in, and give what contradicts what was announced."""
        if step.operation == "listBooks" and step.ok:
            self._books = {book["name"]: Rules.read(book) for book in step.data}
        elif step.operation == "getCurrencies" and step.ok:
            self._least = {one["coin"]: number(one["min_withdraw"]) for one in step.data}
        elif step.ok or step.code in _LIMITS:
            faults = self._faults(step.operation, step.arguments)
            if faults is None:
                return
            if step.ok and faults:
                sentence = f"It was accepted, and is {' and '.join(sorted(faults))}."
                yield step.recorded, Problem("C409", sentence)
            elif step.code in _LIMITS and step.code not in faults:
                sentence = f"It was refused as {step.code}, and keeps to what was announced."
                yield step.recorded, Problem("C201", sentence)

    def _faults(self, operation: str, asked: dict[str, Any]) -> set[str] | None:
        """Name the limits that a request breaks, or None where they aren't known."""
        if operation == "withdraw":
            least = self._least.get(str(asked.get("coin")).upper())
            if least is None:
                return None
            return {"below_minimum"} if number(asked["amount"]) < least else set()
        book = self._books.get(str(asked.get("market")).upper())
        if book is None or not operation.startswith("place"):
            return None
        return {*book.faults(number(asked["amount"]), number(asked["price"]))} & _LIMITS
