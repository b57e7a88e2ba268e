# Derived from coinbtr/_async/account.py by `make generate`: edit that file, not this one.
"""`client.account`: who the token belongs to, and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coinbtr_api.api import account as api

from coinbtr._sync.seam import Seam
from coinbtr.models import reading

if TYPE_CHECKING:
    from coinbtr._sync.raw import RawAccount
    from coinbtr.models import Profile, Session


class Account:
    """The account that the token belongs to. Every method needs a token."""

    def __init__(self, seam: Seam) -> None:
        self._seam = seam

    @property
    def with_raw_response(self) -> RawAccount:
        """The methods that send one request, each giving a RawResponse: result, status, body, …"""
        from coinbtr._sync.raw import RawAccount

        return RawAccount(self)

    def profile(self) -> Profile:
        """Get the profile of the account: user name, e-mail address, fee level and age.

        Source: reference lines 64-67; ruling R007.

        Raises:
            AuthenticationError: the token is not valid.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = self._seam.call(
            "getProfile", api.get_profile._get_kwargs(), api.get_profile._parse_success
        )
        return reading.profile(answer.data)

    def session(self) -> Session:
        """Get whose token this is, where it is used from, when it expires and what it permits.

        Source: reference lines 74-76; rulings R007 and R036.

        Raises:
            AuthenticationError: the token is not valid.
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = self._seam.call(
            "getSession", api.get_session._get_kwargs(), api.get_session._parse_success
        )
        return reading.session(answer.data)
