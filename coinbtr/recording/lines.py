"""The format of a recording, version 1: a line of JSON that says what it is, then one an exchange.

It imports nothing of the package, so that whoever records and whoever judges can share it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen

FORMAT: Final = "coinbtr-recording"
VERSION: Final = 1

# Bytes that are no UTF-8 are kept, as what Python calls surrogate escapes.
_ESCAPES: Final = "surrogateescape"


class RecordingError(ValueError):
    """A file isn't a recording that can be read; the text says why, and where."""


@frozen(kw_only=True)
class Exchange:
    """One request and its answer, as they are recorded: pseudonyms already in place.

    `time` is when the answer was there (ISO 8601, UTC), `seconds` how long it took; `path` is
    below the base URL and `query` as it was sent; `account` names the token
    (`account-1`), or is `malformed`, or None for a request without; `status` is None, and `lost`
    a word for why, if no complete answer came. Header names are in lower case.
    """

    time: str
    seconds: float = 0.0
    method: str
    path: str
    query: str = ""
    account: str | None = field(default=None, repr=False)
    content_type: str | None = None
    body: bytes = field(default=b"", repr=False)
    status: int | None = None
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    answer: bytes = field(default=b"", repr=False)
    lost: str | None = None

    def line(self) -> str:
        """Give its line, without a line break."""
        request = {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "account": self.account,
            "content_type": self.content_type,
            "body": self.body.decode("utf-8", _ESCAPES),
        }
        answer: dict[str, Any] | None = None
        if self.status is not None:
            body = self.answer.decode("utf-8", _ESCAPES)
            answer = {"status": self.status, "headers": dict(self.headers), "body": body}
        return json.dumps(
            {
                "time": self.time,
                "seconds": self.seconds,
                "request": request,
                "answer": answer,
                "lost": self.lost,
            }
        )


def heading(time: str) -> str:
    """Give the first line of a recording that begins at `time` (ISO 8601, UTC)."""
    return json.dumps({"format": FORMAT, "version": VERSION, "began": time})


def is_recording(text: str) -> bool:
    """Tell whether a text begins as a recording of ours, of whatever version."""
    return _heading(text) is not None


def read(text: str) -> Iterator[Exchange]:
    """Give the exchanges of a recording. A last line that was cut off is left out.

    Raises:
        RecordingError: it is no recording, or of a version that isn't known here.
    """
    first = _heading(text)
    if first is None:
        raise RecordingError(f"it doesn't begin as a recording (format {FORMAT!r})")
    if first.get("version") != VERSION:
        raise RecordingError(
            f"it is a recording of version {first.get('version')}, and this release reads version"
            f" {VERSION} only: use the release of coinbtr that made it, or a later one"
        )
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        try:
            yield _exchange(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if number == len(lines):
                return  # whoever recorded was killed while writing
            raise RecordingError(f"line {number} is no exchange: {error!r}") from None


def _heading(text: str) -> dict[str, Any] | None:
    try:
        first = json.loads(text.partition("\n")[0])
    except ValueError:
        return None
    return first if isinstance(first, dict) and first.get("format") == FORMAT else None


def _exchange(line: Any) -> Exchange:
    request, answer = line["request"], line["answer"]
    return Exchange(
        time=line["time"],
        seconds=float(line["seconds"]),
        method=request["method"],
        path=request["path"],
        query=request["query"],
        account=request["account"],
        content_type=request["content_type"],
        body=request["body"].encode("utf-8", _ESCAPES),
        status=None if answer is None else int(answer["status"]),
        headers={} if answer is None else dict(answer["headers"]),
        answer=b"" if answer is None else answer["body"].encode("utf-8", _ESCAPES),
        lost=line["lost"],
    )
