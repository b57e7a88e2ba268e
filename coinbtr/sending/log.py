"""The intent log: what a client is about to send, on disk before it is sent, and what came of it.

A file of JSON lines, appended to, without the token. A line that opens an intent is synced to the
disk before the request goes out; a line that closes it follows with the outcome. So what a killed
process leaves open is exactly what may have been sent. A second client would take what the first
one has under way for lost, and the other way round: so one at a time holds the file.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, Final

from attrs import asdict

from coinbtr.errors.answers import MalformedAnswer
from coinbtr.errors.base import CoinBTRError, ConfigurationError
from coinbtr.errors.network import ConnectionLost
from coinbtr.errors.unknown import OutcomeUnknown
from coinbtr.sending.file_lock import hold
from coinbtr.sending.intent import Intent, Watermark

UNKNOWN: Final = "unknown"

_LOGGER = logging.getLogger("coinbtr")


class IntentLog:
    """An open intent log; can be shared between threads. It is one client's until it is closed."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open or create it, for its owner alone.

        Raises ConfigurationError when it can't be written, or another client has it open.
        """
        self.path = Path(path)
        self._lock = Lock()
        self._torn = False
        self._is_parents = False
        self._file = -1
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            if not hold(self._file):
                raise ConfigurationError(
                    f"intent_log {self.path} is held by another client, in this process or in"
                    " another one: give each client a log of its own, or close that one first"
                )
            self._begin()
        except OSError as error:
            self.close()
            raise ConfigurationError(f"intent_log can't be opened: {error}") from None
        except ConfigurationError:
            self.close()
            raise

    def __del__(self) -> None:
        if getattr(self, "_file", -1) >= 0:
            os.close(self._file)

    def opened(self, intent: Intent) -> None:
        """Write an intent and wait until it is on the disk.

        Raises OSError.
        """
        self._write({"open": intent.id, **_as_json(intent)}, sync=True)

    def closed(self, intent: Intent, outcome: str, effect: int | str | None = None) -> None:
        """Write what became of an intent: one word, and the order id or txid that it led to.

        A failure leaves it open, which is safe: it is looked up once more.
        """
        self._note({"close": intent.id, "outcome": outcome, "effect": effect})

    def lost(self, intent: Intent, answered: int | None = None) -> None:
        """Write that nobody knows what became of an intent, and which order was told of instead."""
        self._note({"close": intent.id, "outcome": UNKNOWN, "effect": None, "answered": answered})

    def forget(self) -> None:
        """Write to it no more: in a forked process, where it is the parent's still."""
        self._lock = Lock()  # another thread may have held it
        self._is_parents = True
        self.close()  # which ends no lock as long as the parent has the file open

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _begin(self) -> None:
        """See to it that a new file outlives a power cut, and the next line is one of its own."""
        if not os.fstat(self._file).st_size:
            _sync_folder(self.path.resolve().parent)
            return
        os.lseek(self._file, -1, os.SEEK_END)
        if os.read(self._file, 1) != b"\n":
            os.write(self._file, b"\n")  # a line that a kill cut off: it was never sent

    def _note(self, line: dict[str, Any]) -> None:
        try:
            self._write(line, sync=False)
        except OSError as error:
            _LOGGER.warning("the intent log could not be written to: %s", error)

    def _write(self, line: dict[str, Any], *, sync: bool) -> None:
        data = json.dumps({**line, "at": datetime.now(UTC).isoformat()}).encode() + b"\n"
        with self._lock:
            if self._is_parents:
                raise OSError(
                    "it belongs to the process that this one was forked from; make a client here,"
                    " with a log of its own"
                )
            # What a full disk cut off must not swallow the line that follows.
            whole = b"\n" + data if self._torn else data
            self._torn = True
            if os.write(self._file, whole) != len(whole):
                raise OSError("the disk took a part of the line only")
            self._torn = False
            if sync:
                os.fsync(self._file)


def unresolved(path: str | os.PathLike[str]) -> list[OutcomeUnknown]:
    """The intents in a log that were left open, oldest first: what may have been sent.

    Look each one up with `lost.reconcile(using=client)`, the client being made with the same
    `intent_log`, so that the log closes it. Such a client has them in `client.unresolved` anyway.

    Args:
        path: the log's file. A client may have it open: then what that one has under way is told,
            too, and can't be looked up before it is closed.

    Raises:
        ConfigurationError: the file can't be read, or one of its lines.
    """
    now = datetime.now(UTC)
    told = (line for line in _lines(path) if "close" in line and line.get("answered"))
    answered = {line["close"]: line["answered"] for line in told}
    return [_unknown(intent, now, answered.get(intent.id)) for intent in left_open(path)]


def left_open(path: str | os.PathLike[str]) -> list[Intent]:
    """The intents without an outcome, oldest first."""
    lines = list(_lines(path))
    closed = {line["close"] for line in lines if "close" in line and line.get("outcome") != UNKNOWN}
    return [_intent(line, path) for line in lines if "open" in line and line["open"] not in closed]


def effects(path: str | os.PathLike[str]) -> dict[int | str, str]:
    """The order ids and txids that closed intents led to, each with the intent's id."""
    found = ((line.get("effect"), line["close"]) for line in _lines(path) if "close" in line)
    return {effect: owner for effect, owner in found if isinstance(effect, (int, str))}


def _unknown(intent: Intent, now: datetime, answered: int | None) -> OutcomeUnknown:
    cause: CoinBTRError = ConnectionLost("the process ended before the outcome was on record")
    if answered is not None:
        message = f"the answer told of order {answered}, which is not what was asked for"
        cause = MalformedAnswer(message, path="$.data", answered=answered)
    return OutcomeUnknown(
        f"it is not known whether this was done: {intent}; {cause.message}",
        intent=intent,
        cause=cause,
        # It may have been killed a moment ago: the settle interval begins with the reading.
        lost_at=now,
    )


def _sync_folder(folder: Path) -> None:
    """Bring a new file's name to the disk: without it, a power cut takes all that is in the file.

    Raises OSError.
    """
    if hasattr(os, "O_DIRECTORY"):  # Windows opens no folder
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _lines(path: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigurationError(f"the intent log can't be read: {error}") from None
    for row in text.splitlines():
        try:
            line = json.loads(row)
        except ValueError:
            continue  # cut off by a kill, before anything was sent
        if isinstance(line, dict):
            if not isinstance(line.get("open", line.get("close", "")), str):
                raise _unreadable(path, row)
            yield line


def _as_json(intent: Intent) -> dict[str, Any]:
    fields = asdict(intent)
    del fields["id"]
    return {
        **fields,
        "amount": None if intent.amount is None else f"{intent.amount:f}",
        "price": None if intent.price is None else f"{intent.price:f}",
        "when": intent.when.isoformat(),
    }


def _intent(line: dict[str, Any], path: str | os.PathLike[str]) -> Intent:
    try:
        return Intent(
            **{
                **{name: line[name] for name in ("operation", "book", "side", "coin", "address")},
                "amount": None if line["amount"] is None else Decimal(line["amount"]),
                "price": None if line["price"] is None else Decimal(line["price"]),
                "order_id": line["order_id"],
                "watermark": Watermark(**line["watermark"]),
                "when": datetime.fromisoformat(line["when"]),
                "id": line["open"],
            }
        )
    except (ArithmeticError, LookupError, TypeError, ValueError):
        raise _unreadable(path, json.dumps(line)) from None


def _unreadable(path: str | os.PathLike[str], row: str) -> ConfigurationError:
    return ConfigurationError(
        f"the intent log {os.fspath(path)} has a line that this version did not write and can't"
        f" read: {row[:60]}; see what it was to do, then take the line out"
    )
