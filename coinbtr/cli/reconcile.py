"""`coinbtr reconcile`: finds out what became of requests whose answers were lost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coinbtr.cli.commands import Commands
from coinbtr.cli.options import Form

if TYPE_CHECKING:
    from coinbtr.cli.desk import Desk

safety = Commands("Safety")


@safety.shows("reconcile", "coinbtr reconcile", "coinbtr reconcile --output json --settle 30")
def reconcile(
    desk: "Desk",
    form: "Form",
    *,
    settle: Annotated[
        float, typer.Option(help="Seconds until 'not found' is believed.", min=0)
    ] = 5.0,
    log: Annotated[
        Path | None,
        typer.Option(help="Another intent log than this account's.", show_default=False),
    ] = None,
    forget: Annotated[
        list[str] | None,
        typer.Option(
            help="Id of one that you have looked up yourself; may be repeated.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Look up the requests that were sent and whose answers were lost; nothing is sent again.

    It ends with status 3 as long as one of them can't be told. Until all are, buy, sell and
    withdraw send nothing.
    """
    from coinbtr.cli import inquiry

    inquiry.run(desk, form, settle=settle, log=log, forget=forget or [])
