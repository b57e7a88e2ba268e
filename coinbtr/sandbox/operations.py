"""The operations that the description lists, each with the readers of its query and its body."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import frozen

from coinbtr import description
from coinbtr.sandbox.schemas import resolve
from coinbtr.sandbox.validation import ObjectReader, QueryReader

MAX_BODY: Final = 65_536
"""The largest body that is read, in bytes, where `x-max-bytes` of the body says nothing else."""

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@frozen
class Operation:
    """What the router needs to know of one operation."""

    operation_id: str
    method: str
    path: str
    secured: bool
    is_read: bool
    query: QueryReader
    body: ObjectReader | None
    body_required: bool
    max_body: int


@frozen
class Table:
    """All operations, found by path below the base path and then by method in upper case.

    `statuses` has the HTTP status of each error code.
    """

    base_url: str
    base_path: str
    paths: Mapping[str, Mapping[str, Operation]]
    statuses: Mapping[str, int]

    @property
    def reads(self) -> Mapping[str, bool]:
        """Of each operationId whether it only reads."""
        return {
            operation.operation_id: operation.is_read
            for methods in self.paths.values()
            for operation in methods.values()
        }


@cache
def table() -> Table:
    """Make the table of the exchange's API, once for a process: its schemas are compiled here."""
    source = description.load()
    return read_table(source, _sandbox_url(source))


def read_table(source: Mapping[str, Any], base_url: str) -> Table:
    """Make a table from a description.

    Args:
        source: the description, loaded.
        base_url: the server whose path its paths are below.
    """
    paths = {
        path: {
            method.upper(): _operation(source, path, method, item)
            for method in _METHODS
            if method in item
        }
        for path, item in source["paths"].items()
    }
    statuses = {code: int(about["status"]) for code, about in source["x-error-codes"].items()}
    return Table(
        base_url=base_url, base_path=urlsplit(base_url).path, paths=paths, statuses=statuses
    )


def _sandbox_url(source: Mapping[str, Any]) -> str:
    for server in source["servers"]:
        url = str(server["url"])
        if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1"):
            return url
    raise ValueError("the description names no server on loopback: the sandbox has no base path")


def _operation(
    source: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any]
) -> Operation:
    raw = item[method]
    parameters = resolve(source, [*item.get("parameters", []), *raw.get("parameters", [])])
    body = resolve(source, raw.get("requestBody"))
    schema = body["content"]["application/json"]["schema"] if body else None
    return Operation(
        operation_id=raw["operationId"],
        method=method.upper(),
        path=path,
        secured=bool(raw.get("security", source.get("security"))),
        is_read=raw.get("x-effect", "read") == "read",
        query=QueryReader(parameters),
        body=ObjectReader(schema, "field") if schema else None,
        body_required=bool(body and body.get("required")),
        max_body=int(body.get("x-max-bytes", MAX_BODY)) if body else 0,
    )
