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
from zlib import crc32

from coinbtr.sandbox.core.commands import KINDS, Command

JOURNAL_VERSION: Final = 1
"""The version of the file's layout and of the commands in it."""

Durability = Literal["normal", "full"]

# "CBTR": other programs, and people with `file`, can tell what it is.
_APPLICATION_ID = 0x43425452

_LAYOUT = (
    "CREATE TABLE entries (sequence INTEGER PRIMARY KEY, at_ms INTEGER, kind TEXT, data TEXT,"
    " crc INTEGER) STRICT",
    "CREATE TABLE checkpoints (sequence INTEGER PRIMARY KEY, at_ms INTEGER, state TEXT,"
    " crc INTEGER) STRICT",
    "CREATE TABLE snapshots (name TEXT PRIMARY KEY, at_ms INTEGER, state TEXT, crc INTEGER) STRICT",
)

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
        """Entries that were appended or read since the file was opened."""
        # Never exchanged for another: a thread may be appending while another takes from it.
        self._waiting: deque[tuple[int, int, str, str, int]] = deque()
        self._write_lock = Lock()
        self._failure: str | None = None
        try:
            self._connection = self._open()
        except sqlite3.Error as error:
            raise JournalError(f"{self.path}: {_reason(error)}") from error
        self._sequence = self._committed = self._greatest_sequence()

    def append(self, at_ms: int, command: Command[Any]) -> None:
        """Take an accepted command up; `commit` writes it."""
        self._sequence += 1
        self.entries += 1
        kind, data = type(command).__name__, _data_of(command)
        crc = _crc(self._sequence, at_ms, kind, data)
        self._waiting.append((self._sequence, at_ms, kind, data, crc))

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
                self._write("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", rows)
                self._committed = rows[-1][0]

    def checkpoint(self, at_ms: int, state: Mapping[str, Any]) -> None:
        """Write the whole state as of the last commit; the one before the last is dropped.

        Raises:
            JournalError: it could not be written.
        """
        with self._write_lock:
            self.check_sound()
            encoded = _encode(state)
            row = (self._sequence, at_ms, encoded, _crc(self._sequence, at_ms, encoded))
            self._write("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)", [row])
            drop = "DELETE FROM checkpoints WHERE sequence < ?"
            self._write(drop, [(self._sequence,)])

    def latest_checkpoint(self) -> tuple[int, int, Mapping[str, Any]] | None:
        """Give the last state with its sequence number and time, or None in a new journal.

        Raises:
            JournalError: it isn't what was written, or is missing.
        """
        found = self._read("SELECT * FROM checkpoints ORDER BY sequence DESC LIMIT 1")
        for sequence, at_ms, state, crc in found:
            self._check_crc(crc, f"the state as of entry {sequence}", sequence, at_ms, state)
            return sequence, at_ms, json.loads(state)
        if self._sequence:
            raise JournalError(f"{self.path}: the state that the entries begin with is missing")
        return None

    def entries_after(self, sequence: int) -> Iterator[tuple[int, Command[Any]]]:
        """Give the commands after a sequence number with their times, in their order.

        Raises:
            JournalError: an entry is missing, isn't what was written, or can't be read.
        """
        rows = self._read("SELECT * FROM entries WHERE sequence > ? ORDER BY sequence", (sequence,))
        for number, at_ms, kind, data, crc in rows:
            if number != sequence + 1:
                raise JournalError(f"{self.path}: entry {sequence + 1} is missing")
            self._check_crc(crc, f"entry {number}", number, at_ms, kind, data)
            sequence = number
            self.entries += 1
            try:
                command = KINDS[kind](*json.loads(data))
            except (KeyError, TypeError, ValueError) as error:
                raise JournalError(f"{self.path}: entry {number} can't be read: {error}") from error
            yield at_ms, command

    def keep_snapshot(self, name: str, at_ms: int, state: Mapping[str, Any]) -> None:
        """Keep a state under a name; an older one of that name is replaced.

        Raises:
            JournalError: it could not be written.
        """
        with self._write_lock:
            self.check_sound()
            encoded = _encode(state)
            row = (name, at_ms, encoded, _crc(name, at_ms, encoded))
            self._write("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)", [row])

    def snapshot(self, name: str) -> tuple[int, Mapping[str, Any]]:
        """Give the time and the state that were kept under a name.

        Raises:
            KeyError: there is none.
            JournalError: it isn't what was written.
        """
        with self._write_lock:
            found = self._read("SELECT at_ms, state, crc FROM snapshots WHERE name = ?", (name,))
        for at_ms, state, crc in found:
            self._check_crc(crc, f"the snapshot {name!r}", name, at_ms, state)
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

    @property
    def is_sound(self) -> bool:
        """Whether every write has succeeded."""
        return self._failure is None

    @property
    def is_committed(self) -> bool:
        """Whether all that was appended is written."""
        return self._committed == self._sequence and self._failure is None

    def check_sound(self) -> None:
        """Let pass as long as every write has succeeded.

        Raises:
            JournalError: one has failed.
        """
        if self._failure is not None:
            raise JournalError(self._failure)

    def close(self) -> None:
        """Close the file: nothing is accepted any more; a second call does nothing."""
        with self._write_lock:
            self._failure = self._failure or f"{self.path} was closed"
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        # Threads take turns under the write lock; only recovery reads without it, alone.
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=0
        )
        try:
            # Exclusive: a second sandbox on the same file would mix two states.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._check_layout(connection)  # before anything is written to what isn't ours
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self.durability.upper()}")
            connection.execute("BEGIN IMMEDIATE")
            if self._check_layout(connection):
                for statement in _LAYOUT:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {JOURNAL_VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_layout(self, connection: sqlite3.Connection) -> bool:
        """Let pass what is new or a journal of this version; tells whether it is new."""
        [application] = connection.execute("PRAGMA application_id").fetchone()
        [version] = connection.execute("PRAGMA user_version").fetchone()
        [tables] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not application and not tables:
            return True
        if application != _APPLICATION_ID:
            raise JournalError(f"{self.path} is a database of something else; it is left alone")
        if version != JOURNAL_VERSION:
            raise JournalError(
                f"{self.path} has version {version}; this sandbox reads version {JOURNAL_VERSION}."
                " It is left as it is: use another file, or the release that wrote it."
            )
        return False

    def _greatest_sequence(self) -> int:
        [[entry, checkpoint]] = self._read(
            "SELECT (SELECT max(sequence) FROM entries), (SELECT max(sequence) FROM checkpoints)"
        )
        return max(entry or 0, checkpoint or 0)

    def _check_crc(self, crc: int, what: str, *parts: int | str) -> None:
        if crc != _crc(*parts):
            raise JournalError(f"{self.path}: {what} isn't what was written: the file is damaged")

    def _read(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise JournalError(f"{self.path}: {_reason(error)}") from error

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        try:
            if len(rows) == 1:  # a transaction of its own
                self._connection.execute(statement, rows[0])
            else:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(statement, rows)
                self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._failure = f"{self.path} could not be written: {_reason(error)}; restart on it"
            raise JournalError(self._failure) from error


def _data_of(command: Command[Any]) -> str:
    """Encode a command's fields; for all but a string `json` makes an encoder each time."""
    fields = cast("tuple[object, ...]", command)
    return f"[{','.join([str(one) if type(one) is int else _encode(one) for one in fields])}]"


def _crc(*parts: int | str) -> int:
    return crc32(" ".join(map(str, parts)).encode("utf-8", "surrogatepass"))


def _reason(error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return "another sandbox has it open"
    return str(error)
