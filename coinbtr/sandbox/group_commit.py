"""One commit for all requests that wait for one, in a thread: the event loop goes on meanwhile."""

import asyncio

from coinbtr.sandbox.delivery import Delivery
from coinbtr.sandbox.journal import JournalError
from coinbtr.sandbox.pipeline import Cycle
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.turn_commit import Deliver


class GroupCommit:
    """Gathers the requests of one event loop while a commit is under way, for the next one.

    Args:
        sequencer: what commits.
    """

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None
        self._finishing: set[asyncio.Task[None]] = set()

    def after(self, cycle: Cycle, delivery: Delivery, deliver: Deliver) -> None:
        """Finish a request and let `deliver` have what comes of it, after the next commit."""
        task = asyncio.get_running_loop().create_task(self._finish(cycle, delivery, deliver))
        self._finishing.add(task)  # the loop alone would let go of it
        task.add_done_callback(self._finishing.discard)

    async def finished(self, cycle: Cycle, delivery: Delivery) -> Delivery:
        """Give what goes out for a request, after the next commit where it tells of the state."""
        is_committed = True
        if cycle.tells_of_state:
            try:
                await self.commit()
            except JournalError:
                is_committed = False
        return cycle.finish(delivery, is_committed=is_committed)

    async def commit(self) -> None:
        """Return when everything that was executed until now is committed.

        Raises:
            JournalError: it could not be written.
        """
        if self._sequencer.is_committed:
            return
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit_all())
        await waiting

    async def _finish(self, cycle: Cycle, delivery: Delivery, deliver: Deliver) -> None:
        deliver(await self.finished(cycle, delivery))

    async def _commit_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            together, self._waiting = self._waiting, []
            failure: BaseException | None = None
            try:
                await loop.run_in_executor(None, self._sequencer.commit)
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                failure = error
            for waiting in together:
                if waiting.done():  # the request was cancelled
                    continue
                if failure is None:
                    waiting.set_result(None)
                else:
                    waiting.set_exception(failure)
