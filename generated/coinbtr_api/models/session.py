from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.session_token import SessionToken


T = TypeVar("T", bound="Session")


@_attrs_define
class Session:
    """The token in use.

    Attributes:
        username (str): The name of the account that the token belongs to.
        ip (str): The address that the request came from.
        token (SessionToken): What the token is good for; not the token itself.
    """

    username: str
    ip: str
    token: SessionToken
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        ip = self.ip

        token = self.token.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "username": username,
                "ip": ip,
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.session_token import SessionToken  # noqa: PLC0415

        d = dict(src_dict)
        username = d.pop("username")

        ip = d.pop("ip")

        token = SessionToken.from_dict(d.pop("token"))

        model_ = cls(
            username=username,
            ip=ip,
            token=token,
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
