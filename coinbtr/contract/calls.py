"""One request and its answer as the contract test sees them, and the `curl` that repeats it."""

import shlex
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attrs import define, field, frozen
from coinbtr_api import exact_json

from coinbtr.contract.operations import Operation

_EXCERPT = 240
_SHOWN = {
    "mine": "Token $COINBTR_TOKEN",
    "other": "Token $COINBTR_OTHER_TOKEN",
    "wrong": "Token " + "0" * 40,
    "scheme": "Bearer $COINBTR_TOKEN",
    "end": "Token ${COINBTR_TOKEN%?}0",
}


@frozen(kw_only=True)
class Call:
    """A request: `url` is absolute, with its query.

    `token` is `mine`, `other`, `wrong`, `scheme` or `end` (names, never the tokens; the last two
    are `mine` under another scheme, and with another end), None, or a whole header that is
    malformed on purpose. `encodings` is what it asked for in Accept-Encoding, None where that isn't
    known.
    """

    operation: Operation
    method: str
    url: str
    content: bytes = b""
    content_type: str | None = None
    token: str | None = field(default="mine", repr=False)
    encodings: str | None = None

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters of the query."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What was asked for, from the query and the body; empty when it can't be read."""
        try:
            body = exact_json.loads(self.content) if self.content else {}
        except exact_json.ExactJSONError:
            body = {}
        return {**self.query, **(body if isinstance(body, dict) else {})}

    @property
    def curl(self) -> str:
        """The line that repeats the request, with a variable of the shell for the token."""
        parts = ["curl", "-i"]
        if self.method != ("POST" if self.content else "GET"):
            parts += ["-X", self.method]
        if self.token:
            parts += ["-H", f'"Authorization: {_SHOWN.get(self.token, self.token)}"']
        if self.content_type:
            parts += ["-H", shlex.quote(f"Content-Type: {self.content_type}")]
        if self.content:
            parts += ["--data-binary", shlex.quote(_text(self.content, 2000))]
        return " ".join([*parts, shlex.quote(self.url)])

    def __str__(self) -> str:
        target = urlsplit(self.url)
        shown = self.operation.path + (f"?{target.query}" if target.query else "")
        body = f" {_text(self.content, _EXCERPT)}" if self.content else ""
        return f"{self.method} {shown}{body}"


@define(kw_only=True, slots=False)
class Answer:
    """An answer: header names in lower case, the body as it came."""

    status: int
    headers: Mapping[str, str] = field(factory=dict)
    content: bytes = b""

    @cached_property
    def document(self) -> Any:
        """The body, decoded exactly; None for what is no exact JSON (`problem` says why)."""
        try:
            return exact_json.loads(self.content)
        except exact_json.ExactJSONError:
            return None

    @cached_property
    def problem(self) -> str | None:
        """Why the body is no exact JSON, or None."""
        try:
            exact_json.loads(self.content)
        except exact_json.ExactJSONError as error:
            return str(error)
        return None

    @property
    def ok(self) -> bool:
        """Whether it is a success by status and by `success`."""
        document = self.document
        success = isinstance(document, dict) and document.get("success") is True
        return self.status == HTTPStatus.OK and success

    @property
    def data(self) -> Any:
        """What a success carries in `data`, or None."""
        return self.document.get("data") if isinstance(self.document, dict) else None

    @property
    def code(self) -> str | None:
        """The word of a failure, or None."""
        message = self.document.get("msg") if isinstance(self.document, dict) else None
        return message.get("code") if isinstance(message, dict) else None

    def __str__(self) -> str:
        return f"{self.status} {_text(self.content, _EXCERPT)}".rstrip()


def _text(content: bytes, most: int) -> str:
    """The beginning of a body on one line, without what would move a terminal's cursor."""
    shown = content.decode("utf-8", "backslashreplace")
    text = " ".join("".join(c if c.isprintable() else " " for c in shown).split())
    return text if len(text) <= most else f"{text[:most]}… ({len(content)} bytes)"
