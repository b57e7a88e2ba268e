"""One after the other: puts commands to the exchange in one order, and each into the journal.

Whoever answers a command commits first: an answer that was given is never lost.
"""

import logging
from collections.abc import Mapping
from threading import RLock
from typing import Any, Final, TypeVar

from coinbtr.sandbox.core.clock import Clock
from coinbtr.sandbox.core.commands import Command
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.journal import Journal, JournalError

CHECKPOINT_EVERY: Final = 20_000
"""Entries and steps of the live market after which the whole state is written down.

It bounds how long a recovery takes.
"""

_Result = TypeVar("_Result")

_log = logging.getLogger("coinbtr.sandbox")


class Sequencer:
    """Owns an exchange, its clock and its journal; can be shared between threads.

    Args:
        exchange: the state; its owner may `replace` it.
        clock: what tells the time of each command.
        journal: where commands are kept; None keeps nothing.
    """

    def __init__(self, exchange: Exchange, clock: Clock, journal: Journal | None = None) -> None:
        self.exchange = exchange
        self.clock = clock
        self.journal = journal
        self._lock = RLock()
        # What a recovery has just done again is still to be checkpointed.
        self._work_at_checkpoint = self._work - (journal.entries if journal else 0)
        self._turn = _Turn(self)

    def turn(self) -> "_Turn":
        """Hold everybody else up: `with` it gives the exchange as it is now, and the time."""
        return self._turn

    def execute(self, command: Command[_Result]) -> _Result:
        """Apply a command now and give its result; `commit` before anybody is told of it.

        Raises:
            JournalError: the journal has failed before: nothing is accepted any more.
            Refusal, LookupError, ValueError: as the command raises them; nothing has changed.
        """
        with self.turn() as (_, now_ms):
            return self.apply(command, now_ms)

    def apply(self, command: Command[_Result], now_ms: int) -> _Result:
        """Do what `execute` does, within a `turn` and at its time."""
        journal = self.journal
        if journal is None:
            return command.apply(self.exchange, now_ms)
        journal.check_sound()
        result = command.apply(self.exchange, now_ms)
        journal.append(now_ms, command)
        return result

    def commit(self) -> None:
        """Make what was executed last.

        Raises:
            JournalError: it could not be written; what was executed may be lost at a restart.
        """
        if self.journal is None:
            return
        self.journal.commit()
        if self._is_checkpoint_due:
            self.checkpoint()

    @property
    def is_sound(self) -> bool:
        """Whether every write to the journal has succeeded; if not, nothing is accepted."""
        return self.journal is None or self.journal.is_sound

    @property
    def is_slow(self) -> bool:
        """Whether a commit takes so long that nobody else should wait for it."""
        return self.journal is not None and self.journal.durability == "full"

    @property
    def is_committed(self) -> bool:
        """Whether there is nothing to commit or to checkpoint, and no commit under way."""
        if self.journal is None:
            return True
        return self.journal.is_committed and not self._is_checkpoint_due

    def checkpoint(self) -> None:
        """Write the whole state down, for a quick recovery.

        Raises:
            JournalError: it could not be written.
        """
        if self.journal is None:
            return
        with self.turn() as (exchange, now_ms):
            self.journal.commit()
            self.journal.checkpoint(now_ms, exchange.dump())
            self._work_at_checkpoint = self._work

    def replace(self, exchange: Exchange, now_ms: int | None = None) -> None:
        """Go on with another state, as of its own time.

        Raises:
            JournalError: it could not be written.
        """
        with self._lock:
            before = self.exchange
            if now_ms is not None:
                self.clock.resume(now_ms, exchange.skipped_ms)
            exchange.skipped_ms = self.clock.skipped_ms
            self.exchange = exchange
            try:
                self.checkpoint()
            except JournalError:
                self.exchange = before
                raise

    def close(self) -> None:
        """Write the state down and close the journal, if there is one: nothing more is accepted."""
        if self.journal is None:
            return
        with self._lock:
            try:
                if self.journal.is_sound:
                    self.checkpoint()
            except JournalError:
                _log.exception("the last checkpoint was not written; the entries before it are")
            finally:
                self.journal.close()

    @property
    def _is_checkpoint_due(self) -> bool:
        return self._work - self._work_at_checkpoint >= CHECKPOINT_EVERY

    @property
    def _work(self) -> int:
        """Count what a recovery from the beginning would do again."""
        live = self.exchange.live
        entries = self.journal.entries if self.journal else 0
        return entries + (live.steps if live else 0)


class _Turn:
    """Holds the lock in a `with` block, at a third of a generator's cost; may be nested."""

    def __init__(self, owner: Sequencer) -> None:
        self._owner = owner
        self._lock = owner._lock  # noqa: SLF001 - a part of it

    def __enter__(self) -> tuple[Exchange, int]:
        self._lock.acquire()
        try:
            owner = self._owner
            now_ms = owner.clock.now_ms()
            owner.exchange.advance(now_ms)
            return owner.exchange, now_ms
        except BaseException:
            self._lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def recover(journal: Journal, clock: Clock) -> Exchange | None:
    """Bring back the state that a journal keeps, and the clock; None when the journal is new.

    Raises:
        JournalError: an entry can't be read or applied: nothing is guessed. The journal is closed.
    """
    try:
        found = journal.latest_checkpoint()
        return None if found is None else _replayed(journal, clock, *found)
    except BaseException:
        journal.close()
        raise


def _replayed(
    journal: Journal, clock: Clock, sequence: int, now_ms: int, state: Mapping[str, Any]
) -> Exchange:
    try:
        exchange = Exchange.load(state)
    except Exception as error:
        raise JournalError(f"the state in {journal.path} can't be read: {error}") from error
    for at_ms, command in journal.entries_after(sequence):
        now_ms = at_ms
        _apply(exchange, command, at_ms, journal)
    clock.resume(now_ms, exchange.skipped_ms)
    return exchange


def _apply(exchange: Exchange, command: Command[Any], at_ms: int, journal: Journal) -> None:
    try:
        exchange.advance(at_ms)
        command.apply(exchange, at_ms)
    except Exception as error:
        raise JournalError(
            f"{journal.path}: {type(command).__name__} can't be applied again: {error}"
        ) from error
