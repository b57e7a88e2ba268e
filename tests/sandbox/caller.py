"""Somebody who calls the embedded sandbox with plain requests."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from attrs import frozen
from coinbtr_api import exact_json

from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import Request


@frozen
class Answer:
    """An answer, decoded."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def data(self) -> Any:
        """What a successful operation answered."""
        assert self.body["success"] is True, self.body
        return self.body["data"]

    @property
    def refused(self) -> tuple[int, str]:
        """Status and code of a refused operation."""
        assert self.body["success"] is False, self.body
        return self.status, self.body["msg"]["code"]

    @property
    def sentence(self) -> str:
        """What a refused operation says to people."""
        return str(self.body["msg"]["error"])


class Caller:
    """Calls with one token, or with none."""

    def __init__(self, sandbox: Sandbox, token: str | None) -> None:
        self.sandbox = sandbox
        self._headers = {} if token is None else {"Authorization": f"Token {token}"}

    def get(self, path: str, **query: object) -> Answer:
        """Send a GET."""
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: object = None) -> Answer:
        """Send a POST with a JSON body, or with none."""
        if body is None:
            return self.send("POST", path)
        return self.send("POST", path, exact_json.dumps(body), {"Content-Type": "application/json"})

    def send(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send anything, with the token and further headers."""
        return self.url(method, self.sandbox.base_url + path, content, headers)

    def url(
        self, method: str, url: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send anything to any URL."""
        request = Request(
            method=method, url=url, headers={**self._headers, **(headers or {})}, content=content
        )
        response = self.sandbox.handle(request)
        body = exact_json.loads(response.content) if response.content else None
        return Answer(response.status, response.headers, body)
