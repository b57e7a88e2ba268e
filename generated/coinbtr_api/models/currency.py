from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal
from ..types import UNSET, Unset

T = TypeVar("T", bound="Currency")


@_attrs_define
class Currency:
    """A coin and what it takes to deposit and withdraw it.

    Attributes:
        coin (str): The symbol of a coin, in upper case.
        coin_name (str): The coin's name for people.
        min_withdraw (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        fee_withdraw (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        confirmations_required (int): How often the network must confirm a deposit before it is available.
        available_to_deposit (bool): Whether it can be deposited by address.
        available_to_withdraw (bool): Whether it can be withdrawn to an address.
        country (str | Unset): Fiat coins only; the country, as ISO 3166-1 alpha-2 writes it.
    """

    coin: str
    coin_name: str
    min_withdraw: Decimal
    fee_withdraw: Decimal
    confirmations_required: int
    available_to_deposit: bool
    available_to_withdraw: bool
    country: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        coin = self.coin

        coin_name = self.coin_name

        min_withdraw = self.min_withdraw

        fee_withdraw = self.fee_withdraw

        confirmations_required = self.confirmations_required

        available_to_deposit = self.available_to_deposit

        available_to_withdraw = self.available_to_withdraw

        country = self.country

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "coin": coin,
                "coin_name": coin_name,
                "min_withdraw": min_withdraw,
                "fee_withdraw": fee_withdraw,
                "confirmations_required": confirmations_required,
                "available_to_deposit": available_to_deposit,
                "available_to_withdraw": available_to_withdraw,
            }
        )
        if country is not UNSET:
            field_dict["country"] = country

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        coin = d.pop("coin")

        coin_name = d.pop("coin_name")

        min_withdraw = to_decimal(d.pop("min_withdraw"))

        fee_withdraw = to_decimal(d.pop("fee_withdraw"))

        confirmations_required = d.pop("confirmations_required")

        available_to_deposit = d.pop("available_to_deposit")

        available_to_withdraw = d.pop("available_to_withdraw")

        country = d.pop("country", UNSET)

        model_ = cls(
            coin=coin,
            coin_name=coin_name,
            min_withdraw=min_withdraw,
            fee_withdraw=fee_withdraw,
            confirmations_required=confirmations_required,
            available_to_deposit=available_to_deposit,
            available_to_withdraw=available_to_withdraw,
            country=country,
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
