"""Who the token belongs to, and what it may do."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen


@frozen(kw_only=True)
class Profile:
    """The account: user name, e-mail address (None if not told), fee level, age (ruling R007)."""

    username: str
    email: str | None
    level: int
    created_at: datetime


@frozen(kw_only=True)
class TokenPermissions:
    """What a token may do besides reading (ruling R036)."""

    trade: bool
    withdraw: bool
    deposit: bool


@frozen(kw_only=True)
class Session:
    """The token in use: whose it is, the address it is used from, until when, and what it may do.

    `expires` is None for a token that never does.
    """

    username: str
    ip: str
    expires: datetime | None
    permissions: TokenPermissions
