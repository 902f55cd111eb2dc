"""What the papers of events say: the facts that the typst templates print."""

from __future__ import annotations

from datetime import date
from typing import Any

from tuphap.shared.documents.api import DocumentTemplate

from .. import rules, written
from ..current import as_it_stands
from ..models import Act
from ..papers import FOLDER, TAKEN_FROM, day_text, place_and_day, registered_at
from .kinds import EventKind


def original(kind: EventKind, act: Act) -> dict[str, Any]:
    """The facts of the paper that the registration gives."""
    return {**_common(kind, act), **kind.facts_of_paper(act), "extract_number": "", "place_date": place_and_day(
        act.unit, act.registered_on), "copy": False}


def extract(kind: EventKind, act: Act, *, number: str, on: date) -> dict[str, Any]:
    """The facts of a copy taken from the register on this day under its own number."""
    return {**_common(kind, act), "extract_number": f"{number}/{kind.extract_mark}",
            "place_date": place_and_day(act.unit, on), "copy": True}


def _common(kind: EventKind, act: Act) -> dict[str, Any]:
    return {
        "above": "", "office": act.unit_name, "number": act.display_number, "title": kind.extract_title,
        "sections": [
            {"title": section.title, "lines": [list(line) for line in section.lines]}
            for section in kind.sections(as_it_stands(act))
        ],
        "registered_at": registered_at(act), "registered_on": day_text(act.registered_on),
        "notes": [note.text for note in act.annotations.order_by("created_at", "pk")],
        "taken_from": written.taken_from(act),
    }


def preview(kind: EventKind, act: Act) -> dict[str, Any]:
    """What the original would say of an act that is not written yet; see ``drafts``."""
    return {**original(kind, act), "number": f"……/{act.year}"}


_SAMPLE: dict[str, Any] = {
    "above": "", "office": "Ủy ban nhân dân phường Hoa Phượng", "number": "07/2026", "title": "TRÍCH LỤC KHAI TỬ",
    "sections": [
        {"title": "", "lines": [["Họ, chữ đệm, tên", "NGUYỄN VĂN CẢNG"], ["Ngày, tháng, năm sinh", "1941"],
                                ["Nơi cư trú cuối cùng", "Số 12, đường Cảng Cũ, phường Hoa Phượng"]]},
        {"title": "Đã chết", "lines": [["Vào lúc", "14 giờ 30 phút, ngày 05/03/2026"],
                                       ["Nguyên nhân chết", "Bệnh già"]]},
    ],
    "registered_at": "Ủy ban nhân dân phường Hoa Phượng, thành phố Hải Phòng", "registered_on": "09/03/2026",
    "notes": [], "taken_from": TAKEN_FROM, "extract_number": "", "copy": False,
    "place_date": "Hoa Phượng, ngày 09 tháng 03 năm 2026",
}
_COLUMN = {"name": "TRẦN THỊ BÍCH NGỌC", "born": "12/08/1998", "ethnicity": "Kinh", "nationality": "Việt Nam",
           "residence": "Số 12, đường Cảng Cũ, phường Hoa Phượng, thành phố Hải Phòng",
           "id": "Số định danh cá nhân 031198004217"}

TEMPLATES = (
    DocumentTemplate(
        code=rules.Template.EXTRACT, title="Trích lục hộ tịch", version="2025", valid_from=date(2020, 1, 1),
        source=FOLDER / "trich_luc.typ", sample=_SAMPLE,
    ),
    DocumentTemplate(
        code=rules.Template.MARRIAGE_CERTIFICATE, title="Giấy chứng nhận kết hôn", version="2025",
        valid_from=date(2020, 1, 1), source=FOLDER / "giay_ket_hon.typ",
        sample={**_SAMPLE, "wife": _COLUMN, "husband": {**_COLUMN, "name": "NGUYỄN VĂN MẠNH"}},
    ),
    DocumentTemplate(
        code=rules.Template.MARITAL_STATUS, title="Giấy xác nhận tình trạng hôn nhân", version="2025",
        valid_from=date(2020, 1, 1), source=FOLDER / "tinh_trang_hon_nhan.typ",
        sample={**_SAMPLE, "sections": [
            _SAMPLE["sections"][0],
            {"title": "Tình trạng hôn nhân", "lines": [["Hiện tại", "Chưa đăng ký kết hôn với ai"],
                                                       ["Mục đích sử dụng", "vay vốn ngân hàng"]]},
        ]},
    ),
)
