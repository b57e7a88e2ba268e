"""Replaces what a JSON text tells, piece by piece, and leaves its form as it was.

The text isn't decoded as a whole: two fields of one name, an exponent, or a text that breaks off
must be in the recording as they were in the answer.
"""

import json
import re
from typing import Final

from coinbtr.recording.pseudonyms import Pseudonyms

_STRING = r'"(?:[^"\\]|\\.)*"'
_PIECE: Final = re.compile(
    rf'(?P<key>{_STRING})(?=\s*:)|(?P<string>{_STRING})|(?P<cut>"[\s\S]*\Z)'
    r'|(?P<open>[\[{])|(?P<close>[\]}])|(?P<bare>[^\s,:\[\]{}"]+)',
    re.DOTALL,
)
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_WORDS: Final = frozenset({"true", "false", "null", "NaN", "Infinity", "-Infinity"})


def rewritten(content: bytes, pseudonyms: Pseudonyms) -> bytes:
    """Give a body with pseudonyms in it; of one that is no JSON at all only the form is left."""
    text = content.decode("utf-8", "surrogateescape")
    fields: list[str] = [""]
    field = ""

    def replaced(piece: re.Match[str]) -> str:
        nonlocal field
        whole = piece.group()
        match piece.lastgroup:
            case "key":
                name = pseudonyms.field(_decoded(whole))
                field = name
                return whole if name == _decoded(whole) else _encoded(name)
            case "string":
                value = _decoded(whole)
                shown = pseudonyms.text(field, value)
                return whole if shown == value else _encoded(shown)
            case "cut":
                return '"'
            case "open":
                fields.append(field)
                return whole
            case "close":
                field = fields.pop() if len(fields) > 1 else ""
                return whole
        if _NUMBER.fullmatch(whole):
            return pseudonyms.number(field, whole)
        return whole if whole in _WORDS else "?"

    return _PIECE.sub(replaced, text).encode("utf-8", "surrogateescape")


def _decoded(string: str) -> str:
    try:
        return str(json.loads(string, strict=False))
    except ValueError:
        return string[1:-1]


def _encoded(text: str) -> str:
    # Surrogate escapes are bytes that must stay bytes, not become \udc….
    return f'"{json.dumps(text, ensure_ascii=False)[1:-1]}"'
