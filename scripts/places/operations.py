"""Whether each operation is in facade, sandbox, contract test, command and tests."""

import ast
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from scripts.generator.operations import Operation, read_operations
from scripts.places.place import Place, assigned, attributes, functions, parsed, table, words

# A table for each operation: file, variable, and what to write there.
_TABLES: Final = (
    (
        "coinbtr/sandbox/handlers/__init__.py",
        "HANDLERS",
        'add "{id}": {tag}.{module}, and write {module}() in coinbtr/sandbox/handlers/{tag}.py',
    ),
    (
        "coinbtr/contract/model/answers.py",
        "_ANSWERS",
        'add "{id}": what the model predicts that {method} {path} answers',
    ),
    (
        "coinbtr/contract/model/script.py",
        "_FACADE",
        'add "{id}": how the facade calls it, such as "{tag}.{module}(…)"',
    ),
    (
        "tests/facade/scripted.py",
        "CALLS",
        'add "{id}": ("{tag}.<method>", lambda c: c.{tag}.<method>(…))',
    ),
    (
        "tests/sandbox/test_description_served.py",
        "CALLS",
        'add "{id}": a call that the sandbox answers with more than nothing',
    ),
)
_CATALOGUE: Final = "coinbtr/contract/catalogue.py"
_WORKFLOWS: Final = "openapi/workflows.arazzo.yaml"
_BOUNDS: Final = "tests/description/boundaries.jsonl"
_WARNING: Final = "InferredOperationWarning"
_EXPECTED: Final = "tests/description/test_completeness.py"
_MUTANTS: Final = "tests/mutants"


def stale(root: Path, description: Path) -> Iterator[Place]:
    """The places that lack an operation, and those that still have one that is gone."""
    known = {one.operation_id: one for one in read_operations(description)}
    for operation in known.values():
        yield from _facade(root, operation, known.keys())
    for file, variable, todo in _TABLES:
        entries = table(parsed(root, file), variable)
        keys = {name: line for name, (_, line) in entries.items()}
        # `**{name: … for name in CONSTANT}`: what is written elsewhere in the module counts.
        written = keys.keys() | (words(parsed(root, file)).keys() if "_ANSWERS" in variable else ())
        for name, operation in known.items():
            if name not in written:
                yield Place(file, 0, f"{variable}: {_filled(todo, operation)}")
        for name, line in keys.items():
            if name not in known:
                yield Place(file, line, f'"{name}" is no operation any more: rename or remove it')
    probed = words(parsed(root, _CATALOGUE))
    for name, operation in known.items():
        if name not in probed:
            todo = 'add "{id}" to the operations of the probe that asks for it, and a probe if none'
            yield Place(_CATALOGUE, 0, _filled(todo, operation))
    yield from _listed(root, known)
    yield from _mentioned(root, known)
    yield from _broken(root, known)


def _filled(todo: str, operation: Operation) -> str:
    return todo.format(
        id=operation.operation_id,
        tag=operation.tag,
        module=operation.module,
        method=operation.method,
        path=operation.path,
        effect=operation.effect,
    )


def _facade(root: Path, operation: Operation, known: AbstractSet[str]) -> Iterator[Place]:
    file = f"coinbtr/_async/{operation.tag}.py"
    tree = parsed(root, file)
    methods = {
        name: node
        for name, node in functions(tree).items()
        if operation.operation_id in words(node) and not name.startswith("_")
    }
    if not methods:
        todo = (
            'add a method that sends "{id}" by api.{module} (`make generate` makes its sync twin), '
            "and name it in coinbtr/_async/raw.py"
        )
        yield Place(file, 0, _filled(todo, operation))
        return
    if not any(operation.module in attributes(node) for node in methods.values()):
        line = next(iter(methods.values())).lineno
        yield Place(file, line, _filled("call api.{module}, as {id} is named now", operation))
    for node in methods.values():
        # A method that chooses between operations says it in words of its own.
        chooses = len(words(node).keys() & known) > 1
        says = _WARNING in (ast.get_docstring(node) or "")
        if says is not operation.inferred and not chooses:
            rule = "must say" if operation.inferred else "still says"
            todo = f"{node.name}: the docstring {rule} that the first call warns ({_WARNING})"
            yield Place(file, node.lineno, todo)
    called = set[str]()
    for command in sorted((root / "coinbtr/cli").glob("*.py")):
        called |= _methods_called(ast.parse(command.read_text(encoding="utf-8")), operation.tag)
    if not called & (methods.keys() | {f"iter_{name}" for name in methods} | _covering(operation)):
        todo = "add a command that calls exchange.{tag}." + next(iter(methods))
        yield Place(f"coinbtr/cli/{operation.tag}.py", 0, _filled(todo, operation))


def _covering(operation: Operation) -> set[str]:
    """The method of the facade that chooses between operations, such as `cancel` by the side."""
    return {"cancel"} if operation.operation_id.startswith("cancel") else set()


def _methods_called(tree: ast.Module, tag: str) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == tag
    }


def _mentioned(root: Path, known: dict[str, Operation]) -> Iterator[Place]:
    """The files that are no Python: each operation is in a workflow, and its bounds are kept."""
    workflows, bounds = (
        (root / file).read_text(encoding="utf-8") if (root / file).is_file() else ""
        for file in (_WORKFLOWS, _BOUNDS)
    )
    for number, line in enumerate(workflows.splitlines(), 1):
        name = line.partition("$sourceDescriptions.exchange.")[2]
        if name and name not in known:
            yield Place(_WORKFLOWS, number, f"{name} is no operation any more: rename it")
    for name, operation in known.items():
        if f".{name}\n" not in workflows:
            todo = 'use "{id}" in a step of a workflow'
            yield Place(_WORKFLOWS, 0, _filled(todo, operation))
        if f"{operation.method} {operation.path}" not in bounds:
            yield Place(_BOUNDS, 0, _filled("`make boundaries` writes what {id} takes", operation))


def _broken(root: Path, known: dict[str, Operation]) -> Iterator[Place]:
    """The operations that the contract test is not measured by."""
    files = sorted((root / _MUTANTS).glob("*.py"))
    written = {
        word
        for file in files
        for text in words(ast.parse(file.read_text(encoding="utf-8")))
        for word in text.split()
    }
    for name, operation in known.items():
        if name not in written:
            todo = "add four defects of {id} or more, each in the module of its class"
            yield Place(_MUTANTS, 0, _filled(todo, operation))


def _listed(root: Path, known: dict[str, Operation]) -> Iterator[Place]:
    """The table that tests hold the description to: tag, method, path, effect."""
    tree = assigned(parsed(root, _EXPECTED), "EXPECTED")
    rows: dict[tuple[str, ...], int] = {
        tuple(str(item.value) for item in node.elts if isinstance(item, ast.Constant)): node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple) and [type(item) for item in node.elts] == [ast.Constant] * 4
    }
    wanted = {(one.tag, one.method, one.path, one.effect) for one in known.values()}
    for row in wanted - rows.keys():
        yield Place(_EXPECTED, 0, f"EXPECTED: add {row}")
    for listed, line in rows.items():
        if listed not in wanted:
            yield Place(_EXPECTED, line, f"EXPECTED: {listed} is no operation any more")
