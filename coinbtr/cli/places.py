"""Which server a command speaks to, with which token and which guard rails: chosen once.

A profile holds together: its token, guard rails and default book go with its server. Where another
server is named, nothing of the profile is used, so no token goes where it was not meant for.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen

from coinbtr.cli import settings, tokens
from coinbtr.cli.settings import PROFILE_VARIABLE, Profile, Settings
from coinbtr.config import LIVE_HOSTS, LIVE_URL, TOKEN_VARIABLE, URL_VARIABLE, checked_url
from coinbtr.errors import ConfigurationError
from coinbtr.guards import GuardRails
from coinbtr.wire.secret import checked_token

if TYPE_CHECKING:
    from coinbtr.cli.options import Where


@frozen(kw_only=True)
class Place:
    """A server, the token that goes there (None for public data), and the profile in use."""

    base_url: str
    token: str | None = field(default=None, repr=False)
    profile: Profile

    @property
    def host(self) -> str:
        """The server's name and port."""
        return urlsplit(self.base_url).netloc

    @property
    def is_live(self) -> bool:
        """Whether this is the live exchange, where money is real."""
        return urlsplit(self.base_url).hostname in LIVE_HOSTS

    @property
    def fingerprint(self) -> str:
        """What tells this account at this server from others, without giving the token away."""
        return checked_token(self.token).fingerprint(self.base_url)

    def guards(self, *, allow_withdrawals: bool = False) -> GuardRails:
        """The profile's guard rails; a command may allow its own withdrawal.

        Raises ConfigurationError, InvalidValue or InvalidType for what can't be a limit.
        """
        profile = self.profile
        return GuardRails(
            allow_withdrawals=allow_withdrawals or profile.allow_withdrawals,
            withdrawal_addresses=profile.withdrawal_addresses,
            max_order_value=profile.max_order_value,
            max_price_deviation=profile.max_price_deviation,
        )


def choose(where: "Where", *, public: bool = False) -> Place:
    """The place that options, environment and configuration file name, in this order.

    For what is public no token is looked for, and the live exchange needs no naming. Raises
    ConfigurationError where they contradict each other, or one is missing or not valid.
    """
    return _choose(where, settings.load(), os.environ, public=public)


def _choose(where: "Where", known: Settings, environ: Mapping[str, str], *, public: bool) -> Place:
    named = where.profile or environ.get(PROFILE_VARIABLE) or None
    profile = known.profile(named)
    given = _given(where)
    if named is not None and given is not None and profile.server not in (None, given):
        raise ConfigurationError(
            f"profile {profile.name} is for {profile.server}, and {given} was named, too"
        )
    if given is None and (named is None or profile.server is None):
        variable = environ.get(URL_VARIABLE)
        given = checked_url(variable, URL_VARIABLE) if variable else None
    if given is not None and profile.server not in (None, given):
        profile = Profile()
    server = given or profile.server
    if public:
        return Place(base_url=server or LIVE_URL, profile=profile)
    if server is None:
        raise ConfigurationError(
            f"name the exchange: --live, --base-url, {URL_VARIABLE} or a profile that does"
        )
    token = _token(where, profile, environ)
    if token is None:
        raise ConfigurationError(
            f"this needs a token: --token-file, {TOKEN_VARIABLE}, or `coinbtr config token`"
        )
    return Place(base_url=server, token=token, profile=profile)


def _given(where: "Where") -> str | None:
    if where.live:
        if where.base_url not in (None, LIVE_URL):
            raise ConfigurationError(f"--live means {LIVE_URL}, and --base-url names another")
        return LIVE_URL
    return None if where.base_url is None else checked_url(where.base_url, "--base-url")


def _token(where: "Where", profile: Profile, environ: Mapping[str, str]) -> str | None:
    if where.token is not None:
        return where.token
    if where.token_file is not None:
        return tokens.read_file(where.token_file)
    if profile.token_file is not None:
        return tokens.read_file(Path(profile.token_file))
    if profile.keyring:
        return tokens.read_keyring(profile.name)
    return environ.get(TOKEN_VARIABLE) or None
