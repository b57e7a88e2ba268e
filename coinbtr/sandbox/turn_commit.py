"""One commit for all requests that an event loop took up in one turn, before any is answered."""

import asyncio
from collections.abc import Callable

from coinbtr.sandbox.delivery import Delivery
from coinbtr.sandbox.journal import JournalError
from coinbtr.sandbox.pipeline import Cycle
from coinbtr.sandbox.sequencer import Sequencer

Deliver = Callable[[Delivery], None]


class TurnCommit:
    """Gathers what was carried out, and commits when the loop has no more requests to take up.

    It is for commits that are quick: the loop waits for them. See `GroupCommit` for others.

    Args:
        sequencer: what commits.
    """

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._waiting: list[tuple[Cycle, Delivery, Deliver]] = []

    def after(self, cycle: Cycle, delivery: Delivery, deliver: Deliver) -> None:
        """Finish a request and let `deliver` have what comes of it, after the next commit."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._commit_all)
        self._waiting.append((cycle, delivery, deliver))

    def _commit_all(self) -> None:
        together, self._waiting = self._waiting, []
        is_committed = True
        try:
            self._sequencer.commit()
        except JournalError:
            is_committed = False
        for cycle, delivery, deliver in together:
            deliver(cycle.finish(delivery, is_committed=is_committed))
