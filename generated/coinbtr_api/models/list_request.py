from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ListRequest")


@_attrs_define
class ListRequest:
    """Which entries of a list.

    Attributes:
        market (str | Unset): The name of a market, base coin first, in any case.
        limit (int | Unset): How many entries at most; 50 when absent.
        offset (int | Unset): How many of the newest entries to skip; none when absent.
    """

    market: str | Unset = UNSET
    limit: int | Unset = UNSET
    offset: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        market = self.market

        limit = self.limit

        offset = self.offset

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if market is not UNSET:
            field_dict["market"] = market
        if limit is not UNSET:
            field_dict["limit"] = limit
        if offset is not UNSET:
            field_dict["offset"] = offset

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        market = d.pop("market", UNSET)

        limit = d.pop("limit", UNSET)

        offset = d.pop("offset", UNSET)

        model_ = cls(
            market=market,
            limit=limit,
            offset=offset,
        )

        return model_
