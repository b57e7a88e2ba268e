"""Where an answer differs from what the model predicts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from attrs import frozen

from coinbtr.contract.model.answers import Beginning
from coinbtr.contract.model.unknown import Unknown

MISSING: Final = "missing"
_UNIT: Final = Decimal("1e-8")

Path = tuple[str | int, ...]


@frozen
class Difference:
    """One place where an answer is not what it should be.

    `field` is the innermost name; `text` says it in words without naming the place.
    """

    path: Path
    text: str

    @property
    def field(self) -> str:
        """The innermost name of the path, or nothing for a whole list."""
        names = [step for step in self.path if isinstance(step, str)]
        return names[-1] if names else ""

    def place(self, seen: Any) -> str:
        """Say where it is, for people: the coin or number of a list's entry, then the path."""
        words = [str(step) for step in self.path] or ["the list"]
        entries = seen if isinstance(seen, list) and self.path else []
        number = self.path[0] if self.path else None
        if isinstance(number, int) and number < len(entries) and isinstance(entries[number], dict):
            for name in ("coin", "id", "txid"):
                if name in entries[number]:
                    words[0] = f"{name} {shown(entries[number][name])}:"
                    break
        return " ".join(words)


def differences(expected: Any, seen: Any, path: Path = ()) -> Iterator[Difference]:
    """Give every difference; fields that weren't predicted are ignored, unknowns are learned."""
    if isinstance(expected, Unknown):
        # It may have been learned since this prediction was made.
        if expected.value is not None:
            yield from differences(expected.value, seen, path)
        elif (problem := expected.learn(seen)) is not None:
            yield Difference(path, problem)
    elif isinstance(expected, Beginning):
        start = seen[: len(expected.entries)] if isinstance(seen, list) else seen
        yield from differences(expected.entries, start, path)
    elif isinstance(expected, dict):
        if not isinstance(seen, dict):
            yield Difference(path, f"is {shown(seen)}, not an object")
            return
        for name, value in expected.items():
            yield from differences(value, seen.get(name, MISSING), (*path, name))
    elif isinstance(expected, list):
        yield from _lists(expected, seen, path)
    elif not _same(expected, seen):
        yield Difference(path, f"is {shown(seen)}, not {shown(expected)}")


def _lists(expected: list[Any], seen: Any, path: Path) -> Iterator[Difference]:
    if not isinstance(seen, list):
        yield Difference(path, f"is {shown(seen)}, not a list")
        return
    # From the end: the newest is first, and what came later must not be learned before.
    for number in reversed(range(min(len(expected), len(seen)))):
        yield from differences(expected[number], seen[number], (*path, number))
    if len(expected) != len(seen):
        yield Difference(path, f"has {len(seen)} entries, not {len(expected)}")


def _same(expected: Any, seen: Any) -> bool:
    # True equals 1 in Python, and a number must not stand for it.
    return isinstance(expected, bool) is isinstance(seen, bool) and bool(expected == seen)


def shown(value: Any) -> str:
    """Write a value as JSON does, short."""
    if isinstance(value, Decimal):
        return f"{value.quantize(_UNIT):f}" if value == value.quantize(_UNIT) else f"{value:f}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
