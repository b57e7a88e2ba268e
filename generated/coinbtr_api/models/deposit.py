from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..exact_json import to_decimal

T = TypeVar("T", bound="Deposit")


@_attrs_define
class Deposit:
    """A deposit.

    Attributes:
        coin (str): The symbol of a coin, in upper case.
        address (str): The deposit address that it came to.
        amount (Decimal): An amount or a price, exact, with at most 8 decimals and no exponent.
        txid (str): The hash that names the transfer on the coin's network.
        status (str): How far a withdrawal or deposit is. Known of withdrawals: `signed`, `sent`, `confirmed`, `failed`;
            of deposits:
            `pending`, `confirmed`. The list is open.
        confirmations (int): How often the coin's network has confirmed it.
        date (datetime.datetime): A time in UTC, ISO 8601, with a `Z`; milliseconds as a rule.
    """

    coin: str
    address: str
    amount: Decimal
    txid: str
    status: str
    confirmations: int
    date: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        coin = self.coin

        address = self.address

        amount = self.amount

        txid = self.txid

        status = self.status

        confirmations = self.confirmations

        date = self.date.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "coin": coin,
                "address": address,
                "amount": amount,
                "txid": txid,
                "status": status,
                "confirmations": confirmations,
                "date": date,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        coin = d.pop("coin")

        address = d.pop("address")

        amount = to_decimal(d.pop("amount"))

        txid = d.pop("txid")

        status = d.pop("status")

        confirmations = d.pop("confirmations")

        date = datetime.datetime.fromisoformat(d.pop("date"))

        model_ = cls(
            coin=coin,
            address=address,
            amount=amount,
            txid=txid,
            status=status,
            confirmations=confirmations,
            date=date,
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
