"""Holds what an answer repeats of its request against what was asked: it may be another's answer.

A proxy may serve an answer that it kept, and a server may mix answers up. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from coinbtr.sending.intent import Intent

T = TypeVar("T")


class MismatchError(Exception):
    """An answer that repeats something else than was asked.

    `path` is the field's JSON path, `answered` the id that the answer tells of, if it has one.
    """

    def __init__(self, field: str, got: object, asked: object, answered: object) -> None:
        self.path = f"$.data.{field}"
        self.answered = answered if isinstance(answered, int) else None
        super().__init__(f"{self.path} is {_plain(got)}, and {_plain(asked)} was asked for")


def agreeing(
    parse: Callable[[dict[str, Any]], T], asked: Mapping[str, object]
) -> Callable[[dict[str, Any]], T]:
    """`parse`, which raises MismatchError for an answer that repeats something else than `asked`.

    `asked` has the fields of the answer's `data` by their names. Without data nothing is repeated.
    """

    def parsed(body: dict[str, Any]) -> T:
        answer = parse(body)
        if data := getattr(answer, "data", None):
            for name, wanted in asked.items():
                got = getattr(data, name)
                if got != wanted and not is_same_name(got, wanted):
                    raise MismatchError(name, got, wanted, getattr(data, "id", None))
        return answer

    return parsed


def repeated(intent: Intent) -> dict[str, object]:
    """What the answer to an intent repeats of it: rulings R019, R020, R033 and R049.

    What is left of an order, what is filled and whether it is open are told and not repeated: an
    order may be filled at once.
    """
    if intent.kind == "cancel":
        return {"id": intent.order_id}
    if intent.kind == "withdraw":
        return {"coin": intent.coin}
    return {
        "market": intent.book,
        "side": intent.side,
        "price": intent.price,
        "initial_amount": intent.amount,
    }


def is_same_name(one: object, other: object) -> bool:
    """Whether both spell one coin, market or side: `btc-mxn` is `BTC/MXN`, too (R013, R025).

    And `BTCMXN`: a spelling nobody knew of must not make every order's outcome unknown.
    """
    return isinstance(one, str) and isinstance(other, str) and _spelled(one) == _spelled(other)


def _spelled(name: str) -> list[str]:
    return [character for character in name.casefold() if character.isalnum()]


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
