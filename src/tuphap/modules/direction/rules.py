"""Words of direction: which figures make up the page, how they must balance, what a period is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tuphap.kernel.refusal import Conflict, NotFound


class Permission(StrEnum):
    """What may be granted in direction."""

    VIEW = "direction.figures.view"


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


class Unbalanced(Conflict):
    """What came is not what went and what is left: the report is not given out until that is explained."""

    code = "direction.unbalanced"
    message_vi = "Số liệu chưa cân đối nên báo cáo tạm dừng phát hành. Ông/bà vui lòng báo bộ phận quản trị."


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
        parts_fit=all(
            numbers.get(whole, 0) == sum(numbers.get(part, 0) for part in parts) for whole, parts in PARTS.items()
        ),
    )


def on_time_share(numbers: Mapping[str, int]) -> float | None:
    """(early + on time) / resolved, in per cent with one decimal; None where nothing was resolved."""
    resolved = numbers.get(Figure.RESOLVED, 0)
    if not resolved:
        return None
    return round(100 * (numbers.get(Figure.EARLY, 0) + numbers.get(Figure.ON_TIME, 0)) / resolved, 1)


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


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10); numbers stay numbers."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return f"'{value}"
    return value
