"""The types that stand for ccxt in the checks are those of the ccxt that is installed."""

import ast
import inspect
from pathlib import Path

import aiohttp
import ccxt
import ccxt.async_support
import pytest

import coinbtr.ccxt  # noqa: F401 - one of the names is ours

STUBS = Path(__file__).parents[2] / "scripts/typings"
PLACES = {
    "ccxt/__init__.pyi": ccxt,
    "ccxt/async_support.pyi": ccxt.async_support,
    "aiohttp.pyi": aiohttp,
}


@pytest.mark.parametrize("name", PLACES)
def test_each_name_is_there_and_each_method_takes_what_is_said(name: str) -> None:
    """Classes with their bases, methods with the names of their parameters, in that order."""
    module = PLACES[name]
    for node in ast.parse((STUBS / name).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            assert hasattr(module, node.target.id), node.target.id
        if not isinstance(node, ast.ClassDef):
            continue
        kind = ccxt.Exchange if node.name == "BaseExchange" else getattr(module, node.name)
        for base in node.bases:
            assert isinstance(base, ast.Name)
            if base.id != "BaseExchange":
                known = {one.__name__ for one in kind.__mro__}
                assert base.id in known, (node.name, base.id)
        for item in node.body:
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name[0] != "_":
                method = getattr(kind, item.name)
                told = [argument.arg for argument in item.args.args]
                real = list(inspect.signature(method).parameters)
                assert item.args.vararg or told == real[: len(told)], item.name
                assert inspect.iscoroutinefunction(method) is isinstance(
                    item, ast.AsyncFunctionDef
                ), item.name
