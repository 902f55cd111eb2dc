"""The printed hand-over list: codes, papers and room for both signatures; the page and the PDF say the same."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuphap.kernel.clock import localtime
from tuphap.shared.documents.api import DocumentTemplate

from ..models import HandOver
from ..rules import HAND_OVER_TEMPLATE, TAKEN_TITLES, WAY_TITLES, Taken, Way

TITLES = {Way.TO_OFFICE: "Phiếu bàn giao hồ sơ", Way.TO_DESK: "Phiếu bàn giao kết quả"}
HEADS = ("TT", "Mã hồ sơ", "Người nộp", "Thủ tục", "Hẹn trả", "Nhận", "Ghi chú")


def data(hand_over: HandOver) -> dict[str, Any]:
    """The facts of a list, for its template and for the page that prints it."""
    day = localtime(hand_over.made_at)
    return {
        "title": TITLES[Way(hand_over.way)], "number": hand_over.number, "agency": hand_over.from_unit.name,
        "place_date": f"Ngày {day:%d} tháng {day:%m} năm {day:%Y}",
        "facts": [
            ["Nội dung", WAY_TITLES[Way(hand_over.way)]],
            ["Bên giao", f"{hand_over.made_by.full_name}, {hand_over.from_unit.name}"],
            ["Bên nhận", _to(hand_over)], ["Lập lúc", _short(hand_over.made_at)],
            ["Số hồ sơ", str(len(hand_over.lines.all()))],
        ],
        "heads": list(HEADS),
        "rows": [
            [
                str(line.place), line.dossier.reference, line.dossier.applicant_name, line.dossier.procedure.name,
                _short(line.dossier.due_at), "" if line.is_waiting else TAKEN_TITLES[Taken(line.taken)],
                "; ".join(filter(None, ("Bàn giao chậm" if line.is_late else "", line.reason))),
            ]
            for line in hand_over.lines.all()
        ],
        "giver": hand_over.made_by.full_name, "given": _short(hand_over.made_at),
        "taker": hand_over.taken_by.full_name if hand_over.taken_by else "",
        "taken": _short(hand_over.taken_at),
    }


def _to(hand_over: HandOver) -> str:
    person, unit = hand_over.to_person, hand_over.to_unit.name
    return f"{person.full_name}, {unit}" if person is not None else unit


def _short(at: datetime | None) -> str:
    return f"{localtime(at):%H:%M %d/%m/%Y}" if at else ""


_SAMPLE: dict[str, Any] = {
    "title": TITLES[Way.TO_OFFICE], "number": "07/2026", "agency": "Ủy ban nhân dân phường Hải An",
    "place_date": "Ngày 04 tháng 08 năm 2026",
    "facts": [["Bên giao", "Trần Văn Minh"], ["Bên nhận", "Nguyễn Thị Lan"]], "heads": list(HEADS),
    "rows": [["1", "H31.15-260804-0001", "Phạm Văn An", "Đăng ký khai sinh", "17:00 04/08/2026", "", ""]],
    "giver": "Trần Văn Minh", "given": "15:00 04/08/2026", "taker": "", "taken": "",
}
TEMPLATE = DocumentTemplate(
    code=HAND_OVER_TEMPLATE, title="Phiếu bàn giao", version="2025", valid_from=date(2018, 11, 23),
    source=Path(__file__).parents[1] / "papers" / "hand_over.typ", sample=_SAMPLE,
)
