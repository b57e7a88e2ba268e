"""The intent log: what a client is about to send, on disk before it is sent, and what came of it.

A file of JSON lines, appended to, without the token. A line that opens an intent is synced to the
disk before the request goes out; a line that closes it follows with the outcome. So what a killed
process leaves open is exactly what may have been sent.
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

from coinbtr.errors.base import ConfigurationError
from coinbtr.errors.network import ConnectionLost
from coinbtr.errors.unknown import OutcomeUnknown
from coinbtr.sending.intent import Intent, Watermark

UNKNOWN: Final = "unknown"

_LOGGER = logging.getLogger("coinbtr")


class IntentLog:
    """An open intent log; can be shared between threads. One client writes to it at a time."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open or create it, for its owner alone.

        Raises ConfigurationError when it can't be written.
        """
        self.path = Path(path)
        self._lock = Lock()
        self._torn = False
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            size = os.fstat(self._file).st_size
            if size and os.pread(self._file, 1, size - 1) != b"\n":
                os.write(self._file, b"\n")  # a line that a kill cut off: it was never sent
        except OSError as error:
            raise ConfigurationError(f"intent_log can't be opened: {error}") from None

    def opened(self, intent: Intent) -> None:
        """Write an intent and wait until it is on the disk.

        Raises OSError.
        """
        self._write({"open": intent.id, **_as_json(intent)}, sync=True)

    def closed(self, intent: Intent, outcome: str, effect: int | str | None = None) -> None:
        """Write what became of an intent: one word, and the order id or txid that it led to.

        A failure leaves it open, which is safe: it is looked up once more.
        """
        line = {"close": intent.id, "outcome": outcome, "effect": effect}
        try:
            self._write(line, sync=False)
        except OSError as error:
            _LOGGER.warning("the intent log could not be written to: %s", error)

    def lost(self, intent: Intent) -> None:
        """Write that nobody knows what became of an intent."""
        self.closed(intent, UNKNOWN)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _write(self, line: dict[str, Any], *, sync: bool) -> None:
        data = json.dumps({**line, "at": datetime.now(UTC).isoformat()}).encode() + b"\n"
        with self._lock:
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
        path: the log's file, which no running client should be writing to.

    Raises:
        ConfigurationError: the file can't be read.
    """
    now = datetime.now(UTC)
    cause = ConnectionLost("the process ended before the outcome was on record")
    return [
        OutcomeUnknown(
            f"it is not known whether this was done: {intent}; {cause.message}",
            intent=intent,
            cause=cause,
            # It may have been killed a moment ago: the settle interval begins with the reading.
            lost_at=now,
        )
        for intent in left_open(path)
    ]


def left_open(path: str | os.PathLike[str]) -> list[Intent]:
    """The intents without an outcome, oldest first."""
    lines = list(_lines(path))
    closed = {line["close"] for line in lines if "close" in line and line.get("outcome") != UNKNOWN}
    return [_intent(line) for line in lines if "open" in line and line["open"] not in closed]


def effects(path: str | os.PathLike[str]) -> dict[int | str, str]:
    """The order ids and txids that closed intents led to, each with the intent's id."""
    found = ((line.get("effect"), line["close"]) for line in _lines(path) if "close" in line)
    return {effect: owner for effect, owner in found if isinstance(effect, (int, str))}


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


def _intent(line: dict[str, Any]) -> Intent:
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
