"""`coinbtr contract URL`: tells whether a server keeps to the description."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from coinbtr.cli import contract_arguments as arguments
from coinbtr.cli import contract_run
from coinbtr.cli.output import stdout

COULD_NOT_TEST = 4

_VARIABLES = {
    "token": "COINBTR_TOKEN",
    "other_token": "COINBTR_OTHER_TOKEN",
    "control_secret": "COINBTR_SANDBOX_CONTROL_SECRET",
}


def contract(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Argument(
            help="Base URL of the server, such as http://127.0.0.1:8642/api/v1; 'sandbox:' for a"
            " fresh sandbox of this very process; or the word judge.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="With judge: a recording, a HAR file or one of `coinbtr record`.",
            show_default=False,
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            help="API token of the account to use; better in the environment, where the list of"
            " processes doesn't show it.",
            envvar="COINBTR_TOKEN",
            show_default=False,
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
    control_secret: Annotated[
        str | None,
        typer.Option(
            help="Secret of a sandbox's control plane, which then issues missing tokens, moves the"
            " clock on, and sets the sandbox back to play again what deviates.",
            envvar="COINBTR_SANDBOX_CONTROL_SECRET",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="What generated requests are drawn from.")] = 2018,
    profile: Annotated[
        str | None,
        typer.Option(
            help="How much is tried: quick, full (the default on a sandbox) or deep; or live (the"
            " default on every other server): reads only.",
            show_default=False,
        ),
    ] = None,
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
    spec: Annotated[
        Path | None,
        typer.Option(
            help="Another description, or an overlay on ours, to hold the server to.",
            show_default=False,
        ),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(help="Judge this recording and send nothing.", show_default=False),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Folder for report.html, junit.xml and report.json.", show_default=False),
    ] = None,
    propose: Annotated[
        Path | None,
        typer.Option(
            help="Write an OpenAPI Overlay that brings the description to what was observed.",
            show_default=False,
        ),
    ] = None,
    allow_writes: Annotated[
        bool,
        typer.Option(
            "--allow-writes",
            help="Live: also place one order far from the market, and cancel it.",
        ),
    ] = False,
    canary_book: Annotated[
        str | None,
        typer.Option(help="The book of that order, such as btc-mxn.", show_default=False),
    ] = None,
    canary_value: Annotated[
        str | None,
        typer.Option(help="The most that it may be worth, in the quote coin.", show_default=False),
    ] = None,
    this_server_is_mine: Annotated[
        bool,
        typer.Option(
            "--this-server-is-mine",
            help="Let --profile quick, full or deep write to a server that isn't the sandbox:"
            " orders, withdrawals, faults of every kind.",
        ),
    ] = False,
) -> None:
    """Test whether a server keeps to openapi/coinbtr.yaml, or judge a recording of one.

    A server that doesn't prove to be the sandbox is asked for documented reads only, one a second.
    On the sandbox orders are placed, and a little is withdrawn. `judge FILE` sends nothing.

    Exit status: 0 it keeps, 1 it deviates, 2 wrong use, 4 it could not be tested.
    """
    try:
        from coinbtr import contract as tester
        from coinbtr.contract.operations import described_by
        from coinbtr.contract.terminal import show
    except ModuleNotFoundError as missing:
        typer.echo(f"coinbtr contract: {missing}", err=True)
        raise typer.Exit(COULD_NOT_TEST) from None

    recording = arguments.recording(url, file, replay)
    for name, variable in _VARIABLES.items():
        source = context.get_parameter_source(name)
        # By its name: Typer brings a click of its own, or uses the installed one.
        if source is not None and source.name == "COMMANDLINE":
            arguments.warn_of(f"--{name.replace('_', '-')}", variable)
    try:
        other = None if spec is None else tester.load_description(spec)
    except (OSError, ValueError) as error:
        arguments.wrong_use(f"--spec {spec}: {error}")
    console = stdout(width=None)
    try:
        with described_by(other):
            if recording is not None:
                outcome = contract_run.judged(recording)
            else:
                arguments.require_known(profile, operation or [], phase or [])
                arguments.require_number(max_time)
                options = partial(
                    tester.Options,
                    seed=seed,
                    profile=profile,
                    max_time=max_time,
                    operations=tuple(operation or ()),
                    phases=tuple(phase or ()),
                    workers=workers,
                    share=arguments.share(share),
                    canary=arguments.budget(allow_writes, canary_book, canary_value),
                    is_mine=this_server_is_mine,
                )
                tokens = (
                    arguments.token(token, "--token"),
                    arguments.token(other_token, "--other-token"),
                )
                secret = arguments.token(control_secret, "--control-secret")
                outcome = contract_run.tested(url or "", tokens, secret, options, console)
            show(outcome, console)
            contract_run.write(outcome, report, propose, console)
    except ValueError as error:
        arguments.wrong_use(f"--spec {spec}: {error}")
    raise typer.Exit(int(outcome.verdict))
