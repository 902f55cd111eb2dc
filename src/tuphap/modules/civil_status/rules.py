"""The law of civil status as data and pure functions: no Django, no clock, no database.

Every legal number stands in a dated table with its legal basis; what the law will say tomorrow is one more row.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from tuphap.kernel.refusal import Conflict, NotFound, Refusal
from tuphap.shared.people.api import PartialDate

V = TypeVar("V")


# --- Words ------------------------------------------------------------------------------------------------------------


class Permission(StrEnum):
    """What may be granted in this module; titles and reach stand in the manifest."""

    PREPARE = "civil_status.birth.prepare"
    SIGN = "civil_status.birth.sign"
    VIEW = "civil_status.act.view"
    CHECK = "civil_status.act.check"


class Event(StrEnum):
    """What the log is told beside the steps of an act (:func:`event`); other modules may declare reactions to these."""

    BIRTH_REGISTERED = "civil_status.birth.registered"
    PAPER_VOIDED = "civil_status.paper.voided"
    ACT_CANCELLED = "civil_status.act.cancelled"
    ACT_CHECKED = "civil_status.act.checked"
    PERSONAL_NUMBER_SET = "civil_status.personal_number.set"
    BOOK_OPENED = "civil_status.book.opened"
    BOOK_CLOSED = "civil_status.book.closed"
    DIVORCE_NOTED = "civil_status.marriage.divorce_noted"
    COPY_APPROVED = "civil_status.copy.approved"
    ACT_TRANSCRIBED = "civil_status.act.transcribed"
    TRANSCRIPTION_MENDED = "civil_status.transcription.mended"


class Series(StrEnum):
    """Number series, one line of numbers per office and year."""

    BIRTH = "civil_status.birth"
    EXTRACT = "civil_status.extract"
    MARRIAGE = "civil_status.marriage"
    DEATH = "civil_status.death"
    MARITAL_STATUS = "civil_status.marital_status"
    GUARDIANSHIP = "civil_status.guardianship"
    RECOGNITION = "civil_status.recognition"
    CHANGE = "civil_status.change"
    FOREIGN = "civil_status.foreign"


class Template(StrEnum):
    """Papers that this module issues."""

    BIRTH_CERTIFICATE = "civil_status.birth_certificate"
    BIRTH_EXTRACT = "civil_status.birth_extract"
    MARRIAGE_CERTIFICATE = "civil_status.marriage_certificate"
    MARITAL_STATUS = "civil_status.marital_status"
    EXTRACT = "civil_status.act_extract"


SIGNING_OUTCOME = "civil_status.birth_paper"
SEARCH_SOURCE = "civil_status.births"
BIRTH_HANDLER = "civil_status.birth"
JOINED_HANDLER = "civil_status.joined_birth"
JOINED_DEATH_HANDLER = "civil_status.joined_death"
BIRTH_AGAIN_HANDLER = "civil_status.birth_again"
RECOGNISED_BIRTH_HANDLER = "civil_status.birth_with_recognition"
BIRTH_HANDLERS = (BIRTH_HANDLER, JOINED_HANDLER, BIRTH_AGAIN_HANDLER, RECOGNISED_BIRTH_HANDLER)


class BookKind(StrEnum):
    """Kinds of books, by the codes under which the old books are filed."""

    BIRTH = "KS"
    MARRIAGE = "KH"
    DEATH = "KT"
    GUARDIANSHIP = "GH"
    RECOGNITION = "CMC"
    CHANGE = "TĐCC"
    MARITAL_STATUS = "HN"
    FOREIGN = "GC"


BOOK_TITLES = {
    BookKind.BIRTH: "Sổ đăng ký khai sinh",
    BookKind.MARRIAGE: "Sổ đăng ký kết hôn",
    BookKind.DEATH: "Sổ đăng ký khai tử",
    BookKind.GUARDIANSHIP: "Sổ đăng ký giám hộ",
    BookKind.RECOGNITION: "Sổ đăng ký nhận cha, mẹ, con",
    BookKind.CHANGE: "Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc",
    BookKind.MARITAL_STATUS: "Sổ cấp giấy xác nhận tình trạng hôn nhân",
    BookKind.FOREIGN: "Sổ ghi chú việc hộ tịch đã đăng ký ở nước ngoài",
}


# What an act of each kind records, as its lines are headed.
ACT_TITLES = {
    BookKind.BIRTH: "Khai sinh", BookKind.MARRIAGE: "Kết hôn", BookKind.DEATH: "Khai tử",
    BookKind.GUARDIANSHIP: "Giám hộ", BookKind.RECOGNITION: "Nhận cha, mẹ, con",
    BookKind.CHANGE: "Thay đổi, cải chính, bổ sung", BookKind.MARITAL_STATUS: "Xác nhận tình trạng hôn nhân",
    BookKind.FOREIGN: "Ghi chú việc hộ tịch ở nước ngoài",
}

# Kinds of acts that share a book with another: by the code of their event (``events/kinds.py``).
GUARDIANSHIP = "civil_status.guardianship"
GUARDIANSHIP_END = "civil_status.guardianship_end"
SUPERVISION = "civil_status.supervision"
SUPERVISION_END = "civil_status.supervision_end"
FOREIGN_MARRIAGE = "civil_status.foreign_marriage"
FOREIGN_DIVORCE = "civil_status.foreign_divorce"
FOREIGN_OTHER = "civil_status.foreign_other"
MARRIAGE_AGAIN = "civil_status.marriage_again"
DEATH_AGAIN = "civil_status.death_again"
EVENT_TITLES = {
    GUARDIANSHIP_END: "Chấm dứt giám hộ", FOREIGN_MARRIAGE: "Ghi chú kết hôn ở nước ngoài",
    FOREIGN_DIVORCE: "Ghi chú ly hôn, hủy kết hôn ở nước ngoài",
    FOREIGN_OTHER: "Ghi chú việc hộ tịch khác ở nước ngoài", MARRIAGE_AGAIN: "Đăng ký lại kết hôn",
    DEATH_AGAIN: "Đăng ký lại khai tử", SUPERVISION: "Giám sát việc giám hộ",
    SUPERVISION_END: "Chấm dứt giám sát việc giám hộ",
}

# By what the log calls acts of each kind: ``civil_status.marriage.registered``.
EVENT_NAMES = {
    BookKind.BIRTH: "birth", BookKind.MARRIAGE: "marriage", BookKind.DEATH: "death",
    BookKind.MARITAL_STATUS: "marital_status", BookKind.GUARDIANSHIP: "guardianship",
    BookKind.RECOGNITION: "recognition", BookKind.CHANGE: "change", BookKind.FOREIGN: "foreign",
}


# The line of numbers that runs through the books of each kind.
SERIES = {
    BookKind.BIRTH: Series.BIRTH, BookKind.MARRIAGE: Series.MARRIAGE, BookKind.DEATH: Series.DEATH,
    BookKind.MARITAL_STATUS: Series.MARITAL_STATUS, BookKind.GUARDIANSHIP: Series.GUARDIANSHIP,
    BookKind.RECOGNITION: Series.RECOGNITION, BookKind.CHANGE: Series.CHANGE, BookKind.FOREIGN: Series.FOREIGN,
}


class Step(StrEnum):
    """What happens to an act of any kind until it stands in its book, or does not."""

    APPROVED = "approved"
    REGISTERED = "registered"
    SIGNING_FAILED = "signing_failed"
    SIGNING_RETRIED = "signing_retried"
    VOIDED = "voided"


def event(kind: str, step: Step) -> str:
    """What the log is told of an act of this kind."""
    return f"civil_status.{EVENT_NAMES[BookKind(kind)]}.{step}"


class ActState(StrEnum):
    """Where an act stands. From REGISTERED on, nothing in it changes but this state."""

    PENDING_SIGNATURE = "pending_signature"
    REGISTERED = "registered"
    VOID = "void"
    CANCELLED = "cancelled"


ACT_STATE_TITLES = {
    ActState.PENDING_SIGNATURE: "Chờ ký số",
    ActState.REGISTERED: "Đã đăng ký",
    ActState.VOID: "Số bị hủy",
    ActState.CANCELLED: "Đã hủy bỏ",
}

# What the register tells of: the numbers that stand in a book.
IN_BOOK = (ActState.REGISTERED, ActState.CANCELLED)

# (from, to): every other change of state is refused, here and by the database.
ACT_EDGES = frozenset(
    {
        (ActState.PENDING_SIGNATURE, ActState.REGISTERED),
        (ActState.PENDING_SIGNATURE, ActState.VOID),
        (ActState.REGISTERED, ActState.CANCELLED),
    }
)


class Origin(StrEnum):
    """How an act came into the register: registered here, or transcribed from a book on paper of before."""

    REGISTER = "register"
    OLD_BOOK = "old_book"


ORIGIN_TITLES = {Origin.REGISTER: "Đăng ký trên hệ thống", Origin.OLD_BOOK: "Chép từ sổ giấy"}


class PaperKind(StrEnum):
    """A paper of an act: the one original, a copy taken from the register, a confirmation of what it says."""

    ORIGINAL = "original"
    EXTRACT = "extract"
    CONFIRMATION = "confirm"


# What each kind of act gives: its original, and the copies taken from the register.
PAPER_TITLES = {
    (BookKind.BIRTH, PaperKind.ORIGINAL): "Giấy khai sinh (bản chính)",
    (BookKind.BIRTH, PaperKind.EXTRACT): "Trích lục khai sinh (bản sao)",
    (BookKind.MARRIAGE, PaperKind.ORIGINAL): "Giấy chứng nhận kết hôn (bản chính)",
    (BookKind.MARRIAGE, PaperKind.EXTRACT): "Trích lục kết hôn (bản sao)",
    (BookKind.DEATH, PaperKind.ORIGINAL): "Trích lục khai tử (bản chính)",
    (BookKind.DEATH, PaperKind.EXTRACT): "Trích lục khai tử (bản sao)",
    (BookKind.MARITAL_STATUS, PaperKind.ORIGINAL): "Giấy xác nhận tình trạng hôn nhân",
    (BookKind.GUARDIANSHIP, PaperKind.ORIGINAL): "Trích lục đăng ký giám hộ (bản chính)",
    (BookKind.GUARDIANSHIP, PaperKind.EXTRACT): "Trích lục đăng ký giám hộ (bản sao)",
    (BookKind.RECOGNITION, PaperKind.ORIGINAL): "Trích lục đăng ký nhận cha, mẹ, con (bản chính)",
    (BookKind.RECOGNITION, PaperKind.EXTRACT): "Trích lục đăng ký nhận cha, mẹ, con (bản sao)",
    (BookKind.CHANGE, PaperKind.ORIGINAL): "Trích lục thay đổi, cải chính, bổ sung hộ tịch (bản chính)",
    (BookKind.CHANGE, PaperKind.EXTRACT): "Trích lục thay đổi, cải chính, bổ sung hộ tịch (bản sao)",
    (BookKind.FOREIGN, PaperKind.ORIGINAL): "Trích lục ghi chú hộ tịch (bản chính)",
    (BookKind.FOREIGN, PaperKind.EXTRACT): "Trích lục ghi chú hộ tịch (bản sao)",
}
# Where an event shares its book, its papers have names of their own.
EVENT_PAPER_TITLES = {
    (GUARDIANSHIP_END, PaperKind.ORIGINAL): "Trích lục đăng ký chấm dứt giám hộ (bản chính)",
    (GUARDIANSHIP_END, PaperKind.EXTRACT): "Trích lục đăng ký chấm dứt giám hộ (bản sao)",
    (SUPERVISION, PaperKind.ORIGINAL): "Trích lục đăng ký giám sát việc giám hộ (bản chính)",
    (SUPERVISION, PaperKind.EXTRACT): "Trích lục đăng ký giám sát việc giám hộ (bản sao)",
    (SUPERVISION_END, PaperKind.ORIGINAL): "Trích lục đăng ký chấm dứt giám sát việc giám hộ (bản chính)",
    (SUPERVISION_END, PaperKind.EXTRACT): "Trích lục đăng ký chấm dứt giám sát việc giám hộ (bản sao)",
    (FOREIGN_MARRIAGE, PaperKind.ORIGINAL): "Trích lục ghi chú kết hôn (bản chính)",
    (FOREIGN_MARRIAGE, PaperKind.EXTRACT): "Trích lục ghi chú kết hôn (bản sao)",
    (FOREIGN_DIVORCE, PaperKind.ORIGINAL): "Trích lục ghi chú ly hôn, hủy kết hôn (bản chính)",
    (FOREIGN_DIVORCE, PaperKind.EXTRACT): "Trích lục ghi chú ly hôn, hủy kết hôn (bản sao)",
}
PAPER_KIND_TITLES = {
    PaperKind.ORIGINAL: "Bản chính", PaperKind.EXTRACT: "Bản sao trích lục", PaperKind.CONFIRMATION: "Văn bản xác nhận",
}


def act_title(kind: str, event: str) -> str:
    """What an act records: a marriage, the end of a guardianship."""
    return EVENT_TITLES.get(event) or ACT_TITLES[BookKind(kind)]


def paper_title(kind: str, event: str, paper: str) -> str:
    """What a paper of such an act is called."""
    if paper == PaperKind.CONFIRMATION:
        return "Văn bản xác nhận thông tin hộ tịch"
    return EVENT_PAPER_TITLES.get((event, PaperKind(paper))) or PAPER_TITLES[BookKind(kind), PaperKind(paper)]


class PaperState(StrEnum):
    """Where the signing of one paper stands."""

    PENDING = "pending"
    SIGNED = "signed"
    FAILED = "failed"
    VOID = "void"


PAPER_STATE_TITLES = {
    PaperState.PENDING: "Đang ký số",
    PaperState.SIGNED: "Đã ký số",
    PaperState.FAILED: "Ký số không thành công",
    PaperState.VOID: "Đã hủy",
}


class PartyRole(StrEnum):
    """In which role a person stands in an act."""

    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    DECLARANT = "declarant"
    DECEASED = "deceased"
    HUSBAND = "husband"
    WIFE = "wife"
    SUBJECT = "subject"
    WARD = "ward"
    GUARDIAN = "guardian"
    SUPERVISOR = "supervisor"
    PARENT = "parent"
    SPOUSE = "spouse"


PARTY_TITLES = {
    PartyRole.CHILD: "Người được khai sinh",
    PartyRole.MOTHER: "Người mẹ",
    PartyRole.FATHER: "Người cha",
    PartyRole.DECLARANT: "Người đi khai",
    PartyRole.DECEASED: "Người chết",
    PartyRole.HUSBAND: "Bên nam",
    PartyRole.WIFE: "Bên nữ",
    PartyRole.SUBJECT: "Người được xác nhận",
    PartyRole.WARD: "Người được giám hộ",
    PartyRole.GUARDIAN: "Người giám hộ",
    PartyRole.SUPERVISOR: "Người giám sát việc giám hộ",
    PartyRole.PARENT: "Người cha hoặc mẹ được nhận",
    PartyRole.SPOUSE: "Vợ hoặc chồng",
}


class Timeliness(StrEnum):
    """Whether the birth was declared within the time that the law gives the parents, or is registered anew."""

    ON_TIME = "on_time"
    LATE = "late"
    AGAIN = "again"


TIMELINESS_TITLES = {
    Timeliness.ON_TIME: "Đúng hạn", Timeliness.LATE: "Quá hạn", Timeliness.AGAIN: "Đăng ký lại",
}


class PersonalNumberState(StrEnum):
    """Whether the child's personal number is known. A certificate without it is valid; none is ever invented."""

    GIVEN = "given"
    PIN_PENDING = "pin_pending"
    NOT_RECORDED = "not_recorded"  # an old book that knew no such number: nobody is asked for one


PERSONAL_NUMBER_TITLES = {
    PersonalNumberState.GIVEN: "Đã có số định danh",
    PersonalNumberState.PIN_PENDING: "Chờ cấp số định danh",
    PersonalNumberState.NOT_RECORDED: "Sổ giấy không ghi số định danh",
}
# What a birth registered here may be told apart by.
OWN_PERSONAL_NUMBER_STATES = (PersonalNumberState.GIVEN, PersonalNumberState.PIN_PENDING)


class Relation(StrEnum):
    """What the declarant is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    RELATIVE = "relative"
    CARER = "carer"
    SELF = "self"


# A parent's residence is told with the parent; a carer may be an institution, which the papers name.
TELL_RESIDENCE = frozenset({Relation.GRANDPARENT, Relation.RELATIVE, Relation.SELF})
# Who may declare a birth with which a parent recognises the child: nobody is represented in a recognition.
MAY_RECOGNISE = (Relation.FATHER, Relation.MOTHER, Relation.SELF)
RELATION_TITLES = {
    Relation.MOTHER: "Mẹ",
    Relation.FATHER: "Cha",
    Relation.GRANDPARENT: "Ông, bà",
    Relation.RELATIVE: "Người thân thích khác",
    Relation.CARER: "Cá nhân, tổ chức đang nuôi dưỡng trẻ em",
    Relation.SELF: "Bản thân (người đã thành niên)",
}


class IdKind(StrEnum):
    """Papers by which a person is identified."""

    IDENTITY_CARD = "cccd"
    OLD_IDENTITY_CARD = "cmnd"
    PASSPORT = "passport"
    OTHER = "other"


ID_TITLES = {
    IdKind.IDENTITY_CARD: "Thẻ căn cước/Căn cước công dân",
    IdKind.OLD_IDENTITY_CARD: "Chứng minh nhân dân",
    IdKind.PASSPORT: "Hộ chiếu",
    IdKind.OTHER: "Giấy tờ khác",
}


class BirthPlaceKind(StrEnum):
    """Where the child was born."""

    FACILITY = "facility"
    HOME = "home"
    ELSEWHERE = "elsewhere"


BIRTH_PLACE_TITLES = {
    BirthPlaceKind.FACILITY: "Cơ sở y tế",
    BirthPlaceKind.HOME: "Tại nhà",
    BirthPlaceKind.ELSEWHERE: "Nơi khác",
}


class AnnotationKind(StrEnum):
    """What later became of a registered act, as its margin tells."""

    PERSONAL_NUMBER = "personal_number"
    CANCELLATION = "cancellation"
    CORRECTION = "correction"
    RECOGNITION = "recognition"
    REREGISTRATION = "reregistration"
    DEATH = "death"
    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    GUARDIANSHIP_END = "guardianship_end"
    SUPERVISION = "supervision"
    SUPERVISION_END = "supervision_end"
    OLD_NOTE = "old_note"
    TRANSCRIPTION = "transcription"


ANNOTATION_TITLES = {
    AnnotationKind.PERSONAL_NUMBER: "Bổ sung số định danh cá nhân",
    AnnotationKind.CANCELLATION: "Hủy bỏ việc đăng ký",
    AnnotationKind.CORRECTION: "Thay đổi, cải chính, bổ sung",
    AnnotationKind.RECOGNITION: "Nhận cha, mẹ, con",
    AnnotationKind.REREGISTRATION: "Đăng ký lại",
    AnnotationKind.DEATH: "Khai tử",
    AnnotationKind.MARRIAGE: "Kết hôn",
    AnnotationKind.DIVORCE: "Ly hôn, hủy việc kết hôn",
    AnnotationKind.GUARDIANSHIP_END: "Chấm dứt giám hộ",
    AnnotationKind.SUPERVISION: "Giám sát việc giám hộ",
    AnnotationKind.SUPERVISION_END: "Chấm dứt giám sát việc giám hộ",
    AnnotationKind.OLD_NOTE: "Ghi chú khác trong sổ giấy",
    AnnotationKind.TRANSCRIPTION: "Sửa lỗi chép sổ",
}


class MaritalState(StrEnum):
    """Whether a person is married, as the register tells it."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


MARITAL_TITLES = {
    MaritalState.SINGLE: "Chưa đăng ký kết hôn với ai",
    MaritalState.MARRIED: "Đang có vợ hoặc chồng",
    MaritalState.DIVORCED: "Đã ly hôn, chưa đăng ký kết hôn với ai khác",
    MaritalState.WIDOWED: "Vợ hoặc chồng đã chết, chưa đăng ký kết hôn với ai khác",
}

# A note of one of these beside a marriage says that it has ended.
ENDS_MARRIAGE = {AnnotationKind.DIVORCE: MaritalState.DIVORCED, AnnotationKind.DEATH: MaritalState.WIDOWED}


# --- Dated parameters of the law --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InForce(Generic[V]):
    """A value that the law sets between two days (``valid_to`` exclusive, None while it still holds)."""

    value: V
    valid_from: date
    valid_to: date | None
    legal_basis: str


class NoSuchLaw(LookupError):
    """No row of a dated parameter covers this day."""


def in_force(rows: Iterable[InForce[V]], *, on: date) -> InForce[V]:
    """The row that holds on this day.

    :raises NoSuchLaw: none does.
    """
    for row in rows:
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to):
            return row
    raise NoSuchLaw(on)


FIRST_DAY = date(1800, 1, 1)  # no date of ours is earlier: what is asked of a day of birth holds for people of any age
LAW_OF_2014 = date(2016, 1, 1)  # Luật Hộ tịch 60/2014/QH13 takes effect
COMMUNE_DOES_ALL = date(2025, 7, 1)  # Nghị định 120/2025/NĐ-CP takes effect; districts end

# Days, counted from the day after the birth, within which the parents declare it. Before 2016 the same 60 days held.
DECLARE_WITHIN_DAYS: tuple[InForce[int], ...] = (
    InForce(60, date(2006, 4, 1), LAW_OF_2014, "Nghị định 158/2005/NĐ-CP, Điều 14"),
    InForce(60, LAW_OF_2014, None, "Luật Hộ tịch 2014, Điều 15 khoản 1"),
)

# Years of age at the birth outside which a mother's age is looked at again. A check of ours, no rule of law.
MOTHER_AGE_YEARS: tuple[InForce[tuple[int, int]], ...] = (
    InForce((10, 65), FIRST_DAY, None, "Quy tắc kiểm tra nghiệp vụ của hệ thống"),
)

# Years of age from which a man could be a father, below which the entry is looked at again. Likewise ours.
FATHER_AGE_YEARS: tuple[InForce[int], ...] = (
    InForce(12, FIRST_DAY, None, "Quy tắc kiểm tra nghiệp vụ của hệ thống"),
)

# Days between two deliveries of one mother below which one of the two is probably mistaken.
BETWEEN_BIRTHS_DAYS: tuple[InForce[int], ...] = (
    InForce(210, FIRST_DAY, None, "Quy tắc kiểm tra nghiệp vụ của hệ thống"),
)

# Age of marriage (male, female): a child's parents said to be married must have reached it.
MARRIAGE_AGE_YEARS: tuple[InForce[tuple[int, int]], ...] = (
    InForce((20, 18), FIRST_DAY, date(1987, 1, 3), "Luật Hôn nhân và gia đình 1959, Điều 6"),
    InForce(
        (20, 18), date(1987, 1, 3), None, "Luật Hôn nhân và gia đình 2014, Điều 8 (trước đó: Luật 1986, Luật 2000)"
    ),
)

# Days during which a foundling is announced before its birth may be registered.
FOUNDLING_POSTING_DAYS: tuple[InForce[int], ...] = (
    InForce(7, LAW_OF_2014, None, "Nghị định 123/2015/NĐ-CP, Điều 14"),
)

# Days from the end of a marriage, by death or divorce, within which the husband is still taken for the father.
FATHER_DEAD_DAYS: tuple[InForce[int], ...] = (
    InForce(300, FIRST_DAY, LAW_OF_2014, "Quy tắc kiểm tra nghiệp vụ của hệ thống"),
    InForce(300, LAW_OF_2014, None, "Luật Hôn nhân và gia đình 2014, Điều 88 khoản 1"),
)

# Days within which a death is declared; the day of death does not count.
DECLARE_DEATH_WITHIN_DAYS: tuple[InForce[int], ...] = (
    InForce(15, LAW_OF_2014, None, "Luật Hộ tịch 2014, Điều 33 khoản 1"),
)

# Months for which a certificate of marital status may be used, unless the status changes before.
MARITAL_STATUS_MONTHS: tuple[InForce[int], ...] = (
    InForce(6, LAW_OF_2014, None, "Nghị định 123/2015/NĐ-CP, Điều 23 khoản 1"),
)

# Full years from which a name is changed only with its bearer's consent.
NAME_CONSENT_YEARS: tuple[InForce[int], ...] = (
    InForce(9, LAW_OF_2014, None, "Bộ luật Dân sự 2015, Điều 27 khoản 2; Luật Hộ tịch 2014, Điều 26 khoản 1"),
)

# Full years, from and to below which, between which an ethnicity is determined anew only with its bearer's consent.
ETHNICITY_CONSENT_YEARS: tuple[InForce[tuple[int, int]], ...] = (
    InForce((15, 18), LAW_OF_2014, None, "Bộ luật Dân sự 2015, Điều 29 khoản 4"),
)

# Full years from which a child must agree to be recognised by a parent.
RECOGNITION_CONSENT_YEARS: tuple[InForce[int], ...] = (
    InForce(9, LAW_OF_2014, None, "Luật Hôn nhân và gia đình 2014, Điều 90; quy tắc kiểm tra nghiệp vụ của hệ thống"),
)

# Full years from which one is of age.
FULL_AGE_YEARS: tuple[InForce[int], ...] = (InForce(18, LAW_OF_2014, None, "Bộ luật Dân sự 2015, Điều 20, 49"),)

# Generations of one line within which kin may not marry: the common parents are the first.
KIN_GENERATIONS: tuple[InForce[int], ...] = (
    InForce(3, date(1987, 1, 3), None, "Luật Hôn nhân và gia đình 2014, Điều 5 khoản 2, Điều 3 khoản 18"),
)

# The ages of the dead by which the statistics part them: up to and with this many years.
DEATH_AGE_GROUPS: tuple[InForce[tuple[int, ...]], ...] = (
    InForce((5, 15), LAW_OF_2014, None, "Biểu thống kê hộ tịch của Bộ Tư pháp"),
)

# Copies of the extract that one declaration may ask for: our bound against a slip of the finger.
MOST_COPIES = 20

# Acts in one volume, one to a page, before the next volume is opened.
ACTS_IN_A_VOLUME = 200


@dataclass(frozen=True, slots=True)
class Competence:
    """Who registers a birth. ``anyone_in_province_receives``: another commune may take the dossier in."""

    by_residence_of: tuple[PartyRole, ...]
    anyone_in_province_receives: bool


BIRTH_COMPETENCE: tuple[InForce[Competence], ...] = (
    InForce(
        Competence((PartyRole.MOTHER, PartyRole.FATHER), anyone_in_province_receives=False),
        LAW_OF_2014, COMMUNE_DOES_ALL, "Luật Hộ tịch 2014, Điều 13",
    ),
    InForce(
        Competence((PartyRole.MOTHER, PartyRole.FATHER), anyone_in_province_receives=True),
        COMMUNE_DOES_ALL, None,
        "Luật Hộ tịch 2014, Điều 13; Nghị định 120/2025/NĐ-CP; Nghị định 118/2025/NĐ-CP",
    ),
)

# Who may cancel a registration that was made against the law; printed on the page, and kept with the decision.
CANCELLING_AUTHORITY: tuple[InForce[str], ...] = (
    InForce("Ủy ban nhân dân cấp huyện", LAW_OF_2014, COMMUNE_DOES_ALL, "Luật Hộ tịch 2014, Điều 70"),
    InForce(
        "Ủy ban nhân dân có thẩm quyền theo phân định mới", COMMUNE_DOES_ALL, None,
        "Luật Hộ tịch 2014, Điều 70; Nghị định 120/2025/NĐ-CP",
    ),
)


# Where a person lives decides who registers the marriage, attests the status, enters the death.
EVENT_COMPETENCE: tuple[InForce[Competence], ...] = (
    InForce(Competence((), anyone_in_province_receives=False), LAW_OF_2014, COMMUNE_DOES_ALL,
            "Luật Hộ tịch 2014, Điều 17, 32; Nghị định 123/2015/NĐ-CP, Điều 21"),
    InForce(Competence((), anyone_in_province_receives=True), COMMUNE_DOES_ALL, None,
            "Luật Hộ tịch 2014, Điều 17, 32; Nghị định 123/2015/NĐ-CP, Điều 21; Nghị định 120/2025/NĐ-CP"),
)


# --- Refusals ---------------------------------------------------------------------------------------------------------


class BornInTheFuture(Refusal):
    code = "civil_status.born_in_the_future"
    message_vi = "Ngày sinh không được sau ngày hôm nay."
    field = "child.born_on"


class DateOrder(Refusal):
    """Two dates stand in an order that cannot be."""

    code = "civil_status.date_order"
    message_vi = "{what}"


class FatherNotAllowed(Refusal):
    """Unmarried parents, and no recognition of the child runs together with this registration."""

    code = "civil_status.father_not_allowed"
    message_vi = (
        "Cha mẹ không đăng ký kết hôn: phần ghi về người cha để trống, trừ khi làm thủ tục nhận cha cho con cùng lúc."
    )
    field = "father.name"


class FatherMissing(Refusal):
    code = "civil_status.father_missing"
    message_vi = "Cha mẹ đã đăng ký kết hôn, hoặc người cha nhận con: vui lòng khai thông tin về người cha."
    field = "father.name"


class RecognitionApart(Refusal):
    """A recognition is an act of its own: a birth registered by itself carries none."""

    code = "civil_status.recognition_apart"
    message_vi = "Cha nhận con cùng lúc với khai sinh: dùng thủ tục “Đăng ký khai sinh kết hợp nhận cha, mẹ, con”."
    field = "father.recognition"


class ParentsMarried(Refusal):
    """The parents' marriage tells who the parents are; nobody has to recognise the child."""

    code = "civil_status.parents_married"
    message_vi = "Cha mẹ có đăng ký kết hôn với nhau: không phải nhận con, dùng thủ tục “Đăng ký khai sinh”."
    field = "father.parents_married"


class FoundlingRecognised(Refusal):
    code = "civil_status.foundling_recognised"
    message_vi = "Trẻ có cha hoặc mẹ đến nhận thì không khai là trẻ bị bỏ rơi."
    field = "child.foundling"


class NobodyRecognises(Refusal):
    code = "civil_status.nobody_recognises"
    message_vi = "Vui lòng khai người nhận con: chọn người cha nhận con, hoặc khai về người mẹ nếu người mẹ nhận con."
    field = "mother.name"


class DeclarantNoParty(Refusal):
    """Both sides of a recognition ask for it themselves."""

    code = "civil_status.declarant_no_party"
    message_vi = "Việc nhận con không ủy quyền được: người đi khai phải là cha, mẹ, hoặc người con đã thành niên."
    field = "declarant.relation"


class MotherMissing(Refusal):
    code = "civil_status.mother_missing"
    message_vi = "Vui lòng khai thông tin về người mẹ (chỉ để trống khi trẻ bị bỏ rơi)."
    field = "mother.name"


class TwinOrder(Refusal):
    code = "civil_status.twin_order"
    message_vi = "Thứ tự sinh phải từ 1 đến số con trong lần sinh ({count})."
    field = "child.birth_order"


class FoundlingNotPosted(Refusal):
    code = "civil_status.foundling_not_posted"
    message_vi = "Trẻ bị bỏ rơi: phải niêm yết đủ {days} ngày trước khi đăng ký khai sinh."
    field = "child.posted_to"


class PossibleDuplicate(Conflict):
    """The child is in the register already, or so it seems."""

    code = "civil_status.possible_duplicate"
    message_vi = "Trẻ có thể đã được đăng ký khai sinh: {evidence}."


class AlreadyRegistered(Conflict):
    code = "civil_status.already_registered"
    message_vi = "Hồ sơ này đã có một việc hộ tịch đang ký hoặc đã đăng ký."


class NumberTaken(Conflict):
    code = "civil_status.number_taken"
    message_vi = "Số này đã được dùng cho một việc hộ tịch khác trong sổ{evidence}."
    field = "number"

    def __init__(self, *, evidence: str = "", **params: Any) -> None:
        super().__init__(evidence=f": {evidence}" if evidence else "", **params)


class OldNumberAhead(Conflict):
    """A line of numbers would run into those that the paper book of this year has given."""

    code = "civil_status.old_number_ahead"
    message_vi = "Sổ giấy năm {year} đã có số {number}: số đầu tiên trong hệ thống phải lớn hơn."
    field = "first_number"


class UnderAge(Refusal):
    """Surely under the age of marriage on the day of registration."""

    code = "civil_status.under_age"
    message_vi = "{who} chưa đủ {years} tuổi để đăng ký kết hôn."


class NotOfAge(Refusal):
    """A guardian who is a minor, or a minor who is none any more."""

    code = "civil_status.not_of_age"
    message_vi = "{what}"


class AlreadyMarried(Conflict):
    code = "civil_status.already_married"
    message_vi = "Theo sổ hộ tịch, người này đang có vợ hoặc chồng: {evidence}."


class DiedInTheFuture(Refusal):
    code = "civil_status.died_in_the_future"
    message_vi = "Ngày chết không được sau ngày hôm nay."
    field = "death.died_on"


class NotAMarriage(Conflict):
    code = "civil_status.not_a_marriage"
    message_vi = "Chỉ ghi chú ly hôn vào việc kết hôn đang có hiệu lực."


class BookClosed(Refusal):
    code = "civil_status.book_closed"
    message_vi = "Sổ {year} đã khóa, không vào sổ thêm được."


class BookNotReady(Conflict):
    """A book with acts that still await their signature cannot be closed."""

    code = "civil_status.book_not_ready"
    message_vi = "Sổ còn {count} việc chờ ký số, chưa khóa được."


class BookExists(Conflict):
    code = "civil_status.book_exists"
    message_vi = "Quyển sổ này đã được mở."


class ActImmutable(Conflict):
    """The database itself refused to change what is written."""

    code = "civil_status.immutable"
    message_vi = "Việc hộ tịch đã vào sổ, không được sửa hay xóa."


class WrongActState(Conflict):
    code = "civil_status.wrong_act_state"
    message_vi = "Việc hộ tịch đang ở trạng thái “{state}”, không thực hiện được thao tác này."


class OnlyOldBooks(Conflict):
    """What was registered on the platform says what was decided; it is changed by request alone."""

    code = "civil_status.only_old_books"
    message_vi = ("Chỉ sửa lỗi chép của việc hộ tịch chép từ sổ giấy; việc đăng ký trên hệ thống phải làm thủ tục cải "
                  "chính.")


class OtherActStands(Conflict):
    """One decision made two acts; while one of them stands in the book, the other's number is not given up."""

    code = "civil_status.other_act_stands"
    message_vi = (
        "{other} của cùng hồ sơ đã vào sổ: chỉ ký lại số này, hoặc hủy bỏ việc đã vào sổ theo quyết định."
    )


class UnknownAct(NotFound):
    code = "civil_status.unknown_act"
    message_vi = "Không tìm thấy việc hộ tịch."


class UnknownBook(NotFound):
    code = "civil_status.unknown_book"
    message_vi = "Không tìm thấy quyển sổ."


class ReasonRequired(Refusal):
    code = "civil_status.reason_required"
    message_vi = "Vui lòng ghi rõ lý do."
    field = "reason"


class PurposeRequired(Refusal):
    code = "civil_status.purpose_required"
    message_vi = "Vui lòng ghi mục đích tra cứu."
    field = "purpose"


class NumberAlreadyGiven(Conflict):
    code = "civil_status.personal_number_given"
    message_vi = "Người này đã có số định danh cá nhân trong sổ."


class PersonalNumberTaken(Conflict):
    code = "civil_status.personal_number_taken"
    message_vi = "Số định danh cá nhân này đã được ghi cho người khác: {evidence}."
    field = "personal_number"


# --- Pure checks ------------------------------------------------------------------------------------------------------


def check_born(*, born_on: PartialDate, today: date) -> None:
    """Refuse a birth that has not happened yet.

    :raises BornInTheFuture: even the earliest day that the date may stand for lies ahead.
    """
    if born_on.earliest > today:
        raise BornInTheFuture()


def check_before(*, earlier: PartialDate, later: PartialDate, what: str, field: str) -> None:
    """Refuse two dates in an impossible order; dates known in part are given the benefit of the doubt.

    :raises DateOrder: ``what`` says it in Vietnamese.
    """
    if earlier.earliest > later.latest:
        raise DateOrder(what=what, field=field)


def timeliness(*, born_on: PartialDate, declared_on: date) -> Timeliness:
    """Whether a birth declared on this day was declared in time.

    The day of birth does not count (Bộ luật Dân sự 2015, Điều 147). Of a date known in part the latest day counts.
    """
    days = in_force(DECLARE_WITHIN_DAYS, on=declared_on).value
    late = declared_on > born_on.latest + timedelta(days=days)
    return Timeliness.LATE if late else Timeliness.ON_TIME


def years_between(earlier: date, later: date) -> int:
    """Full years from one day to another."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def age_range(*, born_on: PartialDate, at: PartialDate) -> tuple[int, int]:
    """The least and the greatest age, in full years, that the two dates allow."""
    return years_between(born_on.latest, at.earliest), years_between(born_on.earliest, at.latest)


def mother_age_is_odd(*, mother_born_on: PartialDate, child_born_on: PartialDate) -> bool:
    """Whether the mother's age at the birth surely lies outside what is usual, and asks for a second look."""
    youngest, oldest = in_force(MOTHER_AGE_YEARS, on=child_born_on.latest).value
    least, greatest = age_range(born_on=mother_born_on, at=child_born_on)
    return greatest < youngest or least > oldest


def father_age_is_odd(*, father_born_on: PartialDate, child_born_on: PartialDate) -> bool:
    """Whether the father was surely too young."""
    youngest = in_force(FATHER_AGE_YEARS, on=child_born_on.latest).value
    return age_range(born_on=father_born_on, at=child_born_on)[1] < youngest


def check_twins(*, count: int, order: int) -> None:
    """Refuse an order of birth that the number of children born together does not allow.

    :raises TwinOrder: as said.
    """
    if not 1 <= order <= count:
        raise TwinOrder(count=count)


def check_father(*, parents_married: bool, recognition: bool, father_given: bool) -> None:
    """Hold the father's part to the parents' marriage.

    Basis: Luật Hôn nhân và gia đình 2014, Điều 88; Nghị định 123/2015/NĐ-CP, Điều 15 khoản 2, 3.

    :raises FatherNotAllowed: unmarried, no recognition, and a father is named.
    :raises FatherMissing: married, or recognition runs along, and no father is named.
    """
    if father_given and not parents_married and not recognition:
        raise FatherNotAllowed()
    if not father_given and (parents_married or recognition):
        raise FatherMissing()


def is_presumed_father(*, married_on: date, ended_on: date | None, born_on: PartialDate) -> bool:
    """Whether the husband of such a marriage of the mother counts as the father of a child born then.

    Born in wedlock, or within so many days of its end (Luật Hôn nhân và gia đình 2014, Điều 88 khoản 1). Of a day of
    birth known in part, any day that it may stand for counts.
    """
    if married_on > born_on.latest:
        return False
    days = in_force(FATHER_DEAD_DAYS, on=born_on.latest).value
    return ended_on is None or born_on.earliest <= ended_on + timedelta(days=days)


def check_foundling(*, posted_from: date | None, posted_to: date | None, on: date) -> None:
    """Refuse a foundling whose announcement has not hung for its time.

    :raises FoundlingNotPosted: as said.
    """
    days = in_force(FOUNDLING_POSTING_DAYS, on=on).value
    if posted_from is None or posted_to is None or (posted_to - posted_from).days < days or posted_to > on:
        raise FoundlingNotPosted(days=days)


def competent_by_residence(*, resolving: str, residences: Iterable[frozenset[str]]) -> bool:
    """Whether the commune ``resolving`` is where one of the parents lives.

    Each residence is the set of communes it may lie in today: one, or the parts of a commune that was divided since.
    """
    return any(resolving in communes for communes in residences)


def check_marriage_age(*, born_on: PartialDate, male: bool, on: date, who: str, field: str) -> None:
    """Refuse who is surely under the age of marriage; of a date known in part the earliest day counts.

    Basis: Luật Hôn nhân và gia đình 2014, Điều 8 khoản 1 điểm a.

    :raises UnderAge: as said.
    """
    years = in_force(MARRIAGE_AGE_YEARS, on=on).value[0 if male else 1]
    if born_on.years_until(on)[1] < years:
        raise UnderAge(who=who, years=years, field=field)


def may_be_under_age(*, born_on: PartialDate, male: bool, on: date) -> bool:
    """Whether somebody of whose birthday a part is known may yet be too young to marry."""
    return born_on.years_until(on)[0] < in_force(MARRIAGE_AGE_YEARS, on=on).value[0 if male else 1]


def check_guardian_age(*, born_on: PartialDate, on: date, field: str = "guardian.born_on") -> None:
    """Refuse a guardian, or who watches over one, who surely is not of age.

    :raises NotOfAge: as said.
    """
    years = in_force(FULL_AGE_YEARS, on=on).value
    if born_on.years_until(on)[1] < years:
        raise NotOfAge(what=f"Người này chưa đủ {years} tuổi.", field=field)


def check_minor(*, born_on: PartialDate, on: date) -> None:
    """Refuse as a minor who surely is of age.

    :raises NotOfAge: as said.
    """
    years = in_force(FULL_AGE_YEARS, on=on).value
    if born_on.years_until(on)[0] >= years:
        raise NotOfAge(what=f"Người này đã đủ {years} tuổi, không phải người chưa thành niên.", field="ward.born_on")


def check_died(*, died_on: PartialDate, born_on: PartialDate | None, today: date) -> None:
    """Refuse a death that has not happened yet, or that lies before the birth.

    :raises DiedInTheFuture, DateOrder: as said.
    """
    if died_on.earliest > today:
        raise DiedInTheFuture()
    if born_on is not None:
        check_before(earlier=born_on, later=died_on, field="death.died_on", what="Ngày chết phải sau ngày sinh.")


def death_timeliness(*, died_on: PartialDate, declared_on: date) -> Timeliness:
    """Whether a death declared on this day was declared in time; of a date known in part the latest day counts."""
    days = in_force(DECLARE_DEATH_WITHIN_DAYS, on=declared_on).value
    return Timeliness.LATE if declared_on > died_on.latest + timedelta(days=days) else Timeliness.ON_TIME


def death_age_group(*, born_on: PartialDate | None, died_on: PartialDate) -> str:
    """``0-5``, ``6-15``, ``16+``; empty where the birth is not known. Of dates known in part the least age counts."""
    if born_on is None:
        return ""
    age, least = max(0, age_range(born_on=born_on, at=died_on)[0]), 0
    for most in in_force(DEATH_AGE_GROUPS, on=max(died_on.latest, LAW_OF_2014)).value:
        if age <= most:
            return f"{least}-{most}"
        least = most + 1
    return f"{least}+"


def marital_state(ended_by: Sequence[AnnotationKind | None]) -> MaritalState:
    """What a person is after these marriages, oldest first; None for one that has not ended."""
    if None in ended_by:
        return MaritalState.MARRIED
    return ENDS_MARRIAGE[ended_by[-1]] if ended_by and ended_by[-1] is not None else MaritalState.SINGLE


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that has no such day (Bộ luật Dân sự 2015, Điều 148)."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))
