"""The model of a declaration that stands in a procedure's row: one field a page, one rule a kind of question."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, create_model
from pydantic_core import PydanticCustomError

from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.dossiers.api import (
    APPLICANT_PAGES,
    ORGANISATION_PAGE,
    Applicant,
    FieldKind,
    FieldSpec,
    PageSpec,
    Procedure,
    read_form,
)
from tuphap.shared.orgs import api as orgs
from tuphap.shared.people.api import Address, PartialDate, PersonName, check_personal_number

LONGEST_TEXT, LONGEST_LONG_TEXT = 300, 4000
MOST_MONEY = 10**15
_PHONE = re.compile(r"^(?:0|\+84)(?:[35789]\d{8}|2\d{8,9})$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_TAX_CODE = re.compile(r"^\d{10}(?:-?\d{3})?$|^\d{12}$")


class Declaration(BaseModel):
    """A whole declaration; its pages are added by :func:`declaration`."""

    model_config = ConfigDict(extra="forbid")

    def applicant(self) -> Applicant:
        """Who applies: as the page of the person or of the organisation says."""
        code = next(code for code in APPLICANT_PAGES if code in type(self).model_fields)
        told = getattr(self, code)
        address = getattr(told, "address", None)
        return Applicant(
            kind="organisation" if code == ORGANISATION_PAGE else "person", name=told.name,
            personal_number=getattr(told, "personal_number", "") or "", phone=told.phone,
            registration_number=getattr(told, "tax_code", "") or "", email=getattr(told, "email", "") or "",
            address=address.text if isinstance(address, Address) else "",
        )


class _Page(BaseModel):
    """A page's block. What a later version asks no more is left out, not refused."""

    model_config = ConfigDict(extra="ignore")


def declaration(procedure: Procedure) -> type[Declaration]:
    """The model of this version's declaration.

    :raises dossiers.BadForm: the row's form is none.
    """
    return _model(json.dumps(procedure.form, sort_keys=True))


@lru_cache(maxsize=512)
def _model(form: str) -> type[Declaration]:
    pages: dict[str, Any] = {page.code: (_block(page), ...) for page in read_form(json.loads(form))}
    model: type[Declaration] = create_model("DeclaredForm", __base__=Declaration, **pages)
    return model


def _block(page: PageSpec) -> type[_Page]:
    fields: dict[str, Any] = {field.code: _question(field) for field in page.fields}
    block: type[_Page] = create_model(f"Page_{page.code}", __base__=_Page, **fields)
    return block


def _question(field: FieldSpec) -> tuple[Any, Any]:
    """Type and default of one question. Left empty it is an empty text, or nothing where the kind is no text."""
    kind, check = _KINDS[field.kind]
    empty: Any = "" if kind is str else None

    def read(value: Any) -> Any:
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required:
                raise PydanticCustomError("one_stop.required", "Vui lòng điền mục này.")
            return empty
        return check(field, value)

    expected: Any = kind if kind is str else kind | None
    annotation: Any = Annotated[expected, BeforeValidator(read)]
    return (annotation, ...) if field.required else (annotation, empty)


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("one_stop.answer", message.replace("{", "{{").replace("}", "}}"))


def _words(field: FieldSpec, value: Any, *, longest: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str):
        raise _wrong("Vui lòng nhập chữ.")
    text = value.strip() if field.kind is FieldKind.LONG_TEXT else tidy(value)
    most = field.most or longest
    if len(text) > most:
        raise _wrong(f"Nội dung dài không quá {most} ký tự.")
    return text


def _long(field: FieldSpec, value: Any) -> str:
    return _words(field, value, longest=LONGEST_LONG_TEXT)


def _name(field: FieldSpec, value: Any) -> str:
    return str(_or_refused(lambda: PersonName(_words(field, value)).text))


def _personal_number(field: FieldSpec, value: Any) -> str:
    number = re.sub(r"[ .\-]", "", _words(field, value))
    _or_refused(lambda: check_personal_number(number, birth=None, sex=None))
    return number


def _matching(pattern: re.Pattern[str], message: str, *, bare: str = "") -> Callable[[FieldSpec, Any], str]:
    def check(field: FieldSpec, value: Any) -> str:
        text = re.sub(bare, "", _words(field, value)) if bare else _words(field, value)
        if not pattern.match(text):
            raise _wrong(message)
        return text

    return check


def _choice(field: FieldSpec, value: Any) -> str:
    if value not in field.choices:
        raise _wrong("Vui lòng chọn một giá trị trong danh mục.")
    return str(value)


def _number(field: FieldSpec, value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,16}", text):
        raise _wrong("Vui lòng nhập số.")
    number, least = int(text), field.least if field.least is not None else 0
    most = field.most if field.most is not None else MOST_MONEY
    if not least <= number <= most:
        raise _wrong(f"Số từ {least} đến {most}.")
    return number


def _day(field: FieldSpec, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _wrong("Ngày không hợp lệ.") from None


def _partial(field: FieldSpec, value: Any) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    parsed: PartialDate = _or_refused(lambda: PartialDate.parse(str(value)))
    return parsed


def _yes_no(field: FieldSpec, value: Any) -> bool:
    known = {True: True, False: False, "yes": True, "no": False}
    if not isinstance(value, bool | str) or value not in known:
        raise _wrong("Vui lòng chọn có hoặc không.")
    return known[value]


def _unit(field: FieldSpec, value: Any) -> str:
    code = _words(field, value)
    if not re.fullmatch(r"\d{5}", code) or not orgs.AdminUnit.objects.filter(code=code, level=3).exists():
        raise _wrong("Vui lòng chọn xã, phường hoặc đặc khu.")
    return code


def _as_it_is(field: FieldSpec, value: Any) -> Any:
    return value


def _or_refused(make: Callable[[], Any]) -> Any:
    """What is made; a refusal of the value becomes the fault of the field."""
    try:
        return make()
    except Refusal as refusal:
        raise _wrong(refusal.message) from refusal


_KINDS: dict[FieldKind, tuple[Any, Callable[[FieldSpec, Any], Any]]] = {
    FieldKind.TEXT: (str, _words),
    FieldKind.LONG_TEXT: (str, _long),
    FieldKind.NAME: (str, _name),
    FieldKind.DATE: (date, _day),
    FieldKind.PARTIAL_DATE: (PartialDate, _partial),
    FieldKind.NUMBER: (int, _number),
    FieldKind.MONEY: (int, _number),
    FieldKind.CHOICE: (str, _choice),
    FieldKind.YES_NO: (bool, _yes_no),
    FieldKind.PHONE: (str, _matching(_PHONE, "Số điện thoại không đúng định dạng.", bare=r"[ .\-()]")),
    FieldKind.EMAIL: (str, _matching(_EMAIL, "Địa chỉ thư điện tử không đúng định dạng.")),
    FieldKind.PERSONAL_NUMBER: (str, _personal_number),
    FieldKind.TAX_CODE: (str, _matching(_TAX_CODE, "Mã số gồm 10, 12 hoặc 13 chữ số.", bare=r"[ .]")),
    FieldKind.PLACE: (Address, _as_it_is),
    FieldKind.UNIT: (str, _unit),
}
