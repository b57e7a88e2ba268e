"""A stateful exchange on your own machine: the API of the description, with play money.

It never sends anything to any network, and marks each answer with the header `CoinBTR-Sandbox`.
"""

try:
    from coinbtr.sandbox.accounts import StartingAccount, StartingToken
    from coinbtr.sandbox.control.errors import ControlError, NotPossible, Unknown
    from coinbtr.sandbox.core.clock import ManualClock, SystemClock
    from coinbtr.sandbox.core.errors import Refusal
    from coinbtr.sandbox.embedded import Sandbox
    from coinbtr.sandbox.faults import Fault
    from coinbtr.sandbox.rate_limits import RateLimit, RateLimits
except ModuleNotFoundError as missing:
    if missing.name is None or missing.name.split(".")[0] not in ("base58_bech32", "jsonschema"):
        raise
    raise ModuleNotFoundError(
        "the sandbox needs some more packages: pip install 'coinbtr[sandbox]'", name=missing.name
    ) from missing

__all__ = [
    "ControlError",
    "Fault",
    "ManualClock",
    "NotPossible",
    "RateLimit",
    "RateLimits",
    "Refusal",
    "Sandbox",
    "StartingAccount",
    "StartingToken",
    "SystemClock",
    "Unknown",
]
