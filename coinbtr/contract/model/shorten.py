"""Plays a case again, and leaves out whatever it doesn't need."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any

from attrs import evolve, frozen

from coinbtr.contract.model import choices
from coinbtr.contract.model.exchange import Exchange
from coinbtr.contract.model.play import Play
from coinbtr.contract.model.steps import PLACE, OrderOf, Step
from coinbtr.contract.model.table import Deviation, Over


@frozen
class Case:
    """A play that ended in a deviation."""

    steps: tuple[Step, ...]
    deviation: Deviation

    @property
    def kind(self) -> tuple[str, str]:
        """The rule and the operation that it is about."""
        return self.deviation.problem.code, self.deviation.call.operation.id


def replay(begin: Callable[[], Play], steps: Sequence[Step]) -> Case | None:
    """Do the steps from what there is now.

    Args:
        begin: starts a play.
        steps: what to do.

    Returns:
        The case that they come to, or None when nothing deviates.
    """
    play = None
    try:
        play = begin()
        for step in steps:
            play.do(step)
    except Deviation as deviation:
        return Case(tuple(play.done) if play else (), deviation)
    finally:
        if play is not None:
            play.end()
    return None


def shorten(case: Case, begin: Callable[[], Play], is_over: Callable[[], bool]) -> Case:
    """Leave out steps as long as the deviation stays: first all but the last few and what they
    refer to, then many at a time, then one by one.
    """

    def played(steps: Callable[[], Sequence[Step]]) -> Case | None:
        with suppress(Over):
            return None if is_over() else replay(begin, steps())
        return None

    def tried(kept: Collection[int]) -> Case | None:
        found = played(lambda: _only(case.steps, kept))
        is_shorter = found is not None and len(found.steps) < len(case.steps)
        return found if is_shorter and found is not None and found.kind == case.kind else None

    if (found := played(lambda: _with_little(begin().exchange, case.steps))) is not None:
        # What takes all the funds can be done once only.
        case = found if found.kind == case.kind else case
    for last in (1, 2, 4, 8):
        kept = _with_orders(case.steps, range(max(len(case.steps) - last, 0), len(case.steps)))
        if (found := tried(kept)) is not None:
            case = found
            break
    size = max(len(case.steps) // 2, 1)
    while size and not is_over():
        start, before = 0, len(case.steps)
        while start < len(case.steps):
            out = range(start, start + size)
            found = tried([number for number in range(len(case.steps)) if number not in out])
            if found is None:
                start += size
            else:
                case = found
        if size > 1 or len(case.steps) == before:
            size //= 2
    return case


def _with_little(exchange: Exchange, steps: Sequence[Step]) -> list[Step]:
    """Let orders be for the least that the market takes, or a little more."""
    little = []
    for step in steps:
        if step.operation in PLACE.values():
            most = choices.amount(exchange, step.arguments["price"], choices.AMOUNT)
            least = choices.amount(exchange, step.arguments["price"], 0)
            amount = step.arguments["amount"]
            arguments = {**step.arguments, "amount": least if amount > most else amount}
            little.append(evolve(step, arguments=arguments))
        else:
            little.append(step)
    return little


def _with_orders(steps: Sequence[Step], kept: Collection[int]) -> set[int]:
    """Add to some steps all those about the orders that they are about."""
    orders = {order for number in kept for order in _orders(steps[number])}
    about = {number for number, step in enumerate(steps) if orders & _orders(step)}
    return {*kept, *about, *(order for order in orders if order >= 0)}


def _orders(step: Step) -> set[int]:
    return {value.step for value in step.arguments.values() if isinstance(value, OrderOf)}


def _only(steps: Sequence[Step], kept: Collection[int]) -> list[Step]:
    """Take some of the steps, which name orders by their new numbers.

    The id of an order that isn't placed any more becomes one that was never given away.
    """
    places = {number: place for place, number in enumerate(sorted(kept))}

    def moved(value: Any) -> Any:
        return OrderOf(places.get(value.step, -1)) if isinstance(value, OrderOf) else value

    return [
        evolve(
            steps[number],
            arguments={name: moved(value) for name, value in steps[number].arguments.items()},
        )
        for number in places
    ]
