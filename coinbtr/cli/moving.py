"""Carries out a plan that moves money: shows it, asks, sends it once, and shows what came of it."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import typer

from coinbtr.cli.options import Form, Moving
from coinbtr.cli.output import show
from coinbtr.cli.plans import Plan, Sent
from coinbtr.cli.reporting import printable, say, stderr, unwritten
from coinbtr.cli.status import INTERRUPTED, Status, status_of
from coinbtr.errors import OutcomeUnknown

if TYPE_CHECKING:
    from coinbtr.cli.desk import Desk

_WORST_FIRST: Final = (Status.UNKNOWN, Status.UNREACHABLE, Status.WRONG_USE, Status.REFUSED)


def carry_out(plan: Plan, desk: "Desk", moving: Moving, form: Form) -> None:
    """Do what is planned, if it is agreed to; the exit status tells what came of it."""
    if plan.record == []:
        show([], form)
        return
    lost = desk.unresolved() if plan.adds else ()
    problems = [
        *plan.limits,
        *plan.problems,
        *(f"of an earlier request the outcome is unknown: {one.intent}" for one in lost),
    ]
    _announce(plan, desk, problems)
    if moving.dry_run:
        _show_plan(plan, desk, problems, form)
        raise typer.Exit(Status.REFUSED if problems else Status.DONE)
    _stop_if_unknown(lost, desk)
    if plan.limits:
        say("Nothing was sent.")
        raise typer.Exit(Status.REFUSED)
    if not moving.yes:
        _ask(plan.question)
    with desk.sending(allow_withdrawals=plan.allow_withdrawals) as exchange:
        # Once more: another command may have lost an answer since.
        _stop_if_unknown(exchange.unresolved if plan.adds else (), desk)
        sent = plan.send(exchange)
    _show_outcome(sent, form)
    for error in sent.errors:
        say(str(error))
    if sent.errors:
        found = {status_of(error) for error in sent.errors}
        if Status.UNKNOWN in found:
            say(f"Don't send it again: {desk.where.reconcile} finds out what became of it.")
        raise typer.Exit(next(one for one in _WORST_FIRST if one in found))


def _stop_if_unknown(lost: Sequence[OutcomeUnknown], desk: "Desk") -> None:
    if lost:
        say(f"Nothing was sent: first find out what became of it, with {desk.where.reconcile}.")
        raise typer.Exit(Status.UNKNOWN)


def _announce(plan: Plan, desk: "Desk", problems: list[str]) -> None:
    from rich.text import Text

    from coinbtr.cli.tables import facts, render

    console = stderr()
    profile = f"profile {desk.place.profile.name}, " if desk.place.profile.name else ""
    words, style = {
        "LIVE": (" LIVE · real money ", "bold white on red"),
        "SANDBOX": (" SANDBOX · play money ", "black on green"),
    }.get(
        desk.label, (" NOT PROVEN TO BE THE SANDBOX · take it for real money ", "black on yellow")
    )
    console.print(Text.assemble((words, style), f"  {profile}{desk.place.base_url}"))
    if isinstance(plan.record, list):
        console.print(render(plan.record, console))
    else:
        console.print(facts(plan.record, plan.units))
    for problem in problems:
        console.print(Text(f"It would be refused: {printable(problem)}", style="red"))


def _show_plan(plan: Plan, desk: "Desk", problems: list[str], form: Form) -> None:
    if form is not Form.TABLE:
        plans = plan.record if isinstance(plan.record, list) else [plan.record]
        extra = {"environment": desk.label, "problems": list(problems)}
        found = [{**one, **extra} for one in plans]
        show(found if isinstance(plan.record, list) else found[0], form)
    say("Nothing was sent: a dry run." + ("" if problems else " It keeps to limits and balances."))


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        say("Nothing was sent: there is no terminal to ask at; --yes sends without asking.")
        raise typer.Exit(Status.WRONG_USE)
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo(err=True)
        say("Nothing was sent.")
        raise typer.Exit(INTERRUPTED) from None
    if not agreed:
        say("Nothing was sent.")
        raise typer.Exit(Status.REFUSED)


def _show_outcome(sent: Sent, form: Form) -> None:
    """Write the result; a program that can't read it must not take its status for a refusal."""
    try:
        show(sent.result, form)
        sys.stdout.flush()
    except (OSError, KeyboardInterrupt) as error:
        unwritten("It was sent and answered, but the answer could not be written", error)
        raise typer.Exit(Status.UNKNOWN) from None
