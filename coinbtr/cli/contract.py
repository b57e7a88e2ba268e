"""`coinbtr contract URL`: tells whether a server keeps to the description."""

import math
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from coinbtr.cli.output import stdout

if TYPE_CHECKING:
    from coinbtr.contract import Options, Report

WRONG_USE = 2
COULD_NOT_TEST = 4
SANDBOX = "sandbox:"
EXAMPLES = (
    "coinbtr contract http://127.0.0.1:8642/api/v1 --report report",
    "coinbtr contract sandbox: --profile quick",
    "coinbtr contract judge session.jsonl",
)
# A table of their own: in the other one the names of the variables would be cut.
_TOKENS = "Tokens"

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
            metavar="[URL]",
            help="Base URL of the server, such as http://127.0.0.1:8642/api/v1; 'sandbox:' for a"
            " fresh sandbox of this very process; or the word judge.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
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
            rich_help_panel=_TOKENS,
        ),
    ] = None,
    other_token: Annotated[
        str | None,
        typer.Option(
            help="API token of a second account, for trades and foreign orders.",
            envvar="COINBTR_OTHER_TOKEN",
            show_default=False,
            rich_help_panel=_TOKENS,
        ),
    ] = None,
    control_secret: Annotated[
        str | None,
        typer.Option(
            help="Secret of a sandbox's control plane, which then issues missing tokens, moves the"
            " clock on, and sets the sandbox back to play again what deviates.",
            envvar="COINBTR_SANDBOX_CONTROL_SECRET",
            show_default=False,
            rich_help_panel=_TOKENS,
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

    recording = _recording(url, file, replay)
    for name, variable in _VARIABLES.items():
        source = context.get_parameter_source(name)
        # By its name: Typer brings a click of its own, or uses the installed one.
        if source is not None and source.name == "COMMANDLINE":
            _warn_of(f"--{name.replace('_', '-')}", variable)
    try:
        other = None if spec is None else tester.load_description(spec)
    except (OSError, ValueError) as error:
        _wrong_use(f"--spec {spec}: {error}")
    console = stdout(width=None)
    try:
        with described_by(other):
            if recording is not None:
                outcome = _judged(recording)
            else:
                _check(
                    "--profile", [] if profile is None else [profile], [*tester.PROFILES, "live"]
                )
                _check_names(operation or [], phase or [])
                if max_time is not None and math.isnan(max_time):
                    _wrong_use("--max-time must be a number of seconds, not nan")
                options = partial(
                    tester.Options,
                    seed=seed,
                    profile=profile,
                    max_time=max_time,
                    operations=tuple(operation or ()),
                    phases=tuple(phase or ()),
                    workers=workers,
                    share=_checked_share(share),
                    canary=_canary(allow_writes, canary_book, canary_value),
                    is_mine=this_server_is_mine,
                )
                tokens = (
                    _checked_token(token, "--token"),
                    _checked_token(other_token, "--other-token"),
                )
                secret = _checked_token(control_secret, "--control-secret")
                outcome = _run(url or "", tokens, secret, options, console)
            show(outcome, console)
            _write(outcome, report, propose, console)
    except ValueError as error:
        _wrong_use(f"--spec {spec}: {error}")
    raise typer.Exit(int(outcome.verdict))


def _recording(url: str | None, file: Path | None, replay: Path | None) -> Path | None:
    """Give the recording that is to be judged, or None where a server is to be tested."""
    if url == "judge":
        if (file is None) is (replay is None):
            _wrong_use("judge takes one recording: coinbtr contract judge FILE")
        return file or replay
    if replay is not None and (url is not None or file is not None):
        _wrong_use("--replay judges a recording and sends nothing: it takes no URL")
    if replay is None and url is None:
        _wrong_use("give the base URL of a server, or a recording: coinbtr contract judge FILE")
    if file is not None:
        _wrong_use(f"{file}: only `coinbtr contract judge FILE` takes a second argument")
    return replay


def _judged(recording: Path) -> "Report":
    from coinbtr.contract.judging import judge_recording
    from coinbtr.recording.lines import RecordingError

    try:
        return judge_recording(recording)
    except OSError as error:
        _wrong_use(f"{recording}: {error.strerror}")
    except RecordingError as error:
        _wrong_use(f"{recording}: {error}")


def _run(
    url: str,
    tokens: tuple[str | None, str | None],
    secret: str | None,
    options: Callable[..., "Options"],
    console: Any,
) -> "Report":
    from coinbtr import contract as tester
    from coinbtr.cli.contract_server import fresh, served
    from coinbtr.contract.control import NoControl
    from coinbtr.contract.terminal import Progress

    with ExitStack() as stack:
        # Hypothesis would leave a folder of its own in the folder that the command is run in.
        scratch = stack.enter_context(TemporaryDirectory())
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", scratch)
        make = fresh(*tokens) if url == SANDBOX else served(_checked_url(url), *tokens, secret)
        try:
            connection = stack.enter_context(make)
        except NoControl as error:
            _wrong_use(f"--control-secret: {error}")
        with Progress(console) as progress:
            return tester.run(
                options(
                    url=connection.url,
                    token=connection.token,
                    other_token=connection.other_token,
                ),
                connection.engine,
                progress=progress,
                issued=connection.issued,
                tick=connection.tick,
                reset=connection.reset,
                control=connection.control,
                reach=connection.reach,
            )


def _write(outcome: "Report", report: Path | None, propose: Path | None, console: Any) -> None:
    from coinbtr.contract import reports
    from coinbtr.contract.proposal import proposed

    try:
        if report is not None:
            reports.write(outcome, report)
            console.print(f"Report: {report / 'report.html'}", soft_wrap=True, markup=False)
        if propose is not None:
            text, count = proposed(outcome)
            propose.write_text(text, encoding="utf-8")
            what = f"{count} rulings proposed" if count else "nothing to propose"
            console.print(f"Proposal: {propose} ({what})", soft_wrap=True, markup=False)
    except OSError as error:
        _wrong_use(f"{error.filename}: {error.strerror}")


def _canary(allowed: bool, book: str | None, value: str | None) -> Any:
    from coinbtr.contract.canary import Budget

    if not allowed:
        if book is not None or value is not None:
            _wrong_use("--canary-book and --canary-value need --allow-writes")
        return None
    if book is None or value is None:
        _wrong_use(
            "--allow-writes needs a budget: --canary-book btc-mxn --canary-value 50, the greatest"
            " value of its one order in the quote coin"
        )
    try:
        return Budget.of(book, value)
    except ValueError as error:
        _wrong_use(str(error))


def _warn_of(option: str, variable: str) -> None:
    typer.echo(
        f"coinbtr contract: the list of processes shows what follows {option}; set {variable}"
        " instead.",
        err=True,
    )


def _check_names(operation: Sequence[str], phase: Sequence[str]) -> None:
    from coinbtr import contract as tester
    from coinbtr.contract.operations import operations

    _check("--operation", operation, list(operations()))
    _check("--phase", phase, list(tester.PHASES))


def _check(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            _wrong_use(f"{option} {name}: there is no such; there are {', '.join(known)}")


def _checked_url(url: str | None) -> str:
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
