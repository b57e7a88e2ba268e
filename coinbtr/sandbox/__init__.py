"""A stateful exchange on your own machine: the API of the description, with play money.

It never sends anything to any network, and marks each answer with the header `CoinBTR-Sandbox`.
"""

try:
    from coinbtr.sandbox.core.clock import ManualClock, SystemClock
    from coinbtr.sandbox.embedded import Sandbox
except ModuleNotFoundError as missing:
    if missing.name is None or missing.name.split(".")[0] != "jsonschema_rs":
        raise
    raise ModuleNotFoundError(
        "the sandbox needs some more packages: pip install 'coinbtr[sandbox]'", name=missing.name
    ) from missing

__all__ = ["ManualClock", "Sandbox", "SystemClock"]
