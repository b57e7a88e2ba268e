"""Which function answers which operation, and which permission of a token it needs."""

from collections.abc import Mapping
from types import MappingProxyType

from coinbtr.sandbox.handlers import account, market, trading, wallet
from coinbtr.sandbox.handlers.call import Call, Handler

__all__ = ["HANDLERS", "PERMISSIONS", "Call", "Handler"]

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "getProfile": account.get_profile,
        "getSession": account.get_session,
        "getDepositAddress": wallet.get_deposit_address,
        "withdraw": wallet.withdraw,
        "listBalances": wallet.list_balances,
        "getBalance": wallet.get_balance,
        "listWithdrawals": wallet.list_withdrawals,
        "listDeposits": wallet.list_deposits,
        "placeBuyLimitOrder": trading.place_buy_limit_order,
        "placeSellLimitOrder": trading.place_sell_limit_order,
        "cancelBuyLimitOrder": trading.cancel_buy_limit_order,
        "cancelSellLimitOrder": trading.cancel_sell_limit_order,
        "listOpenOrders": trading.list_open_orders,
        "getOpenOrder": trading.get_open_order,
        "listTransactions": trading.list_transactions,
        "getTransaction": trading.get_transaction,
        "listBooks": market.list_books,
        "getOrderBook": market.get_order_book,
        "getTicker": market.get_ticker,
        "get24hVolume": market.get_24h_volume,
        "getCurrencies": market.get_currencies,
    }
)
"""The handler of each operation, by operationId."""

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "getDepositAddress": "deposit",
        "withdraw": "withdraw",
        "placeBuyLimitOrder": "trade",
        "placeSellLimitOrder": "trade",
        "cancelBuyLimitOrder": "trade",
        "cancelSellLimitOrder": "trade",
    }
)
"""The permission that a token needs for an operation; every token may read."""
