"""The operations of the description, as the contract test needs them: resolved, numbers exact.

Servers are held to the description of this package, or to another within `described_by`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from attrs import frozen

from coinbtr import description

Effect = Literal["read", "order", "withdrawal"]


@frozen(kw_only=True, eq=False)
class Operation:
    """One operation; its schemas have no references left.

    `parameters` are those of the query by name; `body` is the schema of the request body or None;
    `answers` are the documented answers by status; `example` is a request that keeps to it.
    """

    id: str
    method: str
    path: str
    effect: Effect
    inferred: bool
    secured: bool
    parameters: Mapping[str, Mapping[str, Any]]
    body: Mapping[str, Any] | None
    body_required: bool
    answers: Mapping[int, Mapping[str, Any]]
    example: Mapping[str, Any]

    @property
    def label(self) -> str:
        """Method and path, such as `GET /market/listbooks`."""
        return f"{self.method} {self.path}"


@frozen(eq=False)
class _Described:
    """A description with what is read out of it."""

    document: Mapping[str, Any]
    operations: Mapping[str, Operation]
    error_statuses: Mapping[str, int]


# For the whole process, not for a thread: a run has several.
_made: dict[int, _Described] = {}
_in_use: list[Mapping[str, Any]] = []


def operations() -> Mapping[str, Operation]:
    """Give all operations of the description by operationId, in its order.

    Raises:
        ModuleNotFoundError: pyyaml isn't installed; the message says what to install.
    """
    return _described(document()).operations


def shipped_operations() -> Mapping[str, Operation]:
    """Give the operations of this package's own description, whichever is in use."""
    return _described(description.load()).operations


def error_statuses() -> Mapping[str, int]:
    """Give the status of every error code that the description knows."""
    return _described(document()).error_statuses


def document() -> Mapping[str, Any]:
    """Give the whole description that servers are held to."""
    return _in_use[-1] if _in_use else description.load()


@contextmanager
def described_by(other: Mapping[str, Any] | None) -> Iterator[None]:
    """Hold servers to another description for as long as the block runs; None changes nothing.

    Raises:
        ValueError: it lacks operations of this package's description, or is malformed.
    """
    if other is None:
        yield
        return
    try:
        made = _described(other)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"it is no description of this API: {error!r}") from None
    if missing := set(shipped_operations()) - set(made.operations):
        raise ValueError(f"it does not describe {', '.join(sorted(missing))}")
    _in_use.append(other)
    try:
        yield
    finally:
        _in_use.pop()


def _described(whole: Mapping[str, Any]) -> _Described:
    # By identity: kept here, a description lives as long as the process.
    if id(whole) not in _made:
        _made[id(whole)] = _Described(
            whole,
            {
                node["operationId"]: _operation(whole, path, method.upper(), node)
                for path, methods in whole["paths"].items()
                for method, node in methods.items()
                if isinstance(node, dict) and "operationId" in node
            },
            {code: node["status"] for code, node in whole["x-error-codes"].items()},
        )
    return _made[id(whole)]


def resolved(whole: Mapping[str, Any], node: Any) -> Any:
    """Copy a node with its references replaced; what stands beside a reference wins."""
    if isinstance(node, list):
        return [resolved(whole, item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: resolved(whole, value) for key, value in node.items() if key != "$ref"}
    if "$ref" not in node:
        return plain
    target: Any = whole
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return {**resolved(whole, target), **plain}


def _operation(
    whole: Mapping[str, Any], path: str, method: str, raw: Mapping[str, Any]
) -> Operation:
    node = {key: resolved(whole, value) for key, value in raw.items()}
    parameters = {item["name"]: item for item in node.get("parameters", ())}
    request = node.get("requestBody", {})
    content = request.get("content", {}).get("application/json", {})
    examples = [item["value"] for item in content.get("examples", {}).values()]
    return Operation(
        id=node["operationId"],
        method=method,
        path=path,
        effect=node["x-effect"],
        inferred=node["x-provenance"]["status"] == "inferred",
        secured=bool(node.get("security")),
        parameters=parameters,
        body=content.get("schema"),
        body_required=bool(request.get("required")),
        answers={int(status): answer for status, answer in node["responses"].items()},
        example=examples[0]
        if examples
        else {name: item["example"] for name, item in parameters.items() if item.get("required")},
    )
