"""Writes docs/methods.md: every method of the client on one page, made from the code.

`make generate` calls it. It reads the async source, as the sync facade is made of it, and imports
nothing of the package: what is on the page is what the source says.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.unasync import to_sync

_PARTS: Final = {
    "client.py": ("CoinBTR", "exchange"),
    "account.py": ("Account", "exchange.account"),
    "wallet.py": ("Wallet", "exchange.wallet"),
    "trading.py": ("Trading", "exchange.trading"),
    "market.py": ("Market", "exchange.market"),
}
_TITLES: Final = {"client.py": "The client"}

_HEAD: Final = """\
# All methods

<!-- Written by `make generate` from coinbtr/_async; not edited by hand. -->

`CoinBTR` and `AsyncCoinBTR` have the same methods, arguments, results and errors; in async a method
that sends is awaited, and what is iterated over is an async iterator. The last column is the
request that a method sends: one marked *inferred* is not in the exchange's reference.
[Python API](api.md) has the whole docstrings.
"""
_TABLE: Final = "| call | gives | what it does | request |\n|---|---|---|---|\n"


def render(source: Path, description: Path) -> str:
    """The whole page, in Markdown, from the folder of the async source and the description."""
    requests = _requests(yaml.safe_load(description.read_text(encoding="utf-8")))
    return _HEAD + "".join(_section(source / name, name, requests) for name in _PARTS)


def _requests(document: dict[str, Any]) -> dict[str, str]:
    """What each operation sends, by operationId."""
    return {
        operation["operationId"]: f"`{method.upper()} {path}`"
        + (" *inferred*" if operation["x-provenance"]["status"] == "inferred" else "")
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }


def _section(path: Path, name: str, requests: dict[str, str]) -> str:
    kind, spoken = _PARTS[name]
    module = ast.parse(to_sync(path.read_text(encoding="utf-8"), name))
    (owner,) = (
        node for node in module.body if isinstance(node, ast.ClassDef) and node.name == kind
    )
    title = _TITLES.get(name, f"`{spoken}`")
    rows = [_row(method, owner, spoken, requests) for method in _public(owner)]
    return f"\n## {title}\n\n{_first_line(owner)}\n\n{_TABLE}" + "".join(rows)


def _public(owner: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for node in owner.body:
        if isinstance(node, ast.FunctionDef) and (
            not node.name.startswith("_") or (node.name == "__init__" and owner.name == "CoinBTR")
        ):
            yield node


def _row(
    method: ast.FunctionDef, owner: ast.ClassDef, spoken: str, requests: dict[str, str]
) -> str:
    decorators = {ast.unparse(one).split(".")[-1] for one in method.decorator_list}
    arguments = f"({_arguments(method.args)})"
    if method.name == "__init__":
        call, gives, does = f"{owner.name}{arguments}", owner.name, "Make a client of one exchange."
    else:
        on = owner.name if "classmethod" in decorators else spoken
        is_property = bool(decorators & {"property", "cached_property"})
        call = f"{on}.{method.name}" + ("" if is_property else arguments)
        gives = "" if method.returns is None else ast.unparse(method.returns).strip("'\"")
        does = _first_line(method)
    gives = {"Self": owner.name, "None": ""}.get(gives, gives)
    sent = ", ".join(requests[name] for name in _operations(method, requests))
    cells = [f"`{call}`", gives and f"`{gives}`", does, sent]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _arguments(given: ast.arguments) -> str:
    """The names as they are written in a call: what may be left out with its default."""
    names = [one.arg for one in given.args if one.arg not in ("self", "cls")]
    defaults = [None] * (len(names) - len(given.defaults)) + list(given.defaults)
    shown = [_argument(name, default) for name, default in zip(names, defaults, strict=True)]
    if given.kwonlyargs:
        shown.append("*")
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        shown.append(_argument(one.arg, default))
    return ", ".join(shown)


def _argument(name: str, default: ast.expr | None) -> str:
    return name if default is None else f"{name}={ast.unparse(default)}"


def _operations(method: ast.FunctionDef, requests: dict[str, str]) -> list[str]:
    """The operations that a method names, each once."""
    named = {
        node.value
        for node in ast.walk(method)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return [name for name in requests if name in named]


def _first_line(node: ast.ClassDef | ast.FunctionDef) -> str:
    return (ast.get_docstring(node) or "").split("\n")[0]
