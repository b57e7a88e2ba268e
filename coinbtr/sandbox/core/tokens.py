"""API tokens: kept as hashes only, compared in constant time, with permissions and an expiry."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address, ip_network
from typing import Any

from attrs import asdict, field, frozen

from coinbtr.sandbox.core.errors import Code, Refusal


@frozen
class Permissions:
    """What a token may do besides reading, which every token may."""

    trade: bool = True
    withdraw: bool = True
    deposit: bool = True


def _networks(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(ip_network(network)) for network in given)


def _addresses(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@frozen
class Grant:
    """What a token stands for.

    Attributes:
        account_id: the account.
        permissions: what it may do there.
        expires_ms: when it ends, in milliseconds since 1970; None is never.
        allowed_ips: the addresses or networks (`192.0.2.0/24`) that it may be used from; none
            means all.
        withdrawal_addresses: where it may withdraw to; none means everywhere.

    Raises:
        ValueError: an entry of `allowed_ips` is neither an address nor a network.
    """

    account_id: int
    permissions: Permissions = field(factory=Permissions)
    expires_ms: int | None = None
    allowed_ips: tuple[str, ...] = field(default=(), converter=_networks)
    withdrawal_addresses: tuple[str, ...] = field(default=(), converter=_addresses)

    def check_withdrawal_address(self, address: str) -> None:
        """Let an address through that the token may withdraw to.

        Raises:
            Refusal: `permission_denied`.
        """
        if self.withdrawal_addresses and address not in self.withdrawal_addresses:
            raise Refusal(Code.PERMISSION_DENIED, "The token may not withdraw to this address.")

    def is_allowed_from(self, peer: str) -> bool:
        """Tell whether the token may be used from an address."""
        if not self.allowed_ips:
            return True
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in ip_network(network) for network in self.allowed_ips)

    def dump(self) -> dict[str, Any]:
        """Give plain data, for `load`."""
        return asdict(self)

    @classmethod
    def load(cls, state: Mapping[str, Any]) -> "Grant":
        """Make a grant from what `dump` gave."""
        return cls(**{**state, "permissions": Permissions(**state["permissions"])})


def digest_of(token: str) -> str:
    """Hash a token, in hexadecimal: what is kept of it.

    Raises:
        ValueError: the token is empty, or isn't all visible ASCII.
    """
    if not token or not all("!" <= letter <= "~" for letter in token):
        raise ValueError("a token must be one or more visible ASCII characters, without spaces")
    return _digest(token)


class TokenRegistry:
    """All tokens that the exchange knows, none of them readable."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def __repr__(self) -> str:
        return f"TokenRegistry({len(self._grants)} tokens)"

    def add(self, digest: str, grant: Grant) -> None:
        """Let the token with a digest stand for a grant; it replaces what it stood for before."""
        # A new dict, as below: who finds a token reads the one that was there, and needs no lock.
        self._grants = {**self._grants, digest: grant}

    def revoke(self, digest: str) -> None:
        """Forget a token.

        Raises:
            KeyError: there is none with that digest.
        """
        rest = dict(self._grants)
        del rest[digest]
        self._grants = rest

    def grants(self) -> Mapping[str, Grant]:
        """Tell all grants by the digests of their tokens."""
        return dict(self._grants)

    def find(self, token: str, *, now_ms: int, peer: str) -> Grant:
        """Find what a token stands for that was sent from the address `peer`.

        Every known token is compared, each in constant time: how long it takes tells nothing.

        Raises:
            Refusal: `invalid_token`, whether it is unknown, expired, or not allowed from there.
        """
        wanted = _digest(token)
        found: Grant | None = None
        for digest, grant in self._grants.items():
            if compare_digest(digest, wanted):
                found = grant
        if found is None or (found.expires_ms is not None and found.expires_ms <= now_ms):
            raise Refusal(Code.INVALID_TOKEN, "The token is not known or has expired.")
        if not found.is_allowed_from(peer):
            raise Refusal(Code.INVALID_TOKEN, "The token may not be used from this address.")
        return found

    def dump(self) -> list[tuple[str, dict[str, Any]]]:
        """Give all digests with their grants, for `load`."""
        return [(digest, grant.dump()) for digest, grant in self._grants.items()]

    def load(self, state: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Take over what `dump` gave."""
        self._grants = {digest: Grant.load(grant) for digest, grant in state}


def _digest(token: str) -> str:
    # Plain SHA-256: tokens are long and random, or a developer's own choice for a sandbox.
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
