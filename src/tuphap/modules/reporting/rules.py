"""Statistical reports: their periods, states and limits as data. No Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tuphap.kernel.refusal import Conflict, NotFound, Refusal


class Permission(StrEnum):
    """Who does what with a report. Those of the department reach down to its communes."""

    PREPARE = "reporting.report.prepare"
    SIGN = "reporting.report.sign"
    CHECK = "reporting.report.check"
    AGGREGATE = "reporting.report.aggregate"
    VIEW = "reporting.report.view"
    ENACT = "reporting.form.enact"


class Event(StrEnum):
    BEGUN = "reporting.report.begun"
    RECOUNTED = "reporting.report.recounted"
    FILLED = "reporting.report.filled"
    PROPOSED = "reporting.report.proposed"
    SENT_BACK = "reporting.report.sent_back"
    APPROVED = "reporting.report.approved"
    SUBMITTED = "reporting.report.submitted"
    SIGNING_FAILED = "reporting.report.signing_failed"
    SIGNING_RETRIED = "reporting.report.signing_retried"
    ACCEPTED = "reporting.report.accepted"
    RETURNED = "reporting.report.returned"
    AGGREGATED = "reporting.report.aggregated"
    LOCKED = "reporting.report.locked"
    AMENDED = "reporting.report.amended"
    FORM_ENACTED = "reporting.form.enacted"


SERIES = "reporting.report"
TEMPLATE = "reporting.statistical_form"
SIGNING_OUTCOME = "reporting.report_signed"


# --- Periods ----------------------------------------------------------------------------------------------------------


class PeriodKind(StrEnum):
    HALF = "6-thang"
    YEAR = "nam"


class Stage(StrEnum):
    """A first report before the period is over, and the official one after it."""

    ESTIMATE = "uoc-tinh"
    OFFICIAL = "chinh-thuc"


PERIOD_TITLES = {PeriodKind.HALF: "6 tháng đầu năm", PeriodKind.YEAR: "Cả năm"}
STAGE_TITLES = {Stage.ESTIMATE: "ước tính", Stage.OFFICIAL: "chính thức"}


class Level(StrEnum):
    """Who makes a report: a commune of its own acts, the department of its communes' reports."""

    COMMUNE = "xa"
    PROVINCE = "tinh"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of one kind of report, as (month, day) of the period's year, or of the next with ``due_next_year``.

    ``cut_off``: the last day of which records are counted. ``due``: by level, the last day for sending.
    """

    kind: PeriodKind
    stage: Stage
    last: tuple[int, int]
    cut_off: tuple[int, int]
    due: dict[Level, tuple[int, int]]
    due_next_year: bool = False


@dataclass(frozen=True, slots=True)
class InForce:
    """The schedules that hold between two days (``valid_to`` exclusive), with their legal basis."""

    schedules: tuple[Schedule, ...]
    valid_from: date
    valid_to: date | None
    legal_basis: str


# Only the day for the official year (15 March) is read in a source; the other days are to be held against the circular.
SCHEDULES: tuple[InForce, ...] = (
    InForce(
        (
            Schedule(PeriodKind.HALF, Stage.ESTIMATE, (6, 30), (5, 31), {Level.COMMUNE: (6, 7),
                                                                        Level.PROVINCE: (6, 20)}),
            Schedule(PeriodKind.HALF, Stage.OFFICIAL, (6, 30), (6, 30), {Level.COMMUNE: (7, 7),
                                                                        Level.PROVINCE: (7, 31)}),
            Schedule(PeriodKind.YEAR, Stage.ESTIMATE, (12, 31), (10, 31), {Level.COMMUNE: (11, 7),
                                                                          Level.PROVINCE: (11, 20)}),
            Schedule(PeriodKind.YEAR, Stage.OFFICIAL, (12, 31), (12, 31), {Level.COMMUNE: (1, 15),
                                                                          Level.PROVINCE: (3, 15)}, True),
        ),
        date(2016, 1, 1), None, "Chế độ báo cáo thống kê ngành Tư pháp (mốc ngày là tham số của hệ thống)",
    ),
)
FIRST_YEAR = 2016
ACROSS_STAGES, ACROSS_YEARS = 20, 50  # % beyond which a figure is explained: against the estimate, the year before


@dataclass(frozen=True, slots=True)
class Period:
    """One period to be reported: whole days, both included; ``cut_off`` is the last that is counted."""

    kind: PeriodKind
    stage: Stage
    year: int
    last: date
    cut_off: date
    due: tuple[tuple[Level, date], ...]

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def code(self) -> str:
        """``2026.6-thang.uoc-tinh``: how addresses name it."""
        return f"{self.year}.{self.kind}.{self.stage}"

    @property
    def title(self) -> str:
        """``6 tháng đầu năm 2026 (ước tính)``."""
        name = f"Năm {self.year}" if self.kind is PeriodKind.YEAR else f"{PERIOD_TITLES[self.kind]} {self.year}"
        return f"{name} ({STAGE_TITLES[self.stage]})"

    @property
    def short_title(self) -> str:
        """``6 tháng đầu năm, ước tính``: beside its year."""
        return f"{PERIOD_TITLES[self.kind]}, {STAGE_TITLES[self.stage]}"

    def due_on(self, level: Level) -> date:
        return dict(self.due)[level]


def periods_of(year: int) -> list[Period]:
    """Every period of a year, in the order in which they fall due; none before the first year that is reported."""
    if year < FIRST_YEAR:
        return []
    begins = date(year, 1, 1)
    return [
        Period(
            told.kind, told.stage, year, date(year, *told.last), date(year, *told.cut_off),
            tuple((level, date(year + told.due_next_year, *day)) for level, day in told.due.items()),
        )
        for row in SCHEDULES if row.valid_from <= begins and (row.valid_to is None or begins < row.valid_to)
        for told in row.schedules
    ]


def period(code: str) -> Period:
    """The period of this code.

    :raises UnknownPeriod: there is none.
    """
    year, _, _ = code.partition(".")
    if year.isascii() and year.isdigit() and len(year) == 4:
        for one in periods_of(int(year)):
            if one.code == code:
                return one
    raise UnknownPeriod()


def last_counted(today: date) -> Period:
    """The period that was last to be counted: its cut-off is the latest that has gone by."""
    known = [one for year in (today.year - 1, today.year) for one in periods_of(year)]
    return max((one for one in known if one.cut_off < today), key=lambda one: (one.cut_off, one.stage))


def estimate_of(this: Period) -> Period | None:
    """The estimate that came before an official report."""
    if this.stage is Stage.ESTIMATE:
        return None
    return next(p for p in periods_of(this.year) if p.kind is this.kind and p.stage is Stage.ESTIMATE)


def year_before(this: Period) -> Period | None:
    """The same report of the year before."""
    return next((p for p in periods_of(this.year - 1) if (p.kind, p.stage) == (this.kind, this.stage)), None)


def days_within(this: Period, valid_from: date, valid_to: date | None) -> tuple[date, date] | None:
    """The days of a period on which an office stood that opened and closed so (``valid_to`` exclusive); None: none."""
    first = max(this.first, valid_from)
    last = this.cut_off if valid_to is None else min(this.cut_off, date.fromordinal(valid_to.toordinal() - 1))
    return (first, last) if first <= last else None


# --- States -----------------------------------------------------------------------------------------------------------


class State(StrEnum):
    """Where a report stands. One that nobody has begun is OPEN and has no row."""

    OPEN = "open"
    DRAFT = "draft"
    READY = "ready"
    SIGNING = "signing"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    AGGREGATED = "aggregated"
    LOCKED = "locked"
    AMENDED = "amended"


STATE_TITLES = {
    State.OPEN: "Chưa lập", State.DRAFT: "Đang lập", State.READY: "Chờ lãnh đạo ký", State.SIGNING: "Đang ký số",
    State.SUBMITTED: "Đã gửi, chờ kiểm tra", State.RETURNED: "Trả lại để sửa", State.ACCEPTED: "Đã tiếp nhận",
    State.AGGREGATED: "Đã tổng hợp", State.LOCKED: "Đã chốt số liệu", State.AMENDED: "Đã có bản sửa đổi",
}
STATE_TONES = {
    State.OPEN: "grey", State.DRAFT: "grey", State.READY: "amber", State.SIGNING: "amber", State.SUBMITTED: "blue",
    State.RETURNED: "red", State.ACCEPTED: "green", State.AGGREGATED: "green", State.LOCKED: "green",
    State.AMENDED: "grey",
}
# Every change of state that there is; the database refuses any other.
EDGES = frozenset({
    (State.DRAFT, State.READY), (State.RETURNED, State.READY), (State.READY, State.DRAFT), (State.READY, State.SIGNING),
    (State.SIGNING, State.READY), (State.SIGNING, State.SUBMITTED), (State.SIGNING, State.LOCKED),
    (State.SUBMITTED, State.RETURNED), (State.SUBMITTED, State.ACCEPTED), (State.ACCEPTED, State.AGGREGATED),
    (State.AGGREGATED, State.LOCKED), (State.ACCEPTED, State.AMENDED), (State.AGGREGATED, State.AMENDED),
    (State.LOCKED, State.AMENDED),
})
BEING_MADE = frozenset({State.DRAFT, State.RETURNED})
# Sent by its office, and not replaced: what the department sees of a commune's figures and may count.
SENT = frozenset({State.SUBMITTED, State.ACCEPTED, State.AGGREGATED, State.LOCKED})
COUNTED = frozenset({State.ACCEPTED, State.AGGREGATED, State.LOCKED})


def is_late(sent_on: date | None, *, due: date, today: date) -> bool:
    """Whether a report was sent after its day, or still waits after it."""
    return (sent_on or today) > due


def moves(old: int, new: int, most: int) -> bool:
    """Whether a figure has changed by more than ``most`` per cent; of nothing, anything is more."""
    return abs(new - old) * 100 > most * old if old else bool(new)


# --- Refusals ---------------------------------------------------------------------------------------------------------


class UnknownReport(NotFound):
    code = "reporting.unknown_report"
    message_vi = "Không có báo cáo này, hoặc ông/bà không được xem."


class UnknownPeriod(NotFound):
    code = "reporting.unknown_period"
    message_vi = "Không có kỳ báo cáo này."


class UnknownForm(NotFound):
    code = "reporting.unknown_form"
    message_vi = "Không có biểu mẫu thống kê này."


class UnknownCell(NotFound):
    code = "reporting.unknown_cell"
    message_vi = "Biểu không có ô này."


class UnknownUnit(Refusal):
    """No office of this code that stood in the period, or none that reports."""

    code = "reporting.unknown_unit"
    message_vi = "Không có đơn vị báo cáo này trong kỳ."
    field = "unit"


class FormNotInForce(Refusal):
    code = "reporting.form_not_in_force"
    message_vi = "Biểu {form} không áp dụng cho kỳ báo cáo này."
    field = "form"


class PeriodNotOver(Refusal):
    """What is not over cannot be counted."""

    code = "reporting.period_not_over"
    message_vi = "Chỉ lập báo cáo sau ngày chốt số liệu {cut_off}."
    field = "period"


class ReportExists(Conflict):
    code = "reporting.report_exists"
    message_vi = "Đơn vị đã có báo cáo theo biểu này cho kỳ này."


class PeriodLocked(Conflict):
    """The figures of this report stand; only an amended version says otherwise."""

    code = "reporting.period_locked"
    message_vi = "Báo cáo đang ở trạng thái “{state}”, không thể thực hiện việc này."


class SumMismatch(Refusal):
    """The parts of a figure do not make up the whole."""

    code = "reporting.sum_mismatch"
    message_vi = "{cell}: tổng ghi {total} nhưng các phần cộng lại là {parts} ({names})."


class Negative(Refusal):
    code = "reporting.negative"
    message_vi = "{cell}: số liệu phải là số nguyên không âm."


class PartOverWhole(Refusal):
    """What is told of a figure besides ("of which") is more than the figure."""

    code = "reporting.part_over_whole"
    message_vi = "{cell}: số ghi {part} lớn hơn tổng số {whole} ({names})."


class FormsDiffer(Refusal):
    """Two forms of one office and period tell the same figure differently."""

    code = "reporting.forms_differ"
    message_vi = "{cell} là {here}, nhưng biểu {form} ghi {there}. Vui lòng đếm lại số liệu của cả hai biểu."


class ExplanationRequired(Refusal):
    code = "reporting.explanation_required"
    message_vi = "Vui lòng giải trình: {what}."


class ZeroNotConfirmed(Refusal):
    """A report of nothing may be true, or a report that nobody has looked at."""

    code = "reporting.zero_not_confirmed"
    message_vi = "Báo cáo không có số liệu: vui lòng xác nhận trong kỳ không phát sinh việc nào."
    field = "confirmed_zero"


class ChildMissing(Refusal):
    """Offices have not reported; they are not counted as nothing."""

    code = "reporting.child_missing"
    message_vi = "Còn {count} đơn vị chưa có báo cáo được tiếp nhận: {names}. Nêu lý do nếu vẫn tổng hợp."
    field = "reason"


class NothingToAggregate(Refusal):
    code = "reporting.nothing_to_aggregate"
    message_vi = "Chưa có báo cáo nào được tiếp nhận để tổng hợp."


class ReasonRequired(Refusal):
    code = "reporting.reason_required"
    message_vi = "Vui lòng nêu lý do."
    field = "reason"


class NoSuchCell(Refusal):
    """A number was told for a cell that the form does not have."""

    code = "reporting.no_such_cell"
    message_vi = "Biểu không có ô “{cell}”."


class NotCounted(Refusal):
    """A figure was typed that the platform counts by itself."""

    code = "reporting.counted_not_typed"
    message_vi = "{cell}: số liệu này do hệ thống đếm, không nhập tay."


class SelfCheck(Refusal):
    """Who has made or signed a report does not check it."""

    code = "reporting.self_check"
    message_vi = "Người lập hoặc ký báo cáo không kiểm tra báo cáo đó."


class BadLayout(Refusal):
    """A form that cannot be: cells, sums or sources that are not there."""

    code = "reporting.bad_layout"
    message_vi = "Biểu mẫu chưa đúng: {what}."
    field = "layout"


class FormExists(Conflict):
    code = "reporting.form_exists"
    message_vi = "Đã có phiên bản của biểu này có hiệu lực từ ngày đó."


def listed(names: Iterable[str], most: int = 10) -> str:
    """Names for a sentence, the rest as a number."""
    all_of = list(names)
    told = ", ".join(all_of[:most])
    return f"{told} và {len(all_of) - most} đơn vị khác" if len(all_of) > most else told
