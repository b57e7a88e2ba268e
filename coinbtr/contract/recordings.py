"""Reads recordings, HAR files and `coinbtr record`'s own, as requests and answers of operations."""

import base64
import codecs
import json
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import field, frozen

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.operations import operations
from coinbtr.recording.lines import Exchange, RecordingError, is_recording, read

# Where a recording doesn't say; the name is one that can't exist (RFC 2606).
BASE_URL: Final = "https://recorded.invalid/api/v1"
_MOST_BYTES: Final = 512 * 1024 * 1024
_BEGINNING: Final = 65_536
_TOO_LARGE: Final = f"it is larger than {_MOST_BYTES} bytes"
_NEITHER: Final = "it is neither a HAR file nor a recording of coinbtr"
_NOT_IN_IT: Final = "not in it"
_EPOCH: Final = "1970-01-01T00:00:00+00:00"


@frozen(kw_only=True)
class Recorded:
    """One exchange of a recording: `answer` is None where there was no complete one.

    `account` tells tokens apart and names none. `began` and `ended` are aware times.
    """

    call: Call
    answer: Answer | None
    account: str | None
    began: datetime
    ended: datetime


@frozen(kw_only=True)
class Recording:
    """A recording's exchanges as they began, and what of it couldn't be used.

    `secrets` are the tokens that are in it, as in a HAR file, each with what is shown instead.
    """

    exchanges: Sequence[Recorded]
    notes: Sequence[str]
    secrets: Mapping[str, str] = field(factory=dict, repr=False)


def load(path: Path) -> Recording:
    """Read a recording.

    Raises:
        RecordingError: it is neither a HAR file nor a recording of a version that is known.
        OSError: it can't be read.
    """
    text = _read(path).decode("utf-8-sig", "surrogateescape")
    try:
        made = list(read(text) if is_recording(text) else _har(text))
    except (LookupError, TypeError, AttributeError) as error:
        raise RecordingError(f"it is no HAR file of version 1: {error!r}") from None
    known = {operation.path: operation for operation in operations().values()}
    exchanges: list[Recorded] = []
    strange = unread = 0
    accounts: dict[str, str] = {}
    for one in made:
        if one.lost == _NOT_IN_IT:
            unread += 1
            continue
        path_of_it = next((name for name in known if one.path.endswith(name)), None)
        if path_of_it is None:
            strange += 1
            continue
        ended = _time(one.time)
        account = None
        if one.account is not None:
            # A HAR file may hold the token itself: from here on it has a name only.
            account = accounts.setdefault(one.account, f"account-{len(accounts) + 1}")
        call = Call(
            operation=known[path_of_it],
            method=one.method,
            url=f"{BASE_URL}{path_of_it}" + (f"?{one.query}" if one.query else ""),
            content=one.body,
            content_type=one.content_type,
            token=account and ("mine" if account == "account-1" else "other"),
        )
        answer = None
        if one.status is not None:
            answer = Answer(status=one.status, headers=one.headers, content=one.answer)
        exchanges.append(
            Recorded(
                call=call,
                answer=answer,
                account=account,
                began=ended - timedelta(seconds=one.seconds),
                ended=ended,
            )
        )
    exchanges.sort(key=lambda one: one.began)
    notes = []
    if strange:
        notes.append(f"{strange} exchanges are of no operation of the description: not judged.")
    if unread:
        notes.append(f"{unread} answers were recorded without their bodies: not judged.")
    return Recording(exchanges=exchanges, notes=notes, secrets=_secrets(accounts))


def _read(path: Path) -> bytes:
    """Read a file or a pipe, and no more of it than a recording may have."""
    state = path.stat()
    if stat.S_ISCHR(state.st_mode) or stat.S_ISBLK(state.st_mode):
        raise RecordingError("it is a device, neither a file nor a pipe")
    if state.st_size > _MOST_BYTES:
        raise RecordingError(_TOO_LARGE)
    with path.open("rb") as file:
        # A pipe doesn't tell its size, and may have no end: what begins as none ends here.
        begun = file.read(_BEGINNING)
        if not begun.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
            raise RecordingError(_NEITHER if begun else "it is empty")
        content = begun + file.read(_MOST_BYTES + 1 - len(begun))
    if len(content) > _MOST_BYTES:
        raise RecordingError(_TOO_LARGE)
    return content


def _secrets(accounts: Mapping[str, str]) -> dict[str, str]:
    """Give what must not be shown, longest first: a token may begin as another one does."""
    shown = dict[str, str]()
    for header, account in accounts.items():
        token = header.strip().partition(" ")[2].strip()
        if token:
            shown[token] = "$COINBTR_TOKEN" if account == "account-1" else "$COINBTR_OTHER_TOKEN"
    return dict(sorted(shown.items(), key=lambda one: -len(one[0])))


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise RecordingError(f"{text!r} is no time") from None
    if time.tzinfo is None:
        raise RecordingError(f"the time {text!r} has no zone")
    return time


def _har(text: str) -> Iterator[Exchange]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise RecordingError(_NEITHER) from None
    log = whole["log"]
    if not str(log["version"]).startswith("1."):
        raise RecordingError(f"it is a HAR file of version {log['version']}; 1.x is known")
    for entry in log["entries"]:
        request, response = entry["request"], entry["response"]
        target = urlsplit(request["url"])
        sent, headers = _headers(request), _headers(response)
        milliseconds = max(float(entry.get("time") or 0), 0.0)
        began = _time(entry.get("startedDateTime") or _EPOCH)
        # A browser writes status 0 for what it got no answer to.
        status = int(response["status"]) or None
        post = request.get("postData") or {}
        content = response.get("content") or {}
        lost = None if status else "no complete answer"
        if status and "text" not in content and (content.get("size") or 0) > 0:
            lost = _NOT_IN_IT
        yield Exchange(
            time=(began + timedelta(milliseconds=milliseconds)).isoformat(),
            seconds=milliseconds / 1000,
            method=request["method"].upper(),
            path=target.path,
            query=target.query,
            account=sent.get("authorization"),
            content_type=sent.get("content-type") or post.get("mimeType") or None,
            body=(post.get("text") or "").encode("utf-8", "surrogateescape"),
            status=status,
            headers=headers,
            answer=_content(content),
            lost=lost,
        )


def _headers(message: Any) -> dict[str, str]:
    return {header["name"].lower(): header["value"] for header in message["headers"]}


def _content(content: Any) -> bytes:
    text: str = content.get("text") or ""
    if content.get("encoding") == "base64":
        try:
            return base64.b64decode(text, validate=True)
        except ValueError:
            raise RecordingError("a body is declared as base64 and isn't") from None
    return text.encode("utf-8", "surrogateescape")
