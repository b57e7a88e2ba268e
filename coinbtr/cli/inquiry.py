"""Looks up what the intent log holds open, and closes what can be told."""

from collections.abc import Sequence
from pathlib import Path

import typer

from coinbtr.cli import state
from coinbtr.cli.desk import Desk
from coinbtr.cli.options import Form
from coinbtr.cli.output import show
from coinbtr.cli.records import Record, plain
from coinbtr.cli.reporting import progress, say
from coinbtr.cli.status import Status
from coinbtr.errors import ConfigurationError, OutcomeUnknown
from coinbtr.outcomes import Ambiguous, Outcome
from coinbtr.sending.log import IntentLog

FORGOTTEN = "forgotten"


def run(desk: Desk, form: Form, *, settle: float, log: Path | None, forget: Sequence[str]) -> None:
    """Look each one up and show what became of it; the exit status is 3 if one can't be told."""
    path = log or state.log_path(desk.place)
    if log is not None and not log.exists():
        raise ConfigurationError(f"there is no intent log {log}")
    if forget:
        _forget(path, forget)
    for other in state.others_open(desk.place, path):
        say(f"Another token at {desk.place.host} has something open: --log {other}")
    if not state.open_intents(path):
        if form is not Form.TABLE:
            show([], form)
        say("Nothing is open: every outcome is known.")
        return
    found: list[Record] = []
    with desk.sending(log=path) as exchange, progress("Looking up") as counter:
        for lost in exchange.unresolved:
            counter.step()
            found.append(_record(lost, exchange.reconcile(lost, settle=settle)))
    show(found, form)
    if any(one["outcome"] == Ambiguous.kind for one in found):
        say("What is ambiguous stays open; look yourself, and then: --forget ID")
        raise typer.Exit(Status.UNKNOWN)


def _record(lost: OutcomeUnknown, outcome: Outcome) -> Record:
    intent = lost.intent
    order = getattr(outcome, "order", None)
    effect = getattr(outcome, "withdrawal", None)
    return {
        "id": intent.id,
        "sent_at": plain(intent.when),
        "intent": str(intent),
        "outcome": outcome.kind,
        "order_id": getattr(outcome, "order_id", None) or (order and order.id),
        "filled": getattr(outcome, "filled", None) if order is None else order.filled,
        "txid": effect and effect.txid,
        "reason": getattr(outcome, "reason", None),
    }


def _forget(path: Path, ids: Sequence[str]) -> None:
    with state.alone(path):
        known = {lost.intent.id: lost.intent for lost in state.open_intents(path)}
        for one in ids:
            if one not in known:
                raise ConfigurationError(f"--forget {one}: the log holds no such id open")
        log = IntentLog(path)
        try:
            for one in ids:
                log.closed(known[one], FORGOTTEN)
        finally:
            log.close()
