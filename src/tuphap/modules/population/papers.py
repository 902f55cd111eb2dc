"""The joint minutes (biên bản đối chiếu) of commune and police: what both sides hold, and what was agreed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tuphap.shared.documents import api as documents
from tuphap.shared.documents.api import DocumentTemplate
from tuphap.shared.ui import sheets
from tuphap.shared.ui.sheets import Cell, Row, Sheet

from . import comparison
from .models import Ticket

CODE = "population.minutes"
_SAMPLE: dict[str, Any] = {
    "office": "Ủy ban nhân dân phường Hải An", "ticket": "ĐC-000123", "place_date": "Hải An, ngày 03 tháng 7 năm 2026",
    "about": "Khai sinh số 15/1998, Nguyễn Văn Lâm", "number": "031098000456", "klass": "D – Khác nhiều",
    "rows": [{"title": "Ngày sinh", "civil": "05/03/1998", "population": "03/05/1998", "right": "05/03/1998"}],
    "conclusion": "Theo sổ: sửa bên ghi sai", "reason": "Trang sổ ghi 05/3/1998",
}
TEMPLATE = DocumentTemplate(
    code=CODE, title="Biên bản đối chiếu hộ tịch – dân cư", version="2026", valid_from=date(2022, 11, 9),
    source=Path(__file__).parent / "papers" / "bien-ban.typ", sample=_SAMPLE,
)


def facts(ticket: Ticket, *, on: date) -> dict[str, Any]:
    """What the minutes say; where nothing is decided yet, the places for it are left open."""
    place = ticket.unit.admin_unit.name.removeprefix(f"{ticket.unit.admin_unit.get_kind_display()} ")
    return {
        "office": ticket.unit.name, "ticket": ticket.code,
        "place_date": f"{place}, ngày {on:%d} tháng {on:%m} năm {on:%Y}", "about": _about(ticket),
        "number": ticket.record.number if ticket.record is not None else "",
        "klass": f"{ticket.klass} – {ticket.klass_title}",
        "rows": [
            {"title": one.title, "civil": comparison.show(one.field, one.civil),
             "population": comparison.show(one.field, one.population),
             "right": comparison.show(one.field, ticket.right.get(one.field, ""))}
            for one in ticket.fields
        ],
        "conclusion": ticket.choice_title, "reason": ticket.reason,
    }


def _about(ticket: Ticket) -> str:
    if ticket.act is None:
        return ticket.name
    return f"{ticket.act.title} số {ticket.act.display_number}, {ticket.name}"


def minutes_pdf(ticket: Ticket, *, on: date) -> bytes:
    """The minutes as they are printed and signed by hand."""
    return documents.render(CODE, facts(ticket, on=on), on=on)


def minutes_letter(ticket: Ticket, *, on: date) -> bytes:
    """The same to be worked on with a word processor."""
    told = facts(ticket, on=on)
    sheet = Sheet(
        title="Biên bản đối chiếu hộ tịch – dân cư", scope_words=told["about"],
        period_words=f"Phiếu {told['ticket']}, nhóm {told['klass']}",
        stamp=f"Số định danh: {told['number'] or 'chưa có'}",
        notes=(f"Thống nhất: {told['conclusion'] or '…………'}", f"Căn cứ: {told['reason'] or '…………'}",
               "Đại diện công an cấp xã (ký, ghi rõ họ tên): …………"),
        line_head="Mục", heads=("Hộ tịch ghi", "Dân cư ghi", "Sổ giấy ghi"),
        rows=tuple(
            Row(str(place), row["title"], tuple(
                Cell(head, row[name]) for head, name in (
                    ("Hộ tịch ghi", "civil"), ("Dân cư ghi", "population"), ("Sổ giấy ghi", "right"))))
            for place, row in enumerate(told["rows"], start=1)),
        has_codes=False,
    )
    return sheets.sheet_docx(sheet, office=ticket.unit.name, parent="", on=on)
