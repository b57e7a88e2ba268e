"""Runs a call in a thread beside the one that waits for it, which can be interrupted meanwhile.

For libraries that block the main thread without hearing Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar
from weakref import finalize

T = TypeVar("T")

_Answer = tuple[object, BaseException | None]
_Job = tuple[Callable[[], object], "SimpleQueue[_Answer]"]
_Jobs = SimpleQueue[_Job | None]


class Aside:
    """A thread that is made at the first call, and does one after the other."""

    def __init__(self) -> None:
        self._idle: _Jobs | None = None

    def __call__(self, call: Callable[[], T]) -> T:
        """What `call` gives or raises. An interrupt leaves it to end by itself, and is raised."""
        # Taken away while it is busy: a signal's handler may call as well.
        jobs, self._idle = self._idle or self._started(), None
        answers: SimpleQueue[tuple[T, BaseException | None]] = SimpleQueue()
        try:
            jobs.put((call, answers))  # type: ignore[arg-type]  # of the one type that is asked for
            result, error = answers.get()
        except BaseException:
            jobs.put(None)  # it ends when its call does
            raise
        self._idle = jobs
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """End the thread; a second call does nothing."""
        if self._idle is not None:
            self._idle.put(None)
            self._idle = None

    def _started(self) -> _Jobs:
        jobs: _Jobs = SimpleQueue()
        Thread(target=_work, args=(jobs,), name="coinbtr-aside", daemon=True).start()
        finalize(self, jobs.put, None)
        return jobs


def _work(jobs: _Jobs) -> None:
    while (job := jobs.get()) is not None:
        call, answers = job
        del job
        try:
            answers.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            answers.put((None, error))
        # Nothing of a call is kept while the thread waits for the next.
        del call, answers
