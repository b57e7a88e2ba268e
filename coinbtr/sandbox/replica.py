"""A copy of the exchange that lags behind, for reads that are answered out of date."""

from collections.abc import Callable
from threading import Lock

from attrs import frozen

from coinbtr.sandbox.core.clock import ManualClock
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.tokens import Grant
from coinbtr.sandbox.faults import Fault
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.surface import Surface


class Replica:
    """The state of some moment before; each stale read sees the state as of the one before it.

    The first one sees the state as of when its fault was put in force. It costs a copy of the
    whole state each time, and nothing as long as no such fault is in force.

    Args:
        sequencer: what the exchange is reached by.
        serve: makes the surface over the copy.
    """

    def __init__(self, sequencer: Sequencer, serve: Callable[[Sequencer], Surface]) -> None:
        self._sequencer = sequencer
        self._serve = serve
        self._lock = Lock()
        self._copy: _Copy | None = None

    def prepare(self, fault: Fault) -> None:
        """Take the first copy, where a fault needs one."""
        if fault.kind == "stale_read":
            with self._lock:
                self._copy = self._taken()

    def earlier(self, caller: Grant | None) -> Surface:
        """Give the surface over the copy that a caller is answered from, and take the next one."""
        with self._lock:
            before, self._copy = self._copy, self._taken()
            if before is None or not before.precedes(self._copy, caller):
                before = self._copy
            return before.surface

    def _taken(self) -> "_Copy":
        with self._sequencer.turn() as (exchange, now_ms):
            copied = Exchange.load(exchange.dump(), exchange.catalogue)
        surface = self._serve(Sequencer(copied, ManualClock(now_ms)))
        return _Copy(surface, copied, exchange)


@frozen
class _Copy:
    """A copy, what serves it, and what it is a copy of."""

    surface: Surface
    exchange: Exchange
    source: Exchange

    def precedes(self, later: "_Copy", caller: Grant | None) -> bool:
        """Tell whether the caller was there then, and no restore or reset came between."""
        was_there = caller is None or caller.account_id in self.exchange.accounts
        return was_there and self.source is later.source
