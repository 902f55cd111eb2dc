"""The law of matching with the population database as data: classes, owners, states, terms; no database, no clock.

Basis: Đề án 06 (Quyết định 06/QĐ-TTg 2022); quy trình phối hợp 1050/HTQTCT-QLHC ngày 09/11/2022 giữa Bộ Tư pháp và Bộ
Công an về rà soát, đối chiếu dữ liệu hộ tịch với dữ liệu dân cư; Luật Hộ tịch 2014, Điều 4, 13, 26–29.
Classes and their owners are the platform's own order of what that procedure asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from tuphap.kernel.refusal import Conflict, NotFound, Refusal

from .comparison import LIFE_TITLES as LIFE_TITLES
from .comparison import Compared, Level, Life

V = TypeVar("V")


class Permission(StrEnum):
    VIEW = "population.view"
    MATCH = "population.match"
    DECIDE = "population.decide"
    CONFIRM = "population.confirm"


class Event(StrEnum):
    """What the log is told; other modules may react to these."""

    PULLED = "population.pulled"
    HEARD = "population.record_heard"
    BATCH_BEGUN = "population.batch_begun"
    BATCH_WENT_ON = "population.batch_went_on"
    BATCH_DONE = "population.batch_done"
    BATCH_FAILED = "population.batch_failed"
    MATCHED = "population.matched"
    ACT_MATCHED = "population.act_matched"  # facts: act_id; every person of the act has a confirmed record
    OPENED = "population.ticket_opened"
    RECLASSED = "population.ticket_reclassed"
    TAKEN = "population.ticket_taken"
    PROPOSED = "population.ticket_proposed"
    DECIDED = "population.ticket_decided"
    SENT_BACK = "population.ticket_sent_back"
    SENT = "population.correction_sent"
    VERDICT = "population.verdict_heard"
    CLOSED = "population.ticket_closed"
    EVIDENCE = "population.evidence_added"


# What civil status tells of its acts, upon which their people are matched, now or anew.
TOLD_BY_CIVIL_STATUS = (
    "civil_status.birth.registered", "civil_status.marriage.registered", "civil_status.death.registered",
    "civil_status.change.registered", "civil_status.recognition.registered", "civil_status.act.transcribed",
    "civil_status.act.cancelled", "civil_status.personal_number.set", "civil_status.transcription.mended",
)
MATCH_ACT = "population.match_act"
RUN_BATCH = "population.run_batch"
PULL = "population.pull"
REMATCH = "population.rematch"
SOURCE = "police"


# --- What a batch is about --------------------------------------------------------------------------------------------

# The books whose people are matched, and who of them; others only quote what these say.
ROLES = {"KS": ("child",), "KH": ("husband", "wife"), "KT": ("deceased",)}
KIND_TITLES = {"KS": "Khai sinh", "KH": "Kết hôn", "KT": "Khai tử"}


class BatchState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


BATCH_TITLES = {
    BatchState.QUEUED: "Chờ chạy", BatchState.RUNNING: "Đang chạy", BatchState.DONE: "Đã xong",
    BatchState.FAILED: "Bị dừng vì lỗi",
}
BATCH_TONES = {
    BatchState.QUEUED: "grey", BatchState.RUNNING: "amber", BatchState.DONE: "green", BatchState.FAILED: "red",
}


class LinkState(StrEnum):
    """Whether a person of an act and a record are taken for one."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


LINK_TITLES = {
    LinkState.PROPOSED: "Đề xuất", LinkState.CONFIRMED: "Đã xác nhận", LinkState.REJECTED: "Không phải cùng người",
    LinkState.SUPERSEDED: "Đã thay bằng kết quả khác",
}
LIVE = (LinkState.PROPOSED, LinkState.CONFIRMED)


# --- Classes ----------------------------------------------------------------------------------------------------------


class Klass(StrEnum):
    """Classes of discrepancy. A is none: it is confirmed by itself and has no ticket."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    G = "G"
    H = "H"


KLASS_TITLES = {
    Klass.A: "Khớp hoàn toàn", Klass.B: "Khác cách viết", Klass.C: "Khác một mục", Klass.D: "Khác nhiều",
    Klass.E: "Chỉ có trong hộ tịch", Klass.F: "Chỉ có trong dữ liệu dân cư", Klass.G: "Trùng, hai số định danh",
    Klass.H: "Xung đột sống – chết, hôn nhân",
}
KLASS_TONES = {
    Klass.A: "green", Klass.B: "blue", Klass.C: "amber", Klass.D: "red", Klass.E: "sky", Klass.F: "sky",
    Klass.G: "amber", Klass.H: "red",
}
KLASS_HELP = {
    Klass.B: "Hệ thống đề xuất là một người; công chức xác nhận, có thể xác nhận hàng loạt.",
    Klass.C: "Mở trang sổ đã quét: sổ đúng thì đề nghị công an sửa, sổ sai thì công dân làm thủ tục cải chính.",
    Klass.D: "Lập biên bản đối chiếu giữa UBND cấp xã và công an cấp xã; hai người quyết định.",
    Klass.E: "Đề nghị công an tìm hoặc cấp số định danh.",
    Klass.F: "Tìm việc khai sinh ở nơi khác; không có thì hướng dẫn đăng ký lại khai sinh.",
    Klass.G: "Đề nghị công an hợp nhất hai bản ghi; hệ thống nối lại khi nhận kết quả.",
    Klass.H: "Khẩn: lãnh đạo xem; hai người quyết định.",
}


class LifeConflict(StrEnum):
    """What cannot both be so in one life."""

    DEAD_HERE = "dead_here"
    ACTED_AFTER_DEATH = "acted_after_death"
    MARRIED_TWICE = "married_twice"


CONFLICT_TITLES = {
    LifeConflict.DEAD_HERE: "Đã đăng ký khai tử nhưng dữ liệu dân cư ghi còn sống",
    LifeConflict.ACTED_AFTER_DEATH: "Đăng ký kết hôn sau ngày chết ghi trong dữ liệu dân cư",
    LifeConflict.MARRIED_TWICE: "Một người đang có hai việc kết hôn còn hiệu lực",
}


def classify(
    compared: Iterable[Compared], *, found: bool, has_twin: bool = False, conflict: LifeConflict | None = None,
    wants_number: bool = False,
) -> Klass:
    """The class of what was found about one person of an act.

    :param found: there is a record that is probably theirs.
    :param has_twin: the population database has the same person under another number.
    :param conflict: what cannot be in one life.
    :param wants_number: the act's person has no personal number noted, and the record has one.
    """
    levels = {one.level for one in compared}
    if conflict is not None:
        return Klass.H
    if not found:
        return Klass.E
    if has_twin:
        return Klass.G
    if Level.MAJOR in levels:
        return Klass.D
    if Level.MINOR in levels:
        return Klass.C
    return Klass.B if Level.FORMAT in levels or wants_number else Klass.A


def conflict_in_life(
    *, kind: str, registered_on: date, life: str, died_on: date | None, told_on: date | None, today: date,
    other_marriage: bool,
) -> LifeConflict | None:
    """What of this act cannot be, seeing what the population database says of its person.

    :param kind: the book: births cannot contradict a life.
    :param told_on: the day from which the police may be expected to know: of a death registered here, when it was.
    :param other_marriage: another marriage of the same person stands, which ended in no way.
    """
    if kind == "KT" and life == Life.ALIVE:
        waits = told_on is not None and (today - told_on).days < in_force(DEATH_GRACE_DAYS, on=today).value
        return None if waits else LifeConflict.DEAD_HERE
    if kind == "KH" and life == Life.DEAD and died_on is not None and registered_on > died_on:
        return LifeConflict.ACTED_AFTER_DEATH
    return LifeConflict.MARRIED_TWICE if kind == "KH" and other_marriage else None


# --- Terms ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InForce(Generic[V]):
    """A value that holds between two days (``valid_to`` exclusive), with its basis."""

    value: V
    valid_from: date
    valid_to: date | None
    legal_basis: str


def in_force(rows: Iterable[InForce[V]], *, on: date) -> InForce[V]:
    """The row that holds on this day; the first where none does yet."""
    known = list(rows)
    holds = (row for row in known if row.valid_from <= on and (row.valid_to is None or on < row.valid_to))
    return next(holds, known[0])


_BASIS = "Quy trình 1050/HTQTCT-QLHC ngày 09/11/2022 (số ngày là tham số của hệ thống)"
# Working days that a ticket of each class may stay open.
TERMS: tuple[InForce[dict[Klass, int]], ...] = (
    InForce({Klass.B: 30, Klass.C: 30, Klass.D: 20, Klass.E: 30, Klass.F: 60, Klass.G: 30, Klass.H: 3},
            date(2022, 11, 9), None, _BASIS),
)
# So many days after a death was registered the police may not have entered it yet.
DEATH_GRACE_DAYS: tuple[InForce[int], ...] = (InForce(3, date(2022, 11, 9), None, _BASIS),)


# --- States -----------------------------------------------------------------------------------------------------------


class TicketState(StrEnum):
    """At whom a ticket waits, or how it ended."""

    OPEN = "open"
    WITH_POLICE = "with_police"
    WITH_JUSTICE = "with_justice"
    WITH_CITIZEN = "with_citizen"
    RESOLVED = "resolved"
    ACCEPTED_DIFFERENCE = "accepted_difference"


State = TicketState  # within the module; the API's description names types once for the whole platform


STATE_TITLES = {
    State.OPEN: "Chờ xem xét", State.WITH_POLICE: "Chờ công an", State.WITH_JUSTICE: "Chờ tư pháp",
    State.WITH_CITIZEN: "Chờ công dân", State.RESOLVED: "Đã xử lý", State.ACCEPTED_DIFFERENCE: "Chấp nhận khác nhau",
}
STATE_TONES = {
    State.OPEN: "grey", State.WITH_POLICE: "blue", State.WITH_JUSTICE: "amber", State.WITH_CITIZEN: "amber",
    State.RESOLVED: "green", State.ACCEPTED_DIFFERENCE: "green",
}
WAITING = (State.OPEN, State.WITH_POLICE, State.WITH_JUSTICE, State.WITH_CITIZEN)
OVER = frozenset({State.RESOLVED, State.ACCEPTED_DIFFERENCE})
# Every change of state that there is; the database refuses any other.
EDGES = frozenset({
    *((State.OPEN, to) for to in State if to is not State.OPEN),
    (State.WITH_POLICE, State.OPEN), (State.WITH_POLICE, State.WITH_JUSTICE), (State.WITH_POLICE, State.RESOLVED),
    (State.WITH_JUSTICE, State.OPEN), (State.WITH_JUSTICE, State.WITH_POLICE), (State.WITH_JUSTICE, State.WITH_CITIZEN),
    (State.WITH_JUSTICE, State.RESOLVED), (State.WITH_JUSTICE, State.ACCEPTED_DIFFERENCE),
    (State.WITH_CITIZEN, State.OPEN), (State.WITH_CITIZEN, State.WITH_POLICE), (State.WITH_CITIZEN, State.RESOLVED),
})
DECIDABLE = frozenset({State.OPEN, State.WITH_JUSTICE, State.WITH_CITIZEN})


def check_edge(before: State, after: State) -> None:
    """:raises WrongState: a ticket does not go so."""
    if (before, after) not in EDGES:
        raise WrongState(state=STATE_TITLES[before])


# --- Decisions --------------------------------------------------------------------------------------------------------


class Choice(StrEnum):
    """What an official decides about a ticket."""

    CONFIRM = "confirm"
    BOOK = "book"
    CITIZEN = "citizen"
    NOT_SAME = "not_same"
    FIND = "find"
    MERGE = "merge"
    ELSEWHERE = "elsewhere"
    REREGISTER = "reregister"
    ACCEPT = "accept"


CHOICE_TITLES = {
    Choice.CONFIRM: "Cùng một người, chỉ khác cách viết", Choice.BOOK: "Theo sổ: sửa bên ghi sai",
    Choice.CITIZEN: "Sổ ghi sai: hướng dẫn công dân cải chính", Choice.NOT_SAME: "Không phải cùng một người",
    Choice.FIND: "Đề nghị công an tìm, cấp số định danh", Choice.MERGE: "Đề nghị công an hợp nhất hai bản ghi",
    Choice.ELSEWHERE: "Đã khai sinh ở nơi khác", Choice.REREGISTER: "Hướng dẫn đăng ký lại khai sinh",
    Choice.ACCEPT: "Chấp nhận khác nhau",
}
# One letter each, pressed while nothing is typed.
CHOICE_KEYS = {
    Choice.CONFIRM: "x", Choice.BOOK: "s", Choice.CITIZEN: "c", Choice.NOT_SAME: "0", Choice.FIND: "t",
    Choice.MERGE: "h", Choice.ELSEWHERE: "n", Choice.REREGISTER: "l", Choice.ACCEPT: "a",
}
CHOICES: dict[Klass, tuple[Choice, ...]] = {
    Klass.B: (Choice.CONFIRM, Choice.BOOK, Choice.CITIZEN, Choice.NOT_SAME, Choice.ACCEPT),
    Klass.C: (Choice.BOOK, Choice.CITIZEN, Choice.NOT_SAME, Choice.ACCEPT),
    Klass.D: (Choice.BOOK, Choice.CITIZEN, Choice.NOT_SAME, Choice.ACCEPT),
    Klass.E: (Choice.FIND, Choice.ACCEPT),
    Klass.F: (Choice.ELSEWHERE, Choice.REREGISTER, Choice.ACCEPT),
    Klass.G: (Choice.MERGE, Choice.NOT_SAME, Choice.ACCEPT),
    Klass.H: (Choice.BOOK, Choice.NOT_SAME, Choice.ACCEPT),
}
FOUR_EYES = frozenset({Klass.D, Klass.H})
URGENT = frozenset({Klass.H})
WITHOUT_REASON = frozenset({Choice.CONFIRM})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a decision "as the book says" does: notes beside the act, and what the police are asked to change."""

    notes: tuple[tuple[str, str], ...]  # field, right value
    corrections: tuple[tuple[str, str, str], ...]  # field, what they have, what is right

    @property
    def is_nothing(self) -> bool:
        return not self.notes and not self.corrections


def plan(compared: Iterable[Compared], right: dict[str, str]) -> Plan:
    """Each field against what the book says of it; a field that is not told of stays as civil status has it.

    :param right: field → what the book says, as civil status keeps values.
    """
    notes, corrections = [], []
    for one in compared:
        value = right.get(one.field, one.civil)
        if value and value != one.civil:
            notes.append((one.field, value))
        if value and (one.differs or one.field in right) and value != one.population and one.level is not Level.UNTOLD:
            corrections.append((one.field, one.population, value))
    return Plan(tuple(notes), tuple(corrections))


# Without joint minutes the police change neither sex nor year nor parents.
WANTS_MINUTES = frozenset({"sex", "father", "mother", "number", "state"})


class Verdict(StrEnum):
    """What the police answer to a correction."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEEDS_MINUTES = "needs_minutes"


VERDICT_TITLES = {
    Verdict.ACCEPTED: "Công an đã sửa", Verdict.REJECTED: "Công an không sửa",
    Verdict.NEEDS_MINUTES: "Công an đề nghị lập biên bản đối chiếu",
}


# --- Refusals ---------------------------------------------------------------------------------------------------------


class UnknownTicket(NotFound):
    code = "population.unknown_ticket"
    message_vi = "Không có phiếu đối chiếu này, hoặc ông/bà không được xem."


class UnknownBatch(NotFound):
    code = "population.unknown_batch"
    message_vi = "Không có đợt đối chiếu này, hoặc ông/bà không được xem."


class UnknownUnit(Refusal):
    code = "population.unknown_unit"
    message_vi = "Không có đơn vị này."
    field = "unit"


class UnknownKind(Refusal):
    code = "population.unknown_kind"
    message_vi = "Chỉ đối chiếu sổ khai sinh, kết hôn, khai tử."
    field = "kinds"


class YearsBackwards(Refusal):
    code = "population.years_backwards"
    message_vi = "Năm đầu phải trước hoặc bằng năm cuối."
    field = "year_to"


class BatchRuns(Conflict):
    """One batch of a unit at a time."""

    code = "population.batch_runs"
    message_vi = "Đơn vị đang có một đợt đối chiếu chưa xong."


class NothingPulled(Conflict):
    """There is nothing to match with yet."""

    code = "population.nothing_pulled"
    message_vi = "Chưa nhận dữ liệu dân cư: vui lòng lấy dữ liệu trước."


class WrongState(Conflict):
    code = "population.wrong_state"
    message_vi = "Phiếu đang ở trạng thái “{state}”, không thể thực hiện việc này."


class WrongChoice(Refusal):
    """Not among what may be decided about a ticket of this class."""

    code = "population.wrong_choice"
    message_vi = "Phiếu nhóm {klass} không xử lý theo cách này."
    field = "choice"


class ReasonRequired(Refusal):
    code = "population.reason_required"
    message_vi = "Vui lòng nêu lý do, căn cứ."
    field = "reason"


class MinutesRequired(Refusal):
    """A great difference is decided on joint minutes of commune and police."""

    code = "population.minutes_required"
    message_vi = "Vui lòng ghi số, ngày biên bản đối chiếu giữa UBND cấp xã và công an cấp xã."
    field = "minutes"


class ProposerConfirms(Refusal):
    """Four eyes: who proposed a decision does not confirm it."""

    code = "population.proposer_confirms"
    message_vi = "Người đề xuất không tự xác nhận: người khác phải xác nhận."


class NothingProposed(Conflict):
    code = "population.nothing_proposed"
    message_vi = "Phiếu chưa có đề xuất để xác nhận."


class NothingDiffers(Refusal):
    """As the book says, nothing is to be put right on either side."""

    code = "population.nothing_differs"
    message_vi = "Theo nội dung đã chọn thì không bên nào phải sửa; hãy chọn cách xử lý khác."
    field = "choice"


class OnlyByRequest(Refusal):
    """What the platform itself registered is changed by the citizen's request alone."""

    code = "population.only_by_request"
    message_vi = ("Việc đăng ký trên hệ thống chỉ sửa bằng thủ tục cải chính: chọn “Hướng dẫn công dân cải chính”, "
                  "hoặc giữ đúng nội dung đã đăng ký.")
    field = "right"


class BadValue(Refusal):
    code = "population.bad_value"
    message_vi = "{what}"
    field = "right"


class NoNumber(Refusal):
    """Nobody can be told apart at the police without a personal number."""

    code = "population.no_number"
    message_vi = "Bản ghi dân cư này không có số định danh, không gửi đề nghị sửa được."


class NotOfClassB(Refusal):
    """Only differences of form are confirmed in bulk, and only those that were shown."""

    code = "population.not_of_class_b"
    message_vi = "Chỉ xác nhận hàng loạt phiếu nhóm B đang chờ xem xét; phiếu {ticket} không thuộc loại này."
    field = "tickets"


class NothingChosen(Refusal):
    code = "population.nothing_chosen"
    message_vi = "Vui lòng chọn ít nhất một phiếu."
    field = "tickets"


MOST_IN_BULK = 200
