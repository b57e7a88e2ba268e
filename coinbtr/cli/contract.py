"""`coinbtr contract URL`: tells whether a server keeps to the description."""

import os
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from typing import Annotated, NoReturn

import typer

WRONG_USE = 2
COULD_NOT_TEST = 4
SANDBOX = "sandbox:"


def contract(
    url: Annotated[
        str,
        typer.Argument(
            help="Base URL of the server, such as http://127.0.0.1:8642/api/v1; or 'sandbox:' for a"
            " fresh sandbox of this very process.",
            show_default=False,
        ),
    ],
    token: Annotated[
        str | None,
        typer.Option(
            help="API token of the account to use.", envvar="COINBTR_TOKEN", show_default=False
        ),
    ] = None,
    other_token: Annotated[
        str | None,
        typer.Option(
            help="API token of a second account, for trades and foreign orders.",
            envvar="COINBTR_OTHER_TOKEN",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="What generated requests are drawn from.")] = 2018,
    profile: Annotated[str, typer.Option(help="How much is tried: quick, full, deep.")] = "full",
    max_time: Annotated[
        float | None,
        typer.Option(help="Seconds after which nothing new is begun.", min=0, show_default=False),
    ] = None,
    operation: Annotated[
        list[str] | None,
        typer.Option(help="Only this operationId; may be repeated.", show_default=False),
    ] = None,
    phase: Annotated[
        list[str] | None,
        typer.Option(help="Only this phase; may be repeated.", show_default=False),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="How many of the model's plays run at a time.", min=1, max=64)
    ] = 1,
    share: Annotated[
        str | None,
        typer.Option(
            help="Redis where machines share the failures that they found, such as"
            " redis://host:6379/0.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Test whether a server keeps to openapi/coinbtr.yaml.

    A server that doesn't prove to be the sandbox is asked for documented reads only, one a second.
    On the sandbox orders are placed, and a little is withdrawn.

    Exit status: 0 it keeps, 1 it deviates, 2 wrong use, 4 it could not be tested.
    """
    try:
        from rich.console import Console

        from coinbtr import contract as tester
        from coinbtr.contract.operations import operations
        from coinbtr.contract.terminal import Progress, show
    except ModuleNotFoundError as missing:
        typer.echo(f"coinbtr contract: {missing}", err=True)
        raise typer.Exit(COULD_NOT_TEST) from None
    from coinbtr.cli.contract_server import Connection, fresh, served

    _check("--profile", [profile], list(tester.PROFILES))
    _check("--operation", operation or [], list(operations()))
    _check("--phase", phase or [], list(tester.PHASES))
    tokens = _checked_token(token, "--token"), _checked_token(other_token, "--other-token")
    console = Console(highlight=False)
    with ExitStack() as stack:
        # Hypothesis would leave a folder of its own in the folder that the command is run in.
        scratch = stack.enter_context(TemporaryDirectory())
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", scratch)
        make = fresh(*tokens) if url == SANDBOX else served(_checked_url(url), *tokens)
        connection: Connection = stack.enter_context(make)
        options = tester.Options(
            url=connection.url,
            token=connection.token,
            other_token=connection.other_token,
            seed=seed,
            profile=profile,
            max_time=max_time,
            operations=tuple(operation or ()),
            phases=tuple(phase or ()),
            workers=workers,
            share=_checked_share(share),
        )
        with Progress(console) as progress:
            report = tester.run(
                options,
                connection.engine,
                progress=progress,
                tick=connection.tick,
                reach=connection.reach,
            )
    show(report, console)
    raise typer.Exit(int(report.verdict))


def _check(option: str, given: list[str], known: list[str]) -> None:
    for name in given:
        if name not in known:
            _wrong_use(f"{option} {name}: there is no such; there are {', '.join(known)}")


def _checked_url(url: str) -> str:
    from coinbtr.config import checked_url
    from coinbtr.errors import ConfigurationError

    try:
        return checked_url(url, "URL")
    except ConfigurationError as error:
        _wrong_use(str(error))


def _checked_token(token: str | None, option: str) -> str | None:
    from coinbtr.errors import ConfigurationError
    from coinbtr.wire.secret import checked_token

    # An empty variable of the environment counts as unset.
    if not token:
        return None
    try:
        checked_token(token)
    except ConfigurationError as error:
        _wrong_use(f"{option}: {error}")
    return token


def _checked_share(address: str | None) -> str | None:
    from coinbtr.contract.model.sharing import database

    try:
        database(address)
    except (ModuleNotFoundError, ValueError) as error:
        _wrong_use(f"--share: {error}")
    return address


def _wrong_use(sentence: str) -> NoReturn:
    typer.echo(f"coinbtr contract: {sentence}", err=True)
    raise typer.Exit(WRONG_USE)
