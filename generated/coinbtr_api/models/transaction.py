from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal

T = TypeVar("T", bound="Transaction")


@_attrs_define
class Transaction:
    """A trade of one of the account's own orders.

    Attributes:
        id (int): A number that names an order or a transaction for ever.
        order_id (int): A number that names an order or a transaction for ever.
        market (str): The name of a market, base coin first, in upper case.
        side (str): Which side of the market an order is on.
        price (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        amount (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        value (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        fee_amount (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        fee_coin (str): The symbol of a coin, in upper case.
        filled_as (str): Whether the account's order rested in the book (`maker`) or met one that did (`taker`).
        created_at (datetime.datetime): A time in UTC, ISO 8601, with a `Z`; milliseconds as a rule.
    """

    id: int
    order_id: int
    market: str
    side: str
    price: Decimal
    amount: Decimal
    value: Decimal
    fee_amount: Decimal
    fee_coin: str
    filled_as: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        order_id = self.order_id

        market = self.market

        side = self.side

        price = self.price

        amount = self.amount

        value = self.value

        fee_amount = self.fee_amount

        fee_coin = self.fee_coin

        filled_as = self.filled_as

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "order_id": order_id,
                "market": market,
                "side": side,
                "price": price,
                "amount": amount,
                "value": value,
                "fee_amount": fee_amount,
                "fee_coin": fee_coin,
                "filled_as": filled_as,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        order_id = d.pop("order_id")

        market = d.pop("market")

        side = d.pop("side")

        price = to_decimal(d.pop("price"))

        amount = to_decimal(d.pop("amount"))

        value = to_decimal(d.pop("value"))

        fee_amount = to_decimal(d.pop("fee_amount"))

        fee_coin = d.pop("fee_coin")

        filled_as = d.pop("filled_as")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        model_ = cls(
            id=id,
            order_id=order_id,
            market=market,
            side=side,
            price=price,
            amount=amount,
            value=value,
            fee_amount=fee_amount,
            fee_coin=fee_coin,
            filled_as=filled_as,
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
