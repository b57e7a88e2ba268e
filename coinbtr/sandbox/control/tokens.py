"""Tokens: making and revoking them; what is kept of one is its hash."""

from collections.abc import Iterable
from secrets import token_hex

from coinbtr.sandbox.control.desk import Desk, find_account
from coinbtr.sandbox.control.errors import NotPossible, Unknown
from coinbtr.sandbox.control.views import TokenInfo, TokenPermissions, moment
from coinbtr.sandbox.core.commands import AddToken, RevokeToken
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.tokens import Grant, Permissions, digest_of

_ID_LENGTH = 16


class Tokens(Desk):
    """The API tokens of the accounts."""

    def tokens(self) -> tuple[TokenInfo, ...]:
        """Tell what each token stands for; no token itself."""
        with self._sequencer.turn() as (exchange, _):
            grants = exchange.tokens.grants()
            return tuple(_info(exchange, digest, grant) for digest, grant in grants.items())

    def issue_token(
        self,
        account: str = "demo",
        *,
        trade: bool = True,
        withdraw: bool = True,
        deposit: bool = True,
        expires_in: int | None = None,
        allowed_ips: Iterable[str] = (),
        withdrawal_addresses: Iterable[str] = (),
    ) -> str:
        """Make a further token of an account; every token may read.

        Args:
            account: its name, such as `demo` or `other`.
            trade: whether it may place and cancel orders.
            withdraw: whether it may withdraw.
            deposit: whether it may ask for deposit addresses.
            expires_in: seconds until it expires; by default it never does.
            allowed_ips: addresses or networks that it may be used from; by default all.
            withdrawal_addresses: where it may withdraw to; by default everywhere.

        Raises:
            Unknown: there is no such account.
            NotPossible: an entry of `allowed_ips` is neither an address nor a network.
        """
        token = token_hex(20)
        self._add_token(
            token,
            account,
            permissions=Permissions(trade, withdraw, deposit),
            expires_in=expires_in,
            allowed_ips=tuple(allowed_ips),
            withdrawal_addresses=tuple(withdrawal_addresses),
        )
        return token

    def revoke_token(self, token: str) -> TokenInfo:
        """Have a token refused from now on.

        Args:
            token: the token, or its id as `tokens` tells it.

        Raises:
            Unknown: there is no such token.
        """
        with self._sequencer.turn() as (exchange, _):
            for digest, grant in exchange.tokens.grants().items():
                if token == digest[:_ID_LENGTH] or _is_of(digest, token):
                    revoked = _info(exchange, digest, grant)
                    self._sequencer.execute(RevokeToken(digest))
                    break
            else:
                # The token may be a real one that was sent here by mistake: it isn't repeated.
                raise Unknown("token_not_found", "There is no such token.")
        self._sequencer.commit()
        return revoked

    def _add_token(
        self,
        token: str,
        account: str,
        *,
        permissions: Permissions,
        expires_in: int | None = None,
        allowed_ips: tuple[str, ...] = (),
        withdrawal_addresses: tuple[str, ...] = (),
    ) -> None:
        with self._sequencer.turn() as (exchange, now_ms):
            try:
                grant = Grant(
                    find_account(exchange, account).id,
                    permissions,
                    None if expires_in is None else now_ms + expires_in * 1000,
                    allowed_ips,
                    withdrawal_addresses,
                )
            except ValueError as error:
                raise NotPossible("invalid_value", f"allowed_ips: {error}.") from None
            self._sequencer.execute(AddToken(digest_of(token), grant.dump()))
        self._sequencer.commit()


def id_of(token: str) -> str:
    """Tell the id that a token is listed under."""
    return digest_of(token)[:_ID_LENGTH]


def _is_of(digest: str, token: str) -> bool:
    try:
        return digest_of(token) == digest
    except ValueError:
        return False


def _info(exchange: Exchange, digest: str, grant: Grant) -> TokenInfo:
    may = grant.permissions
    return TokenInfo(
        id=digest[:_ID_LENGTH],
        account=exchange.accounts[grant.account_id].username,
        permissions=TokenPermissions(may.trade, may.withdraw, may.deposit),
        expires_at=None if grant.expires_ms is None else moment(grant.expires_ms),
        allowed_ips=grant.allowed_ips,
        withdrawal_addresses=grant.withdrawal_addresses,
    )
