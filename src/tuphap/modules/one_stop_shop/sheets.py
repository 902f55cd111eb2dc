"""Forms 06 and 07 as tables, made from the log: the page that prints them and the PDF say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tuphap.kernel.clock import localtime
from tuphap.shared.calendar.api import Verdict
from tuphap.shared.documents.api import DocumentTemplate
from tuphap.shared.dossiers.api import LEVEL_TITLES, Dossier, Level, StepRecord
from tuphap.shared.orgs.models import OrgUnit

from .rules import FORM_TITLES, Form
from .slips import FORMS_FROM, tracking_qr


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, and its share of the paper's width."""

    title: str
    share: int


CONTROL_HEADS = (
    Head("TT", 4), Head("Bước", 12), Head("Bên giao", 14), Head("Bên nhận", 14), Head("Giao, nhận lúc", 11),
    Head("Định mức (giờ)", 7), Head("Xong lúc", 11), Head("Kết quả", 9), Head("Ghi chú", 16), Head("Ký giao", 8),
    Head("Ký nhận", 8),
)
BOOK_HEADS = (
    Head("TT", 4), Head("Mã hồ sơ", 14), Head("Người nộp", 14), Head("Thủ tục", 16), Head("Tiếp nhận", 9),
    Head("Hẹn trả", 9), Head("Có kết quả", 9), Head("Trả kết quả", 9), Head("Kết quả so với hạn", 10),
    Head("Người nhận, ký nhận", 12),
)


def control_data(dossier: Dossier, steps: Iterable[StepRecord], *, at: datetime) -> dict[str, Any]:
    """Form 06: every hand-over, with room for both signatures."""
    return _sheet(Form.CONTROL, dossier.resolving_unit, CONTROL_HEADS, at) | {
        "code": dossier.reference, "qr": tracking_qr(dossier),
        "facts": [
            ["Thủ tục", dossier.procedure.name], ["Người nộp", dossier.applicant_name],
            ["Tiếp nhận", _short(dossier.received_at)], ["Hẹn trả kết quả", _short(dossier.due_at)],
        ],
        "rows": [
            [
                str(step.number), step.title, _party(step.from_name, step.from_role),
                _party(step.to_name, step.to_role), _short(step.handed_at), _hours(step.quota_hours),
                _short(step.finished_at), step.verdict_title, step.note, "", "",
            ]
            for step in steps
        ],
    }


def book_data(
    unit: OrgUnit, dossiers: Iterable[Dossier], *, days: tuple[date, date], at: datetime
) -> dict[str, Any]:
    """Form 07 of one office; the dossiers come from ``queries.tracking_book``, in its order."""
    return _sheet(Form.BOOK, unit, BOOK_HEADS, at) | {
        "below": f"Từ ngày {days[0]:%d/%m/%Y} đến ngày {days[1]:%d/%m/%Y}",
        "rows": [
            [
                str(number), dossier.reference, dossier.applicant_name, dossier.procedure.name,
                _short(dossier.received_at), _short(dossier.due_at), _short(dossier.result_ready_at),
                _short(dossier.returned_at), verdict_of(dossier), received_by(dossier),
            ]
            for number, dossier in enumerate(dossiers, start=1)
        ],
    }


def verdict_of(dossier: Dossier) -> str:
    """How the dossier kept its day; before it has a result, the step at which it stands."""
    return Verdict(dossier.verdict).label.capitalize() if dossier.verdict else dossier.get_state_display()


def received_by(dossier: Dossier) -> str:
    """Who took the result, as the desk noted; how, where nobody came for it."""
    if dossier.returned_at is None:
        return ""
    name = str(getattr(dossier, "handed_to", None) or "")
    return name or dossier.get_result_way_display()


def _sheet(form: Form, unit: OrgUnit, heads: tuple[Head, ...], at: datetime) -> dict[str, Any]:
    day = localtime(at)
    return {
        "form": str(form), "title": FORM_TITLES[form], "below": "", "agency": unit.name,
        "place_date": f"Ngày {day:%d} tháng {day:%m} năm {day:%Y}", "code": "", "qr": "",
        "address": settings.PUBLIC_URL.split("://")[-1] + "/tra-cuu", "facts": [],
        "heads": [{"title": head.title, "share": head.share} for head in heads], "rows": [],
    }


def _hours(quota: float | None) -> str:
    return "–" if quota is None else f"{quota:g}".replace(".", ",")


def _party(name: str, role: str) -> str:
    """A person and the post; the platform has no name."""
    return role if role == LEVEL_TITLES[Level.SYSTEM] else f"{name}\n{role}"


def _short(at: datetime | None) -> str:
    """An instant in the narrow columns of a table."""
    return f"{localtime(at):%H:%M %d/%m/%Y}" if at else ""


def template_code(form: Form) -> str:
    return f"one_stop_shop.sheet_{form}"


def _sample(form: Form, heads: tuple[Head, ...]) -> dict[str, Any]:
    return {
        "form": str(form), "title": FORM_TITLES[form], "below": "Từ ngày 01/08/2026 đến ngày 04/08/2026",
        "agency": "Ủy ban nhân dân phường Hải An", "place_date": "Ngày 04 tháng 8 năm 2026",
        "code": "H31.15-260804-0001", "qr": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        "address": "dichvucong.example/tra-cuu", "facts": [["Thủ tục", "Đăng ký khai sinh"]],
        "heads": [{"title": head.title, "share": head.share} for head in heads],
        "rows": [["1", *("Trần Văn Minh\nCán bộ tiếp nhận" for _ in heads[1:])]],
    }


TEMPLATES = tuple(
    DocumentTemplate(
        code=template_code(form), title=FORM_TITLES[form], version="2025", valid_from=FORMS_FROM,
        source=Path(__file__).parent / "papers" / "sheet.typ", sample=_sample(form, heads),
    )
    for form, heads in ((Form.CONTROL, CONTROL_HEADS), (Form.BOOK, BOOK_HEADS))
)
