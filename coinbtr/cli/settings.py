"""The configuration file: named profiles, in TOML, without any secret."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

import platformdirs
from attrs import field, frozen

from coinbtr.arguments import to_address, to_coin, to_market
from coinbtr.config import LIVE_URL, checked_url
from coinbtr.errors import ArgumentError, ConfigurationError, InvalidValue
from coinbtr.money import to_money, to_share

PATH_VARIABLE: Final = "COINBTR_CONFIG"
PROFILE_VARIABLE: Final = "COINBTR_PROFILE"
DEFAULT: Final = "default"


@frozen(kw_only=True)
class Profile:
    """One profile: where, with whose token, and what is never to be sent.

    `token_file` is a path, `keyring` whether the system keyring holds the token; the other names
    are those of the client's parameters. One without a name is none.
    """

    name: str = ""
    base_url: str | None = None
    environment: Literal["live"] | None = None
    book: str | None = None
    token_file: str | None = None
    keyring: bool = False
    allow_withdrawals: bool = False
    withdrawal_addresses: Mapping[str, list[str]] | None = None
    max_order_value: Mapping[str, Decimal | int | str] | None = None
    max_price_deviation: Decimal | int | str | None = None

    @property
    def server(self) -> str | None:
        """The base URL that it names, None if it names none."""
        return LIVE_URL if self.environment == "live" else self.base_url


@frozen(kw_only=True)
class Settings:
    """What the configuration file says."""

    path: Path
    default_profile: str = DEFAULT
    profiles: Mapping[str, Profile] = field(factory=dict)

    def profile(self, name: str | None) -> Profile:
        """The profile of this name, or the default one; without that one, an empty one.

        Raises ConfigurationError for a name that the file doesn't have.
        """
        if name is None:
            return self.profiles.get(self.default_profile, Profile())
        if name not in self.profiles:
            known = ", ".join(self.profiles) or "none"
            raise ConfigurationError(f"{self.path} has no profile {name!r}; there are: {known}")
        return self.profiles[name]


def settings_path() -> Path:
    """Where the configuration file is: COINBTR_CONFIG, or the system's place for such files."""
    given = os.environ.get(PATH_VARIABLE)
    return Path(given) if given else platformdirs.user_config_path("coinbtr") / "config.toml"


def load() -> Settings:
    """Read the configuration file; without one everything is as by default.

    Raises ConfigurationError, naming file and key, for what it can't be.
    """
    path = settings_path()
    try:
        return read(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(path=path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}") from None


def read(path: Path, text: str) -> Settings:
    """The settings of a file's text; raises as `load` does."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise ConfigurationError(f"{path} is no valid TOML: {error}") from None
    default = document.pop("default_profile", None)
    profiles = document.pop("profiles", {})
    if document:
        raise ConfigurationError(f"{path}: {next(iter(document))} is no known key")
    if not isinstance(profiles, dict) or not all(
        isinstance(one, dict) for one in profiles.values()
    ):
        raise ConfigurationError(f"{path}: profiles must be tables such as [profiles.sandbox]")
    if default is not None and not (isinstance(default, str) and default in profiles):
        # As if it were empty, its limits would be gone without a word.
        known = ", ".join(profiles) or "none"
        raise ConfigurationError(
            f"{path}: default_profile must name a profile, not {default!r}; there are: {known}"
        )
    return Settings(
        path=path,
        default_profile=default or DEFAULT,
        profiles={name: _profile(path, name, table) for name, table in profiles.items()},
    )


def _profile(path: Path, name: str, table: dict[str, Any]) -> Profile:
    where = f"{path}: profiles.{name}"
    if "token" in table:
        raise ConfigurationError(
            f"{where}.token: a token is not kept here; `coinbtr config token` puts it into a file"
            " of its own or the keyring"
        )
    for key, value in table.items():
        if key not in EXPECTED:
            known = ", ".join(EXPECTED)
            raise ConfigurationError(f"{where}.{key} is no known key; there are {known}")
        if not _fits(key, value):
            raise ConfigurationError(f"{where}.{key} must be {EXPECTED[key]}")
        try:
            _require_usable(key, value)
        except ArgumentError as error:
            raise ConfigurationError(f"{where}.{key}: {error}") from None
    if table.get("environment") is not None and table.get("base_url") is not None:
        raise ConfigurationError(f"{where} has both base_url and environment: one says where")
    if table.get("base_url") is not None:
        table = {**table, "base_url": checked_url(table["base_url"], f"{where}.base_url")}
    return Profile(name=name, **table)


EXPECTED: Final = {
    "base_url": "a URL such as http://127.0.0.1:8642/api/v1",
    "environment": '"live"',
    "book": "a book such as btc-mxn",
    "token_file": "the path of a file that only you can read",
    "keyring": "true or false",
    "allow_withdrawals": "true or false",
    "withdrawal_addresses": "a list of addresses for each coin",
    "max_order_value": "an amount in quotes for each coin",
    "max_price_deviation": 'a share in quotes, such as "0.05"',
}


def _fits(key: str, value: object) -> bool:
    if key in ("keyring", "allow_withdrawals"):
        return isinstance(value, bool)
    if key == "environment":
        return value == "live"
    if key == "withdrawal_addresses":
        return isinstance(value, dict) and all(
            isinstance(some, list) and all(isinstance(one, str) for one in some)
            for some in value.values()
        )
    if key == "max_order_value":
        return isinstance(value, dict) and all(_is_money(one) for one in value.values())
    if key == "max_price_deviation":
        return _is_money(value)
    return isinstance(value, str)


def _is_money(value: object) -> bool:
    return isinstance(value, (Decimal, int, str)) and not isinstance(value, bool)


def _require_usable(key: str, value: Any) -> None:
    """Hold a value of the right type to what the client will take.

    Raises InvalidValue or InvalidType.
    """
    if key == "book":
        to_market(value)
    elif key == "token_file" and not (value.strip() and value.isprintable()):
        raise InvalidValue(f"it must be {EXPECTED[key]}, not {value!r}", field=key)
    elif key == "max_price_deviation":
        to_share(value, key)
    elif key == "max_order_value":
        _require_coins(key, value)
        for coin, limit in value.items():
            to_money(limit, coin)
    elif key == "withdrawal_addresses":
        _require_coins(key, value)
        for address in (one for some in value.values() for one in some):
            to_address(address)


def _require_coins(key: str, coins: Iterable[str]) -> None:
    coins = list(coins)
    if len({to_coin(coin) for coin in coins}) < len(coins):
        raise InvalidValue("it names a coin twice, in two cases", field=key)
