"""What ccxt's callers give, checked; and the raw answers that ccxt shows as `info`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import ccxt

from coinbtr.sending.raw import RawResponse

T = TypeVar("T")


def info(answer: RawResponse[Any]) -> Any:
    """The `data` of an answer as the exchange wrote it; fractions stay text, to the last digit."""
    return json.loads(answer.content, parse_float=str).get("data", {})


def paired(answer: RawResponse[list[T]]) -> list[tuple[T, dict[str, Any]]]:
    """Each entry of a list with its own part of the answer."""
    return list(zip(answer.parsed, info(answer), strict=True))


def without(params: Mapping[str, Any], name: str, **harmless: object) -> None:
    """Refuse what the API can't do: any parameter but a `harmless` one of this value, or None.

    Raises NotSupported: an order that was meant to be post-only must not go out as another.
    """
    for key, value in params.items():
        if value is not None and (key not in harmless or harmless[key] != value):
            raise ccxt.NotSupported(f"coinbtr {name} takes no {key}={value!r}")


def amount(value: object, rounded: Callable[[Any], str | None]) -> Decimal | int | str:
    """An amount or price to send: a float rounded as ccxt does it, all else as it stands.

    A float is taken as the number that it is written as; `rounded` cuts it to the market's
    precision.
    """
    if isinstance(value, float):
        return rounded(value) or ""
    return value  # type: ignore[return-value]  # the facade says what is wrong with it


def order_id(given: object) -> int:
    """The number of an order: ccxt's ids are text. Raises BadRequest for what is no number."""
    written = str(given)
    if not (written.isascii() and written.isdigit()):
        raise ccxt.BadRequest(f"coinbtr an order's id is a number such as '3453', not {given!r}")
    return int(written)


def newest_first(
    entries: Sequence[dict[str, Any]], since: int | None, limit: int | None
) -> list[dict[str, Any]]:
    """Oldest first, as ccxt has it: the first `limit` from `since` on, else the newest ones."""
    risen = [one for one in reversed(entries) if since is None or one["timestamp"] >= since]
    if limit is None:
        return risen
    return risen[-limit:] if since is None else risen[:limit]
