"""Accounts that a sandbox begins with beside its own two: what they have, and their tokens."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from secrets import token_hex
from typing import Any

from attrs import field, frozen

from coinbtr.sandbox.core.commands import AddToken, Command, Credit, OpenAccount
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.tokens import Grant, Permissions, digest_of
from coinbtr.sandbox.core.units import to_units

Execute = Callable[[Command[Any]], Any]


@frozen(kw_only=True)
class StartingToken:
    """A token of an account; every token may read. A fresh one is made if none is given.

    Attributes:
        trade, withdraw, deposit: what else it may.
        expires_in: seconds until it expires, from the start of the sandbox; None is never.
        allowed_ips: addresses or networks that it may be used from; none means all.
        withdrawal_addresses: where it may withdraw to; none means everywhere.
    """

    token: str = field(factory=lambda: token_hex(20), repr=False)
    trade: bool = True
    withdraw: bool = True
    deposit: bool = True
    expires_in: int | None = None
    allowed_ips: tuple[str, ...] = ()
    withdrawal_addresses: tuple[str, ...] = ()


@frozen(kw_only=True)
class StartingAccount:
    """An account that is there from the start; `balances` is what it has, in coins."""

    username: str
    email: str | None = None
    level: int = 1
    balances: Mapping[str, Decimal | int | str] = field(factory=dict)
    tokens: tuple[StartingToken, ...] = ()


def furnish(
    exchange: Exchange, accounts: Iterable[StartingAccount], execute: Execute, now_ms: int
) -> None:
    """Open the accounts that aren't there, with their money, and let all their tokens in.

    An account that is there keeps what it has.

    Args:
        exchange: where.
        accounts: which.
        execute: what changes the exchange.
        now_ms: the time.

    Raises:
        ValueError: an amount has more than 8 decimals or isn't above zero; a token isn't visible
            ASCII; an entry of `allowed_ips` is neither an address nor a network.
        Refusal: there is no such coin.
    """
    names = {account.username: account.id for account in exchange.accounts.values()}
    for one in accounts:
        if one.username not in names:
            email = one.email or f"{one.username}@sandbox.invalid"
            account = execute(OpenAccount(one.username, email, one.level))
            names[one.username] = account.id
            for coin, amount in one.balances.items():
                execute(Credit(account.id, coin, to_units(amount), confirmed=True))
        for token in one.tokens:
            grant = Grant(
                names[one.username],
                Permissions(token.trade, token.withdraw, token.deposit),
                None if token.expires_in is None else now_ms + token.expires_in * 1000,
                token.allowed_ips,
                token.withdrawal_addresses,
            )
            execute(AddToken(digest_of(token.token), grant.dump()))
