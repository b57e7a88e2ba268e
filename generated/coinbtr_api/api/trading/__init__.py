"""Contains endpoint functions for accessing the API; imported when asked for."""

from typing import TYPE_CHECKING

from ...lazy import lazy

if TYPE_CHECKING:
    from . import (
        cancel_buy_limit_order,
        cancel_sell_limit_order,
        get_open_order,
        get_transaction,
        list_open_orders,
        list_transactions,
        place_buy_limit_order,
        place_sell_limit_order,
    )

__all__ = (
    "cancel_buy_limit_order",
    "cancel_sell_limit_order",
    "get_open_order",
    "get_transaction",
    "list_open_orders",
    "list_transactions",
    "place_buy_limit_order",
    "place_sell_limit_order",
)

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "place_buy_limit_order": "place_buy_limit_order",
            "place_sell_limit_order": "place_sell_limit_order",
            "cancel_buy_limit_order": "cancel_buy_limit_order",
            "cancel_sell_limit_order": "cancel_sell_limit_order",
            "list_open_orders": "list_open_orders",
            "get_open_order": "get_open_order",
            "list_transactions": "list_transactions",
            "get_transaction": "get_transaction",
        },
    )
