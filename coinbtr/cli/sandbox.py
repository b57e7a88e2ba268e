"""`coinbtr sandbox`: runs the sandbox exchange until it is told to stop."""

from __future__ import annotations

from enum import StrEnum
from errno import EADDRNOTAVAIL
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from coinbtr.cli.commands import prose
from coinbtr.cli.reporting import last_word
from coinbtr.cli.root import Root
from coinbtr.cli.stopping import stop_event

if TYPE_CHECKING:
    from coinbtr.sandbox import Sandbox
    from coinbtr.sandbox.accounts import StartingAccount

WRONG_USE = 2
COULD_NOT_RUN = 4

_NOTICE = "  SANDBOX  ·  play money only  ·  this is not the CoinBTR exchange  "
_RULE = "─" * len(_NOTICE)
_BANNER = f"┌{_RULE}┐\n│{_NOTICE}│\n└{_RULE}┘"

EXAMPLES = (
    "coinbtr sandbox",
    "COINBTR_SANDBOX_TOKEN=my-sandbox-token coinbtr sandbox --port 0 --live",
    "coinbtr sandbox --db state.db --log-format json",
)
_SECRETS = {
    "token": "COINBTR_SANDBOX_TOKEN",
    "other_token": "COINBTR_SANDBOX_OTHER_TOKEN",
    "control_secret": "COINBTR_SANDBOX_CONTROL_SECRET",
}


class Durability(StrEnum):
    """What a kept state survives."""

    NORMAL = "normal"
    FULL = "full"


class LogFormat(StrEnum):
    """How each request is logged."""

    TEXT = "text"
    JSON = "json"


class Expose(StrEnum):
    """What other machines may reach."""

    API = "api"
    ALL = "all"


def _secret(about: str, name: str) -> Any:
    # A table of their own: in the other one the names of the variables would be cut.
    return typer.Option(
        help=about, envvar=_SECRETS[name], show_default=False, rich_help_panel="Tokens"
    )


def sandbox(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(help="TCP port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8642,
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on: 127.0.0.1, or with --expose 0.0.0.0.", show_default=False
        ),
    ] = None,
    db: Annotated[
        Path | None,
        typer.Option(
            help="File that keeps the state; made when it isn't there.",
            show_default=False,
            dir_okay=False,
        ),
    ] = None,
    durability: Annotated[
        Durability,
        typer.Option(
            help="What --db survives: the death of the process, or a power failure (full)."
        ),
    ] = Durability.NORMAL,
    seed: Annotated[
        int, typer.Option(help="What prices, amounts, addresses and transfers are drawn from.")
    ] = 0,
    live: Annotated[
        bool, typer.Option("--live", help="Let the market trade on its own as time passes.")
    ] = False,
    accounts: Annotated[
        Path | None,
        typer.Option(
            help="YAML or JSON file of further accounts, balances and tokens.", show_default=False
        ),
    ] = None,
    token: Annotated[
        str | None,
        _secret("API token of the account 'demo'; a fresh one if not given.", "token"),
    ] = None,
    other_token: Annotated[
        str | None,
        _secret("API token of the account 'other'; a fresh one if not given.", "other_token"),
    ] = None,
    control_secret: Annotated[
        str | None,
        _secret("Secret of the control plane; a fresh one if not given.", "control_secret"),
    ] = None,
    rate_limits: Annotated[
        bool,
        typer.Option("--rate-limits", help="Answer 429 beyond the description's rate limits."),
    ] = False,
    log_format: Annotated[
        LogFormat | None,
        typer.Option(help="Log each request to stderr, as text or JSON.", show_default=False),
    ] = None,
    expose: Annotated[
        Expose | None,
        typer.Option(
            help="Let other machines reach the exchange's API (api), or the control plane, too.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run a stateful CoinBTR exchange on this machine, with two funded accounts.

    Without --db its state is gone when the command ends (Ctrl-C or SIGTERM).

    Exit status: 0 it was stopped, 2 wrong use, 4 it could not run (a port or a file is in use).
    """
    _warn_of_visible_secrets(context)
    try:
        from coinbtr.sandbox import Sandbox
        from coinbtr.sandbox.accounts_file import read_accounts
        from coinbtr.sandbox.journal import JournalError
        from coinbtr.sandbox.server import SandboxServer
    except ModuleNotFoundError as missing:
        _end(WRONG_USE, str(missing))
    try:
        further = read_accounts(accounts) if accounts else ()
        exchange = Sandbox(
            seed=seed,
            # An empty variable of the environment counts as unset.
            token=token or None,
            other_token=other_token or None,
            control_secret=control_secret or None,
            control_from_anywhere=expose is Expose.ALL,
            accounts=further,
            db=db,
            durability=durability.value,
            live=live,
            rate_limits=rate_limits,
        )
    except JournalError as problem:
        _end(COULD_NOT_RUN, str(problem))
    except ValueError as problem:
        _end(WRONG_USE, str(problem))
    address = host or ("127.0.0.1" if expose is None else "0.0.0.0")  # noqa: S104 - asked for
    with exchange:
        try:
            server = SandboxServer(exchange, host=address, port=port, expose=expose is not None)
            _log(log_format)
            stop = stop_event()
            server.start()
        except (ModuleNotFoundError, ValueError) as problem:
            _end(WRONG_USE, str(problem))
        except OSError as problem:
            hint = "Try --port 0, which takes a free port."
            if problem.errno == EADDRNOTAVAIL:
                hint = "--host takes an address of this machine."
            _end(COULD_NOT_RUN, f"cannot listen on {address}:{port}: {problem.strerror}", hint)
        try:
            typer.echo(_announcement(exchange, server.address, server.base_url, further, db))
            stop.wait()
        finally:
            server.stop()
    last_word("Stopped; nothing was kept." if db is None else f"Stopped; the state is in {db}.")


alone = typer.Typer(name="coinbtr", cls=Root, pretty_exceptions_enable=False)
"""The command `coinbtr` with nothing but `sandbox`, which is made in a third of the time."""

alone.callback()(lambda: None)  # it keeps its name although it is the only one
alone.command("sandbox", **prose(sandbox, *EXAMPLES))(sandbox)


def _announcement(
    exchange: Sandbox,
    address: str,
    base_url: str,
    further: tuple[StartingAccount, ...],
    db: Path | None,
) -> str:
    lines = [_BANNER]
    if exchange.was_recovered:
        counts = exchange.overview().counts
        lines += [
            f"Recovered from {db}: {counts.accounts} accounts, {counts.open_orders} open orders,"
            f" {counts.transfers} transfers, seed {exchange.exchange.seed}.",
            "Former tokens go on working; they are kept as hashes, so these are new or given ones:",
        ]
    lines += [
        f"Address:       {base_url}",
        f"Token (demo):  {exchange.token}",
        f"Token (other): {exchange.other_token}",
        *(
            f"Token ({account.username}): {one.token}"
            for account in further
            for one in account.tokens
        ),
        f"Secret:        {exchange.control_secret}",
        "",
        f"Page:          {address}/#secret={exchange.control_secret}",
        f"Control plane: {address}/_sandbox/openapi.json",
        "",
        "Try:",
        f"  curl -H 'Authorization: Token {exchange.token}' {base_url}/wallet/listbalances",
        f"  curl '{base_url}/market/getorderbook?market=btc-mxn&limit=5'",
        f"  curl -H 'Authorization: Secret {exchange.control_secret}' {address}/_sandbox/overview",
        "",
        "Ctrl-C stops it; " + ("nothing is kept." if db is None else f"the state stays in {db}."),
    ]
    return "\n".join(lines)


def _warn_of_visible_secrets(context: typer.Context) -> None:
    for name, variable in _SECRETS.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = "--" + name.replace("_", "-")
            typer.echo(
                f"coinbtr sandbox: {option} shows in the list of processes; {variable} does not.",
                err=True,
            )


def _log(log_format: LogFormat | None) -> None:
    if log_format is None:
        return
    import logging

    from coinbtr.sandbox.logs import LOGGER, JSONLines

    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(JSONLines() if log_format is LogFormat.JSON else plain)
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)


def _end(status: int, *sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.echo(f"coinbtr sandbox: {sentence}", err=True)
    raise typer.Exit(status)
