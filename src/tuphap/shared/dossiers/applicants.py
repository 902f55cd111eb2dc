"""Who applies: one person or organisation, as value. Checked here, kept as JSON on the dossier."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from tuphap.kernel.text import tidy

_MOBILE = re.compile(r"^(0|\+84)(3|5|7|8|9)\d{8}$")
_LANDLINE = re.compile(r"^(0|\+84)2\d{8,9}$")
_PERSONAL_NUMBER = re.compile(r"^\d{12}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


class Applicant(BaseModel):
    """The applicant of a dossier. ``address`` is the text that slips print; ``personal_number`` 12 digits or empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["person", "organisation"] = "person"
    name: str
    personal_number: str = ""
    registration_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        name = tidy(value)
        if not 2 <= len(name) <= 100:
            raise ValueError("Họ tên dài từ 2 đến 100 ký tự.")
        return name

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str) -> str:
        phone = re.sub(r"[ .\-]", "", value)
        if phone and not (_MOBILE.match(phone) or _LANDLINE.match(phone)):
            raise ValueError("Số điện thoại không đúng định dạng.")
        return phone

    @field_validator("personal_number")
    @classmethod
    def _number(cls, value: str) -> str:
        number = value.replace(" ", "")
        if number and (not _PERSONAL_NUMBER.match(number) or len(set(number)) == 1):
            raise ValueError("Số định danh cá nhân gồm 12 chữ số.")
        return number

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        email = value.strip()
        if email and not _EMAIL.match(email):
            raise ValueError("Địa chỉ thư điện tử không đúng định dạng.")
        return email

    @model_validator(mode="after")
    def _letters(self) -> Self:
        """A person's name has letters, blanks, apostrophes and hyphens; an organisation's may have more."""
        if self.kind == "person" and not all(c.isalpha() or c in " '’-" for c in self.name):
            raise ValueError("Họ tên chỉ gồm chữ cái, khoảng trắng, dấu nháy và dấu gạch nối.")
        return self

    def key(self) -> str:
        """What makes two filings those of one applicant: the number where given, else name and telephone."""
        number = self.personal_number or self.registration_number
        return number or f"{_fold(self.name)}|{self.phone[-9:]}"


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
