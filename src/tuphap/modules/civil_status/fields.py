"""Which entries of a registered act may be changed, corrected, added to; pure.

A field is ``role.column`` of a person in the act. Those of :data:`OF_ACT` stand in the act itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.people.api import ETHNICITIES, PartialDate, PersonName, Sex

from .rules import PARTY_TITLES, BookKind, PartyRole


class Kind(StrEnum):
    """What stands in a field, and so how it is read."""

    NAME = "name"
    DAY = "day"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    TEXT = "text"


class ChangeKind(StrEnum):
    """By what an entry is no longer what it was (Luật Hộ tịch 2014, Điều 4 khoản 10, 12, 13)."""

    CHANGE = "change"
    CORRECTION = "correction"
    ADDITION = "addition"
    ETHNICITY = "ethnicity"


CHANGE_TITLES = {
    ChangeKind.CHANGE: "Thay đổi hộ tịch", ChangeKind.CORRECTION: "Cải chính hộ tịch",
    ChangeKind.ADDITION: "Bổ sung thông tin hộ tịch", ChangeKind.ETHNICITY: "Xác định lại dân tộc",
}


class BadValue(Refusal):
    code = "civil_status.bad_value"
    message_vi = "{what}"


@dataclass(frozen=True, slots=True)
class Field:
    """An entry that may change. ``books``: the acts that have it."""

    path: str
    title: str
    kind: Kind
    books: frozenset[BookKind]

    def read(self, text: str) -> str:
        """The new value as the register keeps it, from what was typed.

        :raises Refusal: it is none of its kind.
        """
        text = tidy(text)
        if self.kind is Kind.NAME:
            return PersonName(text).text
        if self.kind is Kind.DAY:
            return PartialDate.parse(text).isoformat()
        if self.kind is Kind.SEX:
            found = {sex.label.casefold(): str(sex) for sex in Sex}.get(text.casefold(), text)
            if found not in {str(sex) for sex in Sex}:
                raise BadValue(what="Giới tính ghi “Nam” hoặc “Nữ”.")
            return found
        if self.kind is Kind.ETHNICITY:
            known = {name.casefold(): name for name in ETHNICITIES}
            if text.casefold() not in known:
                raise BadValue(what="Không có dân tộc này trong danh mục.")
            return known[text.casefold()]
        if not text:
            raise BadValue(what="Vui lòng nhập nội dung mới.")
        return text[:400]

    def show(self, value: str) -> str:
        """A kept value as people read it."""
        if not value:
            return "(để trống)"
        if self.kind is Kind.DAY:
            return str(PartialDate.parse(value))
        if self.kind is Kind.SEX:
            return Sex(value).label
        return value.upper() if self.kind is Kind.NAME else value


_COLUMNS = (
    ("name", "họ, chữ đệm, tên", Kind.NAME), ("born_on", "ngày, tháng, năm sinh", Kind.DAY),
    ("ethnicity", "dân tộc", Kind.ETHNICITY), ("nationality", "quốc tịch", Kind.TEXT),
    ("residence", "nơi cư trú", Kind.TEXT),
)
_PEOPLE = {
    BookKind.BIRTH: (PartyRole.CHILD, PartyRole.MOTHER, PartyRole.FATHER),
    BookKind.MARRIAGE: (PartyRole.HUSBAND, PartyRole.WIFE),
    BookKind.DEATH: (PartyRole.DECEASED,),
    BookKind.GUARDIANSHIP: (PartyRole.WARD, PartyRole.GUARDIAN),
    BookKind.RECOGNITION: (PartyRole.PARENT, PartyRole.CHILD),
}
# What stands in the act and not with a person.
OF_ACT = frozenset({"child.place", "child.native_place"})


def _fields() -> dict[str, Field]:
    books: dict[PartyRole, set[BookKind]] = {}
    for book, roles in _PEOPLE.items():
        for role in roles:
            books.setdefault(role, set()).add(book)
    made: list[Field] = []
    for role, where in books.items():
        title = PARTY_TITLES[role]
        columns = [*_COLUMNS]
        if role is PartyRole.CHILD:
            columns = [*_COLUMNS[:4], ("sex", "giới tính", Kind.SEX)]
        made += [Field(f"{role}.{name}", f"{title}: {what}", kind, frozenset(where)) for name, what, kind in columns]
    births = frozenset({BookKind.BIRTH})
    made += [
        Field("child.place", "Người được khai sinh: nơi sinh", Kind.TEXT, births),
        Field("child.native_place", "Người được khai sinh: quê quán", Kind.TEXT, births),
    ]
    return {field.path: field for field in made}


FIELDS = _fields()
BY_BOOK = {
    book: tuple(field for field in FIELDS.values() if book in field.books) for book in _PEOPLE
}


def check_kind(kind: ChangeKind, field: Field, *, before: str, after: str) -> None:
    """Hold a change to what its kind allows.

    Names are changed (BLDS 2015, Điều 27, 28), errors corrected, gaps filled, an ethnicity determined anew.

    :raises BadValue: this kind of change does not do this.
    """
    title = field.title[0].lower() + field.title[1:]
    if kind is ChangeKind.ADDITION and before:
        raise BadValue(what=f"Mục “{title}” đã có nội dung; dùng cải chính hoặc thay đổi.")
    if kind is not ChangeKind.ADDITION and not before:
        raise BadValue(what=f"Mục “{title}” đang để trống; dùng bổ sung.")
    if before == after:
        raise BadValue(what=f"Nội dung mới của mục “{title}” giống nội dung đang ghi.")
    if kind is ChangeKind.CHANGE and field.kind is not Kind.NAME and not field.path.startswith(("mother.", "father.")):
        raise BadValue(what="Chỉ thay đổi họ, chữ đệm, tên hoặc thông tin về cha, mẹ; sai sót thì cải chính.")
    if kind is ChangeKind.ETHNICITY and field.kind is not Kind.ETHNICITY:
        raise BadValue(what="Xác định lại dân tộc chỉ ghi mục dân tộc.")


def check_day(field: Field, value: str, *, registered_on: date) -> None:
    """Refuse a day of birth after the registration.

    :raises BadValue: as said.
    """
    if field.kind is Kind.DAY and PartialDate.parse(value).earliest > registered_on:
        raise BadValue(what="Ngày sinh mới phải trước ngày đăng ký.")
