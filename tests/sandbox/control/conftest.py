"""Somebody who calls the control plane, and holds each answer against its description."""

import copy
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from coinbtr_api import exact_json

from coinbtr import description
from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.schemas import resolve, validator
from coinbtr.wire.engine import Request
from tests.sandbox.caller import Answer

SOURCE = description.load("sandbox")
OPERATIONS: Mapping[str, tuple[str, str]] = {
    operation["operationId"]: (method.upper(), path)
    for path, item in SOURCE["paths"].items()
    for method, operation in item.items()
}
"""Method and path of each operation of the description."""


class Controller:
    """Calls operations by their ids; an answer that the description doesn't know fails the test."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.called: set[str] = set()

    def call(
        self,
        operation: str,
        body: object = None,
        /,
        *,
        headers: Mapping[str, str] | None = None,
        peer: str = "127.0.0.1",
        **query: object,
    ) -> Answer:
        """Call with the secret, unless `headers` say otherwise."""
        method, path = OPERATIONS[operation]
        given = {"Content-Type": "application/json"}
        if headers is None:
            given["Authorization"] = f"Secret {self.sandbox.control_secret}"
        url = f"http://127.0.0.1:8642/_sandbox{path}" + (f"?{urlencode(query)}" if query else "")
        content = b"" if body is None else exact_json.dumps(body)
        request = Request(
            method=method, url=url, headers=given | dict(headers or {}), content=content
        )
        response = self.sandbox.handle(request, peer=peer)
        answered = exact_json.loads(response.content)
        problems = list(_validator(operation, response.status).iter_errors(answered))
        assert not problems, (operation, response.status, problems)
        if response.status == 200:
            self.called.add(operation)
        return Answer(response.status, response.headers, answered)


def _validator(operation: str, status: int) -> Any:
    method, path = OPERATIONS[operation]
    answers = SOURCE["paths"][path][method.lower()]["responses"]
    assert str(status) in answers, f"{operation}: {status} is not documented"
    documented = resolve(SOURCE, answers[str(status)])
    return validator(_closed(copy.deepcopy(documented["content"]["application/json"]["schema"])))


def _closed(schema: Any) -> Any:
    """Refuse every field that the description doesn't name, where it names any."""
    if isinstance(schema, dict):
        if "properties" in schema and "openapi" not in schema["properties"]:
            schema["additionalProperties"] = False
        for inner in list(schema.values()):
            _closed(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _closed(inner)
    return schema


@pytest.fixture
def controller(sandbox: Sandbox) -> Controller:
    """The owner of the sandbox."""
    return Controller(sandbox)
