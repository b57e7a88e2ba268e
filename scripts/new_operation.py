"""`make new-operation`: write the beginnings of an operation wherever one has its places.

What can be known is written in full. What can't is marked `TODO(<operationId>)`, raises
NotImplementedError where it is code, and is told by `make generate` and by a failing `make test`
until it is written. What is missing on the command line is asked for at a terminal.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from attrs import frozen
from openapi_python_client.strings import PythonIdentifier

from scripts import generate, places
from scripts.operation_stubs import description_stubs, python_stubs

_EFFECTS: Final = ("read", "order", "withdrawal")


@frozen(kw_only=True)
class NewOperation:
    """What must be known of an operation before it can be begun.

    Attributes:
        id: its operationId, such as `getBook`.
        method: GET or POST.
        path: its path below the base URL.
        tag: the part of the API.
        name: the name of its method in the facade, and of its command.
        answer: the schema of `data`; one that isn't there yet becomes a stub.
        takes: the parameters (of components) in the query of a GET, or the schema of a body.
        effect: what it does to money.
        ruling: the number of the ruling that it rests on.
        lines: the reference's lines that it is about, if it has any.
    """

    id: str
    method: str
    path: str
    tag: str
    name: str
    answer: str
    takes: tuple[str, ...]
    effect: str
    ruling: str
    lines: str

    @property
    def module(self) -> str:
        """Its module in the generated client, and its handler in the sandbox."""
        return str(PythonIdentifier(self.id, prefix="field_"))

    @property
    def provenance(self) -> str:
        """Where its parts come from, as the description writes it."""
        return f'{{status: inferred, lines: ["{self.lines}"], rulings: [{self.ruling}]}}'

    @property
    def todo(self) -> str:
        """What marks the places that are not finished."""
        return f"TODO({self.id})"


def _asked(name: str, what: str, given: str | None, pattern: str, default: str = "") -> str:
    """An answer from the command line, or from the person at the terminal.

    Raises:
        ValueError: it is missing and nobody is there to ask, or isn't of the right form.
    """
    value = default if given is None else given
    if given is None and sys.stdin.isatty():
        value = input(f"{what}{f' [{default}]' if default else ''}: ").strip() or default
    if not re.fullmatch(pattern, value):
        if not value:
            raise ValueError(f"{name} is missing: {what}")
        raise ValueError(f"{name}={value}: {what}")
    return value


def read(options: argparse.Namespace, document: dict[str, Any]) -> NewOperation:
    """Find out all that must be known.

    Raises:
        ValueError: something is missing, of the wrong form, or there already.
    """
    known = {one for item in document["paths"].values() for one in _ids(item)}
    tags = [tag["name"] for tag in document["tags"]]
    name = _asked("ID", "operationId, such as getBook", options.id, r"[a-z][A-Za-z0-9]+")
    if name in known:
        raise ValueError(f"ID={name}: there is such an operation")
    method = _asked("METHOD", "GET or POST", options.method, "(?i:GET|POST)").upper()
    path = _asked("AT", "path, such as /market/getbook", options.at, r"(/[a-z0-9]+)+")
    if path in document["paths"]:
        raise ValueError(f"AT={path}: there is such a path")
    first = path.split("/")[1]
    tag = _asked("TAG", "one of " + ", ".join(tags), options.tag, "|".join(tags), first)
    short = re.sub(r"^(get|list)_", "", str(PythonIdentifier(name, prefix="field_")))
    answer = _asked("ANSWER", "schema of data, such as Book", options.answer, r"[A-Z][A-Za-z0-9]+")
    takes = _asked("TAKES", "parameters, such as Market, or a body", options.takes, r"[A-Za-z, ]*")
    kind = "parameters" if method == "GET" else "schemas"
    for one in takes.replace(",", " ").split():
        if one not in document["components"][kind]:
            raise ValueError(f"TAKES={one}: components.{kind} has no such entry; add it first")
    return NewOperation(
        id=name,
        method=method,
        path=path,
        tag=tag,
        name=_asked("NAME", "name of the method", options.name, r"[a-z][a-z0-9_]*", short),
        answer=answer,
        takes=tuple(takes.replace(",", " ").split()),
        effect=_asked("EFFECT", "|".join(_EFFECTS), options.effect, "|".join(_EFFECTS), "read"),
        ruling=f"R{len(document['x-rulings']) + 1:03}",
        lines=_asked("LINES", "lines of the reference", options.lines, r"[0-9-]+", "1-469"),
    )


def _require_free(operation: NewOperation, root: Path) -> None:
    """No method and no command has the name yet.

    Raises:
        ValueError: one has it.
    """
    command = f'("{operation.name.replace("_", "-")}",'
    for file, sign in (
        (f"coinbtr/_async/{operation.tag}.py", f"def {operation.name}("),
        *((f"coinbtr/cli/{tag}.py", command) for tag in ("account", "market", "trading", "wallet")),
    ):
        if sign in (root / file).read_text(encoding="utf-8"):
            raise ValueError(f"NAME={operation.name}: {file} has it already; choose another NAME")


def _ids(item: dict[str, Any]) -> list[str]:
    return [one["operationId"] for one in item.values() if "operationId" in one]


def asked_for(arguments: Sequence[str] | None, root: Path | None = None) -> NewOperation:
    """The operation that the command line, or the person at the terminal, asks for.

    Raises:
        ValueError: something is missing, of the wrong form, or there already.
    """
    options = _options(arguments)
    text = ((root or options.root) / generate.DESCRIPTION).read_text(encoding="utf-8")
    return read(options, yaml.safe_load(text))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="new-operation", description=__doc__)
    for name in ("id", "method", "at", "tag", "name", "answer", "takes", "effect", "lines"):
        # An empty variable of make is one that was not given.
        parser.add_argument(f"--{name}", type=lambda text: text or None)
    parser.add_argument("--root", type=Path, default=generate.ROOT, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    root: Path = _options(arguments).root
    try:
        operation = asked_for(arguments)
        _require_free(operation, root)
        edits = [*description_stubs(operation, root), *python_stubs(operation, root)]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for file, text in edits:
        (root / file).write_text(text, encoding="utf-8")
        print(f"begun: {file}")
    for line in places.told(places.stale(root)):
        print(line)
    print("the description first; then `make generate`, which says what is left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
