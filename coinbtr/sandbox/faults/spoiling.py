"""Gives one field of a JSON answer another JSON type."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from coinbtr_api import exact_json

Step = str | int


def with_wrong_type(content: bytes, path: str | None, random: Random) -> bytes:
    """Write an answer again, with one field of another type.

    Args:
        content: the answer, JSON.
        path: the field, such as `data.0.price`; None draws one.
        random: what draws it.

    Raises:
        LookupError: there is no such field.
    """
    document = exact_json.loads(content)
    places = [steps for steps in _places(document, ()) if steps != ("success",)]
    if path is not None:
        wanted = path.split(".")
        places = [steps for steps in places if [str(step) for step in steps] == wanted]
    if not places:
        raise LookupError(path)
    *parents, last = random.choice(places)
    parent: Any = document
    for step in parents:
        parent = parent[step]
    parent[last] = _of_another_type(parent[last])
    return exact_json.dumps(document)


def _places(value: object, above: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Walk over every field and every item below a value."""
    below: Iterator[tuple[Step, object]] = iter(())
    if isinstance(value, dict):
        below = iter(value.items())
    elif isinstance(value, list):
        below = iter(enumerate(value))
    for step, inner in below:
        yield (*above, step)
        yield from _places(inner, (*above, step))


def _of_another_type(value: object) -> object:
    """Give something that nobody can take for a value of that kind."""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, int | Decimal):
        return [value]
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, list):
        return {"items": value}
    return [value]
