"""Whether facade and sandbox know the fields and parameters that the description has now."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen
from openapi_python_client.strings import PythonIdentifier

from scripts.places.place import Place, attributes, functions, keys, parsed, table, words
from scripts.rulings import operations

_READING: Final = "coinbtr/models/reading.py"
_HANDLERS: Final = "coinbtr/sandbox/handlers"
_SCHEMAS: Final = "#/components/schemas/"


@frozen
class _Objects:
    """The objects of the description by name."""

    schemas: Mapping[str, Any]

    def reached(self, node: Any, seen: set[str] | None = None) -> set[str]:
        """The names of all objects that an answer can carry."""
        seen = set() if seen is None else seen
        if isinstance(node, list):
            for item in node:
                self.reached(item, seen)
        elif isinstance(node, dict):
            name = str(node.get("$ref", "")).removeprefix(_SCHEMAS)
            if name in self.schemas and name not in seen:
                seen.add(name)
                self.reached(self.schemas[name], seen)
            for value in node.values():
                self.reached(value, seen)
        return {name for name in seen if self.fields(name)}

    def fields(self, name: str) -> set[str]:
        """The fields of an object; none of an envelope."""
        fields = set(self.schemas[name].get("properties", ()))
        return set() if {"success", "msg"} <= fields else fields


def stale(root: Path, document: Mapping[str, Any]) -> Iterator[Place]:
    """The places that lack a field or parameter, and those that still have one that is gone."""
    objects = _Objects(document["components"]["schemas"])
    answered = set[str]()
    for operation in operations(document):
        success = operation["responses"]["200"]
        reached = objects.reached(success["content"]["application/json"]["schema"])
        answered |= reached
        yield from _given(root, operation, reached, objects)
        yield from _sent(root, operation, document, objects)
    yield from _read(root, answered, objects)


def _python(name: str) -> str:
    return str(PythonIdentifier(name, prefix="field_"))


def _read(root: Path, answered: set[str], objects: _Objects) -> Iterator[Place]:
    """The facade reads each field of an answer, and no other."""
    tree = parsed(root, _READING)
    readers = {kind: node for node in functions(tree).values() for kind in _wire_types(node)}
    everywhere = attributes(tree)
    for name in sorted(answered):
        reader = readers.get(name)
        reads = attributes(reader) if reader else everywhere
        for field in sorted(objects.fields(name)):
            if _python(field) not in reads:
                todo = f"{name}.{field} is not read: take data.{_python(field)} into models.{name}"
                yield Place(_READING, reader.lineno if reader else 0, todo)
    for kind, reader in readers.items():
        if kind not in objects.schemas:
            yield Place(_READING, reader.lineno, f"wire.{kind} is gone: rename or remove it")
            continue
        has = {_python(field) for field in objects.fields(kind)}
        for field, line in _attributes_of(reader, reader.args.args[0].arg).items():
            if field not in has and has:
                yield Place(_READING, line, f"data.{field}: {kind} has no such field any more")


def _wire_types(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The generated models that a function reads; one that may get none leaves it to another."""
    for argument in node.args.args[:1]:
        text = "" if argument.annotation is None else ast.unparse(argument.annotation)
        if text.startswith("wire.") and "|" not in text:
            yield text.removeprefix("wire.")


def _attributes_of(node: ast.AST, name: str) -> dict[str, int]:
    return {
        one.attr: one.lineno
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == name
    }


def _given(
    root: Path, operation: Mapping[str, Any], reached: set[str], objects: _Objects
) -> Iterator[Place]:
    """The sandbox's handler gives each field of its answer, and no other."""
    name = operation["operationId"]
    entry = table(parsed(root, f"{_HANDLERS}/__init__.py"), "HANDLERS").get(name)
    if entry is None or not isinstance(entry[0], ast.Attribute):
        return
    file = f"{_HANDLERS}/{operation['tags'][0]}.py"
    known = functions(parsed(root, file))
    handler = known.get(entry[0].attr)
    if handler is None:
        yield Place(file, 0, f"write {entry[0].attr}(), which HANDLERS names for {name}")
        return
    if any(word.startswith("TODO(") for word in words(handler)):
        return  # told as unfinished
    code = _called(handler, known)
    written_keys = {key: line for part in code for key, line in keys(part).items()}
    written = {word for part in code for word in words(part)}
    fields = {field for one in reached for field in objects.fields(one)}
    for one in sorted(reached):
        for field in sorted(objects.fields(one) - written):
            yield Place(file, handler.lineno, f'give "{field}" of {one} in the answer of {name}')
    for key, line in written_keys.items():
        if key not in fields and fields:
            yield Place(file, line, f'"{key}": the answer of {name} has no such field any more')


def _called(
    handler: ast.FunctionDef | ast.AsyncFunctionDef,
    known: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef],
) -> list[ast.AST]:
    """A function, and those of its module that it uses."""
    code: list[ast.AST] = []
    waiting: list[ast.AST] = [handler]
    while waiting:
        part = waiting.pop()
        if part in code:
            continue
        code.append(part)
        waiting += [
            known[node.id]
            for node in ast.walk(part)
            if isinstance(node, ast.Name) and node.id in known
        ]
    return code


def _sent(
    root: Path,
    operation: Mapping[str, Any],
    document: Mapping[str, Any],
    objects: _Objects,
) -> Iterator[Place]:
    """The facade gives each parameter and each field of a body, and no other."""
    file = f"coinbtr/_async/{operation['tags'][0]}.py"
    tree = parsed(root, file)
    module = _python(operation["operationId"])
    parameters = {
        _python(
            document["components"]["parameters"][one["$ref"].rpartition("/")[2]]["name"]
            if "$ref" in one
            else one["name"]
        )
        for one in operation.get("parameters", ())
    }
    for call in _calls(tree, module):
        given = {one.arg: one.value.lineno for one in call.keywords if one.arg}
        for name in sorted(parameters - given.keys()):
            yield Place(file, call.lineno, f"pass {name}= to api.{module}: the operation takes it")
        for name, line in given.items():
            if name not in parameters | {"body"}:
                yield Place(file, line, f"{name}=: {module} has no such parameter any more")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    kind = str(body.get("schema", {}).get("$ref", "")).removeprefix(_SCHEMAS)
    if kind in objects.schemas:
        fields = {_python(field) for field in objects.fields(kind)}
        for call in _makes(tree, kind):
            given = {one.arg: one.value.lineno for one in call.keywords if one.arg}
            for name in sorted(fields - given.keys()):
                yield Place(file, call.lineno, f"give {name}= to wire.{kind}: the body has it")
            for name, line in given.items():
                if name not in fields:
                    yield Place(file, line, f"{name}=: {kind} has no such field any more")


def _calls(tree: ast.AST, module: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"api.{module}._get_kwargs":
            yield node


def _makes(tree: ast.AST, kind: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"wire.{kind}":
            yield node
