"""The shape of each operation's `data`: its fields, and of which kind they are.

Written by `make generate` from openapi/coinbtr.yaml; not edited by hand.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

__all__ = ["DATA", "OBJECTS", "Field"]


@frozen
class Field:
    """One field of an object.

    Its kind is `string`, `integer`, `boolean`, `decimal`, `date-time`, the name of an object, or
    one of these in brackets for a list of it.
    """

    name: str
    kind: str
    required: bool
    nullable: bool


OBJECTS: Final[Mapping[str, tuple[Field, ...]]] = MappingProxyType(
    {
        "Book": (
            Field("name", "string", True, False),
            Field("min_amount", "decimal", True, False),
            Field("max_amount", "decimal", True, False),
            Field("amount_step", "decimal", True, False),
            Field("min_price", "decimal", True, False),
            Field("max_price", "decimal", True, False),
            Field("price_step", "decimal", True, False),
            Field("min_value", "decimal", True, False),
            Field("maker_fee", "decimal", True, False),
            Field("taker_fee", "decimal", True, False),
            Field("is_open", "boolean", True, False),
        ),
        "CoinBalance": (
            Field("coin", "string", True, False),
            Field("balance", "decimal", True, False),
            Field("available", "decimal", True, False),
            Field("pending", "decimal", True, False),
            Field("depositAddress", "string", True, True),
        ),
        "Currency": (
            Field("coin", "string", True, False),
            Field("coin_name", "string", True, False),
            Field("min_withdraw", "decimal", True, False),
            Field("fee_withdraw", "decimal", True, False),
            Field("confirmations_required", "integer", True, False),
            Field("available_to_deposit", "boolean", True, False),
            Field("available_to_withdraw", "boolean", True, False),
            Field("country", "string", False, False),
        ),
        "Deposit": (
            Field("coin", "string", True, False),
            Field("address", "string", True, False),
            Field("amount", "decimal", True, False),
            Field("txid", "string", True, False),
            Field("status", "string", True, False),
            Field("confirmations", "integer", True, False),
            Field("date", "date-time", True, False),
        ),
        "DepositAddress": (
            Field("coin", "string", True, False),
            Field("address", "string", True, False),
        ),
        "Order": (
            Field("id", "integer", True, False),
            Field("market", "string", True, False),
            Field("side", "string", True, False),
            Field("price", "decimal", True, False),
            Field("initial_amount", "decimal", True, False),
            Field("amount", "decimal", True, False),
            Field("filled", "decimal", True, False),
            Field("is_open", "boolean", True, False),
            Field("created_at", "date-time", True, False),
        ),
        "OrderBook": (
            Field("market", "string", True, False),
            Field("asks", "[OrderBookLevel]", True, False),
            Field("bids", "[OrderBookLevel]", True, False),
        ),
        "OrderBookLevel": (
            Field("price", "decimal", True, False),
            Field("amount", "decimal", True, False),
        ),
        "Profile": (
            Field("username", "string", True, False),
            Field("email", "string", True, True),
            Field("level", "integer", True, False),
            Field("created_at", "date-time", True, False),
        ),
        "Session": (
            Field("username", "string", True, False),
            Field("ip", "string", True, False),
            Field("token", "SessionToken", True, False),
        ),
        "SessionToken": (
            Field("expires", "date-time", True, True),
            Field("permissions", "TokenPermissions", True, False),
        ),
        "Ticker": (
            Field("market", "string", True, False),
            Field("last", "decimal", True, True),
            Field("bid", "decimal", True, True),
            Field("ask", "decimal", True, True),
            Field("high", "decimal", True, True),
            Field("low", "decimal", True, True),
            Field("volume", "decimal", True, False),
        ),
        "TokenPermissions": (
            Field("trade", "boolean", True, False),
            Field("withdraw", "boolean", True, False),
            Field("deposit", "boolean", True, False),
        ),
        "Transaction": (
            Field("id", "integer", True, False),
            Field("order_id", "integer", True, False),
            Field("market", "string", True, False),
            Field("side", "string", True, False),
            Field("price", "decimal", True, False),
            Field("amount", "decimal", True, False),
            Field("value", "decimal", True, False),
            Field("fee_amount", "decimal", True, False),
            Field("fee_coin", "string", True, False),
            Field("filled_as", "string", True, False),
            Field("created_at", "date-time", True, False),
        ),
        "Volume": (
            Field("market", "string", True, False),
            Field("volume", "decimal", True, False),
            Field("value", "decimal", True, False),
        ),
        "Withdrawal": (
            Field("coin", "string", True, False),
            Field("address", "string", True, False),
            Field("amount", "decimal", True, False),
            Field("fee_amount", "decimal", True, False),
            Field("txid", "string", True, False),
            Field("status", "string", True, False),
            Field("date", "date-time", True, False),
        ),
        "WithdrawalReceipt": (
            Field("coin", "string", True, False),
            Field("txid", "string", True, False),
            Field("status", "string", True, False),
            Field("date", "date-time", True, False),
        ),
    }
)

DATA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "getProfile": "Profile",
        "getSession": "Session",
        "getDepositAddress": "DepositAddress",
        "withdraw": "WithdrawalReceipt",
        "listBalances": "[CoinBalance]",
        "getBalance": "CoinBalance",
        "listWithdrawals": "[Withdrawal]",
        "listDeposits": "[Deposit]",
        "placeBuyLimitOrder": "Order",
        "placeSellLimitOrder": "Order",
        "cancelBuyLimitOrder": "Order",
        "cancelSellLimitOrder": "Order",
        "listOpenOrders": "[Order]",
        "getOpenOrder": "Order",
        "listTransactions": "[Transaction]",
        "getTransaction": "Transaction",
        "listBooks": "[Book]",
        "getOrderBook": "OrderBook",
        "getTicker": "Ticker",
        "get24hVolume": "Volume",
        "getCurrencies": "[Currency]",
    }
)
