"""One commit for all requests that wait for one, in a thread: the event loop goes on meanwhile."""

import asyncio

from coinbtr.sandbox.sequencer import Sequencer


class GroupCommit:
    """Gathers the requests of one event loop while a commit is under way, for the next one.

    Args:
        sequencer: what commits.
    """

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None

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
