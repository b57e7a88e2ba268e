"""The operations of the description, as the contract test needs them: resolved, numbers exact."""

from collections.abc import Mapping
from functools import cache
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


@cache
def operations() -> Mapping[str, Operation]:
    """Give all operations of the description by operationId, in its order.

    Raises:
        ModuleNotFoundError: pyyaml isn't installed; the message says what to install.
    """
    document = description.load()
    return {
        node["operationId"]: _operation(document, path, method.upper(), node)
        for path, methods in document["paths"].items()
        for method, node in methods.items()
        if isinstance(node, dict) and "operationId" in node
    }


@cache
def error_statuses() -> Mapping[str, int]:
    """Give the status of every error code that the description knows."""
    return {code: node["status"] for code, node in description.load()["x-error-codes"].items()}


def resolved(document: Mapping[str, Any], node: Any) -> Any:
    """Copy a node with its references replaced; what stands beside a reference wins."""
    if isinstance(node, list):
        return [resolved(document, item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: resolved(document, value) for key, value in node.items() if key != "$ref"}
    if "$ref" not in node:
        return plain
    target: Any = document
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return {**resolved(document, target), **plain}


def _operation(
    document: Mapping[str, Any], path: str, method: str, raw: Mapping[str, Any]
) -> Operation:
    node = {key: resolved(document, value) for key, value in raw.items()}
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
