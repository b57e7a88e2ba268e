"""What is typed after `coinbtr contract`, checked: what can't be meant ends with a sentence."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from coinbtr.cli.status import Status

if TYPE_CHECKING:
    from coinbtr.contract import Budget


def wrong_use(sentence: str) -> NoReturn:
    """Say what is wrong with the command, and end it."""
    typer.echo(f"coinbtr contract: {sentence}", err=True)
    raise typer.Exit(Status.WRONG_USE)


def recording(url: str | None, file: Path | None, replay: Path | None) -> Path | None:
    """Give the recording that is to be judged, or None where a server is to be tested."""
    if url == "judge":
        if (file is None) is (replay is None):
            wrong_use("judge takes one recording: coinbtr contract judge FILE")
        return file or replay
    if replay is not None and (url is not None or file is not None):
        wrong_use("--replay judges a recording and sends nothing: it takes no URL")
    if replay is None and url is None:
        wrong_use("give the base URL of a server, or a recording: coinbtr contract judge FILE")
    if file is not None:
        wrong_use(f"{file}: only `coinbtr contract judge FILE` takes a second argument")
    return replay


def budget(allowed: bool, book: str | None, value: str | None) -> "Budget | None":
    """Give what the one order of a live run may be, or None where there is to be none."""
    from coinbtr.contract.canary import Budget

    if not allowed:
        if book is not None or value is not None:
            wrong_use("--canary-book and --canary-value need --allow-writes")
        return None
    if book is None or value is None:
        wrong_use(
            "--allow-writes needs a budget: --canary-book btc-mxn --canary-value 50, the greatest"
            " value of its one order in the quote coin"
        )
    try:
        return Budget.of(book, value)
    except ValueError as error:
        wrong_use(str(error))


def require_known(profile: str | None, operation: Sequence[str], phase: Sequence[str]) -> None:
    """Refuse a profile, an operation or a phase that there isn't."""
    from coinbtr import contract as tester
    from coinbtr.contract.operations import operations

    _check("--profile", [] if profile is None else [profile], [*tester.PROFILES, "live"])
    _check("--operation", operation, list(operations()))
    _check("--phase", phase, list(tester.PHASES))


def require_number(seconds: float | None) -> None:
    """Refuse seconds that are none."""
    if seconds is not None and math.isnan(seconds):
        wrong_use("--max-time must be a number of seconds, not nan")


def base_url(url: str | None) -> str:
    """Give the base URL in its plain form."""
    from coinbtr.config import checked_url
    from coinbtr.errors import ConfigurationError

    try:
        return checked_url(url, "URL")
    except ConfigurationError as error:
        wrong_use(str(error))


def token(given: str | None, option: str) -> str | None:
    """Give a token that may be sent, None where there is none."""
    from coinbtr.errors import ConfigurationError
    from coinbtr.wire.secret import checked_token

    # An empty variable of the environment counts as unset.
    if not given:
        return None
    try:
        checked_token(given)
    except ConfigurationError as error:
        wrong_use(f"{option}: {error}")
    return given


def share(address: str | None) -> str | None:
    """Give the address of a Redis that can be one."""
    from coinbtr.contract.model.sharing import database

    try:
        database(address)
    except (ModuleNotFoundError, ValueError) as error:
        wrong_use(f"--share: {error}")
    return address


def warn_of(option: str, variable: str) -> None:
    """Say that a secret is better in the environment."""
    typer.echo(
        f"coinbtr contract: the list of processes shows what follows {option}; set {variable}"
        " instead.",
        err=True,
    )


def _check(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            wrong_use(f"{option} {name}: there is no such; there are {', '.join(known)}")
