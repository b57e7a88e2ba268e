"""The root of the command: what can't be written ends it with a sentence and status 4."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from coinbtr.cli.reporting import unwritten
from coinbtr.cli.status import Status


class Root(TyperGroup):
    """Subcommands whose failures to write are told alike, those of `--help` among them."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the arguments, and show the help that they ask for."""
        with _written():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the subcommand."""
        with _written():
            return super().invoke(ctx)


@contextmanager
def _written() -> Iterator[None]:
    # Otherwise a pipe that is closed early would end the command with 1, which is a refusal, or
    # the verdict that a server deviates.
    try:
        yield
    except OSError as error:
        unwritten("coinbtr: the result could not be written", error)
        raise typer.Exit(Status.UNREACHABLE) from None


def open_streams() -> None:
    """Let what is written to a closed stdout or stderr go nowhere, as if to /dev/null."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
