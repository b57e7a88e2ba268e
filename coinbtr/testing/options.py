"""What a sandbox for a test can be told; the same names everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from pathlib import Path

    from coinbtr.sandbox.accounts import StartingAccount
    from coinbtr.sandbox.core.clock import Clock
    from coinbtr.sandbox.journal import Durability
    from coinbtr.sandbox.rate_limits import RateLimits


class SandboxOptions(TypedDict, total=False):
    """Arguments of `coinbtr.sandbox.Sandbox`, which says what each does."""

    seed: int
    clock: Clock
    token: str
    other_token: str
    accounts: Iterable[StartingAccount]
    control_secret: str
    db: Path | str
    durability: Durability
    live: bool
    rate_limits: RateLimits | bool


def check(names: Iterable[str]) -> None:
    """Let options through that there are.

    Raises:
        TypeError: there is no such option; the message says which there are.
    """
    known = SandboxOptions.__annotations__
    for name in names:
        if name not in known:
            raise TypeError(f"the sandbox has no option {name!r}; there are: {', '.join(known)}")
