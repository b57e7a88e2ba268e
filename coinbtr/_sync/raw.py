# Derived from coinbtr/_async/raw.py by `make generate`: edit that file, not this one.
"""The same methods, each with the HTTP answer beside its result."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from coinbtr.calls import Call
from coinbtr.sending.observers import captured
from coinbtr.sending.raw import RawResponse, with_response

if TYPE_CHECKING:
    from coinbtr._sync.account import Account
    from coinbtr._sync.market import Market
    from coinbtr._sync.trading import Trading
    from coinbtr._sync.wallet import Wallet

P = ParamSpec("P")
T = TypeVar("T")


def _raw(method: Call[P, T]) -> Call[P, RawResponse[T]]:
    @wraps(method)
    def with_answer(*args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        with captured() as kept:
            result = method(*args, **kwargs)
        return with_response(result, kept)

    return with_answer


class RawAccount:
    """The methods of `account`, each giving a RawResponse."""

    def __init__(self, account: Account) -> None:
        self.profile = _raw(account.profile)
        self.session = _raw(account.session)


class RawWallet:
    """The methods of `wallet` that send one request, each giving a RawResponse."""

    def __init__(self, wallet: Wallet) -> None:
        self.deposit_address = _raw(wallet.deposit_address)
        self.withdraw = _raw(wallet.withdraw)
        self.balances = _raw(wallet.balances)
        self.balance = _raw(wallet.balance)
        self.withdrawals = _raw(wallet.withdrawals)
        self.deposits = _raw(wallet.deposits)


class RawTrading:
    """The methods of `trading` that send one request, each giving a RawResponse."""

    def __init__(self, trading: Trading) -> None:
        self.buy_limit = _raw(trading.buy_limit)
        self.sell_limit = _raw(trading.sell_limit)
        self.cancel_buy_limit = _raw(trading.cancel_buy_limit)
        self.cancel_sell_limit = _raw(trading.cancel_sell_limit)
        self.cancel = _raw(trading.cancel)
        self.open_orders = _raw(trading.open_orders)
        self.open_order = _raw(trading.open_order)
        self.transactions = _raw(trading.transactions)
        self.transaction = _raw(trading.transaction)


class RawMarket:
    """The methods of `market` that send one request, each giving a RawResponse."""

    def __init__(self, market: Market) -> None:
        self.books = _raw(market.books)
        self.order_book = _raw(market.order_book)
        self.ticker = _raw(market.ticker)
        self.volume = _raw(market.volume)
        self.currencies = _raw(market.currencies)
