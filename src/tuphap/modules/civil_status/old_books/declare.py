"""What is transcribed of an entry of each kind: its pages and places, in the order in which books have them. Pure.

A place of a person is a column of :class:`models.Party` where one bears its name; every other stays as written alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .. import rules as register
from ..fields import Kind
from ..rules import BookKind, PartyRole
from . import rules
from .rules import InBook, Written

LINE = "line"  # the part that every entry has: page, who signed


@dataclass(frozen=True, slots=True)
class Place:
    """A place of an entry. ``must``: without it the register cannot hold the act."""

    code: str
    title: str
    kind: Kind = Kind.TEXT
    must: bool = False

    @property
    def may_be_understood(self) -> bool:
        """Whether a person may say how it is to be read; of plain text there is nothing to say."""
        return self.kind in (Kind.NAME, Kind.DAY, Kind.SEX)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the form: a person in a role, or what the event has. ``optional``: books may have no such person."""

    code: str
    title: str
    places: tuple[Place, ...]
    role: PartyRole | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class EntryKind:
    """What an entry records. ``happened``: the place that tells its day (``event.died_on``)."""

    code: str
    title: str
    book: BookKind
    parts: tuple[Part, ...]
    main: tuple[PartyRole, ...]
    happened: str = ""

    @property
    def event(self) -> str:
        """By what the act of it is told apart; births need no word."""
        return "" if self.book is BookKind.BIRTH else self.code

    def part(self, code: str) -> Part:
        """:raises rules.UnknownPart: there is none of this code."""
        found = next((part for part in self.parts if part.code == code), None)
        if found is None:
            raise rules.UnknownPart(part=code)
        return found


_NAME = Place("name", "Họ, chữ đệm, tên", Kind.NAME, must=True)
_NUMBER = Place("personal_number", "Số định danh cá nhân")
_BORN, _SEX = Place("born_on", "Ngày, tháng, năm sinh", Kind.DAY), Place("sex", "Giới tính", Kind.SEX)
_PEOPLE = (Place("ethnicity", "Dân tộc"), Place("nationality", "Quốc tịch"))
_HOME, _ID = Place("residence", "Nơi cư trú"), Place("id_paper", "Giấy tờ tùy thân")
_LINE = Part(LINE, "Trang sổ, người ký", (
    Place("page", "Trang số"), Place("signer_name", "Người ký"), Place("signer_title", "Chức vụ người ký"),
))


def _must(place: Place) -> Place:
    return Place(place.code, place.title, place.kind, must=True)


def _person(role: PartyRole, *more: Place, sex: Place | None = None, optional: bool = False) -> Part:
    sexed = (sex,) if sex is not None else ()
    places = (_NAME, _BORN, *sexed, *_PEOPLE, _HOME, *more, _NUMBER)
    return Part(role, register.PARTY_TITLES[role], places, role, optional)


_DECLARANT = Part(PartyRole.DECLARANT, "Người đi khai", (_NAME, Place("relation", "Quan hệ"), _HOME, _ID),
                  PartyRole.DECLARANT, optional=True)
_TIMES = Place("times", "Kết hôn lần thứ mấy")
_COUPLE = tuple(_person(role, _ID, _TIMES) for role in (PartyRole.HUSBAND, PartyRole.WIFE))
_ABROAD = (
    Place("happened_on", "Ngày xảy ra, có hiệu lực", Kind.DAY), Place("authority", "Cơ quan nước ngoài"),
    Place("paper", "Số, ngày giấy tờ nước ngoài"),
)


def _event(*places: Place, title: str = "Nội dung việc hộ tịch") -> Part:
    return Part("event", title, places)


def _code(book: BookKind) -> str:
    return f"civil_status.{register.EVENT_NAMES[book]}"


_KINDS = (
    EntryKind(register.BIRTH_HANDLER, "Khai sinh", BookKind.BIRTH, (
        _LINE,
        Part(PartyRole.CHILD, "Người được khai sinh", (_NAME, _must(_BORN), _SEX, *_PEOPLE, _NUMBER), PartyRole.CHILD),
        _event(Place("place", "Nơi sinh"), Place("native_place", "Quê quán"), title="Nơi sinh, quê quán"),
        _person(PartyRole.MOTHER, optional=True), _person(PartyRole.FATHER, optional=True), _DECLARANT,
    ), (PartyRole.CHILD,), "child.born_on"),
    EntryKind(_code(BookKind.MARRIAGE), "Kết hôn", BookKind.MARRIAGE, (_LINE, *_COUPLE),
              (PartyRole.HUSBAND, PartyRole.WIFE)),
    EntryKind(_code(BookKind.DEATH), "Khai tử", BookKind.DEATH, (
        _LINE, _person(PartyRole.DECEASED, _ID, sex=_SEX),
        _event(Place("died_on", "Chết ngày", Kind.DAY, must=True), Place("died_at", "Vào lúc (giờ, phút)"),
               Place("place", "Nơi chết"), Place("cause", "Nguyên nhân chết"), Place("proof", "Giấy báo tử"),
               title="Việc chết"),
        _DECLARANT,
    ), (PartyRole.DECEASED,), "event.died_on"),
    EntryKind(register.GUARDIANSHIP, "Giám hộ", BookKind.GUARDIANSHIP, (
        _LINE, _person(PartyRole.WARD, sex=_SEX), _person(PartyRole.GUARDIAN, _ID, sex=_SEX),
        _event(Place("reason", "Lý do giám hộ"), Place("decision", "Văn bản cử người giám hộ"),
               Place("property", "Tài sản của người được giám hộ"), title="Việc giám hộ"),
    ), (PartyRole.GUARDIAN, PartyRole.WARD)),
    EntryKind(register.GUARDIANSHIP_END, "Chấm dứt giám hộ", BookKind.GUARDIANSHIP, (
        _LINE, _person(PartyRole.WARD, sex=_SEX), _person(PartyRole.GUARDIAN, _ID, sex=_SEX),
        _event(Place("ended_on", "Chấm dứt từ ngày", Kind.DAY), Place("reason", "Lý do chấm dứt"),
               Place("of", "Việc giám hộ đã đăng ký (số, ngày)"), title="Việc chấm dứt"),
    ), (PartyRole.GUARDIAN, PartyRole.WARD), "event.ended_on"),
    EntryKind(register.SUPERVISION, "Giám sát việc giám hộ", BookKind.GUARDIANSHIP, (
        _LINE, _person(PartyRole.SUPERVISOR, _ID, sex=_SEX), _person(PartyRole.GUARDIAN, _ID, sex=_SEX),
        _person(PartyRole.WARD, sex=_SEX),
        _event(Place("of", "Việc giám hộ đã đăng ký (số, ngày)"), Place("decision", "Văn bản cử người giám sát"),
               title="Việc giám sát"),
    ), (PartyRole.SUPERVISOR, PartyRole.WARD)),
    EntryKind(register.SUPERVISION_END, "Chấm dứt giám sát việc giám hộ", BookKind.GUARDIANSHIP, (
        _LINE, _person(PartyRole.SUPERVISOR, _ID, sex=_SEX), _person(PartyRole.WARD, sex=_SEX),
        _event(Place("ended_on", "Chấm dứt từ ngày", Kind.DAY), Place("reason", "Lý do chấm dứt"),
               Place("of", "Việc giám sát đã đăng ký (số, ngày)"), title="Việc chấm dứt"),
    ), (PartyRole.SUPERVISOR, PartyRole.WARD), "event.ended_on"),
    EntryKind(_code(BookKind.RECOGNITION), "Nhận cha, mẹ, con", BookKind.RECOGNITION, (
        _LINE, _person(PartyRole.PARENT, _ID, sex=_must(_SEX)), _person(PartyRole.CHILD, sex=_SEX),
        _event(Place("evidence", "Căn cứ, chứng cứ"), Place("decision", "Quyết định công nhận"), title="Việc nhận"),
    ), (PartyRole.PARENT, PartyRole.CHILD)),
    EntryKind(_code(BookKind.CHANGE), "Thay đổi, cải chính, bổ sung", BookKind.CHANGE, (
        _LINE, _person(PartyRole.SUBJECT, sex=_SEX),
        _event(Place("of", "Việc hộ tịch đã đăng ký (loại, số, ngày, nơi)"), Place("content", "Nội dung", must=True),
               Place("ground", "Lý do, căn cứ"), Place("decision", "Quyết định"), title="Nội dung thay đổi, cải chính"),
        _DECLARANT,
    ), (PartyRole.SUBJECT,)),
    EntryKind(_code(BookKind.MARITAL_STATUS), "Xác nhận tình trạng hôn nhân", BookKind.MARITAL_STATUS, (
        _LINE, _person(PartyRole.SUBJECT, _ID, sex=_SEX),
        _event(Place("status", "Tình trạng hôn nhân", must=True), Place("purpose", "Mục đích sử dụng"),
               title="Nội dung xác nhận"),
    ), (PartyRole.SUBJECT,)),
    EntryKind(register.FOREIGN_MARRIAGE, "Ghi chú kết hôn ở nước ngoài", BookKind.FOREIGN, (
        _LINE, *_COUPLE, _event(*_ABROAD, title="Việc kết hôn ở nước ngoài"),
    ), (PartyRole.HUSBAND, PartyRole.WIFE), "event.happened_on"),
    EntryKind(register.FOREIGN_DIVORCE, "Ghi chú ly hôn ở nước ngoài", BookKind.FOREIGN, (
        _LINE, _person(PartyRole.SUBJECT, _ID, sex=_SEX),
        _event(Place("former", "Vợ hoặc chồng cũ"), *_ABROAD, title="Việc ly hôn ở nước ngoài"),
    ), (PartyRole.SUBJECT,), "event.happened_on"),
    EntryKind(register.FOREIGN_OTHER, "Ghi chú việc khác ở nước ngoài", BookKind.FOREIGN, (
        _LINE, _person(PartyRole.SUBJECT, _ID, sex=_SEX),
        _event(Place("content", "Nội dung", must=True), *_ABROAD, title="Việc đã đăng ký ở nước ngoài"),
    ), (PartyRole.SUBJECT,), "event.happened_on"),
)
KINDS = {kind.code: kind for kind in _KINDS}
Content = Mapping[str, Mapping[str, Written]]


def kind_of(book: str, event: str) -> EntryKind:
    """What an act of this book and event would be transcribed as."""
    return KINDS[event] if event else next(kind for kind in _KINDS if kind.book == book)


def read_part(part: Part, typed: Mapping[str, Mapping[str, str]]) -> dict[str, Written]:
    """A page as it was typed: every place, as written and as understood.

    A page left empty says that the book has no such person, where books may have none (``optional``).

    :raises rules.NotRead: a place is left open or cannot be understood; its ``field`` is the place.
    """
    is_empty = part.optional and not any(any(told.get(key) for key in ("raw", "value")) for told in typed.values())
    return {place.code: _read(part, place, typed.get(place.code, {}), is_empty=is_empty) for place in part.places}


def _read(part: Part, place: Place, told: Mapping[str, str], *, is_empty: bool) -> Written:
    standing = told.get("standing") or InBook.GIVEN
    if standing not in set(InBook):
        raise rules.NotRead(field=place.code, what=f"{place.title}: chọn “Có ghi”, “Không ghi” hoặc “Không đọc được”.")
    if is_empty and standing == InBook.GIVEN:
        standing = InBook.NOT_STATED
    if place.must and not part.optional and standing != InBook.GIVEN:
        raise rules.NotRead(field=place.code, what=f"{place.title}: không có mục này thì chưa chép vào sổ điện tử "
                            "được; trả lời người yêu cầu bằng văn bản.")
    try:
        found = rules.read(place.title, place.kind, told.get("raw", ""), told.get("value", ""), standing)
        if place.code == "personal_number" and found["value"]:
            rules.understand_number(place.title, found["value"])
        if part.code == LINE and place.code == "page" and found["value"]:
            rules.understand_page(found["value"])
    except rules.NotRead as fault:
        fault.field = place.code
        raise
    return found


def understand(place: Place, text: str) -> str:
    """The value that a text means in this place.

    :raises rules.NotRead: none.
    """
    value = rules.understand(place.title, place.kind, text, hand=True)
    return rules.understand_number(place.title, value) if place.code == "personal_number" else value


def missing_parts(kind: EntryKind, content: Content) -> Iterator[Part]:
    """What has not been transcribed yet."""
    return (part for part in kind.parts if part.code not in content)


def value_at(content: Content, path: str) -> str:
    """What the register understands of a place: ``event.died_on``."""
    part, _, place = path.partition(".")
    found = content.get(part, {}).get(place)
    return found["value"] if found is not None else ""
