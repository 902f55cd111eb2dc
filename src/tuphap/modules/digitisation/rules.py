"""Digitising old books as data and pure functions: states, words, limits, refusals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import blake2b

from tuphap.kernel.refusal import Conflict, Denied, NotFound, Refusal
from tuphap.kernel.text import tidy

# --- Words ------------------------------------------------------------------------------------------------------------


class Permission(StrEnum):
    """What may be granted in this module; titles and reach stand in the manifest."""

    VIEW = "digitisation.book.view"
    MANAGE = "digitisation.book.manage"
    KEY = "digitisation.entry.key"
    PROOF = "digitisation.entry.proof"
    APPROVE = "digitisation.entry.approve"


class Event(StrEnum):
    """What the log is told. Of an entry's content it is told nothing."""

    BOOK_ENTERED = "digitisation.book.entered"
    BOOK_CHANGED = "digitisation.book.changed"
    BOOK_CLOSED = "digitisation.book.closed"
    BOOKS_IMPORTED = "digitisation.books.imported"
    SCANS_BEGUN = "digitisation.scans.begun"
    SCANS_TAKEN_IN = "digitisation.scans.taken_in"
    RESCAN_ASKED = "digitisation.entry.rescan_asked"
    CLAIMED = "digitisation.entry.claimed"
    KEYED = "digitisation.entry.keyed"
    KEYED_TWICE = "digitisation.entry.keyed_twice"
    UNREADABLE = "digitisation.entry.unreadable"
    RETURNED = "digitisation.entry.returned"
    ADJUDICATED = "digitisation.entry.adjudicated"
    PROOFED = "digitisation.entry.proofed"
    APPROVED = "digitisation.entries.approved"
    TRANSFER_BEGUN = "digitisation.transfer.begun"
    TRANSFERRED = "digitisation.entries.transferred"
    MATCHED = "digitisation.entry.matched"
    PRACTICE_SET = "digitisation.practice.set"


# As an entry's history tells them.
EVENT_TITLES = {
    Event.RESCAN_ASKED: "Đề nghị quét lại", Event.KEYED: "Nhập liệu", Event.KEYED_TWICE: "Nhập lần hai",
    Event.UNREADABLE: "Ghi không đọc được", Event.RETURNED: "Trả lại người nhập",
    Event.ADJUDICATED: "Chọn giữa hai lần nhập", Event.PROOFED: "Kiểm tra", Event.APPROVED: "Duyệt",
    Event.MATCHED: "Đối sánh dân cư",
}


class DigitisedState(StrEnum):
    """Where an entry stands. The order is that of the work; RETURNED and UNREADABLE stand beside it."""

    COLLECTED = "collected"
    SCANNED = "scanned"
    KEYED = "keyed"
    PROOFED = "proofed"
    APPROVED = "approved"
    TRANSFERRED = "transferred"
    MATCHED = "matched"
    RETURNED = "returned"
    UNREADABLE = "unreadable"


State = DigitisedState  # within the module; the API's description names types once for the whole platform

STATE_TITLES = {
    State.COLLECTED: "Chờ quét", State.SCANNED: "Chờ nhập", State.KEYED: "Chờ kiểm tra", State.PROOFED: "Chờ duyệt",
    State.APPROVED: "Đã duyệt", State.TRANSFERRED: "Đã chuyển vào sổ", State.MATCHED: "Đã đối sánh dân cư",
    State.RETURNED: "Trả lại người nhập", State.UNREADABLE: "Không đọc được",
}
STATE_TONES = {
    State.COLLECTED: "grey", State.SCANNED: "grey", State.KEYED: "amber", State.PROOFED: "amber",
    State.APPROVED: "sky", State.TRANSFERRED: "green", State.MATCHED: "green", State.RETURNED: "red",
    State.UNREADABLE: "red",
}

# (from, to): every other change of state is refused, here and by the database (migrations/guards.sql).
EDGES = frozenset({
    (State.COLLECTED, State.SCANNED),
    (State.COLLECTED, State.KEYED),  # keyed elsewhere, brought in by a bulk import
    (State.SCANNED, State.COLLECTED),  # a scan that will not do: the page is scanned again
    (State.SCANNED, State.KEYED), (State.SCANNED, State.UNREADABLE),
    (State.UNREADABLE, State.COLLECTED), (State.UNREADABLE, State.SCANNED),
    (State.KEYED, State.PROOFED), (State.KEYED, State.RETURNED),
    (State.RETURNED, State.KEYED), (State.RETURNED, State.UNREADABLE),
    (State.PROOFED, State.APPROVED), (State.PROOFED, State.RETURNED),
    (State.APPROVED, State.TRANSFERRED), (State.APPROVED, State.RETURNED),
    (State.TRANSFERRED, State.MATCHED),
})
# In which an entry may be created: brought in by scan, or keyed elsewhere.
FIRST_STATES = frozenset({State.COLLECTED, State.SCANNED, State.KEYED})
# From KEYED on, what was keyed stands until the entry is returned; from PROOFED on a proofer answers for it, and so on.
WITH_CONTENT = frozenset({State.KEYED, State.PROOFED, State.APPROVED, State.TRANSFERRED, State.MATCHED})
WITH_PROOFER = frozenset({State.PROOFED, State.APPROVED, State.TRANSFERRED, State.MATCHED})
WITH_APPROVER = frozenset({State.APPROVED, State.TRANSFERRED, State.MATCHED})
WITH_ACT = frozenset({State.TRANSFERRED, State.MATCHED})
TO_KEY = frozenset({State.SCANNED, State.RETURNED})


class BookState(StrEnum):
    """Whether a book is being worked on. It is closed when nothing in it is left to do."""

    OPEN = "open"
    CLOSED = "closed"


BOOK_STATE_TITLES = {BookState.OPEN: "Đang số hóa", BookState.CLOSED: "Đã xong"}


class Condition(StrEnum):
    """How the paper has come through the years."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"
    INCOMPLETE = "incomplete"


CONDITION_TITLES = {
    Condition.GOOD: "Tốt", Condition.WORN: "Cũ, mờ", Condition.DAMAGED: "Rách, mục, mối mọt",
    Condition.INCOMPLETE: "Mất trang",
}


class ScanFault(StrEnum):
    """What is wrong with a scan, or with the scans of a book."""

    NAME = "name"
    FOLDER = "folder"
    NO_BOOK = "no_book"
    OTHER_BOOK = "other_book"
    NUMBER_OUTSIDE = "number_outside"
    NUMBER_REPEATED = "number_repeated"
    NUMBER_MISSING = "number_missing"
    DAY_OUTSIDE = "day_outside"
    NO_OFFICE = "no_office"
    FILE_BAD = "file_bad"
    NO_PAGES = "no_pages"
    SEEN_BEFORE = "seen_before"
    FIXED = "fixed"


SCAN_FAULTS = {
    ScanFault.NAME: "Tên tệp không đúng mẫu {pattern}.",
    ScanFault.FOLDER: "Tệp nằm trong thư mục “{folder}”, không khớp với tên tệp.",
    ScanFault.NO_BOOK: "Chưa có sổ {book} trong danh mục.",
    ScanFault.OTHER_BOOK: "Tệp thuộc sổ {book}, không phải sổ này.",
    ScanFault.NUMBER_OUTSIDE: "Số {number} nằm ngoài khoảng {first}–{last} của sổ.",
    ScanFault.NUMBER_REPEATED: "Số {number} đã có bản quét khác ({other}).",
    ScanFault.NUMBER_MISSING: "Chưa có bản quét các số: {numbers}.",
    ScanFault.DAY_OUTSIDE: "Ngày đăng ký {day} nằm ngoài thời gian dùng sổ ({first} – {last}).",
    ScanFault.NO_OFFICE: "{office} không hoạt động vào ngày {day}.",
    ScanFault.FILE_BAD: "Không mở được tệp: {why}",
    ScanFault.NO_PAGES: "Tệp không có trang nào.",
    ScanFault.SEEN_BEFORE: "Tệp trùng từng byte với bản quét số {number} của sổ {book}.",
    ScanFault.FIXED: "Số {number} đã nhập liệu, không thay bản quét được.",
}
# With these the scan is taken in all the same, and looked at again by a person.
SCAN_DOUBTS = frozenset({ScanFault.DAY_OUTSIDE, ScanFault.NO_OFFICE, ScanFault.FOLDER, ScanFault.NUMBER_MISSING})


class JobKind(StrEnum):
    """Long work that goes on by itself and can be taken up again."""

    SCANS = "scans"
    TRANSFER = "transfer"


JOB_TITLES = {JobKind.SCANS: "Nạp bản quét", JobKind.TRANSFER: "Chuyển vào sổ hộ tịch điện tử"}


class Approver(StrEnum):
    """Whose office approves: the commune's, or the Department of Justice since districts ended in 2025."""

    COMMUNE = "commune"
    DEPARTMENT = "department"


APPROVER_TITLES = {Approver.COMMUNE: "UBND cấp xã có sổ", Approver.DEPARTMENT: "Sở Tư pháp"}


# --- Refusals ---------------------------------------------------------------------------------------------------------


class UnknownBook(NotFound):
    code = "digitisation.book_unknown"
    message_vi = "Không tìm thấy sổ trong danh mục số hóa."


class UnknownEntry(NotFound):
    code = "digitisation.entry_unknown"
    message_vi = "Không tìm thấy việc hộ tịch trong sổ đang số hóa."


class PracticeExists(Conflict):
    code = "digitisation.practice_exists"
    message_vi = "Đã có quy định áp dụng từ ngày này."
    field = "valid_from"


class BookExists(Conflict):
    code = "digitisation.book_exists"
    message_vi = "Sổ này (đơn vị, cơ quan, loại, năm, quyển) đã có trong danh mục."
    field = "volume"


class EntryExists(Conflict):
    code = "digitisation.entry_exists"
    message_vi = "Số này đã có trong sổ."
    field = "number"


class WrongState(Conflict):
    code = "digitisation.entry_state"
    message_vi = "Việc hộ tịch đang ở trạng thái “{state}”, không thực hiện được thao tác này."


class EntryFixed(Conflict):
    """The database itself refused to change what was keyed, or to move an entry along an edge that does not exist."""

    code = "digitisation.entry_fixed"
    message_vi = "Nội dung đã nhập không sửa được khi chưa trả lại người nhập."


class OwnWork(Denied):
    """Keyer, proofer and approver of an entry are three people."""

    code = "digitisation.own_work"
    message_vi = "Người nhập, người kiểm tra và người duyệt phải là ba người khác nhau."


class JobRuns(Conflict):
    code = "digitisation.job_runs"
    message_vi = "Việc này đang chạy cho sổ, vui lòng chờ xong."


class BookFinished(Conflict):
    code = "digitisation.book_finished"
    message_vi = "Sổ đã số hóa xong, không nhận thêm."


class BookNotDone(Conflict):
    code = "digitisation.book_not_done"
    message_vi = "Sổ còn {left} việc chưa chuyển vào sổ hộ tịch điện tử."


class BookHasEntries(Conflict):
    code = "digitisation.book_has_entries"
    message_vi = "Sổ đã có việc hộ tịch, không đổi được đơn vị, loại, năm, quyển."


class BadBook(Refusal):
    """A line of the manifest that no book can have."""

    code = "digitisation.book_bad"
    message_vi = "{what}"


class BadManifest(Refusal):
    code = "digitisation.manifest_bad"
    message_vi = "{what}"
    field = "file"


class BadPractice(Refusal):
    code = "digitisation.practice_bad"
    message_vi = "{what}"


class NotKeyed(Refusal):
    """A place is left open, or what was typed contradicts what was chosen."""

    code = "digitisation.not_keyed"
    message_vi = "{what}"


class TakenByAnother(Conflict):
    code = "digitisation.taken"
    message_vi = "{person} đang làm việc này, đến {until}."


class NothingToDo(NotFound):
    code = "digitisation.nothing_to_do"
    message_vi = "Hiện không còn việc nào chờ ông/bà trong phạm vi đã chọn."


class NothingReturned(Refusal):
    code = "digitisation.no_reasons"
    message_vi = "Vui lòng ghi lý do trả lại ở ít nhất một mục."
    field = "reasons"


class ReasonRequired(Refusal):
    code = "digitisation.reason"
    message_vi = "Vui lòng ghi lý do."
    field = "reason"


class NotCompared(Refusal):
    code = "digitisation.not_compared"
    message_vi = "Vui lòng xác nhận đã đối chiếu từng mục với bản quét."
    field = "compared"


class SampleNotSeen(Refusal):
    code = "digitisation.sample_not_seen"
    message_vi = "Vui lòng xác nhận đã xem các việc được chọn làm mẫu."
    field = "seen"


class SecondMissing(Conflict):
    code = "digitisation.second_missing"
    message_vi = "Việc này thuộc mẫu nhập hai lần, đang chờ người thứ hai nhập."


class NotDecided(Refusal):
    code = "digitisation.not_decided"
    message_vi = "Hai lần nhập khác nhau ở mục “{place}”: vui lòng chọn bản đúng với bản quét, hoặc trả lại."


class DayOutsideBook(Refusal):
    code = "digitisation.day_outside"
    message_vi = (
        "Ngày đăng ký {day} nằm ngoài thời gian dùng sổ ({first} – {last}). "
        "Nếu sổ ghi đúng như vậy thì đánh dấu xác nhận."
    )
    field = "registered_on"


class WrongKind(Refusal):
    code = "digitisation.kind"
    message_vi = "Loại việc này không ghi trong sổ loại {book}."
    field = "what"


class FolderMissing(Refusal):
    code = "digitisation.folder"
    message_vi = "Không có thư mục {folder}."
    field = "folder"


# --- Names of scans ---------------------------------------------------------------------------------------------------

# TYPE.BookYear.Volume.RegistrationDate.Number.pdf. No published text confirms it: the first row of Practice.
NAME_PATTERN = (
    r"(?P<kind>KS|KH|KT|GH|CMC|TĐCC|HN|GC)\.(?P<year>\d{4})\.(?P<volume>\d{2}[A-Z]?)"
    r"\.(?P<day>\d{4}-\d{2}-\d{2})\.(?P<number>\d{1,4})(?P<suffix>[A-Z]?)\.pdf"
)
NAME_WORDS = "LOẠI.Năm.Quyển.Ngày đăng ký.Số.pdf (KS.2005.01.2006-03-15.002.pdf)"
NAME_GROUPS = frozenset({"kind", "year", "volume", "day", "number", "suffix"})
FIRST_PRACTICE_FROM = date(2019, 4, 25)
FIRST_BASIS = "Công văn 1437/BTP-CNTT ngày 25/4/2019 (mẫu tên tệp chưa kiểm chứng)"
KEYED_TWICE = 5  # per cent, before a province says otherwise
_LOOK_ALIKES = str.maketrans({"\u00d0": "Đ", "\u0189": "Đ"})


@dataclass(frozen=True, slots=True)
class ScanName:
    """What the name of a scan says."""

    kind: str
    year: int
    volume: str
    day: date
    number: int
    suffix: str

    @property
    def book(self) -> str:
        return f"{self.kind}.{self.year}.{self.volume}"

    @property
    def line(self) -> str:
        return f"{self.number:02d}{self.suffix}"


def plain_name(name: str) -> str:
    """The last part of a path, composed (NFC), with Đ for the letters that look like it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return tidy(last).translate(_LOOK_ALIKES)


def read_name(name: str, *, pattern: str) -> ScanName | None:
    """What a file's name says, None where it is not after the pattern or names a day that never was."""
    told = plain_name(name)
    stem, dot, ending = told.rpartition(".")
    found = re.fullmatch(pattern, f"{stem}{dot}{ending.lower()}")
    if found is None:
        return None
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        return None
    number = int(found["number"])
    if number == 0:
        return None
    return ScanName(found["kind"], int(found["year"]), found["volume"], day, number, found["suffix"])


def check_pattern(pattern: str) -> None:
    """:raises BadPractice: no regular expression, or without the groups by which a name is read."""
    try:
        groups = set(re.compile(pattern).groupindex)
    except re.error as error:
        raise BadPractice(field="name_pattern", what=f"Mẫu tên tệp không phải biểu thức chính quy: {error}.") from error
    if groups != NAME_GROUPS:
        raise BadPractice(field="name_pattern", what=f"Mẫu tên tệp cần các nhóm: {', '.join(sorted(NAME_GROUPS))}.")


def folder_fits(folder: str, name: ScanName) -> bool:
    """Whether the last folders are those of the book: ``…/TYPE/BookYear/TYPE.BookYear.Volume``; none at all fits."""
    parts = [plain_name(part) for part in folder.replace("\\", "/").split("/") if part not in ("", ".")]
    wanted = [name.kind, str(name.year), name.book]
    return not parts or parts[-len(wanted):] == wanted[-len(parts):]


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Whole numbers as runs: 1, 2, 3, 7 as (1, 3), (7, 7)."""
    first = last = None
    for number in sorted(set(numbers)):
        if last is not None and first is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last


def run_words(numbers: Iterable[int]) -> str:
    """``1–3, 7``."""
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in runs(numbers))


# Days after the year on the cover within which a book was still written in, where its last day is not known: the same
# rule as the register's (a book of one year goes on into the next).
GOES_ON_YEARS = 1


def book_days(*, opened_on: date, closed_on: date | None, year: int) -> tuple[date, date]:
    """The first and last day on which something may have been registered in a book."""
    return opened_on, closed_on or date(year + GOES_ON_YEARS, 12, 31)


# --- Keying twice -----------------------------------------------------------------------------------------------------


def is_keyed_twice(entry_id: int, *, percent: int) -> bool:
    """Whether an entry belongs to the sample: the same answer always, and none that a keyer could foresee by number."""
    drawn = int.from_bytes(blake2b(str(entry_id).encode(), digest_size=4).digest(), "big")
    return drawn % 10_000 < percent * 100


CLAIM_HOLDS = timedelta(minutes=20)
APPROVE_SAMPLE = 10  # entries of a book that an approver opens before he approves the whole
TRANSFER_BATCH = 50  # entries entered in the register in one transaction


# --- Manifest ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookLine:
    """A book as it is entered in the manifest, by form or by file."""

    office_name: str
    kind: str
    what: str
    year: int
    volume: str
    first_number: int
    last_number: int
    opened_on: date
    closed_on: date | None = None
    expected: int | None = None
    stands_for: bool = False
    condition: str = Condition.GOOD
    note: str = ""


FIRST_YEAR = 1945  # the Republic's first rules on civil status (Sắc lệnh 47/SL ngày 10/10/1945)


def check_book(book: BookLine, *, today: date) -> None:
    """Refuse a line that no book can have; ``field`` says where.

    :raises BadBook: no office, volume, year, numbers, days or count that could be.
    """
    for wrong, place, what in (
        (not book.office_name.strip(), "office_name", "Vui lòng ghi tên cơ quan đúng như trên sổ."),
        (not FIRST_YEAR <= book.year <= today.year, "year", f"Năm mở sổ phải từ {FIRST_YEAR} đến {today.year}."),
        (re.fullmatch(r"[0-9]{2}[A-Z]?", book.volume) is None or book.volume[:2] == "00", "volume",
         "Quyển số ghi hai chữ số, có thể thêm một chữ cái: 01, 02A."),
        (not 1 <= book.first_number <= 9999, "first_number", "Số đầu từ 1 đến 9999."),
        (not book.first_number <= book.last_number <= 9999, "last_number", "Số cuối không nhỏ hơn số đầu, tới 9999."),
        (book.expected is not None and not 0 <= book.expected <= 20_000, "expected", "Số việc dự kiến từ 0 đến 20000."),
        (not date(book.year, 1, 1) <= book.opened_on <= date(book.year, 12, 31), "opened_on",
         "Ngày mở sổ phải trong năm mở sổ."),
        (book.closed_on is not None and not book.opened_on <= book.closed_on <= today, "closed_on",
         "Ngày khóa sổ không trước ngày mở sổ, không sau hôm nay."),
    ):
        if wrong:
            raise BadBook(field=place, what=what)


# --- What others tell -------------------------------------------------------------------------------------------------

POPULATION_MATCHED = "population.act_matched"  # by the module population, with ``act_id`` among its facts
ACT_MATCHED = "digitisation.act_matched"  # the job that hears it
