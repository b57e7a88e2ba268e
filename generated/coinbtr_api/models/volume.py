from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal

T = TypeVar("T", bound="Volume")


@_attrs_define
class Volume:
    """What was traded in a market in the last 24 hours.

    Attributes:
        market (str): The name of a market, base coin first, in upper case.
        volume (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        value (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
    """

    market: str
    volume: Decimal
    value: Decimal
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        market = self.market

        volume = self.volume

        value = self.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "market": market,
                "volume": volume,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        market = d.pop("market")

        volume = to_decimal(d.pop("volume"))

        value = to_decimal(d.pop("value"))

        model_ = cls(
            market=market,
            volume=volume,
            value=value,
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
