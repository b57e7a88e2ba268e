"""Derive the sync facade from the async source: the words change, the logic stands once.

`async def` becomes `def`, `await` goes, and each async word of the list below becomes its sync one,
in code, docstrings and comments alike. A word that sounds async and isn't in the list stops the
build: nothing async slips into the sync half unnoticed.
"""

import io
import re
import tokenize
from pathlib import Path
from typing import Final

from scripts.generator.pins import GenerationError, format_python

WORDS: Final = {
    # ours
    "AsyncAccount": "Account",
    "AsyncCall": "Call",
    "AsyncCoinBTR": "CoinBTR",
    "AsyncEngine": "Engine",
    "AsyncMarket": "Market",
    "AsyncOrderChanges": "OrderChanges",
    "AsyncPages": "Pages",
    "AsyncRawAccount": "RawAccount",
    "AsyncRawMarket": "RawMarket",
    "AsyncRawTrading": "RawTrading",
    "AsyncRawWallet": "RawWallet",
    "AsyncTimer": "Timer",
    "AsyncTrading": "Trading",
    "AsyncTransport": "Transport",
    "AsyncWallet": "Wallet",
    "AsyncWatch": "Watch",
    "_async": "_sync",
    "aclose": "close",
    "async_engine": "engine",
    "async_engine_maker": "engine_maker",
    "async_off_loop": "off_loop",
    "async_sleep": "sleep",
    "new_async_lock": "new_lock",
    # Python's
    "AsyncIterator": "Iterator",
    "StopAsyncIteration": "StopIteration",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "asynccontextmanager": "contextmanager",
}

# In text, where no grammar tells: `await x()` and `async with` are examples of code, another
# `async` is prose.
_IN_TEXT: Final = [
    (re.compile(r"\bawait\s+"), ""),
    (re.compile(r"\basync\s+(?=(?:def|for|with)\b)"), ""),
    (re.compile(r"\basync\b"), "sync"),
    (re.compile(r"\bAsync\b"), "Sync"),
]
_WORD: Final = re.compile(r"\w+")
_SOUNDS_ASYNC: Final = re.compile(
    r"async|await|anyio|trio|__a(?:enter|exit|iter|next)__|^a(?:close|iter|next)$", re.IGNORECASE
)

_HEADER: Final = "# Derived from {source} by `make generate`: edit that file, not this one.\n"


def write_sync(source: Path, target: Path, shown: Path | None = None) -> None:
    """Write the sync twin of each module in `source` into `target`, formatted.

    `shown` is the folder that the twins name as theirs, by default the last two parts of `source`.
    """
    target.mkdir(parents=True)
    shown = shown or Path(*source.parts[-2:])
    for path in sorted(source.glob("*.py")):
        name = (shown / path.name).as_posix()
        text = to_sync(path.read_text(encoding="utf-8"), name)
        (target / path.name).write_text(_HEADER.format(source=name) + text, encoding="utf-8")
    format_python(target)


def to_sync(text: str, name: str = "<text>") -> str:
    """Turn one module's source from async to sync.

    Raises:
        GenerationError: at an async word that isn't in the list, with its file and line.
    """
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    # From the end, so that earlier positions stay right while the text changes.
    for found, following in reversed(list(zip(tokens, [*tokens[1:], tokens[-1]], strict=True))):
        where = f"{name}:{found.start[0]}"
        end, new = found.end, found.string
        if found.type == tokenize.NAME and found.string in ("async", "await"):
            end, new = (following.start if following.start[0] == end[0] else end), ""
        elif found.type == tokenize.NAME:
            new = _sync_word(found.string, where)
        elif found.type in _TEXT_TOKENS:
            new = _sync_text(found.string, where)
        if new != found.string:  # Python 3.12 misplaces f-string parts with doubled braces: let be
            _replace(lines, found.start, end, new)
    return "".join(lines)


_TEXT_TOKENS: Final = {tokenize.STRING, tokenize.COMMENT} | {
    getattr(tokenize, name) for name in ("FSTRING_MIDDLE",) if hasattr(tokenize, name)
}


def _sync_word(word: str, where: str) -> str:
    if word in WORDS:
        return WORDS[word]
    if _SOUNDS_ASYNC.search(word):
        raise GenerationError(
            f"{where}: {word!r} is an async word that scripts/unasync.py doesn't know"
        )
    return word


def _sync_text(text: str, where: str) -> str:
    for pattern, sync in _IN_TEXT:
        text = pattern.sub(sync, text)
    return _WORD.sub(lambda match: _sync_word(match[0], where), text)


def _replace(lines: list[str], start: tuple[int, int], end: tuple[int, int], new: str) -> None:
    """Put `new` where the text from `start` to `end` stands; both are (line from 1, column)."""
    first, last = start[0] - 1, end[0] - 1
    lines[first : last + 1] = [lines[first][: start[1]] + new + lines[last][end[1] :]]
