from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal

T = TypeVar("T", bound="Book")


@_attrs_define
class Book:
    """A market and its order placement limits.

    Attributes:
        name (str): The name of a market, base coin first, in upper case.
        min_amount (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        max_amount (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        amount_step (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        min_price (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        max_price (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        price_step (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        min_value (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        maker_fee (Decimal): A share of the value of a trade; 0.004 is 0.4 %.
        taker_fee (Decimal): A share of the value of a trade; 0.004 is 0.4 %.
        is_open (bool): Whether the market takes orders now.
    """

    name: str
    min_amount: Decimal
    max_amount: Decimal
    amount_step: Decimal
    min_price: Decimal
    max_price: Decimal
    price_step: Decimal
    min_value: Decimal
    maker_fee: Decimal
    taker_fee: Decimal
    is_open: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        min_amount = self.min_amount

        max_amount = self.max_amount

        amount_step = self.amount_step

        min_price = self.min_price

        max_price = self.max_price

        price_step = self.price_step

        min_value = self.min_value

        maker_fee = self.maker_fee

        taker_fee = self.taker_fee

        is_open = self.is_open

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "min_amount": min_amount,
                "max_amount": max_amount,
                "amount_step": amount_step,
                "min_price": min_price,
                "max_price": max_price,
                "price_step": price_step,
                "min_value": min_value,
                "maker_fee": maker_fee,
                "taker_fee": taker_fee,
                "is_open": is_open,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        min_amount = to_decimal(d.pop("min_amount"))

        max_amount = to_decimal(d.pop("max_amount"))

        amount_step = to_decimal(d.pop("amount_step"))

        min_price = to_decimal(d.pop("min_price"))

        max_price = to_decimal(d.pop("max_price"))

        price_step = to_decimal(d.pop("price_step"))

        min_value = to_decimal(d.pop("min_value"))

        maker_fee = to_decimal(d.pop("maker_fee"))

        taker_fee = to_decimal(d.pop("taker_fee"))

        is_open = d.pop("is_open")

        model_ = cls(
            name=name,
            min_amount=min_amount,
            max_amount=max_amount,
            amount_step=amount_step,
            min_price=min_price,
            max_price=max_price,
            price_step=price_step,
            min_value=min_value,
            maker_fee=maker_fee,
            taker_fee=taker_fee,
            is_open=is_open,
        )

        model_.additional_properties = d
        return model_

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
