from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..exact_json import to_decimal

T = TypeVar("T", bound="LimitOrderRequest")


@_attrs_define
class LimitOrderRequest:
    """A limit order.

    Attributes:
        market (str): The name of a market, base coin first, in any case.
        amount (Decimal): An amount or a price, more than 0, at most 10¹², with at most 8 decimals and no exponent.
        price (Decimal): An amount or a price, more than 0, at most 10¹², with at most 8 decimals and no exponent.
    """

    market: str
    amount: Decimal
    price: Decimal

    def to_dict(self) -> dict[str, Any]:
        market = self.market

        amount = self.amount

        price = self.price

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "market": market,
                "amount": amount,
                "price": price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        market = d.pop("market")

        amount = to_decimal(d.pop("amount"))

        price = to_decimal(d.pop("price"))

        model_ = cls(
            market=market,
            amount=amount,
            price=price,
        )

        return model_
