"""`coinbtr sandbox`: runs the sandbox exchange until it is told to stop."""

from typing import Annotated

import typer

from coinbtr.cli.stopping import stop_event

_NOTICE = "  SANDBOX  ·  play money only  ·  this is not the CoinBTR exchange  "
_RULE = "─" * len(_NOTICE)
_BANNER = f"┌{_RULE}┐\n│{_NOTICE}│\n└{_RULE}┘"


def sandbox(
    port: Annotated[
        int, typer.Option(help="TCP port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8642,
    host: Annotated[str, typer.Option(help="Address to listen on; loopback only.")] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option(
            help="API token of the funded account 'demo'; a fresh one is made if not given.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="What prices, amounts, addresses and transfers are drawn from.")
    ] = 0,
) -> None:
    """Run a stateful CoinBTR exchange on this machine, with two funded accounts.

    State lives in memory and is gone when the command ends (Ctrl-C or SIGTERM).
    """
    try:
        from coinbtr.sandbox import Sandbox
        from coinbtr.sandbox.server import SandboxServer

        server = SandboxServer(Sandbox(seed=seed, token=token), host=host, port=port)
        stop = stop_event()
        server.start()
    except (ModuleNotFoundError, ValueError) as problem:
        typer.echo(f"coinbtr sandbox: {problem}", err=True)
        raise typer.Exit(2) from None
    except OSError as problem:
        typer.echo(f"coinbtr sandbox: cannot listen on {host}:{port}: {problem.strerror}", err=True)
        typer.echo("Try --port 0, which takes a free port.", err=True)
        raise typer.Exit(1) from None
    try:
        typer.echo(_announcement(server.base_url, server.sandbox.token, server.sandbox.other_token))
        stop.wait()
    finally:
        server.stop()
    typer.echo("Stopped; nothing was kept.")


def _announcement(base_url: str, token: str, other_token: str) -> str:
    return f"""\
{_BANNER}
Address:       {base_url}
Token (demo):  {token}
Token (other): {other_token}

Try:
  curl -H 'Authorization: Token {token}' {base_url}/wallet/listbalances
  curl '{base_url}/market/getorderbook?market=btc-mxn&limit=5'

Ctrl-C stops it; nothing is kept."""
