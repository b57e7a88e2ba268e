"""The command line of the package: one subcommand in each module beside this one."""

from typing import Annotated

import typer

from coinbtr.__about__ import __version__
from coinbtr.cli import contract, record, sandbox

app = typer.Typer(
    name="coinbtr",
    help="The CoinBTR exchange from the command line: its sandbox and its contract test.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, tokens among them
)
app.command("sandbox")(sandbox.sandbox)
app.command("contract")(contract.contract)
app.command("record")(record.record)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"coinbtr {__version__}")
        raise typer.Exit


@app.callback()
def coinbtr(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Run one of the commands below; `coinbtr COMMAND --help` explains it."""
