"""The package's client under a ccxt exchange: the same parts, over ccxt's own connections."""

from __future__ import annotations

from coinbtr._async.guarding import Guard
from coinbtr._async.market import AsyncMarket
from coinbtr._async.seam import Seam
from coinbtr._async.shared import Shared
from coinbtr._async.trading import AsyncTrading
from coinbtr._async.wallet import AsyncWallet
from coinbtr.ccxt._async.engine import CcxtEngine
from coinbtr.ccxt.settings import Settings
from coinbtr.ccxt.transport import AsyncTransport
from coinbtr.errors import ConfigurationError


class Desk:
    """Market data, wallet and orders by the settings that the exchange has now."""

    def __init__(self, exchange: AsyncTransport, settings: Settings) -> None:
        config = settings.config()
        if isinstance(config, ConfigurationError):
            raise config
        self.settings = settings
        seam = Seam(config, Shared(engine=CcxtEngine(exchange), owns_engine=False))
        guard = Guard(settings.rails(), seam)
        self.market = AsyncMarket(seam)
        self.wallet = AsyncWallet(seam, guard)
        self.trading = AsyncTrading(seam, guard)
        self.seam = seam
        self._keeps_log = False

    def keep_log(self) -> None:
        """Open the intent log, if there is to be one, unless it is open.

        Not at once: a bot may have a second exchange object, for market data alone. Raises
        ConfigurationError when it can't be, or another client has it open.
        """
        if not self._keeps_log:
            self.seam.keep_log(self.settings.intent_log)
            self._keeps_log = True

    def leave_log(self) -> None:
        """Close the intent log, so that another client may go on with it."""
        self._keeps_log = False
        self.seam.close_log()
