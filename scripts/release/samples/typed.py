"""A user's program: each type that it is given is asserted."""

from decimal import Decimal
from typing import assert_type

from coinbtr import AsyncCoinBTR, Balance, CoinBTR, Order, OrderBook, OutcomeUnknown, Ticker


def program() -> Order | None:
    """Trade on a sandbox."""
    with CoinBTR.sandbox() as exchange:
        assert_type(exchange, CoinBTR)
        assert_type(exchange.market.ticker("btc-mxn"), Ticker)
        assert_type(exchange.wallet.balance("mxn"), Balance)
        book = exchange.market.order_book("btc-mxn")
        assert_type(book, OrderBook)
        assert_type(book.spread, Decimal)
        try:
            order = exchange.trading.buy_limit("btc-mxn", amount="0.01", price=book.best_bid.price)
        except OutcomeUnknown as lost:
            found = lost.reconcile()
            return found.order if found else None
        assert_type(order, Order)
        assert_type(order.remaining, Decimal)
        return order


async def twin() -> Ticker:
    """The same in async."""
    async with AsyncCoinBTR.sandbox() as exchange:
        return await exchange.market.ticker("btc-mxn")
