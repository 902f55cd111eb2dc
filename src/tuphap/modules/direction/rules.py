"""Words of direction: which figures make up the page, how they must balance, what a period is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from tuphap.kernel.refusal import Conflict, NotFound, Refusal


class Permission(StrEnum):
    """What may be granted in direction."""

    VIEW = "direction.figures.view"
    CLOSE = "direction.period.close"


class Figure(StrEnum):
    """The dossier figures, as the one-stop module declares them."""

    CARRIED_OVER = "dossiers.carried_over"
    RECEIVED = "dossiers.received"
    RECEIVED_ONLINE = "dossiers.received_online"
    TRANSFERRED_IN = "dossiers.transferred_in"
    RESOLVED = "dossiers.resolved"
    EARLY = "dossiers.resolved_early"
    ON_TIME = "dossiers.resolved_on_time"
    LATE = "dossiers.resolved_late"
    REFUSED = "dossiers.refused"
    STOPPED = "dossiers.stopped"
    WITHDRAWN = "dossiers.withdrawn"
    TRANSFERRED_OUT = "dossiers.transferred_out"
    PENDING = "dossiers.pending"
    PENDING_IN_TIME = "dossiers.pending_in_time"
    PENDING_LATE = "dossiers.pending_late"


CAME = (Figure.CARRIED_OVER, Figure.RECEIVED, Figure.TRANSFERRED_IN)
WENT_OR_STAYED = (
    Figure.RESOLVED, Figure.REFUSED, Figure.STOPPED, Figure.WITHDRAWN, Figure.TRANSFERRED_OUT, Figure.PENDING,
)
PARTS = {
    Figure.RESOLVED: (Figure.EARLY, Figure.ON_TIME, Figure.LATE),
    Figure.PENDING: (Figure.PENDING_IN_TIME, Figure.PENDING_LATE),
}
# Shown only where there were any: power rarely moves between offices.
SELDOM = (Figure.TRANSFERRED_IN, Figure.TRANSFERRED_OUT)
# Short heads of the table; the full title is the indicator's own.
HEADS = {
    Figure.CARRIED_OVER: "Kỳ trước chuyển sang", Figure.RECEIVED: "Tiếp nhận",
    Figure.RECEIVED_ONLINE: "Nộp trực tuyến", Figure.TRANSFERRED_IN: "Chuyển đến",
    Figure.RESOLVED: "Đã giải quyết", Figure.EARLY: "Trước hạn", Figure.ON_TIME: "Đúng hạn", Figure.LATE: "Quá hạn",
    Figure.REFUSED: "Từ chối", Figure.STOPPED: "Dừng", Figure.WITHDRAWN: "Rút", Figure.TRANSFERRED_OUT: "Chuyển đi",
    Figure.PENDING: "Đang giải quyết", Figure.PENDING_IN_TIME: "Còn hạn", Figure.PENDING_LATE: "Đã quá hạn",
}


MORE_HEADS = {
    "dossiers.received_counter": "Trực tiếp, bưu chính", "dossiers.received_elsewhere": "Phi địa giới",
    "dossiers.resolved_early_original": "Trước hạn (hẹn ban đầu)",
    "dossiers.resolved_on_time_original": "Đúng hạn (hẹn ban đầu)",
    "dossiers.resolved_late_original": "Quá hạn (hẹn ban đầu)", "dossiers.late": "Quá hạn, đã và đang giải quyết",
    "dossiers.extended": "Gia hạn", "dossiers.apologies_sent": "Đã xin lỗi",
    "dossiers.apologies_owed": "Còn nợ xin lỗi",
    "dossiers.paused": "Có tạm dừng", "dossiers.paused_hours": "Giờ tạm dừng",
    "dossiers.hours_mean": "Giờ xử lý trung bình", "dossiers.hours_p90": "Giờ xử lý, 90% hồ sơ",
    "dossiers.days_mean": "Ngày xử lý trung bình", "dossiers.days_p90": "Ngày xử lý, 90% hồ sơ",
    "dossiers.on_time_share": "Tỷ lệ đúng hạn (%)", "dossiers.online_share": "Tỷ lệ trực tuyến (%)",
    "dossiers.papers": "Giấy tờ", "dossiers.papers_digitised": "Giấy tờ số hóa",
    "dossiers.digitised_share": "Tỷ lệ số hóa (%)", "dossiers.results_electronic": "Kết quả điện tử",
    "dossiers.electronic_share": "Tỷ lệ kết quả điện tử (%)", "dossiers.fees_paid": "Đã nộp phí",
    "dossiers.fees_paid_online": "Nộp phí trực tuyến", "fees.collected": "Phí, lệ phí đã thu (đồng)",
    "dossiers.online_payment_share": "Tỷ lệ thanh toán trực tuyến (%)",
    "dossiers.ratings": "Lượt đánh giá", "dossiers.ratings_satisfied": "Hài lòng",
    "dossiers.satisfaction_share": "Tỷ lệ hài lòng (%)",
}


def head(code: str) -> str:
    """The short head of a figure's column."""
    return HEADS[Figure(code)] if code in {str(figure) for figure in Figure} else MORE_HEADS[code]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the statistics: which figures stand beside each other."""

    code: str
    title: str
    figures: tuple[str, ...]


TABLES: tuple[Table, ...] = (
    Table("giai-quyet", "Tiếp nhận, giải quyết", (
        "dossiers.carried_over", "dossiers.received", "dossiers.received_online", "dossiers.received_counter",
        "dossiers.received_elsewhere", "dossiers.transferred_in", "dossiers.resolved", "dossiers.resolved_early",
        "dossiers.resolved_on_time", "dossiers.resolved_late", "dossiers.on_time_share", "dossiers.refused",
        "dossiers.stopped", "dossiers.withdrawn", "dossiers.transferred_out", "dossiers.pending",
        "dossiers.pending_in_time", "dossiers.pending_late",
    )),
    Table("thoi-han", "Thời hạn, thời gian", (
        "dossiers.resolved", "dossiers.resolved_early_original", "dossiers.resolved_on_time_original",
        "dossiers.resolved_late_original", "dossiers.late", "dossiers.extended", "dossiers.apologies_sent",
        "dossiers.apologies_owed", "dossiers.hours_mean", "dossiers.hours_p90", "dossiers.days_mean",
        "dossiers.days_p90", "dossiers.paused", "dossiers.paused_hours",
    )),
    Table("dien-tu", "Trực tuyến, số hóa, hài lòng", (
        "dossiers.received", "dossiers.received_online", "dossiers.online_share", "dossiers.papers",
        "dossiers.papers_digitised", "dossiers.digitised_share", "dossiers.resolved", "dossiers.results_electronic",
        "dossiers.electronic_share", "dossiers.fees_paid", "dossiers.fees_paid_online",
        "dossiers.online_payment_share", "fees.collected", "dossiers.ratings",
        "dossiers.ratings_satisfied", "dossiers.satisfaction_share",
    )),
)
FIGURES: tuple[str, ...] = tuple(dict.fromkeys(code for table in TABLES for code in table.figures))
"""Every figure of the statistics, in the order of the tables."""
CAUSES = "dossiers.late_cause"
_MORE_PARTS = {
    Figure.RECEIVED: ("dossiers.received_online", "dossiers.received_counter", "dossiers.received_elsewhere"),
    Figure.RESOLVED: (
        "dossiers.resolved_early_original", "dossiers.resolved_on_time_original", "dossiers.resolved_late_original",
    ),
    "dossiers.late": ("dossiers.resolved_late", "dossiers.pending_late"),
}


class Cut(StrEnum):
    """By what the lines of the statistics are told apart."""

    UNIT = "don-vi"
    SECTOR = "linh-vuc"
    PROCEDURE = "thu-tuc"
    CHANNEL = "kenh"
    PERIOD = "ky"


CUT_TITLES = {
    Cut.UNIT: "Đơn vị", Cut.SECTOR: "Lĩnh vực", Cut.PROCEDURE: "Thủ tục", Cut.CHANNEL: "Kênh nộp", Cut.PERIOD: "Kỳ",
}


class Unbalanced(Conflict):
    """What came is not what went and what is left: the report is not given out until that is explained."""

    code = "direction.unbalanced"
    message_vi = "Số liệu chưa cân đối nên báo cáo tạm dừng phát hành. Ông/bà vui lòng báo bộ phận quản trị."


class Event(StrEnum):
    """What direction tells the log."""

    CLOSED = "direction.period_closed"
    REOPENED = "direction.period_reopened"


class PeriodKind(StrEnum):
    """The periods whose figures are closed."""

    MONTH = "thang"
    QUARTER = "quy"
    HALF = "nua-nam"
    YEAR = "nam"

    @property
    def months(self) -> int:
        return {"thang": 1, "quy": 3, "nua-nam": 6, "nam": 12}[self.value]


PERIOD_TITLES = {
    PeriodKind.MONTH: "Tháng", PeriodKind.QUARTER: "Quý", PeriodKind.HALF: "Sáu tháng", PeriodKind.YEAR: "Năm",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter, half-year or year of the calendar.

    :raises BadPeriod: ``first`` is not the first day of such a period.
    """

    kind: PeriodKind
    first: date

    def __post_init__(self) -> None:
        if self.first.day != 1 or (self.first.month - 1) % self.kind.months:
            raise BadPeriod()

    @property
    def last(self) -> date:
        month = self.first.month - 1 + self.kind.months
        return self.first.replace(year=self.first.year + month // 12, month=month % 12 + 1) - timedelta(days=1)

    @property
    def title(self) -> str:
        year, number = self.first.year, (self.first.month - 1) // self.kind.months
        match self.kind:
            case PeriodKind.MONTH:
                return f"Tháng {self.first:%m/%Y}"
            case PeriodKind.QUARTER:
                return f"Quý {('I', 'II', 'III', 'IV')[number]} năm {year}"
            case PeriodKind.HALF:
                return f"6 tháng {('đầu', 'cuối')[number]} năm {year}"
            case PeriodKind.YEAR:
                return f"Năm {year}"


def periods_of(year: int) -> tuple[Period, ...]:
    """Every period of a year: months, quarters, halves, the year."""
    return tuple(
        Period(kind, date(year, month, 1)) for kind in PeriodKind for month in range(1, 13, kind.months)
    )


class BadPeriod(Refusal):
    """No month, quarter, half-year or year begins on this day."""

    code = "direction.bad_period"
    message_vi = "Kỳ số liệu phải là một tháng, quý, sáu tháng hoặc năm trọn vẹn."
    field = "ky"


class PeriodNotOver(Conflict):
    """A period is closed when it has ended."""

    code = "direction.period_not_over"
    message_vi = "{period} chưa kết thúc nên chưa khóa được số liệu."


class PeriodClosed(Conflict):
    """The figures of this period and of some of these offices are closed already."""

    code = "direction.period_closed"
    message_vi = "Số liệu của kỳ này đã được khóa."


class AlreadyReopened(Conflict):
    """Somebody has reopened this closing before."""

    code = "direction.already_reopened"
    message_vi = "Kỳ số liệu này đã được mở lại trước đó."


class BasisRequired(Refusal):
    """A period is closed on the ground of something: a plan, a letter, a decision."""

    code = "direction.basis_required"
    message_vi = "Vui lòng ghi căn cứ khóa số liệu."
    field = "can_cu"


class ReasonRequired(Refusal):
    """A closed period is reopened for a reason."""

    code = "direction.reason_required"
    message_vi = "Vui lòng nêu lý do mở lại kỳ số liệu."
    field = "ly_do"


class UnknownClosing(NotFound):
    """No such closing, or none that covers an office whose figures the caller may see."""

    code = "direction.unknown_closing"
    message_vi = "Không có kỳ số liệu đã khóa này trong phạm vi được xem."


class UnknownFigure(NotFound):
    """No module declares such a figure."""

    code = "direction.unknown_figure"
    message_vi = "Không có chỉ số này."


class UnknownUnit(NotFound):
    """No office of that code among those whose figures the caller may see."""

    code = "direction.unknown_unit"
    message_vi = "Không có đơn vị này trong phạm vi được xem."


@dataclass(frozen=True, slots=True)
class Balance:
    """Whether, for one office or all, what came equals what went and what is left, and parts make up their wholes."""

    came: int
    went_or_stayed: int
    parts_fit: bool = True

    @property
    def holds(self) -> bool:
        return self.came == self.went_or_stayed and self.parts_fit


def balance(numbers: Mapping[str, int]) -> Balance:
    """The balance of one line of figures (one_stop_shop reports: received + carried over = ended + pending)."""
    return Balance(
        came=sum(numbers.get(code, 0) for code in CAME),
        went_or_stayed=sum(numbers.get(code, 0) for code in WENT_OR_STAYED),
        parts_fit=_parts_fit(numbers, PARTS),
    )


def full_balance(numbers: Mapping[str, int]) -> Balance:
    """:func:`balance`, and the parts that the statistics show beside: channels, original due dates, lateness."""
    plain = balance(numbers)
    return Balance(plain.came, plain.went_or_stayed, plain.parts_fit and _parts_fit(numbers, _MORE_PARTS))


def _parts_fit(numbers: Mapping[str, int], wholes: Mapping[Any, tuple[str, ...]]) -> bool:
    return all(numbers.get(whole, 0) == sum(numbers.get(part, 0) for part in parts) for whole, parts in wholes.items())


def on_time_share(numbers: Mapping[str, int]) -> float | None:
    """(early + on time) / resolved, in per cent with one decimal; None where nothing was resolved."""
    resolved = numbers.get(Figure.RESOLVED, 0)
    if not resolved:
        return None
    return round(100 * (numbers.get(Figure.EARLY, 0) + numbers.get(Figure.ON_TIME, 0)) / resolved, 1)


def year_before(first: date, last: date) -> tuple[date, date]:
    """The same days of the year before; 29 February is its last day of February, and a whole month stays whole."""
    whole_month = (last + timedelta(days=1)).day == 1
    earlier = _back(last)
    if whole_month:
        after = _back(last + timedelta(days=1))
        earlier = after - timedelta(days=1)
    return _back(first), earlier


def _back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def change(now: float | None, before: float | None) -> float | None:
    """By how many per cent a figure has changed; None where there was nothing to change from."""
    if now is None or not before:
        return None
    return 100 * (now - before) / before


def number_words(value: float | None, digits: int = 1) -> str:
    """A number as people here write it: ``1.234,5``; "—" for none."""
    if value is None:
        return "—"
    text = f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"
    return text.translate(str.maketrans(",.-", ".,−"))


def change_words(value: float | None) -> str:
    """``tăng 8,3%``, ``giảm 5,0%``; "—" where there was nothing to change from. No sign that a formula begins with."""
    if value is None:
        return "—"
    size = f"{abs(value):.1f}%".replace(".", ",")
    return "không đổi" if not round(value, 1) else f"{'tăng' if value > 0 else 'giảm'} {size}"


def default_period(today: date) -> tuple[date, date]:
    """The last twelve weeks, whole: from a Monday to today."""
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=11), today


def presets(today: date) -> tuple[tuple[str, date, date], ...]:
    """Periods that reports speak of."""
    month, quarter = today.replace(day=1), today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    year = today.replace(month=1, day=1)
    before = month - timedelta(days=1)
    return (
        ("12 tuần", *default_period(today)),
        ("Tháng này", month, today),
        ("Tháng trước", before.replace(day=1), before),
        ("Quý này", quarter, today),
        ("Năm nay", year, today),
        ("Năm trước", year.replace(year=year.year - 1), year - timedelta(days=1)),
    )
