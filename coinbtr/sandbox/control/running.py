"""The exchange as a whole: how it stands, its clock, and its live market."""

from collections.abc import Mapping
from time import sleep
from typing import Any, Final

from coinbtr import description
from coinbtr.__about__ import __version__
from coinbtr.sandbox.control.books import Books
from coinbtr.sandbox.control.desk import Desk
from coinbtr.sandbox.control.states import States
from coinbtr.sandbox.control.views import ClockState, Counts, Live, Overview
from coinbtr.sandbox.core.commands import AdvanceClock, GoLive, StopLive
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.journal import JournalError

_PART_MS: Final = 5 * 60 * 1000  # some hundredths of a second of work, with the live market
_PAUSE_SECONDS: Final = 0.0005  # without it, a thread that waits for its turn would hardly get one


class Running(Books, States, Desk):
    """What is true of all books and accounts at once."""

    def description(self) -> Mapping[str, Any]:
        """Give the description of the control plane, `openapi/sandbox.yaml`, loaded."""
        return description.load("sandbox")

    def overview(self) -> Overview:
        """Tell clock, live market, every book's prices, and how many there are of what."""
        with self._sequencer.turn() as (exchange, _):
            clock = self._clock_state()
            return Overview(
                version=__version__,
                seed=exchange.seed,
                time=clock.time,
                skipped_seconds=clock.skipped_seconds,
                live=exchange.live is not None,
                journal=self._journal(),
                books=self.books(),
                counts=self._counts(exchange),
            )

    def advance(self, seconds: int = 0, *, ms: int = 0) -> ClockState:
        """Move the clock on; what was due in that time happens.

        A long way is gone in parts of five minutes, one operation each, so that whoever shares the
        sandbox is served in between, at a time on the way.

        Args:
            seconds: whole seconds.
            ms: milliseconds beside them.

        Raises:
            ValueError: the step would lead back.
        """
        left = seconds * 1000 + ms
        while True:
            with self._sequencer.turn() as (exchange, now_ms):
                part = min(left, _PART_MS) if exchange.is_due(now_ms + left) else left
                self._sequencer.clock.advance(ms=part)
                self._execute(AdvanceClock(part))
                left -= part
                if not left:
                    return self._clock_state()
            sleep(_PAUSE_SECONDS)

    def go_live(self) -> Live:
        """Let makers and takers of the exchange trade from now on, as the clock runs."""
        self._execute(GoLive())
        return Live(live=True)

    def stop_live(self) -> Live:
        """Let them stand still; their orders stay in the books."""
        self._execute(StopLive())
        return Live(live=False)

    def _journal(self) -> str:
        journal = self._sequencer.journal
        if journal is None:
            return "none"
        try:
            journal.check_sound()
        except JournalError:
            return "failed"
        return journal.durability

    def _counts(self, exchange: Exchange) -> Counts:
        return Counts(
            accounts=len(exchange.accounts),
            tokens=len(exchange.tokens.grants()),
            open_orders=sum(
                len(exchange.trading.all_open_orders(account)) for account in exchange.accounts
            ),
            transfers=len(exchange.wallets.transfers()),
            snapshots=len(self.snapshots()),
            requests=self.requests.count(),
            faults=len(self.faults.list()),
        )
