"""A place in hand-written code, and the few ways to look at such code."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen


@frozen
class Place:
    """Where a hand is needed, and what to write there; line 0 is the file as a whole."""

    file: str
    line: int
    todo: str

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.todo}"


def parsed(root: Path, file: str) -> ast.Module:
    """The syntax tree of a file; an empty one where there is no such file."""
    path = root / file
    return ast.parse(path.read_text(encoding="utf-8") if path.is_file() else "")


def words(node: ast.AST) -> dict[str, int]:
    """The strings written in a piece of code, docstrings aside, each with its first line."""
    texts = {id(one.value) for one in ast.walk(node) if isinstance(one, ast.Expr)}
    found: dict[str, int] = {}
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in texts:
            found.setdefault(one.value, one.lineno)
    return found


def keys(node: ast.AST) -> dict[str, int]:
    """The fields that a piece of code writes as keys of dictionaries, each with its first line."""
    found: dict[str, int] = {}
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            for key in one.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found.setdefault(key.value, key.lineno)
    return found


def functions(tree: ast.AST) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods of a module, by name."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in ast.walk(tree) if isinstance(node, kinds)}


def attributes(node: ast.AST) -> dict[str, int]:
    """The attributes that a piece of code reads, each with its first line."""
    found: dict[str, int] = {}
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute):
            found.setdefault(one.attr, one.lineno)
    return found


def table(tree: ast.Module, name: str) -> dict[str, tuple[ast.expr, int]]:
    """The entries of the dictionary that a module assigns to a name, with their lines."""
    return dict(_entries(assigned(tree, name)))


def assigned(tree: ast.Module, name: str) -> ast.AST:
    """What a module assigns to a name, as it is written; an empty module if there is no such."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        if node_is(targets, name):
            return node
    return ast.Module(body=[], type_ignores=[])


def node_is(targets: Sequence[ast.expr], name: str) -> bool:
    """Whether an assignment is to this name."""
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def _entries(node: ast.AST) -> Iterator[tuple[str, tuple[ast.expr, int]]]:
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            for key, value in zip(one.keys, one.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, (value, key.lineno)
            return
