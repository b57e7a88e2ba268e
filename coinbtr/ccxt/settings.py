"""What a ccxt exchange is set to, as the package's own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from coinbtr.config import Config, resolve, to_watermark
from coinbtr.errors import ConfigurationError
from coinbtr.guards import GuardRails
from coinbtr.sending.retries import Retries, to_retries
from coinbtr.wire.engine import Timeout


@frozen(kw_only=True)
class Settings:
    """Where requests go, with which token, and by which rules: `options` in the package's words.

    Two that are equal mean the same client.
    """

    base_url: str
    api_key: str | None
    options: tuple[object, ...]

    @classmethod
    def of(cls, url: object, api_key: str | None, options: Mapping[str, Any]) -> Settings:
        """Read them off an exchange; `url` is its `urls["api"]`, as a str or by kind of API."""
        if isinstance(url, Mapping):
            url = next(iter(url.values()), None)
        if not isinstance(url, str):
            raise ConfigurationError('urls["api"] must be the base URL, a str')
        return cls(
            base_url=url,
            api_key=api_key or None,
            options=tuple(options.get(name) for name in _OPTIONS),
        )

    def __repr__(self) -> str:
        return f"Settings({self.base_url!r})"

    def config(self) -> Config | ConfigurationError:
        """The configuration; an error is given back, not raised: its frames hold the token."""
        # No environment variable counts here: ccxt's users give the key to the exchange.
        config = resolve(self.api_key, self.base_url, None, Timeout(), {})
        if isinstance(config, ConfigurationError):
            return config
        return evolve(
            config,
            # ccxt's own time-out bounds each attempt.
            deadline=None,
            watermark=to_watermark(self._option("watermark")),
            retries=self._retries(),
        )

    def rails(self) -> GuardRails:
        """The guard rails; the book's own limits are left to the exchange, as ccxt does it."""
        return GuardRails(
            allow_withdrawals=self._option("allowWithdrawals"),
            withdrawal_addresses=self._option("withdrawalAddresses"),
            max_order_value=self._option("maxOrderValue"),
            max_price_deviation=self._option("maxPriceDeviation"),
            book_limits=False,
        )

    @property
    def intent_log(self) -> str | None:
        """The file that intents are written to, if any."""
        name: str | None = self._option("intentLog")
        return name

    def _retries(self) -> Retries:
        again, delay = self._option("maxRetriesOnFailure"), self._option("maxRetriesOnFailureDelay")
        seconds = (delay or 0) / 1000
        return to_retries(
            Retries(attempts=1 + (again or 0), first_wait=seconds, longest_wait=seconds)
        )

    def _option(self, name: str) -> Any:
        return self.options[_OPTIONS.index(name)]


_OPTIONS = (
    *("allowWithdrawals", "withdrawalAddresses", "maxOrderValue", "maxPriceDeviation"),
    *("intentLog", "watermark", "maxRetriesOnFailure", "maxRetriesOnFailureDelay"),
)
