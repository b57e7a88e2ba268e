"""Writes what goes over the wire into a recording, with pseudonyms for what must not be told."""

import logging
import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from coinbtr.recording.bodies import rewritten
from coinbtr.recording.lines import Exchange, heading
from coinbtr.recording.pseudonyms import Pseudonyms
from coinbtr.wire.engine import NotConnected, Request, Response

log: Final = logging.getLogger("coinbtr")

# The headers that are kept, where their values look as they should.
_HEADERS: Final[Mapping[str, re.Pattern[str]]] = {
    "allow": re.compile(r"[A-Z]*(?:\s*,\s*[A-Z]+)*"),
    "content-type": re.compile(r"[ -~]{0,99}"),
    "retry-after": re.compile(r"-?[0-9.]{1,10}|[A-Z][a-z]{2}, [0-9A-Za-z: ]{20} GMT"),
}
_SCHEME: Final = "Token "


def _now() -> datetime:
    return datetime.now(UTC)


class Recorder:
    """Writes a recording, line by line, to a new file that only its owner can read.

    Tokens, e-mail addresses, user names and unknown texts never reach the file; addresses, txids
    and ids are there as pseudonyms, amounts and times as they were. Can be shared between threads.

    Args:
        path: the file; it must not exist yet.
        base_url: where requests go; what follows it is the path that is recorded.
        now: gives the time, aware.

    Raises:
        FileExistsError: there is such a file.
        OSError: it can't be written.
    """

    def __init__(
        self, path: str | os.PathLike[str], base_url: str, *, now: Callable[[], datetime] = _now
    ) -> None:
        self.path = Path(path)
        self.count = 0
        self.problem: str | None = None
        self._base = urlsplit(base_url).path.rstrip("/")
        self._now = now
        self._lock = Lock()
        self._pseudonyms = Pseudonyms()
        self._file = os.fdopen(
            os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        )
        self._write(heading(self._time()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._file.close()

    def record(self, request: Request, outcome: Response | BaseException) -> None:
        """Write one request with its answer, or with why there was none.

        It raises nothing: the outcome of an order must not be lost to a full disk. `problem` says
        what went wrong.
        """
        try:
            self._record(request, outcome)
        except (OSError, ValueError) as error:
            if self.problem is None:
                self.problem = f"the recording is incomplete: {type(error).__name__}"
                log.warning("%s: %s", self.path, self.problem)

    def _record(self, request: Request, outcome: Response | BaseException) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        names = self._pseudonyms
        # First of all: the token must be known wherever else it shows.
        account = self._account(headers.get("authorization"))
        target = urlsplit(request.url)
        status: int | None = None
        answer, shown, lost, seconds = b"", dict[str, str](), None, 0.0
        exchange_time = self._time()
        query = urlencode(
            [
                (names.field(name), names.text(name, value))
                for name, value in parse_qsl(target.query, keep_blank_values=True)
            ],
            quote_via=quote,
        )
        body = rewritten(request.content, names)
        if isinstance(outcome, Response):
            status, seconds = outcome.status, round(outcome.elapsed, 4)
            answer = rewritten(outcome.content, names)
            shown = self._headers(outcome.headers)
        else:
            lost = "not connected" if isinstance(outcome, NotConnected) else "no complete answer"
        self._write(
            Exchange(
                time=exchange_time,
                seconds=seconds,
                method=request.method if request.method.isalpha() else "?",
                path=self._path(target.path),
                query=query,
                account=account,
                content_type=_media_type(headers.get("content-type")),
                body=body,
                status=status,
                headers=shown,
                answer=answer,
                lost=lost,
            ).line()
        )
        self.count += 1

    def _account(self, authorization: str | None) -> str | None:
        if authorization is None:
            return None
        scheme, _, key = authorization.strip().partition(" ")
        key = key.strip()  # as servers read it: the same token has one name
        name = self._pseudonyms.account(key or scheme)
        return name if authorization.startswith(_SCHEME) and key else "malformed"

    def _path(self, path: str) -> str:
        below = path.removeprefix(self._base) if path.startswith(f"{self._base}/") else path
        return "/".join(step and self._pseudonyms.step(step) for step in below.split("/"))

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        shown = {name: headers[name] for name in _HEADERS if name in headers}
        if "content-type" in shown:
            shown["content-type"] = _media_type(shown["content-type"]) or ""
        return {
            name: value
            if _HEADERS[name].fullmatch(value) and not self._pseudonyms.tells(value)
            else "?"
            for name, value in shown.items()
        }

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def _write(self, line: str) -> None:
        with self._lock:
            self._file.write(f"{line}\n")
            self._file.flush()


def _media_type(value: str | None) -> str | None:
    """The media type with its charset; other parameters, such as a boundary, are left out."""
    if value is None:
        return None
    kind, *parameters = (part.strip() for part in value.split(";"))
    return "; ".join([kind, *(one for one in parameters if one.lower().startswith("charset="))])
