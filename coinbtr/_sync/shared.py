# Derived from coinbtr/_async/shared.py by `make generate`: edit that file, not this one.
"""What all views of one client have in common: the connection, and what it knows."""

from __future__ import annotations

import warnings
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from attrs import define, field

from coinbtr._sync.gating import Gate
from coinbtr.sending.observers import Hooks
from coinbtr.sending.record import Record
from coinbtr.sending.waiting import SYSTEM_CLOCK, Clock
from coinbtr.wire.engine import Engine

if TYPE_CHECKING:
    from coinbtr._sync.watching import Watch
    from coinbtr.sending.log import IntentLog


@define(eq=False, kw_only=True)
class Shared:
    """What all views of one client have in common: the connection, and what it knows."""

    engine: Engine
    owns_engine: bool
    gate: Gate = field(factory=lambda: Gate(None))
    clock: Clock = SYSTEM_CLOCK
    record: Record = field(factory=Record)
    log: IntentLog | None = None
    closed: bool = False
    warned: dict[str, object] = field(factory=dict)
    watches: WeakSet[Watch[Any]] = field(factory=WeakSet)
    watches_lock: Lock = field(factory=Lock)
    hooks: tuple[Hooks, ...] = ()
    used: bool = False
    holds_connections: bool = False

    def keep(self, watch: Watch[Any]) -> None:
        """Remember a watch as long as somebody holds it."""
        with self.watches_lock:
            self.watches.add(watch)

    def stop_watches(self) -> None:
        """End all watches, wherever somebody waits for one."""
        with self.watches_lock:
            left = list(self.watches)
        for watch in left:
            watch.stop()

    def is_first(self, name: str) -> bool:
        """Whether this is the first call of an operation, from whatever thread."""
        mark = object()
        return self.warned.setdefault(name, mark) is mark  # in one step: threads can't get between

    def __del__(self) -> None:
        # What was never made completely, or has sent nothing, holds nothing open.
        if getattr(self, "used", False) and self.holds_connections and not self.closed:
            warnings.warn(
                "a client was not closed: use it in a `with` block, or call close()",
                ResourceWarning,
                source=self,
                stacklevel=1,
            )
