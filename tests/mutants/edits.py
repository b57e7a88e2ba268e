"""One-place edits of a module's syntax tree, as a slip of the hand would make them."""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Final

from attrs import frozen

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_RECKONED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_LEFT_OUT: Final = (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Delete)


@frozen
class Edit:
    """An edit: the line, the statement before and after, and the whole module after it."""

    line: int
    before: str
    after: str
    tree: ast.Module


def sites(source: str) -> int:
    """Count the places that can be edited."""
    return sum(1 for _ in _changes(ast.parse(source)))


def edit(source: str, number: int) -> Edit:
    """Make one edit of a module."""
    tree = ast.parse(source)
    statement, change = next(found for place, found in enumerate(_changes(tree)) if place == number)
    before = ast.unparse(statement)
    after = change()
    ast.fix_missing_locations(tree)
    return Edit(statement.lineno, _first(before), _first(ast.unparse(after)), tree)


def _first(text: str) -> str:
    return " ".join(text.split())[:120]


Change = Callable[[], ast.AST]


def _changes(tree: ast.Module) -> Iterator[tuple[ast.stmt, Change]]:
    """Give the statement around each place, and what changes it."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for body in _bodies(function):
                for place, statement in enumerate(body):
                    yield from _of_statement(body, place, statement)


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, [])
        if isinstance(body, list):
            yield body
            for statement in body:
                if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                    yield from _bodies(statement)


def _of_statement(
    body: list[ast.stmt], place: int, statement: ast.stmt
) -> Iterator[tuple[ast.stmt, Change]]:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return  # a docstring
    if isinstance(statement, _LEFT_OUT):

        def leave_out() -> ast.AST:
            body[place] = ast.Pass()
            return body[place]

        yield statement, leave_out
    if isinstance(statement, ast.If | ast.While):

        def negate(test: ast.expr = statement.test) -> ast.AST:
            statement.test = ast.UnaryOp(ast.Not(), test)
            return statement

        yield statement, negate
    parts = [statement] if not hasattr(statement, "body") else _head(statement)
    for part in parts:
        for node in ast.walk(part):
            for change in _of_expression(node):
                yield statement, _whole(statement, change)


def _whole(statement: ast.stmt, change: Callable[[], None]) -> Change:
    def make() -> ast.AST:
        change()
        return statement

    return make


def _head(statement: ast.stmt) -> list[ast.AST]:
    """Give the expressions of a statement that has others in it."""
    names = ("test", "iter", "items", "subject")
    found: list[ast.AST] = []
    for name in names:
        part = getattr(statement, name, None)
        found += part if isinstance(part, list) else [part] if part is not None else []
    return found


def _of_expression(node: ast.AST) -> Iterator[Callable[[], None]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:

        def compare() -> None:
            node.ops[0] = _COMPARED[type(node.ops[0])]()

        yield compare
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _RECKONED:

        def reckon() -> None:
            node.op = _RECKONED[type(node.op)]()

        yield reckon
    elif isinstance(node, ast.BoolOp):

        def join() -> None:
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()

        yield join
    elif isinstance(node, ast.IfExp):

        def turn() -> None:
            node.body, node.orelse = deepcopy(node.orelse), deepcopy(node.body)

        yield turn
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):

        def plus() -> None:
            node.op = ast.UAdd()

        yield plus
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        value = node.value

        def other() -> None:
            node.value = not value if isinstance(value, bool) else value + 1

        yield other
    elif isinstance(node, ast.Call) and len(node.args) > 1:

        def swap() -> None:
            node.args[0], node.args[1] = node.args[1], node.args[0]

        yield swap
