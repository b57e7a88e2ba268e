"""Makes ccxt know the exchange by name, as it knows its own."""

from typing import Final

import ccxt
import ccxt.async_support

from coinbtr.ccxt._async.exchange import coinbtr as asynchronous
from coinbtr.ccxt._sync.exchange import coinbtr as synchronous

NAME: Final = "coinbtr"


def register(
    sync: type[ccxt.Exchange] = synchronous,
    async_: type[ccxt.async_support.Exchange] = asynchronous,
) -> None:
    """Put the exchange into `ccxt` and `ccxt.async_support`, in place of any of its name.

    Args:
        sync: its class for `ccxt`, such as a subclass of `coinbtr.ccxt.coinbtr`.
        async_: its class for `ccxt.async_support`.
    """
    setattr(ccxt, NAME, sync)
    setattr(ccxt.async_support, NAME, async_)
    for names in (ccxt.exchanges, ccxt.async_support.exchanges):
        if NAME not in names:
            names.append(NAME)
            names.sort()
