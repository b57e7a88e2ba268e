"""CoinBTR for programs that speak ccxt: importing this registers the exchange `coinbtr` with ccxt.

After it `ccxt.coinbtr`, `ccxt.async_support.coinbtr` and `"coinbtr" in ccxt.exchanges` are there.
"""

from coinbtr.ccxt._sync.exchange import coinbtr
from coinbtr.ccxt.errors import OutcomeUnknown
from coinbtr.ccxt.registry import register

__all__ = ["OutcomeUnknown", "coinbtr", "register"]

register()
