"""Plays a case again, and leaves out whatever it doesn't need."""

from collections.abc import Callable, Sequence

from attrs import evolve, frozen

from coinbtr.contract.model.play import Play
from coinbtr.contract.model.steps import OrderOf, Step
from coinbtr.contract.model.table import Deviation


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
    """Leave out steps, many at a time and then one by one, as long as the deviation stays."""
    size = max(len(case.steps) // 2, 1)
    while not is_over():
        start, shorter = 0, case
        while start < len(shorter.steps) and not is_over():
            tried = replay(begin, _without(shorter.steps, start, size))
            if tried is not None and tried.kind == case.kind:
                shorter = tried
            else:
                start += size
        if size == 1 and len(shorter.steps) == len(case.steps):
            break
        case, size = shorter, max(size // 2, 1)
    return case


def _without(steps: Sequence[Step], start: int, size: int) -> list[Step]:
    """Take steps out, and let the others name the orders by their new numbers."""
    left = [*steps[:start], *steps[start + size :]]
    return [
        evolve(
            step,
            arguments={
                name: _moved(value, start, size) if isinstance(value, OrderOf) else value
                for name, value in step.arguments.items()
            },
        )
        for step in left
    ]


def _moved(order: OrderOf, start: int, size: int) -> OrderOf:
    if order.step < start:
        return order
    # An order that isn't placed any more: its id becomes one that was never given away.
    return OrderOf(-1) if order.step < start + size else OrderOf(order.step - size)
