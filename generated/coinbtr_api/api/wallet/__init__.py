"""Contains endpoint functions for accessing the API; imported when asked for."""

from typing import TYPE_CHECKING

from ...lazy import lazy

if TYPE_CHECKING:
    from . import (
        get_balance,
        get_deposit_address,
        list_balances,
        list_deposits,
        list_withdrawals,
        withdraw,
    )

__all__ = (
    "get_balance",
    "get_deposit_address",
    "list_balances",
    "list_deposits",
    "list_withdrawals",
    "withdraw",
)

if not TYPE_CHECKING:  # else any name would do for a type checker
    __getattr__, __dir__ = lazy(
        __name__,
        {
            "get_deposit_address": "get_deposit_address",
            "withdraw": "withdraw",
            "list_balances": "list_balances",
            "get_balance": "get_balance",
            "list_withdrawals": "list_withdrawals",
            "list_deposits": "list_deposits",
        },
    )
