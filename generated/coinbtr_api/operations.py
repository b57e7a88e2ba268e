"""Every operation of the description: where it is, what it does to money, what it answers.

Written by `make generate` from openapi/coinbtr.yaml; not edited by hand.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from attrs import frozen

__all__ = ["OPERATIONS", "Operation"]


@frozen
class Operation:
    """One operation, as the description has it."""

    operation_id: str
    """Its name in the description, such as `getOrderBook`."""
    tag: Literal["account", "market", "trading", "wallet"]
    """Its part of the API, and the folder of its module under `api`."""
    method: Literal["GET", "POST"]
    path: str
    """From the server's base URL, such as `/market/getorderbook`."""
    module: str
    """The name of its module in `coinbtr_api.api.<tag>`."""
    effect: Literal["read", "order", "withdrawal"]
    """What it does to money: nothing, place or cancel an order, or send money away."""
    inferred: bool
    """Whether the reference doesn't have it, and a ruling assumes that it exists."""
    secured: bool
    """Whether it needs a token."""
    data_required: bool
    """Whether a success always carries `data`."""
    statuses: tuple[int, ...]
    """The statuses that the description documents, rising."""


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "getProfile": Operation(
            operation_id="getProfile",
            tag="account",
            method="GET",
            path="/wallet/user/profile",
            module="get_profile",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 429, 500, 503),
        ),
        "getSession": Operation(
            operation_id="getSession",
            tag="account",
            method="GET",
            path="/user/session",
            module="get_session",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 429, 500, 503),
        ),
        "getDepositAddress": Operation(
            operation_id="getDepositAddress",
            tag="wallet",
            method="GET",
            path="/wallet/getdepositaddress",
            module="get_deposit_address",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 403, 404, 422, 429, 500, 503),
        ),
        "withdraw": Operation(
            operation_id="withdraw",
            tag="wallet",
            method="POST",
            path="/wallet/withdraw",
            module="withdraw",
            effect="withdrawal",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
        ),
        "listBalances": Operation(
            operation_id="listBalances",
            tag="wallet",
            method="GET",
            path="/wallet/listbalances",
            module="list_balances",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 429, 500, 503),
        ),
        "getBalance": Operation(
            operation_id="getBalance",
            tag="wallet",
            method="GET",
            path="/wallet/getbalance",
            module="get_balance",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 404, 429, 500, 503),
        ),
        "listWithdrawals": Operation(
            operation_id="listWithdrawals",
            tag="wallet",
            method="GET",
            path="/wallet/listwithdraws",
            module="list_withdrawals",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 404, 429, 500, 503),
        ),
        "listDeposits": Operation(
            operation_id="listDeposits",
            tag="wallet",
            method="GET",
            path="/wallet/listdeposits",
            module="list_deposits",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 404, 429, 500, 503),
        ),
        "placeBuyLimitOrder": Operation(
            operation_id="placeBuyLimitOrder",
            tag="trading",
            method="POST",
            path="/trading/place/buylimit",
            module="place_buy_limit_order",
            effect="order",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
        ),
        "placeSellLimitOrder": Operation(
            operation_id="placeSellLimitOrder",
            tag="trading",
            method="POST",
            path="/trading/place/selllimit",
            module="place_sell_limit_order",
            effect="order",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
        ),
        "cancelBuyLimitOrder": Operation(
            operation_id="cancelBuyLimitOrder",
            tag="trading",
            method="POST",
            path="/trading/cancel/buylimit",
            module="cancel_buy_limit_order",
            effect="order",
            inferred=False,
            secured=True,
            data_required=False,
            statuses=(200, 400, 401, 403, 404, 413, 415, 429, 500, 503),
        ),
        "cancelSellLimitOrder": Operation(
            operation_id="cancelSellLimitOrder",
            tag="trading",
            method="POST",
            path="/trading/cancel/selllimit",
            module="cancel_sell_limit_order",
            effect="order",
            inferred=True,
            secured=True,
            data_required=False,
            statuses=(200, 400, 401, 403, 404, 413, 415, 429, 500, 503),
        ),
        "listOpenOrders": Operation(
            operation_id="listOpenOrders",
            tag="trading",
            method="POST",
            path="/trading/listopenorders",
            module="list_open_orders",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 404, 413, 415, 429, 500, 503),
        ),
        "getOpenOrder": Operation(
            operation_id="getOpenOrder",
            tag="trading",
            method="POST",
            path="/trading/getopenorder",
            module="get_open_order",
            effect="read",
            inferred=False,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 404, 413, 415, 429, 500, 503),
        ),
        "listTransactions": Operation(
            operation_id="listTransactions",
            tag="trading",
            method="POST",
            path="/trading/listtransactions",
            module="list_transactions",
            effect="read",
            inferred=True,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 404, 413, 415, 429, 500, 503),
        ),
        "getTransaction": Operation(
            operation_id="getTransaction",
            tag="trading",
            method="POST",
            path="/trading/gettransaction",
            module="get_transaction",
            effect="read",
            inferred=True,
            secured=True,
            data_required=True,
            statuses=(200, 400, 401, 404, 413, 415, 429, 500, 503),
        ),
        "listBooks": Operation(
            operation_id="listBooks",
            tag="market",
            method="GET",
            path="/market/listbooks",
            module="list_books",
            effect="read",
            inferred=False,
            secured=False,
            data_required=True,
            statuses=(200, 400, 429, 500, 503),
        ),
        "getOrderBook": Operation(
            operation_id="getOrderBook",
            tag="market",
            method="GET",
            path="/market/getorderbook",
            module="get_order_book",
            effect="read",
            inferred=False,
            secured=False,
            data_required=True,
            statuses=(200, 400, 404, 429, 500, 503),
        ),
        "getTicker": Operation(
            operation_id="getTicker",
            tag="market",
            method="GET",
            path="/market/gettiker",
            module="get_ticker",
            effect="read",
            inferred=False,
            secured=False,
            data_required=True,
            statuses=(200, 400, 404, 429, 500, 503),
        ),
        "get24hVolume": Operation(
            operation_id="get24hVolume",
            tag="market",
            method="GET",
            path="/market/get24hvolume",
            module="get_24_h_volume",
            effect="read",
            inferred=False,
            secured=False,
            data_required=True,
            statuses=(200, 400, 404, 429, 500, 503),
        ),
        "getCurrencies": Operation(
            operation_id="getCurrencies",
            tag="market",
            method="GET",
            path="/market/getcurrencies",
            module="get_currencies",
            effect="read",
            inferred=False,
            secured=False,
            data_required=True,
            statuses=(200, 400, 429, 500, 503),
        ),
    }
)
