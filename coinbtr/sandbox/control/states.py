"""States of the whole exchange: keeping them, going back to them, carrying them elsewhere."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from coinbtr.sandbox.control.desk import Desk
from coinbtr.sandbox.control.errors import NotPossible, Unknown
from coinbtr.sandbox.control.views import ClockState, Snapshot, moment
from coinbtr.sandbox.core.exchange import STATE_VERSION, Exchange
from coinbtr.sandbox.snapshots import SnapshotStore

FORMAT: Final = "coinbtr-sandbox-snapshot"
"""What an exported state says it is."""

DOCUMENT_VERSION: Final = 1
"""The version of the form of an exported state."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class States(Desk):
    """Snapshots, and the way back to the beginning."""

    _memory: SnapshotStore
    _begin: Callable[[int], Exchange]
    _began_ms: int

    def snapshot(self, name: str = "default") -> Snapshot:
        """Keep the whole exchange under a name; an older state of that name is replaced.

        Raises:
            NotPossible: the name isn't 1 to 64 letters, digits, `_`, `.` and `-`.
        """
        _check_name(name)
        with self._sequencer.turn() as (exchange, now_ms):
            # What is kept is what is committed: no state that a crash would take back.
            self._sequencer.commit()
            self._store.keep_snapshot(name, now_ms, exchange.dump())
        return Snapshot(name, moment(now_ms))

    def restore(self, name: str = "default") -> Snapshot:
        """Go back to a kept state: everything is as it was, tokens included.

        A `ManualClock` is set back, too; the machine's time goes on, and what was due happens.

        Raises:
            Unknown: there is no such snapshot.
            NotPossible: it is of a version that this sandbox does not read.
        """
        taken_ms, state = self._kept(name)
        self._sequencer.replace(_loaded(state), taken_ms)
        return Snapshot(name, moment(taken_ms))

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Tell the kept states, oldest first."""
        kept = self._store.snapshots()
        return tuple(Snapshot(name, moment(at_ms)) for name, at_ms in kept.items())

    def remove_snapshot(self, name: str) -> Snapshot:
        """Forget a kept state; the exchange is not touched.

        Raises:
            Unknown: there is no such snapshot.
        """
        with self._sequencer.turn():
            taken_ms = self._store.snapshots().get(name)
            if taken_ms is None:
                raise _no_snapshot(name)
            self._store.remove_snapshot(name)
        return Snapshot(name, moment(taken_ms))

    def export_snapshot(self, name: str = "default") -> dict[str, Any]:
        """Give a kept state as a document of plain data that another sandbox can import.

        It holds the hashes of tokens, and no token.

        Raises:
            Unknown: there is no such snapshot.
        """
        taken_ms, state = self._kept(name)
        return {
            "format": FORMAT,
            "version": DOCUMENT_VERSION,
            "taken_ms": taken_ms,
            "state": state,
        }

    def import_snapshot(self, name: str, document: Mapping[str, Any]) -> Snapshot:
        """Keep a document that `export_snapshot` gave under a name; `restore` goes on with it.

        Raises:
            NotPossible: it is none, or of a version that this sandbox does not read.
        """
        _check_name(name)
        if document.get("format") != FORMAT:
            raise NotPossible("invalid_value", f"format must be {FORMAT!r}.")
        version, taken_ms = document.get("version"), document.get("taken_ms")
        if version != DOCUMENT_VERSION:
            sentence = (
                f"The document has version {version!r}; this sandbox reads {DOCUMENT_VERSION}."
            )
            raise NotPossible("unsupported_version", sentence)
        if not isinstance(taken_ms, int) or taken_ms < 0:
            raise NotPossible("invalid_value", "taken_ms must be milliseconds since 1970.")
        # Loaded and dumped again: what is kept is what the exchange made of it.
        state = _loaded(document.get("state")).dump()
        with self._sequencer.turn():
            self._store.keep_snapshot(name, taken_ms, state)
        return Snapshot(name, moment(taken_ms))

    def reset(self) -> ClockState:
        """Go back to the beginning: what the seed gives, and the accounts that it began with.

        Their tokens stay, and so do snapshots, faults and recorded requests. A `ManualClock` is
        set back to where it began; the machine's time goes on.
        """
        with self._sequencer.turn() as (before, _):
            clock = self._sequencer.clock
            clock.resume(self._began_ms, 0)
            made = self._begin(before.seed)
            names = {account.username: account.id for account in made.accounts.values()}
            for digest, grant in before.tokens.grants().items():
                username = before.accounts[grant.account_id].username
                if names.get(username) == grant.account_id:
                    made.tokens.add(digest, grant)
            self._sequencer.replace(made)
            return self._clock_state()

    def _clock_state(self) -> ClockState:
        clock = self._sequencer.clock
        return ClockState(moment(clock.now_ms()), Decimal(clock.skipped_ms).scaleb(-3))

    @property
    def _store(self) -> SnapshotStore:
        return self._sequencer.journal or self._memory

    def _kept(self, name: str) -> tuple[int, Mapping[str, Any]]:
        try:
            return self._store.snapshot(name)
        except KeyError:
            raise _no_snapshot(name) from None


def _no_snapshot(name: str) -> Unknown:
    return Unknown("snapshot_not_found", f"There is no snapshot {name!r}.")


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        sentence = (
            "A snapshot's name must be 1 to 64 letters, digits, '_', '.' and '-', and begin with"
            f" a letter or digit, not {name!r}."
        )
        raise NotPossible("invalid_value", sentence)


def _loaded(state: Any) -> Exchange:
    if not isinstance(state, Mapping) or state.get("version") != STATE_VERSION:
        version = state.get("version") if isinstance(state, Mapping) else None
        sentence = f"The state has version {version!r}; this sandbox reads {STATE_VERSION}."
        raise NotPossible("unsupported_version", sentence)
    try:
        exchange = Exchange.load(state)
        adds_up = not any(exchange.ledger.totals().values())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        sentence = f"The state can't be read: {type(error).__name__}: {error}."
        raise NotPossible("invalid_value", sentence) from None
    if not adds_up:
        raise NotPossible("invalid_value", "The state can't be read: its money doesn't add up.")
    return exchange
