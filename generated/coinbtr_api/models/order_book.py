from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.order_book_level import OrderBookLevel


T = TypeVar("T", bound="OrderBook")


@_attrs_define
class OrderBook:
    """The resting orders of a market, by price.

    Attributes:
        market (str): The name of a market, base coin first, in upper case.
        asks (list[OrderBookLevel]): What is for sale, the lowest price first.
        bids (list[OrderBookLevel]): What is wanted, the highest price first.
    """

    market: str
    asks: list[OrderBookLevel]
    bids: list[OrderBookLevel]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        market = self.market

        asks = []
        for asks_item_data in self.asks:
            asks_item = asks_item_data.to_dict()
            asks.append(asks_item)

        bids = []
        for bids_item_data in self.bids:
            bids_item = bids_item_data.to_dict()
            bids.append(bids_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "market": market,
                "asks": asks,
                "bids": bids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.order_book_level import OrderBookLevel  # noqa: PLC0415

        d = dict(src_dict)
        market = d.pop("market")

        asks = []
        _asks = d.pop("asks")
        for asks_item_data in _asks:
            asks_item = OrderBookLevel.from_dict(asks_item_data)

            asks.append(asks_item)

        bids = []
        _bids = d.pop("bids")
        for bids_item_data in _bids:
            bids_item = OrderBookLevel.from_dict(bids_item_data)

            bids.append(bids_item)

        model_ = cls(
            market=market,
            asks=asks,
            bids=bids,
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
