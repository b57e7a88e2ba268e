"""What a recording says instead of what it must not tell: the same original, the same pseudonym.

What is kept is listed, all else is replaced: a field that nobody knew can't give anything away.
Amounts, prices, times, and names of coins and markets are kept; so are a text's length and an id's
place in JSON's types, which a judge looks at.
"""

import re
from collections.abc import Mapping
from threading import Lock
from typing import Final

# Texts that are kept, by the name of their field without case and underscores.
_SYMBOL = r"[A-Za-z0-9]{2,10}"
_WORD = r"[A-Za-z][A-Za-z_ ]{0,39}"
_KEPT: Final[Mapping[str, re.Pattern[str]]] = {
    **dict.fromkeys(
        ("coin", "market", "book", "feecoin", "leftcoin", "rightcoin"),
        re.compile(rf"{_SYMBOL}(?:[-_/]{_SYMBOL})?"),
    ),
    # A book's; a person's is no two words in upper case.
    "name": re.compile(r"[A-Z0-9]{2,10}-[A-Z0-9]{2,10}"),
    **dict.fromkeys(
        ("side", "status", "type", "filledas", "code", "country", "coinname"), re.compile(_WORD)
    ),
}
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{4,20}(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII
)
_FIELD = re.compile(r"[A-Za-z][A-Za-z_]{0,31}[0-9]?")
# A word such as get24hvolume or v1; a number is an id.
_STEP = re.compile(r"(?=.{1,20}\Z)[A-Za-z_-]+[0-9]{0,2}[A-Za-z_-]*")
_ID = re.compile(r"(?:^|_)ids?$|Ids?$", re.ASCII)
_AMOUNT = re.compile(
    r"^(?:min|max)_|amount|price|value|balance|available|pending|frozen|volume|fee|step|limit"
    r"|offset|level|confirmations|^(?:last|bid|ask|high|low|filled)$"
)
_LONGEST_ID: Final = 9_007_199_254_740_991
_DIGITS_OF_A_PHONE: Final = 10


class Pseudonyms:
    """Pseudonyms for one recording; can be shared between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def account(self, key: str) -> str:
        """Give the name that stands for a token: `account-1`."""
        return self._of("account", key)

    def field(self, name: str) -> str:
        """Give the name of a JSON field or parameter: itself, unless it could hold a secret."""
        plain = _FIELD.fullmatch(name) is not None and not self.tells(name)
        return name if plain else self._of("field", name)

    def step(self, name: str) -> str:
        """Give a step of a path: itself, where it is a word without a token in it."""
        plain = _STEP.fullmatch(name) is not None and not self.tells(name)
        return name if plain else self._of("step", name)

    def text(self, field: str, value: str) -> str:
        """Give what stands for a text of a field, as long as the text where that is possible."""
        if not value or (self._is_kept(field, value) and not self.tells(value)):
            return value
        if _ID.search(field) and value.isascii() and value.isdigit():
            return self._id(value)
        shown = self._of(_kind(field, value), value)
        if "@" not in shown and not shown.startswith("192."):
            shown = shown + "x" * (len(value) - len(shown))
        # A text that is no UTF-8 stays one that isn't.
        broken = any("\udc80" <= character <= "\udcff" for character in value)
        return f"{shown}\udcff" if broken else shown

    def number(self, field: str, value: str) -> str:
        """Give what stands for a JSON number, as it is written: an id becomes another id."""
        is_integer = value.isascii() and value.isdigit()
        if self.tells(value) or (
            is_integer
            and value.strip("0")
            and (
                _ID.search(field)
                or (len(value) >= _DIGITS_OF_A_PHONE and not _AMOUNT.search(field))
            )
        ):
            return self._id(value)
        return value

    def tells(self, value: str) -> bool:
        """Tell whether a text has one of the tokens in it."""
        with self._lock:
            return any(
                kind == "account" and key in value for kind, key in self._known if len(key) > 3
            )

    def _is_kept(self, field: str, value: str) -> bool:
        plain = field.replace("_", "").lower()
        if plain in _KEPT:
            return _KEPT[plain].fullmatch(value) is not None
        if _ID.search(field):
            return False
        digits = value.lstrip("-")
        is_amount = "." in value or len(digits) < _DIGITS_OF_A_PHONE or _AMOUNT.search(field)
        return bool((_NUMBER.fullmatch(value) and is_amount) or _TIME.fullmatch(value))

    def _id(self, value: str) -> str:
        number = int(self._of("id", value).removeprefix("id-"))
        # One that is larger than JSON's exact integers stays one that is.
        return str(number if int(value) <= _LONGEST_ID else _LONGEST_ID + number)

    def _of(self, kind: str, original: str) -> str:
        with self._lock:
            known = self._known.get((kind, original))
            if known is None:
                number = self._counts[kind] = self._counts.get(kind, 0) + 1
                known = _shape(kind, number)
                self._known[kind, original] = known
            return known


def _shape(kind: str, number: int) -> str:
    if kind == "mail":
        return f"user-{number}@example.invalid"
    if kind == "ip":
        return f"192.0.2.{number % 256}"
    return f"{kind}-{number:04}" if kind in ("address", "txid") else f"{kind}-{number}"


def _kind(field: str, value: str) -> str:
    plain = field.replace("_", "").lower()
    if "@" in value:
        return "mail"
    if plain == "ip":
        return "ip"
    if plain in ("txid", "hash"):
        return "txid"
    if plain.endswith("address") or plain in ("sender", "receiver"):
        return "address"
    return "user" if plain in ("user", "username") else "text"
