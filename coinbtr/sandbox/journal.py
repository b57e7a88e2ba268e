"""The journal: every accepted command and now and then the whole state, in one SQLite file.

What was committed survives a kill at any moment; with `durability="full"` a power failure too.
"""

import json
import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal, cast

from coinbtr.sandbox.core.commands import KINDS, Command

JOURNAL_VERSION: Final = 1
"""The version of the file's layout and of the commands in it."""

Durability = Literal["normal", "full"]

# "CBTR": other programs, and people with `file`, can tell what it is.
_APPLICATION_ID = 0x43425452

_LAYOUT = """
CREATE TABLE entries (sequence INTEGER PRIMARY KEY, at_ms INTEGER, kind TEXT, data TEXT) STRICT;
CREATE TABLE checkpoints (sequence INTEGER PRIMARY KEY, at_ms INTEGER, state TEXT) STRICT;
CREATE TABLE snapshots (name TEXT PRIMARY KEY, at_ms INTEGER, state TEXT) STRICT;
"""

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class JournalError(Exception):
    """The journal can't be opened, read or written; the message says why and what to do."""


class Journal:
    """Keeps commands in a file that one sandbox at a time has open.

    Entries are gathered in memory and written with `commit`, all of them or none.

    Args:
        path: the file; made when it isn't there.
        durability: `normal` survives the death of the process, `full` that of the machine.

    Raises:
        JournalError: the file can't be opened, is no journal, has another version, or is in use.
    """

    def __init__(self, path: Path | str, durability: Durability = "normal") -> None:
        if durability not in ("normal", "full"):
            raise ValueError(f"durability must be 'normal' or 'full', not {durability!r}")
        self.path = Path(path)
        self.durability = durability
        self.entries = 0
        # Never exchanged for another: a thread may be appending while another takes from it.
        self._waiting: deque[tuple[int, int, str, str]] = deque()
        self._write_lock = Lock()
        self._failure: str | None = None
        try:
            self._connection = self._open()
        except sqlite3.Error as error:
            raise JournalError(f"{self.path}: {_reason(error)}") from error
        self._sequence = self._greatest_sequence()

    def append(self, at_ms: int, command: Command[Any]) -> None:
        """Take an accepted command up; `commit` writes it."""
        self._sequence += 1
        self.entries += 1
        row = (self._sequence, at_ms, type(command).__name__, _encode(command))
        self._waiting.append(row)

    def commit(self) -> None:
        """Write what was appended, in one transaction.

        Raises:
            JournalError: it could not be written. From then on nothing can: memory is ahead of the
                file, and only a restart brings them together.
        """
        with self._write_lock:
            self.check_sound()
            rows = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if rows:
                self._write("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)

    def checkpoint(self, at_ms: int, state: Mapping[str, Any]) -> None:
        """Write the whole state as of the last commit; the one before the last is dropped.

        Raises:
            JournalError: it could not be written.
        """
        with self._write_lock:
            self.check_sound()
            row = (self._sequence, at_ms, _encode(state))
            self._write("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", [row])
            drop = "DELETE FROM checkpoints WHERE sequence < ?"
            self._write(drop, [(self._sequence,)])

    def latest_checkpoint(self) -> tuple[int, int, Mapping[str, Any]] | None:
        """Give the last state with its sequence number and time, or None in a new journal."""
        found = self._read(
            "SELECT sequence, at_ms, state FROM checkpoints ORDER BY sequence DESC LIMIT 1"
        )
        for sequence, at_ms, state in found:
            return sequence, at_ms, json.loads(state)
        return None

    def entries_after(self, sequence: int) -> Iterator[tuple[int, Command[Any]]]:
        """Give the commands after a sequence number with their times, in their order.

        Raises:
            JournalError: an entry is missing or can't be read.
        """
        rows = self._read(
            "SELECT sequence, at_ms, kind, data FROM entries WHERE sequence > ? ORDER BY sequence",
            (sequence,),
        )
        for number, at_ms, kind, data in rows:
            if number != sequence + 1:
                raise JournalError(f"{self.path}: entry {sequence + 1} is missing")
            sequence = number
            try:
                command = KINDS[kind](*json.loads(data))
            except (KeyError, TypeError, ValueError) as error:
                raise JournalError(f"{self.path}: entry {number} can't be read: {error}") from error
            yield at_ms, cast("Command[Any]", command)

    def keep_snapshot(self, name: str, at_ms: int, state: Mapping[str, Any]) -> None:
        """Keep a state under a name; an older one of that name is replaced.

        Raises:
            JournalError: it could not be written.
        """
        with self._write_lock:
            self.check_sound()
            row = (name, at_ms, _encode(state))
            self._write("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?)", [row])

    def snapshot(self, name: str) -> tuple[int, Mapping[str, Any]]:
        """Give the time and the state that were kept under a name.

        Raises:
            KeyError: there is none.
        """
        with self._write_lock:
            found = self._read("SELECT at_ms, state FROM snapshots WHERE name = ?", (name,))
        for at_ms, state in found:
            return at_ms, json.loads(state)
        raise KeyError(name)

    def snapshots(self) -> Mapping[str, int]:
        """Tell the names of the kept states with their times."""
        with self._write_lock:
            return dict(self._read("SELECT name, at_ms FROM snapshots ORDER BY at_ms, name"))

    def remove_snapshot(self, name: str) -> None:
        """Forget a kept state; nothing happens when there is none.

        Raises:
            JournalError: it could not be written.
        """
        with self._write_lock:
            self.check_sound()
            self._write("DELETE FROM snapshots WHERE name = ?", [(name,)])

    def check_sound(self) -> None:
        """Let pass as long as every write has succeeded.

        Raises:
            JournalError: one has failed.
        """
        if self._failure is not None:
            raise JournalError(self._failure)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._write_lock:
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        # Threads take turns under the write lock; only recovery reads without it, alone.
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=0
        )
        try:
            # Exclusive: a second sandbox on the same file would mix two states.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self.durability.upper()}")
            connection.execute("BEGIN IMMEDIATE")
            self._check_layout(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_layout(self, connection: sqlite3.Connection) -> None:
        [application] = connection.execute("PRAGMA application_id").fetchone()
        [version] = connection.execute("PRAGMA user_version").fetchone()
        [tables] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not application and not tables:
            for statement in _LAYOUT.strip().split("\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {JOURNAL_VERSION}")
        elif application != _APPLICATION_ID:
            raise JournalError(f"{self.path} is a database of something else; it is left alone")
        elif version != JOURNAL_VERSION:
            raise JournalError(
                f"{self.path} has version {version}; this sandbox reads version {JOURNAL_VERSION}."
                " It is left as it is: use another file, or the release that wrote it."
            )

    def _greatest_sequence(self) -> int:
        [[entry, checkpoint]] = self._read(
            "SELECT (SELECT max(sequence) FROM entries), (SELECT max(sequence) FROM checkpoints)"
        )
        return max(entry or 0, checkpoint or 0)

    def _read(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise JournalError(f"{self.path}: {_reason(error)}") from error

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(statement, rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._failure = f"{self.path} could not be written: {_reason(error)}; restart on it"
            raise JournalError(self._failure) from error


def _reason(error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return "another sandbox has it open"
    return str(error)
