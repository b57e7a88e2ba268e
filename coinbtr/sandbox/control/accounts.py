"""Accounts: who there is, what they have, and their open orders."""

from collections.abc import Mapping
from itertools import islice

from coinbtr.sandbox.control.desk import Desk, find_account
from coinbtr.sandbox.control.errors import NotPossible
from coinbtr.sandbox.control.views import Account, AccountBalance, OpenOrder, moment
from coinbtr.sandbox.core import records
from coinbtr.sandbox.core.commands import OpenAccount
from coinbtr.sandbox.core.exchange import Exchange
from coinbtr.sandbox.core.units import to_decimal


class Accounts(Desk):
    """The accounts of the exchange."""

    def accounts(self) -> tuple[Account, ...]:
        """Tell all accounts with their balances, the exchange's own market makers among them."""
        with self._sequencer.turn() as (exchange, _):
            return tuple(_account(exchange, one) for one in exchange.accounts.values())

    def balances(self, account: str = "demo") -> Mapping[str, AccountBalance]:
        """Tell what an account has, by the coins' symbols in upper case.

        Raises:
            Unknown: there is no such account.
        """
        with self._sequencer.turn() as (exchange, _):
            found = _balances(exchange, find_account(exchange, account))
        return {balance.coin: balance for balance in found}

    def open_account(self, username: str, *, email: str | None = None, level: int = 1) -> Account:
        """Open an account without money and without tokens.

        Args:
            username: its name.
            email: by default one that leads nowhere.
            level: the fee level, from 1.

        Raises:
            NotPossible: there is an account of that name, the name is empty, or the level below 1.
        """
        if not username or level < 1:
            sentence = f"An account needs a name and a level from 1: {username!r}, {level}."
            raise NotPossible("invalid_value", sentence)
        address = f"{username}@sandbox.invalid" if email is None else email
        with self._sequencer.turn() as (exchange, _):
            if any(one.username == username for one in exchange.accounts.values()):
                sentence = f"There is an account {username!r} already."
                raise NotPossible("account_exists", sentence)
            made = _account(
                exchange, self._sequencer.execute(OpenAccount(username, address, level))
            )
        self._sequencer.commit()
        return made

    def orders(
        self,
        account: str | None = None,
        market: str | None = None,
        *,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[OpenOrder, ...]:
        """Tell open orders, newest first.

        Args:
            account: its name; by default all accounts.
            market: a book, in any case; by default all books.
            limit: how many at most.
            offset: how many of the first to skip.

        Raises:
            Unknown: there is no such account.
            Refusal: there is no such book.
        """
        with self._sequencer.turn() as (exchange, _):
            name = None if market is None else exchange.catalogue.market(market).name
            owners = [find_account(exchange, account)] if account else exchange.accounts.values()
            found = [
                order
                for owner in owners
                for order in exchange.trading.all_open_orders(owner.id)
                if name in (None, order.market)
            ]
            found.sort(key=lambda order: order.id, reverse=True)
            return tuple(
                OpenOrder(
                    id=order.id,
                    account=exchange.accounts[order.account_id].username,
                    market=order.market,
                    side=str(order.side),
                    price=to_decimal(order.price),
                    initial_amount=to_decimal(order.initial),
                    amount=to_decimal(order.left),
                    filled=to_decimal(order.filled),
                    is_open=order.is_open,
                    created_at=moment(order.created_ms),
                )
                for order in islice(found, offset, offset + limit)
            )


def _account(exchange: Exchange, account: records.Account) -> Account:
    return Account(
        username=account.username,
        email=account.email,
        level=account.level,
        created_at=moment(account.created_ms),
        is_house=account.is_house,
        balances=_balances(exchange, account),
    )


def _balances(exchange: Exchange, account: records.Account) -> tuple[AccountBalance, ...]:
    wallets = [exchange.wallets.wallet(account.id, coin) for coin in exchange.catalogue.coins]
    return tuple(
        AccountBalance(
            coin=wallet.coin,
            available=to_decimal(wallet.available),
            frozen=to_decimal(wallet.frozen),
            pending=to_decimal(wallet.pending),
            total=to_decimal(wallet.total),
        )
        for wallet in wallets
    )
