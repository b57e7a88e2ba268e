"""What a run of the contract test is asked for."""

from collections.abc import Collection, Sequence
from typing import Final

from attrs import field, frozen

from coinbtr.contract.canary import Budget

DEFAULT_SEED: Final = 2018
LIVE: Final = "live"
"""The profile of documented reads only."""


@frozen(kw_only=True)
class Options:
    """What to test, and how much.

    Attributes:
        url: the base URL, such as `http://127.0.0.1:8642/api/v1`, checked.
        token: the token of the account to use.
        other_token: that of a second account, for trades and foreign orders.
        seed: what generated requests are drawn from.
        profile: one of `profiles.PROFILES`, or `live` for reads only; None for `full` on the
            sandbox and `live` on every other server.
        max_time: seconds after which nothing new is begun, or None.
        operations: the operationIds to try; all when empty.
        phases: some of `profiles.PHASES`; all when empty.
        workers: how many of the model's plays run at a time.
        share: the address of a Redis where found failures are shared, or None.
        canary: lets one order be placed and cancelled on a server that is only read from.
        is_mine: lets a profile that writes do so on a server that isn't the sandbox.
        stop_at: codes of rules; the run ends, without shortening, once one of them is broken.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    other_token: str | None = field(default=None, repr=False)
    seed: int = DEFAULT_SEED
    profile: str | None = None
    max_time: float | None = None
    operations: Sequence[str] = ()
    phases: Sequence[str] = ()
    workers: int = 1
    share: str | None = field(default=None, repr=False)
    canary: Budget | None = None
    is_mine: bool = False
    stop_at: Collection[str] = ()
