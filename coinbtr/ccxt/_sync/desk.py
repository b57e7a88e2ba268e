# Derived from coinbtr/ccxt/_async/desk.py by `make generate`: edit that file, not this one.
"""The package's client under a ccxt exchange: the same parts, over ccxt's own connections."""

from __future__ import annotations

from coinbtr._sync.guarding import Guard
from coinbtr._sync.market import Market
from coinbtr._sync.seam import Seam
from coinbtr._sync.shared import Shared
from coinbtr._sync.trading import Trading
from coinbtr._sync.wallet import Wallet
from coinbtr.ccxt._sync.engine import CcxtEngine
from coinbtr.ccxt.settings import Settings
from coinbtr.ccxt.transport import Transport
from coinbtr.errors import ConfigurationError


class Desk:
    """Market data, wallet and orders by the settings that the exchange has now."""

    def __init__(self, exchange: Transport, settings: Settings) -> None:
        config = settings.config()
        if isinstance(config, ConfigurationError):
            raise config
        self.settings = settings
        seam = Seam(config, Shared(engine=CcxtEngine(exchange), owns_engine=False))
        seam.keep_log(settings.intent_log)
        guard = Guard(settings.rails(), seam)
        self.market = Market(seam)
        self.wallet = Wallet(seam, guard)
        self.trading = Trading(seam, guard)
        self.seam = seam
