"""The same exchange for `ccxt.async_support`: its methods are coroutines."""

from coinbtr.ccxt._async.exchange import coinbtr

__all__ = ["coinbtr"]
