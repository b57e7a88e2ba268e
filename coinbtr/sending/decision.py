"""What happens after an attempt that failed: by what the operation does to money, never by method.

| what happened | read | order, withdrawal |
|---|---|---|
| no connection came about | retry | retry |
| 429 | retry | retry |
| another 4xx, or a failure in the exchange's words below 500 | raise | raise |
| any 5xx; anything else after the connection stood | retry | unknown |
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

from coinbtr.errors.base import CoinBTRError
from coinbtr.errors.network import NoConnection
from coinbtr.errors.refused import Refused

Effect = Literal["read", "order", "withdrawal"]

TOO_MANY_REQUESTS: Final = 429


class Next(Enum):
    """What to do with an error of one attempt."""

    RETRY = "send again, as long as attempts and time are left; else raise it"
    RAISE = "raise it"
    UNKNOWN = "raise OutcomeUnknown: never send again"


def decide(effect: Effect, error: CoinBTRError) -> Next:
    """What follows from `error`, the outcome of one attempt of an operation with this effect."""
    if isinstance(error, NoConnection):
        return Next.RETRY
    if isinstance(error, Refused):
        # 429 by its status: a failure told at 200 is the exchange's last word, whatever its code.
        return Next.RETRY if error.status == TOO_MANY_REQUESTS else Next.RAISE
    return Next.RETRY if effect == "read" else Next.UNKNOWN
