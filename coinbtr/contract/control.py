"""What the contract test asks of a sandbox's control plane, however it is reached."""

from datetime import datetime
from decimal import Decimal
from typing import Protocol


class NoControl(Exception):  # noqa: N818 - says why something could not be tried
    """The control plane did not do what it was told."""


class Control(Protocol):
    """The control plane; each method raises `NoControl` where it doesn't do what it is told."""

    def advance(self, seconds: int) -> datetime:
        """Move the exchange's clock on, or not with 0, and give its time, in UTC."""
        ...

    def credit(self, account: str, coin: str, amount: Decimal) -> None:
        """Let a deposit of an account arrive that waits for its blocks.

        Args:
            account: the account's user name.
            coin: in any case.
            amount: above 0, with at most 8 decimals.
        """
        ...
