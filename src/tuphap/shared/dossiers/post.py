"""Where a result is to be sent by post. Pure: the address knows its own unit."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from tuphap.kernel.refusal import Invalid
from tuphap.kernel.text import tidy
from tuphap.shared.people.api import Address

_PHONE = re.compile(r"^0(?:[35789]\d{8}|2\d{8,9})$")


class PostTo(BaseModel):
    """Who receives it, under which telephone the postman calls, and where: the place within the commune too."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    phone: str
    address: Address

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        name = tidy(value)
        if not 2 <= len(name) <= 100:
            raise ValueError("Nhập họ tên người nhận, từ 2 đến 100 ký tự.")
        return name

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str) -> str:
        phone = re.sub(r"[ .\-()]", "", value).replace("+84", "0", 1)
        if not _PHONE.match(phone):
            raise ValueError("Nhập số điện thoại để bưu tá liên hệ.")
        return phone

    @field_validator("address")
    @classmethod
    def _reachable(cls, value: Address) -> Address:
        if value.is_abroad or not value.detail:
            raise ValueError("Địa chỉ nhận gồm số nhà, đường, thôn và xã, phường, đặc khu.")
        return value

    @property
    def line(self) -> str:
        return f"{self.name}, {self.phone}, {self.address.text}"


def read_post_to(told: Any) -> PostTo:
    """What was declared of the address.

    :raises Invalid: each fault beside its field.
    """
    from .guards import problems_of

    try:
        return told if isinstance(told, PostTo) else PostTo.model_validate(told)
    except ValidationError as error:
        raise Invalid(problems_of(error, page="post_to")) from error
