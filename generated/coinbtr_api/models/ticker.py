from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal, to_optional_decimal

T = TypeVar("T", bound="Ticker")


@_attrs_define
class Ticker:
    """A market at a glance.

    Attributes:
        market (str): The name of a market, base coin first, in upper case.
        last (Decimal | None): A price, or null where there is none.
        bid (Decimal | None): A price, or null where there is none.
        ask (Decimal | None): A price, or null where there is none.
        high (Decimal | None): A price, or null where there is none.
        low (Decimal | None): A price, or null where there is none.
        volume (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
    """

    market: str
    last: Decimal | None
    bid: Decimal | None
    ask: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: Decimal
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        market = self.market

        last = self.last

        bid = self.bid

        ask = self.ask

        high = self.high

        low = self.low

        volume = self.volume

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "market": market,
                "last": last,
                "bid": bid,
                "ask": ask,
                "high": high,
                "low": low,
                "volume": volume,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        market = d.pop("market")

        last = to_optional_decimal(d.pop("last"))

        bid = to_optional_decimal(d.pop("bid"))

        ask = to_optional_decimal(d.pop("ask"))

        high = to_optional_decimal(d.pop("high"))

        low = to_optional_decimal(d.pop("low"))

        volume = to_decimal(d.pop("volume"))

        model_ = cls(
            market=market,
            last=last,
            bid=bid,
            ask=ask,
            high=high,
            low=low,
            volume=volume,
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
