"""Taking in files of keyed entries as data and pure functions: states, faults and their words, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from tuphap.kernel.refusal import Conflict, NotFound, Refusal

CHUNK = 20_000  # rows of one transaction: a second or two of work, and what a kill costs at most
PREVIEW = 5_000  # rows that the check looks at before anything is loaded
LARGEST_UPLOAD = 90 * 1024 * 1024  # bytes through the page; larger files lie in the folder or go by the command


# --- Words ------------------------------------------------------------------------------------------------------------


class Event(StrEnum):
    """What the log is told of a file."""

    CHOSEN = "digitisation.import.chosen"
    MAPPED = "digitisation.import.mapped"
    MAPPING_KEPT = "digitisation.import.mapping_kept"
    STARTED = "digitisation.import.started"
    LOADED = "digitisation.import.loaded"
    PAUSED = "digitisation.import.paused"
    WITHDRAWN = "digitisation.import.withdrawn"
    DONE = "digitisation.import.done"


class BatchState(StrEnum):
    """Where a file stands. Rows are loaded while RUNNING alone."""

    MAPPING = "mapping"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


STATE_TITLES = {
    BatchState.MAPPING: "Đang ghép cột", BatchState.RUNNING: "Đang nạp", BatchState.PAUSED: "Tạm dừng",
    BatchState.DONE: "Đã nạp xong", BatchState.WITHDRAWN: "Đã thôi",
}
STATE_TONES = {
    BatchState.MAPPING: "grey", BatchState.RUNNING: "blue", BatchState.PAUSED: "amber", BatchState.DONE: "green",
    BatchState.WITHDRAWN: "grey",
}
# (from, to): every other change of state is refused. Nothing that has loaded a row is withdrawn.
EDGES = frozenset({
    (BatchState.MAPPING, BatchState.RUNNING), (BatchState.MAPPING, BatchState.WITHDRAWN),
    (BatchState.RUNNING, BatchState.PAUSED), (BatchState.PAUSED, BatchState.RUNNING),
    (BatchState.RUNNING, BatchState.DONE),
})


class Shape(StrEnum):
    """What a row of the file is."""

    ENTRY = "entry"
    PERSON = "person"


SHAPE_TITLES = {Shape.ENTRY: "Mỗi dòng một việc hộ tịch", Shape.PERSON: "Mỗi dòng một người của việc kết hôn"}


# --- Faults -----------------------------------------------------------------------------------------------------------


class Fault(StrEnum):
    """What may be wrong with a row."""

    MISSING = "missing"
    NOT_READ = "not_read"
    NUMBER = "number"
    VOLUME = "volume"
    YEAR = "year"
    DAY = "registered_on"
    FUTURE = "future"
    BEFORE_BOOK = "before_book"
    AFTER_BOOK = "after_book"
    BEFORE_EVENT = "before_event"
    EVENT_BEFORE_BIRTH = "event_before_birth"
    OLD = "old"
    PERSONAL_NUMBER = "personal_number"
    OFFICE_MISSING = "office_missing"
    OFFICE_UNKNOWN = "office_unknown"
    OFFICE_SEVERAL = "office_several"
    OFFICE_THEN = "office_then"
    OFFICE_FOREIGN = "office_foreign"
    OUT_OF_BOOK = "out_of_book"
    BOOK_CLOSED = "book_closed"
    REPEATED = "repeated"
    TAKEN = "taken"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """``message``: with ``{title}`` of the place, ``{value}`` as the file has it, ``{other}`` what it clashes with.

    ``blocks``: the row is set aside; else it is loaded and the remark is kept. ``may_be_so``: a person may say that the
    book itself has it so (the column "Đúng như sổ"), and then it is a remark.
    """

    message: str
    blocks: bool = True
    may_be_so: bool = False


FAULTS: dict[Fault, FaultKind] = {
    Fault.MISSING: FaultKind("Thiếu {title}."),
    Fault.NOT_READ: FaultKind("Không đọc được {title} “{value}”."),
    Fault.NUMBER: FaultKind("Số “{value}” không đọc được: ghi một đến bốn chữ số, có thể thêm một chữ cái (15A)."),
    Fault.VOLUME: FaultKind("Quyển số “{value}” không đọc được: ghi hai chữ số, có thể thêm một chữ cái (02A)."),
    Fault.YEAR: FaultKind("Năm mở sổ “{value}” không đọc được, hoặc không từ {other}."),
    Fault.DAY: FaultKind("Ngày đăng ký “{value}” không đọc được: ghi đủ ngày, tháng, năm (15/03/2006)."),
    Fault.FUTURE: FaultKind("{title} “{value}” sau ngày hôm nay."),
    Fault.BEFORE_BOOK: FaultKind("Ngày đăng ký “{value}” trước năm mở sổ ({other}).", may_be_so=True),
    Fault.AFTER_BOOK: FaultKind("Ngày đăng ký “{value}” sau năm mở sổ ({other}) hơn một năm.", blocks=False),
    Fault.BEFORE_EVENT: FaultKind("{title} “{value}” sau ngày đăng ký ({other}).", may_be_so=True),
    Fault.EVENT_BEFORE_BIRTH: FaultKind("{title} “{value}” trước ngày sinh ({other}).", may_be_so=True),
    Fault.OLD: FaultKind("{title} “{value}” trước ngày đăng ký hơn 120 năm.", may_be_so=True),
    Fault.PERSONAL_NUMBER: FaultKind("Số định danh “{value}” không đủ 12 chữ số.", blocks=False),
    Fault.OFFICE_MISSING: FaultKind("Thiếu cơ quan đăng ký."),
    Fault.OFFICE_UNKNOWN: FaultKind("Không tìm thấy cơ quan “{value}” trong danh mục (theo mã hoặc theo tên khi đó)."),
    Fault.OFFICE_SEVERAL: FaultKind("Có nhiều cơ quan tên “{value}”: {other}. Ghi thêm huyện, hoặc ghi mã."),
    Fault.OFFICE_THEN: FaultKind("Cơ quan “{value}” không hoạt động vào ngày đăng ký ({other})."),
    Fault.OFFICE_FOREIGN: FaultKind("Người nạp không được giao quyền nạp dữ liệu của cơ quan “{value}”."),
    Fault.OUT_OF_BOOK: FaultKind("Số “{value}” ngoài khoảng số của quyển sổ trong danh mục sổ ({other})."),
    Fault.BOOK_CLOSED: FaultKind("Quyển sổ {other}, không nhận thêm việc hộ tịch."),
    Fault.REPEATED: FaultKind("Số “{value}” của quyển sổ này đã có ở dòng {other} của tệp, nội dung khác."),
    Fault.TAKEN: FaultKind("Đã có số “{value}” của quyển sổ này trong hệ thống, nội dung khác ({other})."),
    Fault.PARTNER: FaultKind("Không ghép được vợ chồng của số “{value}”: quyển sổ này có {other} trong tệp."),
}


FAULT_TITLES = {
    Fault.MISSING: "thiếu", Fault.NOT_READ: "không đọc được", Fault.NUMBER: "số không đọc được",
    Fault.VOLUME: "quyển số không đọc được", Fault.YEAR: "năm mở sổ không đọc được",
    Fault.DAY: "không đọc được", Fault.FUTURE: "sau ngày hôm nay", Fault.BEFORE_BOOK: "trước năm mở sổ",
    Fault.AFTER_BOOK: "sau năm mở sổ hơn một năm", Fault.BEFORE_EVENT: "sau ngày đăng ký",
    Fault.EVENT_BEFORE_BIRTH: "trước ngày sinh", Fault.OLD: "trước ngày đăng ký hơn 120 năm",
    Fault.PERSONAL_NUMBER: "không đủ 12 chữ số", Fault.OFFICE_MISSING: "thiếu",
    Fault.OFFICE_UNKNOWN: "không có trong danh mục", Fault.OFFICE_SEVERAL: "có nhiều cơ quan cùng tên",
    Fault.OFFICE_THEN: "không hoạt động vào ngày đăng ký", Fault.OFFICE_FOREIGN: "ngoài quyền của người nạp",
    Fault.OUT_OF_BOOK: "ngoài khoảng số của sổ", Fault.BOOK_CLOSED: "sổ đã xong",
    Fault.REPEATED: "lặp lại trong tệp", Fault.TAKEN: "đã có, nội dung khác", Fault.PARTNER: "không ghép được vợ chồng",
}


class Found(TypedDict):
    """A fault of a row, as it is kept. ``column``: the file's own, or empty where none of its columns is at fault.

    ``blocks``: for this the row was set aside; else it is a remark.
    """

    code: str
    blocks: bool
    place: str
    title: str
    column: str
    value: str
    other: str


def message(found: Found) -> str:
    """What a fault is, in a sentence."""
    title = found["title"][:1].lower() + found["title"][1:]
    text = FAULTS[Fault(found["code"])].message.format(title=title, value=found["value"], other=found["other"])
    return text[:1].upper() + text[1:]


def where(row: int, found: Found) -> str:
    """Where a fault is, as people look for it in the file."""
    return f"Dòng {row}, cột “{found['column']}”" if found["column"] else f"Dòng {row}"


# --- Keys -------------------------------------------------------------------------------------------------------------

_SHORT = 16  # of a file's hash: files by the thousand, not by the milliard


def source_of(sha256: str) -> str:
    """By what an entry tells the file that it came from; its row follows."""
    return f"{sha256[:_SHORT]}:"


def mark_of(sha256: str, row: int) -> str:
    """By what a row that was set aside is known again when it comes back mended."""
    return f"{source_of(sha256)}{row}"


# --- Refusals ---------------------------------------------------------------------------------------------------------


class UnknownBatch(NotFound):
    code = "digitisation.import_unknown"
    message_vi = "Không tìm thấy tệp nhập liệu."


class UnreadableSource(Refusal):
    code = "digitisation.import_unreadable"
    message_vi = "Không đọc được tệp: {what}."
    field = "file"


class SourceTooLarge(Refusal):
    code = "digitisation.import_too_large"
    message_vi = "Tệp lớn hơn {limit} MB: đặt tệp vào thư mục nhập liệu của máy chủ, hoặc nạp bằng lệnh."
    field = "file"


class SourceGone(Refusal):
    """The working copy of the file lies on this machine no longer."""

    code = "digitisation.import_gone"
    message_vi = "Bản làm việc của tệp không còn trên máy chủ. Vui lòng chọn lại đúng tệp đó để nạp tiếp."
    status = 409


class BadMapping(Refusal):
    code = "digitisation.import_mapping"
    message_vi = "{what}"


class ColumnsMissing(Refusal):
    code = "digitisation.import_columns"
    message_vi = "Chưa ghép cột cho: {places}."


class AnotherMapping(Conflict):
    code = "digitisation.import_other_mapping"
    message_vi = "Tệp này đã nạp, hoặc đang nạp dở, với cách ghép cột khác; không đổi được nữa."


class WrongBatchState(Conflict):
    code = "digitisation.import_state"
    message_vi = "Tệp nhập liệu đang ở trạng thái “{state}”, không thực hiện được thao tác này."


class SomebodyElse(Conflict):
    """Another process has loaded this chunk meanwhile."""

    code = "digitisation.import_somebody_else"
    message_vi = "Có tiến trình khác đang nạp tệp này."
