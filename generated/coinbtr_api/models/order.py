from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal

T = TypeVar("T", bound="Order")


@_attrs_define
class Order:
    """A limit order. `initial_amount` = `amount` + `filled`.

    Attributes:
        id (int): A number that names an order or a transaction for ever.
        market (str): The name of a market, base coin first, in upper case.
        side (str): Which side of the market an order is on.
        price (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        initial_amount (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        amount (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        filled (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        is_open (bool): Whether it rests in the book.
        created_at (datetime.datetime): A time in UTC, ISO 8601, with a `Z`; milliseconds as a rule.
    """

    id: int
    market: str
    side: str
    price: Decimal
    initial_amount: Decimal
    amount: Decimal
    filled: Decimal
    is_open: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        market = self.market

        side = self.side

        price = self.price

        initial_amount = self.initial_amount

        amount = self.amount

        filled = self.filled

        is_open = self.is_open

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "market": market,
                "side": side,
                "price": price,
                "initial_amount": initial_amount,
                "amount": amount,
                "filled": filled,
                "is_open": is_open,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        market = d.pop("market")

        side = d.pop("side")

        price = to_decimal(d.pop("price"))

        initial_amount = to_decimal(d.pop("initial_amount"))

        amount = to_decimal(d.pop("amount"))

        filled = to_decimal(d.pop("filled"))

        is_open = d.pop("is_open")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        model_ = cls(
            id=id,
            market=market,
            side=side,
            price=price,
            initial_amount=initial_amount,
            amount=amount,
            filled=filled,
            is_open=is_open,
            created_at=created_at,
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
