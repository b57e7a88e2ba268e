"""The exit statuses, the same for every command, and the one that each error ends with."""

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coinbtr.errors import CoinBTRError


class Status(IntEnum):
    """What a command tells the program that called it."""

    DONE = 0
    REFUSED = 1
    WRONG_USE = 2
    UNKNOWN = 3
    UNREACHABLE = 4


INTERRUPTED = 130
"""What shells expect after Ctrl-C; nothing is in doubt then."""


def status_of(error: "CoinBTRError") -> Status:
    """The status that tells of this error.

    What a guard rail refuses is refused as what the exchange refuses; a limit that could not be
    checked because nothing could be read is none that refused.
    """
    from coinbtr import errors

    if isinstance(error, errors.OutcomeUnknown):
        return Status.UNKNOWN
    if isinstance(error, errors.GuardRailUnchecked) and isinstance(
        error.__cause__, errors.CoinBTRError
    ):
        return status_of(error.__cause__)
    if isinstance(error, (errors.Refused, errors.GuardRailError, errors.EmptyBook)):
        return Status.REFUSED
    wrong = (errors.ArgumentError, errors.ConfigurationError, errors.IntentLogError)
    return Status.WRONG_USE if isinstance(error, wrong) else Status.UNREACHABLE
