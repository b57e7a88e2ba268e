"""The token in its wrapper, and what keeps it out of texts and exceptions."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import NoReturn, TypeVar
from urllib.parse import quote

from coinbtr.errors import ConfigurationError

E = TypeVar("E", bound=BaseException)

BLACKED_OUT = "[token]"


class Token:
    """An API key that shows itself to nobody: not in a repr, a format string or a pickle."""

    __slots__ = ("_key",)

    def __init__(self, key: str) -> None:
        self._key = key

    @property
    def header(self) -> str:
        """The value of the Authorization header (ruling R008)."""
        return f"Token {self._key}"

    def fingerprint(self, place: str) -> str:
        """What tells this key at this place from others, and gives neither away."""
        return sha256(f"coinbtr {place} {self._key}".encode()).hexdigest()[:24]

    def blacked_out_of(self, text: str) -> str:
        """`text` with the key replaced, as it stands, as JSON writes it and as a URL writes it."""
        for form in {self._key, json.dumps(self._key)[1:-1], quote(self._key, safe="")}:
            text = text.replace(form, BLACKED_OUT)
        return text

    def __repr__(self) -> str:
        return "Token(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is never pickled or copied; make a new client with it")


def checked_token(key: object) -> Token:
    """The wrapper of an API key: visible ASCII, without the word `Token` in front.

    Raises ConfigurationError, which names what is wrong and never repeats the key.
    """
    if not isinstance(key, str):
        raise ConfigurationError(f"token must be a str, not {type(key).__name__}")
    if not key:
        raise ConfigurationError("token is empty")
    if key.lower().startswith("token "):
        raise ConfigurationError('token must be the key alone, without the word "Token" in front')
    for position, character in enumerate(key):
        if not "!" <= character <= "~":
            raise ConfigurationError(
                f"token has {_name(character)} at position {position}: a key is visible ASCII only"
            )
    return Token(key)


def _name(character: str) -> str:
    names = {" ": "a space", "\n": "a line feed", "\r": "a carriage return", "\t": "a tab"}
    if character in names:
        return names[character]
    kind = "a control character" if ord(character) < 128 else "a character that is not ASCII"
    return f"{kind} (U+{ord(character):04X})"


def bare(error: E) -> E:
    """The error without traceback, cause and context: their frames hold the token as a local."""
    error.__cause__ = None
    error.__context__ = None
    return error.with_traceback(None)
