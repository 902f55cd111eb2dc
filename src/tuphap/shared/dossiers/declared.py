"""A declaration as data: the pages and fields of a procedure's row, from which a handler makes form and model."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy

# Pages that say who applies, by their codes, and what each must ask at least.
PERSON_PAGE, ORGANISATION_PAGE = "person", "organisation"
APPLICANT_PAGES = {PERSON_PAGE: ("name", "phone"), ORGANISATION_PAGE: ("name", "tax_code", "phone")}
MOST_FIELDS = 60
_CODE = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_TAKEN = frozenset(name for name in dir(BaseModel) if not name.startswith("_")) | {"applicant"}


class FieldKind(StrEnum):
    """What one asks for; each kind has its own box on the page and its own rule."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PHONE = "phone"
    EMAIL = "email"
    PERSONAL_NUMBER = "personal_number"
    TAX_CODE = "tax_code"
    PLACE = "place"
    UNIT = "unit"


FIELD_TITLES: dict[FieldKind, str] = {
    FieldKind.TEXT: "Dòng chữ",
    FieldKind.LONG_TEXT: "Đoạn văn",
    FieldKind.NAME: "Họ tên người",
    FieldKind.DATE: "Ngày, tháng, năm",
    FieldKind.PARTIAL_DATE: "Ngày (có thể chỉ biết tháng, năm)",
    FieldKind.NUMBER: "Số",
    FieldKind.MONEY: "Số tiền (đồng)",
    FieldKind.CHOICE: "Chọn một mục",
    FieldKind.YES_NO: "Có hoặc không",
    FieldKind.PHONE: "Điện thoại",
    FieldKind.EMAIL: "Thư điện tử",
    FieldKind.PERSONAL_NUMBER: "Số định danh cá nhân",
    FieldKind.TAX_CODE: "Mã số thuế, mã số doanh nghiệp",
    FieldKind.PLACE: "Địa chỉ",
    FieldKind.UNIT: "Xã, phường, đặc khu",
}


class BadForm(Refusal):
    """The pages and fields do not make a declaration."""

    code = "dossiers.bad_form"
    message_vi = "Tờ khai chưa đúng: {why}."
    field = "form"


def _usable(code: str) -> str:
    if not _CODE.match(code) or code in _TAKEN:
        raise ValueError(f"mã “{code}” không dùng được (chữ thường không dấu, chữ số, gạch dưới)")
    return code


Code = Annotated[str, AfterValidator(_usable)]


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _tidied(cls, value: Any) -> Any:
        return tidy(value) if isinstance(value, str) else value


class FieldSpec(_Spec):
    """One question. ``least`` and ``most`` bound a number or an amount; ``most`` also the length of a text."""

    code: Code
    label: str = Field(min_length=1, max_length=200)
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    help: str = Field("", max_length=300)
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @model_validator(mode="after")
    def _whole(self) -> FieldSpec:
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError(f"“{self.label}”: chỉ kiểu chọn một mục có danh sách lựa chọn, và phải có")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"“{self.label}”: mức thấp nhất lớn hơn mức cao nhất")
        return self


class PageSpec(_Spec):
    """One page of the declaration; its code is the key of its block in the answers."""

    code: Code
    title: str = Field(min_length=1, max_length=100)
    intro: str = Field("", max_length=500)
    fields: tuple[FieldSpec, ...] = Field(min_length=1, max_length=MOST_FIELDS)

    @model_validator(mode="after")
    def _once(self) -> PageSpec:
        codes = [field.code for field in self.fields]
        if len(set(codes)) != len(codes):
            raise ValueError(f"trang “{self.title}” có hai mục trùng mã")
        lacking = [code for code in APPLICANT_PAGES.get(self.code, ()) if code not in codes]
        if lacking:
            raise ValueError(f"trang “{self.title}” phải hỏi: {', '.join(lacking)}")
        return self


_PAGES: TypeAdapter[tuple[PageSpec, ...]] = TypeAdapter(tuple[PageSpec, ...])


def read_form(pages: Any) -> tuple[PageSpec, ...]:
    """The pages of a declared form.

    :raises BadForm: codes twice, unknown kinds, or no page that says who applies.
    """
    try:
        read = _PAGES.validate_python(pages)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        why = fault["msg"].removeprefix("Value error, ")
        raise BadForm(why=why if fault["type"] == "value_error" else f"{where}: {why}") from error
    codes = [page.code for page in read]
    if len(set(codes)) != len(codes):
        raise BadForm(why="hai trang trùng mã")
    if not set(codes) & set(APPLICANT_PAGES):
        raise BadForm(why=f"thiếu trang người nộp (mã “{PERSON_PAGE}” hoặc “{ORGANISATION_PAGE}”)")
    return read


def written_form(pages: tuple[PageSpec, ...]) -> list[dict[str, Any]]:
    """The pages as a procedure's row keeps them; what is left at its default is not written."""
    return [page.model_dump(mode="json", exclude_defaults=True) for page in pages]
