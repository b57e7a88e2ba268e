"""The options that commands share: where, in which form, watching, and what moves money."""

import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_WHERE = "Which exchange"
_SHOWN = "Output"
_MOVES = "Before money moves"


class Form(StrEnum):
    """In which form results are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def _profile_names() -> list[str]:
    from coinbtr.cli.settings import load
    from coinbtr.errors import CoinBTRError

    try:
        return list(load().profiles)
    except CoinBTRError:
        return []


@dataclass(frozen=True, kw_only=True, repr=False)
class Where:
    """Which server, with which token."""

    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            "-p",
            help="Profile of the configuration file, or COINBTR_PROFILE.",
            autocompletion=_profile_names,
            show_default=False,
            rich_help_panel=_WHERE,
        ),
    ] = None
    base_url: Annotated[
        str | None,
        typer.Option(
            help="Base URL of the server, or COINBTR_BASE_URL.",
            show_default=False,
            rich_help_panel=_WHERE,
        ),
    ] = None
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="The live exchange, where money is real.", rich_help_panel=_WHERE
        ),
    ] = False
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="File with the API token, readable by you alone; or COINBTR_TOKEN.",
            show_default=False,
            rich_help_panel=_WHERE,
        ),
    ] = None
    token: Annotated[
        str | None,
        typer.Option(
            help="The API token itself: others can read it in the list of processes.",
            show_default=False,
            rich_help_panel=_WHERE,
        ),
    ] = None
    timeout: Annotated[
        float | None,
        typer.Option(
            help="Seconds that each step of a request may take.",
            show_default=False,
            rich_help_panel=_WHERE,
        ),
    ] = None

    @property
    def reconcile(self) -> str:
        """The command that looks up, at this place, what became of a lost request."""
        words = ["coinbtr", "reconcile"]
        for option, value in (("--profile", self.profile), ("--base-url", self.base_url)):
            words += [option, value] if value else []
        words += ["--live"] if self.live else []
        words += ["--token-file", str(self.token_file)] if self.token_file else []
        return shlex.join(words)


@dataclass(frozen=True, kw_only=True)
class Output:
    """In which form."""

    output: Annotated[
        Form, typer.Option("--output", "-o", help="Form of the result.", rich_help_panel=_SHOWN)
    ] = Form.TABLE


@dataclass(frozen=True, kw_only=True)
class Watching:
    """Once, or again and again."""

    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            "-w",
            help="Read again and again: in place on a terminal, else a line for each change.",
            rich_help_panel=_SHOWN,
        ),
    ] = False
    interval: Annotated[
        float,
        typer.Option(help="Seconds from one reading to the next.", rich_help_panel=_SHOWN),
    ] = 5.0


@dataclass(frozen=True, kw_only=True)
class Moving:
    """Asked, told to go ahead, or only checked."""

    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.", rich_help_panel=_MOVES)] = (
        False
    )
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            "-n",
            help="Check it against limits and balances, and send nothing.",
            rich_help_panel=_MOVES,
        ),
    ] = False
