"""The same methods, each with the HTTP answer beside its result."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from coinbtr.calls import AsyncCall
from coinbtr.sending.observers import captured
from coinbtr.sending.raw import RawResponse, with_response

if TYPE_CHECKING:
    from coinbtr._async.account import AsyncAccount
    from coinbtr._async.market import AsyncMarket
    from coinbtr._async.trading import AsyncTrading
    from coinbtr._async.wallet import AsyncWallet

P = ParamSpec("P")
T = TypeVar("T")


def _raw(method: AsyncCall[P, T]) -> AsyncCall[P, RawResponse[T]]:
    @wraps(method)
    async def with_answer(*args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        with captured() as kept:
            result = await method(*args, **kwargs)
        return with_response(result, kept)

    return with_answer


class AsyncRawAccount:
    """The methods of `account`, each giving a RawResponse."""

    def __init__(self, account: AsyncAccount) -> None:
        self.profile = _raw(account.profile)
        self.session = _raw(account.session)


class AsyncRawWallet:
    """The methods of `wallet` that send one request, each giving a RawResponse."""

    def __init__(self, wallet: AsyncWallet) -> None:
        self.deposit_address = _raw(wallet.deposit_address)
        self.withdraw = _raw(wallet.withdraw)
        self.balances = _raw(wallet.balances)
        self.balance = _raw(wallet.balance)
        self.withdrawals = _raw(wallet.withdrawals)
        self.deposits = _raw(wallet.deposits)


class AsyncRawTrading:
    """The methods of `trading` that send one request, each giving a RawResponse."""

    def __init__(self, trading: AsyncTrading) -> None:
        self.buy_limit = _raw(trading.buy_limit)
        self.sell_limit = _raw(trading.sell_limit)
        self.cancel_buy_limit = _raw(trading.cancel_buy_limit)
        self.cancel_sell_limit = _raw(trading.cancel_sell_limit)
        self.cancel = _raw(trading.cancel)
        self.open_orders = _raw(trading.open_orders)
        self.open_order = _raw(trading.open_order)
        self.transactions = _raw(trading.transactions)
        self.transaction = _raw(trading.transaction)


class AsyncRawMarket:
    """The methods of `market` that send one request, each giving a RawResponse."""

    def __init__(self, market: AsyncMarket) -> None:
        self.books = _raw(market.books)
        self.order_book = _raw(market.order_book)
        self.ticker = _raw(market.ticker)
        self.volume = _raw(market.volume)
        self.currencies = _raw(market.currencies)
