from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal

T = TypeVar("T", bound="CoinBalance")


@_attrs_define
class CoinBalance:
    """What the account has of one coin. `balance` = `available` + `pending` + what open orders hold.

    Attributes:
        coin (str): The symbol of a coin, in upper case.
        balance (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        available (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        pending (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        deposit_address (None | str): The deposit address, or null where the coin takes no deposits by address.
    """

    coin: str
    balance: Decimal
    available: Decimal
    pending: Decimal
    deposit_address: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        coin = self.coin

        balance = self.balance

        available = self.available

        pending = self.pending

        deposit_address: None | str
        deposit_address = self.deposit_address

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "coin": coin,
                "balance": balance,
                "available": available,
                "pending": pending,
                "depositAddress": deposit_address,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        coin = d.pop("coin")

        balance = to_decimal(d.pop("balance"))

        available = to_decimal(d.pop("available"))

        pending = to_decimal(d.pop("pending"))

        def _parse_deposit_address(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deposit_address = _parse_deposit_address(d.pop("depositAddress"))

        model_ = cls(
            coin=coin,
            balance=balance,
            available=available,
            pending=pending,
            deposit_address=deposit_address,
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
