"""The command line of the package: one subcommand in each module beside this one."""

from typing import Annotated

import typer

from coinbtr.__about__ import __version__
from coinbtr.cli import (
    account,
    config,
    contract,
    market,
    reconcile,
    record,
    sandbox,
    trading,
    wallet,
)
from coinbtr.cli.commands import prose
from coinbtr.cli.root import Root

app = typer.Typer(
    name="coinbtr",
    help="The CoinBTR exchange from the command line, with a sandbox of its own.",
    epilog="Exit status: 0 done, 1 refused, 2 wrong use, 3 outcome unknown, 4 unreachable.",
    cls=Root,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, tokens among them
)
for group in (market.market, trading.trading, wallet.wallet, account.account, reconcile.safety):
    app.add_typer(group.app)
# A part without a name of its own: its commands stand under their heading, after those above.
tools = typer.Typer()
for command, examples in (
    (sandbox.sandbox, sandbox.EXAMPLES),
    (contract.contract, contract.EXAMPLES),
    (record.record, record.EXAMPLES),
):
    about = prose(command, *examples)
    tools.command(command.__name__, rich_help_panel="Tools", **about)(command)
tools.add_typer(config.config, name="config", rich_help_panel="Tools")
app.add_typer(tools)


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
