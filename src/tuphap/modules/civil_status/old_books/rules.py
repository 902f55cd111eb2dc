"""Old books as data and pure functions: states of an entry, how its line is told, how what is written is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypedDict

from tuphap.kernel.refusal import Conflict, NotFound, Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.people.api import BadDate, PartialDate, PersonName, Sex, check_personal_number

from .. import rules as register
from ..fields import Kind
from ..rules import AnnotationKind, BookKind, InForce

# --- Words ------------------------------------------------------------------------------------------------------------


class Event(StrEnum):
    """What the log is told of an entry on its way into the register."""

    STARTED = "civil_status.old_entry.started"
    WRITTEN = "civil_status.old_entry.written"
    SCANNED = "civil_status.old_entry.scanned"
    PROPOSED = "civil_status.old_entry.proposed"
    RETURNED = "civil_status.old_entry.returned"
    WITHDRAWN = "civil_status.old_entry.withdrawn"
    ENTERED = "civil_status.old_entry.entered"


class EntryState(StrEnum):
    """Where a transcription stands. From PROPOSED on, nothing in it changes unless it is returned."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RETURNED = "returned"
    ENTERED = "entered"
    WITHDRAWN = "withdrawn"


STATE_TITLES = {
    EntryState.DRAFT: "Đang chép", EntryState.PROPOSED: "Chờ xác nhận", EntryState.RETURNED: "Trả lại",
    EntryState.ENTERED: "Đã vào sổ điện tử", EntryState.WITHDRAWN: "Đã thôi chép",
}
STATE_TONES = {
    EntryState.DRAFT: "grey", EntryState.PROPOSED: "amber", EntryState.RETURNED: "red", EntryState.ENTERED: "green",
    EntryState.WITHDRAWN: "grey",
}

# (from, to): every other change of state is refused, here and by the database.
EDGES = frozenset({
    (EntryState.DRAFT, EntryState.PROPOSED), (EntryState.RETURNED, EntryState.PROPOSED),
    (EntryState.PROPOSED, EntryState.ENTERED), (EntryState.PROPOSED, EntryState.RETURNED),
    (EntryState.DRAFT, EntryState.WITHDRAWN), (EntryState.RETURNED, EntryState.WITHDRAWN),
    (EntryState.PROPOSED, EntryState.WITHDRAWN),
})
OPEN = (EntryState.DRAFT, EntryState.PROPOSED, EntryState.RETURNED)
WRITABLE = frozenset({EntryState.DRAFT, EntryState.RETURNED})


class InBook(StrEnum):
    """What the book has in a place: something, nothing, or something that nobody can read."""

    GIVEN = "given"
    NOT_STATED = "not_stated"
    ILLEGIBLE = "illegible"


STANDING_TITLES = {
    InBook.GIVEN: "Có ghi", InBook.NOT_STATED: "Không ghi", InBook.ILLEGIBLE: "Không đọc được",
}


class Written(TypedDict):
    """One place of an entry. ``raw``: letter by letter; ``value``: as the register understands it.

    ``read``: a person has said how ``raw`` is to be understood; papers then show both.
    """

    raw: str
    value: str
    standing: str
    read: bool


class Note(TypedDict):
    """A note written beside the entry in the book, later than the entry."""

    kind: str
    text: str
    noted_on: str
    decision_no: str
    authority: str


# What a note in an old book may say; one that ends something does so here as well. A correction is told, not applied:
# what the entry says is transcribed as it stands, corrected.
NOTE_KINDS = (
    AnnotationKind.OLD_NOTE, AnnotationKind.CORRECTION, AnnotationKind.RECOGNITION, AnnotationKind.MARRIAGE,
    AnnotationKind.DIVORCE, AnnotationKind.DEATH, AnnotationKind.GUARDIANSHIP_END, AnnotationKind.SUPERVISION,
    AnnotationKind.SUPERVISION_END,
)
NOTES_ONLY_OF = {
    AnnotationKind.DIVORCE: frozenset({BookKind.MARRIAGE, BookKind.FOREIGN}),
    **dict.fromkeys((AnnotationKind.GUARDIANSHIP_END, AnnotationKind.SUPERVISION, AnnotationKind.SUPERVISION_END),
                    frozenset({BookKind.GUARDIANSHIP})),
    AnnotationKind.RECOGNITION: frozenset({BookKind.BIRTH}),
}
MOST_NOTES = 6

# Years after the one on its cover during which a book was still written in without anybody asking why.
BOOK_GOES_ON_YEARS: tuple[InForce[int], ...] = (
    InForce(1, register.FIRST_DAY, None, "Quy tắc kiểm tra nghiệp vụ của hệ thống (sổ năm trước dùng tiếp năm sau)"),
)
# The first book that may be transcribed: the Republic's first rules on civil status (Sắc lệnh 47/SL ngày 10/10/1945).
FIRST_YEAR = 1945
VOLUME, NUMBER = re.compile(r"(\d{2})([A-Z]?)"), re.compile(r"(\d{1,4})([A-Z]?)")


# --- Refusals ---------------------------------------------------------------------------------------------------------


class UnknownEntry(NotFound):
    code = "civil_status.old_entry_unknown"
    message_vi = "Không tìm thấy việc hộ tịch đang chép từ sổ giấy."


class UnknownPart(NotFound):
    code = "civil_status.old_entry_part_unknown"
    message_vi = "Việc hộ tịch loại này không có phần “{part}”."


class WrongEntryState(Conflict):
    code = "civil_status.old_entry_state"
    message_vi = "Bản chép đang ở trạng thái “{state}”, không thực hiện được thao tác này."


class EntryFixed(Conflict):
    """The database itself refused to change what was proposed or entered."""

    code = "civil_status.old_entry_fixed"
    message_vi = "Bản chép đã trình hoặc đã vào sổ, không sửa được."


class OpenedTwice(Conflict):
    code = "civil_status.old_entry_twice"
    message_vi = "Dòng sổ này đang có một bản chép khác chờ xác nhận."
    field = "number"


class ConfirmerIsTranscriber(Conflict):
    code = "civil_status.old_entry_own"
    message_vi = "Người xác nhận phải là người khác, không phải người đã chép."


class NotCompared(Refusal):
    code = "civil_status.old_entry_not_compared"
    message_vi = "Vui lòng xác nhận đã đối chiếu từng mục với bản quét trang sổ."
    field = "compared"


class ScanMissing(Refusal):
    code = "civil_status.old_entry_no_scan"
    message_vi = "Chưa có bản quét trang sổ."
    field = "scan"


class NotWhole(Refusal):
    code = "civil_status.old_entry_not_whole"
    message_vi = "Chưa chép xong phần: {parts}."


class BadVolume(Refusal):
    code = "civil_status.old_volume"
    message_vi = "Quyển số ghi hai chữ số, có thể thêm một chữ cái: 01, 02A."
    field = "volume"


class BadNumber(Refusal):
    code = "civil_status.old_number"
    message_vi = "Số ghi từ một đến bốn chữ số, có thể thêm một chữ cái: 15, 15A."
    field = "number"


class BadPage(Refusal):
    code = "civil_status.old_page"
    message_vi = "Trang số ghi bằng chữ số, từ 1 đến 999."
    field = "page"


class BadYear(Refusal):
    code = "civil_status.old_year"
    message_vi = "Năm mở sổ phải từ {first} đến {last}."
    field = "year"


class OfficeNameMissing(Refusal):
    code = "civil_status.old_office_name"
    message_vi = "Vui lòng ghi tên cơ quan đăng ký đúng như trong sổ."
    field = "office_name"


class DayOutsideBook(Refusal):
    """The book was not open on the day of registration, or that day lies ahead."""

    code = "civil_status.old_day"
    message_vi = "{what}"
    field = "registered_on"


class DayNeedsReason(Refusal):
    code = "civil_status.old_day_reason"
    message_vi = "Ngày đăng ký sau năm mở sổ {years} năm: vui lòng ghi lý do (sổ dùng nhiều năm, vào sổ muộn…)."
    field = "day_reason"


class OfficeWasNot(Refusal):
    """The office did not exist on the day of registration; those that did are named."""

    code = "civil_status.old_office"
    message_vi = "{office} không hoạt động vào ngày {on}{others}."
    field = "unit"


class OfficeIsListed(Refusal):
    """The unit is said to keep the book only, but the office that had it stands in the list of units."""

    code = "civil_status.old_office_listed"
    message_vi = "Sổ ghi “{written}”: chọn đơn vị {unit}, không chọn “chỉ là nơi giữ sổ”."
    field = "unit"


class NumberInSystem(Conflict):
    """The office had begun in the system by then, and numbers from this one on are the system's."""

    code = "civil_status.old_number_in_system"
    message_vi = "Năm {year}, các số từ {first} trở đi của cơ quan này đăng ký trên hệ thống, không có trong sổ giấy."
    field = "number"


class PossibleDuplicate(register.PossibleDuplicate):
    """The same person and event stand in the register already, or so it seems; a reason overrides it."""

    message_vi = (
        "Việc hộ tịch này có thể đã có trong sổ điện tử: {evidence}. Nếu là việc khác thì ghi rõ căn cứ."
    )
    field = "duplicate_reason"


class NothingReturned(Refusal):
    code = "civil_status.old_entry_no_reasons"
    message_vi = "Vui lòng ghi lý do trả lại ở ít nhất một mục."
    field = "reasons"


class BadNote(Refusal):
    code = "civil_status.old_note"
    message_vi = "{what}"


class NotRead(Refusal):
    """What stands in a place cannot be understood as what belongs there."""

    code = "civil_status.old_not_read"
    message_vi = "{what}"


# --- The line ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """Where the entry stands: office as written, book, volume, number, day."""

    office_name: str
    stands_for: bool  # the unit only keeps the book; the office of then is in no list of units
    year: int
    volume: str
    number: str
    registered_on: date


def split_volume(volume: str) -> tuple[int, str]:
    """``02A`` as 2 and A.

    :raises BadVolume: it is none.
    """
    found = VOLUME.fullmatch(volume)
    if found is None or int(found[1]) == 0:
        raise BadVolume()
    return int(found[1]), found[2]


def split_number(number: str) -> tuple[int, str]:
    """``15A`` as 15 and A.

    :raises BadNumber: it is none.
    """
    found = NUMBER.fullmatch(number)
    if found is None or int(found[1]) == 0:
        raise BadNumber()
    return int(found[1]), found[2]


def check_line(line: Line, *, today: date) -> None:
    """Refuse a line that no book can have.

    :raises OfficeNameMissing, BadVolume, BadNumber, BadYear, DayOutsideBook: as they say.
    """
    if not tidy(line.office_name):
        raise OfficeNameMissing()
    split_volume(line.volume)
    split_number(line.number)
    if not FIRST_YEAR <= line.year <= today.year:
        raise BadYear(first=FIRST_YEAR, last=today.year)
    if line.registered_on > today:
        raise DayOutsideBook(what="Ngày đăng ký không được sau ngày hôm nay.")
    if line.registered_on.year < line.year:
        raise DayOutsideBook(what=f"Ngày đăng ký trước năm mở sổ ({line.year}).")


def years_over(line: Line) -> int:
    """By how many years the registration lies beyond the time in which such a book was written in; 0: it does not."""
    goes_on = register.in_force(BOOK_GOES_ON_YEARS, on=line.registered_on).value
    later = line.registered_on.year - line.year
    return later if later > goes_on else 0


# --- What is written, and how it is read ------------------------------------------------------------------------------

_SEXES = {"nam": Sex.MALE, "trai": Sex.MALE, "nữ": Sex.FEMALE, "gái": Sex.FEMALE}
_DAY = re.compile(r"(?:(?:(\d{1,2})[/.\- ])?(\d{1,2})[/.\- ])?(\d{4})")


def read(title: str, kind: Kind, raw: str, value: str = "", standing: str = InBook.GIVEN) -> Written:
    """One place of an entry: what stands there and how it is understood, by itself or as a person has said.

    :raises NotRead: nothing is written though something is said to be; or it is none of its kind.
    """
    raw, value = tidy(raw), tidy(value)
    if standing != InBook.GIVEN:
        if raw or value:
            raise NotRead(what=f"{title}: đã chọn “{STANDING_TITLES[InBook(standing)]}” thì để trống nội dung.")
        return Written(raw="", value="", standing=str(standing), read=False)
    if not raw:
        raise NotRead(what=f"{title}: ghi đúng như trong sổ, hoặc chọn “Không ghi”, “Không đọc được”.")
    understood = understand(title, kind, value or raw, hand=bool(value))
    return Written(raw=raw, value=understood, standing=str(standing), read=bool(value) and not _alike(raw, understood))


def understand(title: str, kind: Kind, text: str, *, hand: bool) -> str:
    """The value of this kind that a text means.

    :param hand: a person has written it for the register, so that no way out is offered any more.
    :raises NotRead: none.
    """
    way_out = "" if hand else " Giữ nguyên chữ trong sổ và ghi cách hiểu vào ô “Hiểu là”."
    if kind is Kind.NAME:
        try:
            return PersonName(text.title() if text.isupper() else text).text
        except Refusal:
            raise NotRead(what=f"{title}: “{text}” không phải họ tên.{way_out}") from None
    if kind is Kind.DAY:
        found = _DAY.fullmatch(text)
        try:
            if found is None:
                return PartialDate.parse(text).isoformat()
            day, month, year = found.groups()
            return PartialDate(int(year), int(month) if month else None, int(day) if day else None).isoformat()
        except BadDate:
            raise NotRead(what=f"{title}: “{text}” không phải ngày, tháng hoặc năm.{way_out}") from None
    if kind is Kind.SEX:
        if text.casefold() not in _SEXES:
            raise NotRead(what=f"{title}: ghi “Nam” hoặc “Nữ”.{way_out}")
        return str(_SEXES[text.casefold()])
    return text[:400]


def understand_number(title: str, text: str) -> str:
    """A personal number.

    :raises NotRead: not twelve digits.
    """
    try:
        check_personal_number(text, birth=None, sex=None)
    except Refusal as refusal:
        raise NotRead(what=f"{title}: {refusal.message}") from None
    return text


def _alike(raw: str, value: str) -> bool:
    return raw.casefold() == value.casefold()


def understand_page(text: str) -> int:
    """:raises BadPage: no page."""
    if not text.isdecimal() or not 0 < int(text) < 1000:
        raise BadPage()
    return int(text)


def read_note(note: Mapping[str, str], *, book: BookKind, today: date, registered_on: date) -> Note:
    """A note beside the entry.

    :raises BadNote: no text, a day that cannot be, or a kind that such a book does not have.
    """
    kind = str(note.get("kind") or AnnotationKind.OLD_NOTE)
    if kind not in NOTE_KINDS:
        raise BadNote(field="kind", what="Chọn loại ghi chú.")
    if book not in NOTES_ONLY_OF.get(AnnotationKind(kind), {book}):
        title = register.ANNOTATION_TITLES[AnnotationKind(kind)]
        raise BadNote(field="kind", what=f"Sổ này không có loại ghi chú “{title}”.")
    text = tidy(str(note.get("text", "")))
    if not text:
        raise BadNote(field="text", what="Ghi nội dung ghi chú đúng như trong sổ.")
    try:
        noted_on = date.fromisoformat(str(note.get("noted_on", "")))
    except ValueError:
        raise BadNote(field="noted_on", what="Ghi ngày của ghi chú.") from None
    if not registered_on <= noted_on <= today:
        raise BadNote(field="noted_on", what="Ngày ghi chú phải từ ngày đăng ký đến hôm nay.")
    return Note(
        kind=kind, text=text[:900], noted_on=noted_on.isoformat(),
        decision_no=tidy(str(note.get("decision_no", "")))[:100], authority=tidy(str(note.get("authority", "")))[:200],
    )
