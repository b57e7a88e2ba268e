"""What is said beside the result, on stderr: errors in one sentence, warnings, progress."""

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING

import typer

from coinbtr.cli.status import INTERRUPTED, Status, status_of

if TYPE_CHECKING:
    from rich.console import Console


def printable(text: str) -> str:
    """The text without what could steer a terminal: a server wrote it."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def say(sentence: str) -> None:
    """Write one line to stderr; if nobody reads it, the exit status still tells what happened."""
    with suppress(OSError):
        typer.echo(printable(sentence), err=True)


@cache
def stderr() -> "Console":
    """The console of stderr: colours and progress on a terminal only."""
    from rich.console import Console

    # What is no terminal has no width either.
    width = None if sys.stderr.isatty() else 10_000
    return Console(stderr=True, highlight=False, markup=False, emoji=False, width=width)


@contextmanager
def reported(command: str, again: str = "coinbtr reconcile") -> Iterator[None]:
    """Turn what goes wrong in this block into a sentence and an exit status.

    `again` is the command that looks up an unknown outcome.
    """
    from coinbtr.errors import CoinBTRError, OutcomeUnknown

    def show(message: Warning | str, *_: object, **__: object) -> None:
        say(f"coinbtr {command}: note: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        try:
            yield
        except CoinBTRError as error:
            say(f"coinbtr {command}: {error}")
            if isinstance(error, OutcomeUnknown):
                say(f"Don't send it again: {again} finds out what became of it.")
            raise typer.Exit(status_of(error)) from None
        except OSError as error:
            unwritten(f"coinbtr {command}: the result could not be written", error)
            raise typer.Exit(Status.UNREACHABLE) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None


def last_word(sentence: str) -> None:
    """Write a line to stdout that nothing hangs on: who was there may have gone."""
    try:
        typer.echo(sentence)
    except OSError as error:
        unwritten("", error)


def unwritten(sentence: str, error: BaseException) -> None:
    """Say that stdout took no more; a pipe whose reader has gone needs no words."""
    if isinstance(error, BrokenPipeError):
        sentence = ""
    # What is left in the buffer would fail once more when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if sentence:
        say(f"{sentence}: {error}")


@contextmanager
def progress(what: str) -> Iterator["Counter"]:
    """Show on a terminal that something takes its time, and how far it is."""
    if not sys.stderr.isatty():
        yield Counter(what)
        return
    with stderr().status(what) as status:
        yield Counter(what, status.update)


class Counter:
    """Counts what was done, and shows it."""

    def __init__(self, what: str, update: Callable[[str], object] | None = None) -> None:
        self._what = what
        self._update = update
        self._count = 0

    def step(self) -> None:
        """One more is done."""
        self._count += 1
        if self._update is not None:
            self._update(f"{self._what}: {self._count}")
