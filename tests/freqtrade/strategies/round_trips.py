"""A strategy without an opinion: it buys at every candle and sells a few seconds later."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from freqtrade.strategy import IStrategy
from pandas import DataFrame


class RoundTrips(IStrategy):
    """Limit orders only, as the exchange has no others."""

    INTERFACE_VERSION = 3
    timeframe = "1m"
    startup_candle_count = 1
    process_only_new_candles = False
    minimal_roi: ClassVar = {"0": 100}
    stoploss = -0.99
    order_types: ClassVar = {
        "entry": "limit",
        "exit": "limit",
        "emergency_exit": "limit",
        "stoploss": "limit",
        "stoploss_on_exchange": False,
    }

    def bot_loop_start(self, *_: Any, **__: Any) -> None:
        """Buy again what was just sold: freqtrade would wait for the next candle."""
        for pair in self.dp.current_whitelist():
            self.unlock_pair(pair)

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """None is needed."""
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """Buy at every candle."""
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """Sell at none: `custom_exit` does."""
        dataframe["exit_long"] = 0
        return dataframe

    def custom_exit(
        self, pair: str, trade: Any, current_time: datetime, *_: Any, **__: Any
    ) -> str | None:
        """Sell what was bought five seconds ago."""
        age = (current_time.astimezone(UTC) - trade.open_date_utc).total_seconds()
        return "enough" if age > 5 else None
