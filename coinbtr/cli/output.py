"""Writes results to stdout: tables for people, exact JSON or CSV for programs."""

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from coinbtr.cli.options import Form
from coinbtr.cli.records import names_of, plain, rows, text_of
from coinbtr.cli.reporting import printable

if TYPE_CHECKING:
    from rich.console import Console


def show(result: Any, form: Form, of: str | None = None) -> None:
    """Write one result; `of` names the kind that a list is of, which an empty one doesn't show."""
    if form is Form.TABLE:
        from coinbtr.cli.tables import render

        console = stdout()
        console.print(render(result, console))
    elif form is Form.JSON:
        _json(result)
    else:
        _csv(result, of, header=True)


@contextmanager
def showing(form: Form, of: str | None = None) -> Iterator[Callable[[Any], None]]:
    """Give what writes each of several readings of the same thing.

    On a terminal a table takes the place of the one before; elsewhere a reading is a line for each
    entry. JSON is a line for each reading, CSV has its header once.
    """
    if form is Form.JSON:
        yield _json
    elif form is Form.CSV:
        yield _CsvLines(of).write
    elif sys.stdout.isatty():
        from rich.live import Live

        from coinbtr.cli.tables import render

        console = stdout()
        with Live(console=console, auto_refresh=False, vertical_overflow="crop") as live:
            yield lambda result: live.update(render(result, console), refresh=True)
    else:
        yield _lines


class _CsvLines:
    def __init__(self, of: str | None) -> None:
        self._of = of
        self._begun = False

    def write(self, result: Any) -> None:
        self._begun = _csv(result, self._of, header=not self._begun) or self._begun
        sys.stdout.flush()


def _json(result: Any) -> None:
    from coinbtr_api import exact_json

    typer.echo(exact_json.dumps(plain(result)).decode())


def _csv(result: Any, of: str | None, *, header: bool) -> bool:
    """Write rows; whether their names are known."""
    found = rows(result)
    names = list(found[0]) if found else names_of(of)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if names and header:
        writer.writerow(names)
    writer.writerows([text_of(value) for value in one.values()] for one in found)
    return bool(names)


def _lines(result: Any) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for one in rows(result):
        facts = [f"{name}={text_of(value) or '-'}" for name, value in one.items()]
        typer.echo(printable(" ".join([now, *facts])))
    sys.stdout.flush()


def stdout(width: int | None = 10_000) -> "Console":
    """The console of stdout; what is no terminal has no width of its own, but this one."""
    from rich.console import Console

    class Stdout(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the command: it may have sent something, and a bare 1 is a refusal."""
            raise  # noqa: PLE0704 - the BrokenPipeError that rich is handling

    shown = None if sys.stdout.isatty() else width
    return Stdout(highlight=False, markup=False, emoji=False, width=shown)
