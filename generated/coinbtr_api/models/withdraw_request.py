from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..exact_json import to_decimal

T = TypeVar("T", bound="WithdrawRequest")


@_attrs_define
class WithdrawRequest:
    """What to send, and where to.

    Attributes:
        coin (str): The symbol of a coin, in any case.
        address (str): The destination address, as the coin's network writes it.
        amount (Decimal): An amount or a price, more than 0, at most 10¹², with at most 8 decimals and no exponent.
    """

    coin: str
    address: str
    amount: Decimal

    def to_dict(self) -> dict[str, Any]:
        coin = self.coin

        address = self.address

        amount = self.amount

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "coin": coin,
                "address": address,
                "amount": amount,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        coin = d.pop("coin")

        address = d.pop("address")

        amount = to_decimal(d.pop("amount"))

        model_ = cls(
            coin=coin,
            address=address,
            amount=amount,
        )

        return model_
