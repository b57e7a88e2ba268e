"""How a command is made of a function: its options, its examples, and what is done around it.

A function of `reads` gives what is to be shown. A function of `moves` gives a Plan, which is shown,
asked for, and then carried out.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypedDict

import typer

from coinbtr.cli.options import Form, Moving, Output, Watching, Where

if TYPE_CHECKING:
    from coinbtr.cli.desk import Desk

Function = Callable[..., Any]


class Prose(TypedDict):
    """What the help of a command says before its options, and after them."""

    help: str
    epilog: str


class Commands:
    """The commands of one part of the API, under one heading of the help."""

    def __init__(self, heading: str, *, public: bool = False) -> None:
        self.app = typer.Typer()
        self._heading = heading
        self._public = public

    def reads(
        self, name: str, *examples: str, of: str | None = None
    ) -> Callable[[Function], Function]:
        """Make a command that reads and shows, and may do so again and again.

        `of` names the kind of `coinbtr.models` that a list is of, for the header of an empty one.
        """

        def run(
            function: Function, own: Mapping[str, Any], where: Where, out: Output, watch: Watching
        ) -> None:
            from coinbtr.cli.output import show

            with self._desk(name, where) as desk:
                if watch.watch:
                    _watch(name, lambda: function(desk, **own), watch.interval, out.output, of)
                else:
                    show(function(desk, **own), out.output, of)

        return self._command(name, examples, run, 1, Where, Output, Watching)

    def shows(self, name: str, *examples: str) -> Callable[[Function], Function]:
        """Make a command that gets the form, too, and shows by itself what came of it."""

        def run(function: Function, own: Mapping[str, Any], where: Where, out: Output) -> None:
            with self._desk(name, where) as desk:
                function(desk, out.output, **own)

        return self._command(name, examples, run, 2, Where, Output)

    def moves(self, name: str, *examples: str) -> Callable[[Function], Function]:
        """Make a command that moves money: shown, asked for, sent once, and shown."""

        def run(
            function: Function, own: Mapping[str, Any], where: Where, out: Output, moving: Moving
        ) -> None:
            from coinbtr.cli.moving import carry_out

            with self._desk(name, where) as desk:
                carry_out(function(desk, **own), desk, moving, out.output)

        return self._command(name, examples, run, 1, Where, Output, Moving)

    @contextmanager
    def _desk(self, command: str, where: Where) -> Iterator["Desk"]:
        from coinbtr.cli.reporting import reported

        with reported(command, where.reconcile):
            from coinbtr.cli.desk import Desk

            with Desk(where, public=self._public) as desk:
                yield desk

    def _command(
        self, name: str, examples: tuple[str, ...], run: Function, given: int, *kinds: type
    ) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            command = _with_options(function, run, given, kinds)
            about = prose(function, *examples)
            self.app.command(name, rich_help_panel=self._heading, **about)(command)
            return function

        return register


def prose(function: Function, *examples: str) -> Prose:
    """A function's docstring and examples as the help of its command."""
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    return {
        # A line each: the terminal breaks them, by its own width.
        "help": "\n\n".join(" ".join(one.split()) for one in paragraphs),
        # A blank line between two examples keeps them on lines of their own.
        "epilog": "\n\n".join(["Examples:", *(f"  $ {one}" for one in examples)]),
    }


def _with_options(
    function: Function, run: Function, given: int, kinds: tuple[type, ...]
) -> Function:
    """What Typer makes a command of: the parameters of `function` and a field's for each kind.

    The first `given` of them are given by `run`, not by the command line.
    """
    own = list(inspect.signature(function).parameters.values())[given:]
    shared = [
        inspect.Parameter(
            one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=one.type
        )
        for kind in kinds
        for one in fields(kind)
    ]

    def command(**values: Any) -> None:
        made = [kind(**{one.name: values.pop(one.name) for one in fields(kind)}) for kind in kinds]
        run(function, values, *made)

    parameters = [*own, *shared]
    command.__doc__ = function.__doc__
    command.__name__ = function.__name__
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command


def _watch(what: str, read: Callable[[], Any], interval: float, form: Form, of: str | None) -> None:
    from coinbtr._sync.watching import Latest, Watch
    from coinbtr.cli.output import showing
    from coinbtr.sending.waiting import DEFAULT_PATIENCE

    changes = Watch(what, Latest(read).changes, interval=interval, patience=DEFAULT_PATIENCE)
    with showing(form, of) as write:
        for now in changes:
            write(now)
