"""API tokens: kept as hashes only, compared in constant time, with permissions and an expiry."""

from hashlib import sha256
from hmac import compare_digest

from attrs import field, frozen

from coinbtr.sandbox.core.errors import Code, Refusal


@frozen
class Permissions:
    """What a token may do besides reading."""

    trade: bool = True
    withdraw: bool = True
    deposit: bool = True


@frozen
class Grant:
    """What a token stands for: an account, permissions, and an end (None: never)."""

    account_id: int
    permissions: Permissions = field(factory=Permissions)
    expires_ms: int | None = None


class TokenRegistry:
    """All tokens that the exchange knows, none of them readable."""

    def __init__(self) -> None:
        self._grants: dict[bytes, Grant] = {}

    def __repr__(self) -> str:
        return f"TokenRegistry({len(self._grants)} tokens)"

    def add(self, token: str, grant: Grant) -> None:
        """Let a token stand for a grant; it replaces what it stood for before.

        Raises:
            ValueError: the token is empty, or isn't all visible ASCII.
        """
        if not token or not all("!" <= letter <= "~" for letter in token):
            raise ValueError("a token must be one or more visible ASCII characters, without spaces")
        self._grants[_digest(token)] = grant

    def find(self, token: str, now_ms: int) -> Grant:
        """Find what a token stands for.

        Every known token is compared, each in constant time: how long it takes tells nothing.

        Raises:
            Refusal: `invalid_token`, whether it is unknown or expired.
        """
        wanted = _digest(token)
        found: Grant | None = None
        for digest, grant in self._grants.items():
            if compare_digest(digest, wanted):
                found = grant
        if found is None or (found.expires_ms is not None and found.expires_ms <= now_ms):
            raise Refusal(Code.INVALID_TOKEN, "The token is not known or has expired.")
        return found


def _digest(token: str) -> bytes:
    # Plain SHA-256: tokens are long and random, or a developer's own choice for a sandbox.
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
