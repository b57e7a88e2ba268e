"""The `__init__` files of the generated package, which import nothing until it is asked for.

The stock ones import every model, and httpx, for any one operation.
"""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from scripts.generator.operations import Operation


def write_inits(folder: Path, operations: Iterable[Operation]) -> None:
    """Replace those of the package, its models and its operations; ruff formats them."""
    for init, dots in ((folder / "__init__.py", "."), (folder / "models/__init__.py", "..")):
        stock = ast.parse(init.read_text(encoding="utf-8"))
        homes = {
            alias.name: node.module
            for node in stock.body
            if isinstance(node, ast.ImportFrom) and node.module is not None
            for alias in node.names
        }
        init.write_text(_source(ast.get_docstring(stock) or "", homes, dots), encoding="utf-8")
    modules: dict[str, dict[str, str]] = {}
    for operation in operations:
        modules.setdefault(operation.tag, {})[operation.module] = operation.module
    for tag, homes in modules.items():
        init = folder / "api" / tag / "__init__.py"
        text = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
        init.write_text(_source(text, homes, "..."), encoding="utf-8")


def _source(text: str, homes: Mapping[str, str], dots: str) -> str:
    imports = "\n".join(
        f"    from . import {name}" if home == name else f"    from .{home} import {name}"
        for name, home in homes.items()
    )
    return f'''"""{text.strip()}; imported when asked for."""

from typing import TYPE_CHECKING

from {dots}lazy import lazy

if TYPE_CHECKING:
{imports}

__all__ = {tuple(sorted(homes))!r}

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(__name__, {dict(homes)!r})
'''
