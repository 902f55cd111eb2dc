"""The statistics on paper: A4 lying on its side, with head and place for a signature."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tuphap.shared.documents import api as documents
from tuphap.shared.documents.api import DocumentTemplate
from tuphap.shared.ui.sheets import Sheet

CODE = "direction.statistics"
_SAMPLE: dict[str, Any] = {
    "title": "Tiếp nhận, giải quyết theo đơn vị", "parent": "Ủy ban nhân dân thành phố Hải Phòng",
    "office": "Sở Tư pháp", "place_date": "Ngày 04 tháng 8 năm 2026",
    "period": "Từ ngày 01/07/2026 đến ngày 31/07/2026",
    "scope": "Toàn bộ phạm vi được xem", "stamp": "Số liệu tính đến 09:30 ngày 04/08/2026",
    "heads": ["Mã", "Đơn vị", "Tiếp nhận", "Đã giải quyết"], "texts": 2,
    "rows": [{"cells": ["H31.15", "UBND phường Hải An", "12", "9"], "kind": "line", "depth": 0},
             {"cells": ["", "Cộng", "12", "9"], "kind": "total", "depth": 0}],
    "notes": ["Tỷ lệ đúng hạn = (trước hạn + đúng hạn) / đã giải quyết."],
}
TEMPLATE = DocumentTemplate(
    code=CODE, title="Báo cáo số liệu giải quyết thủ tục hành chính", version="2026", valid_from=date(2025, 1, 1),
    source=Path(__file__).parent / "papers" / "statistics.typ", sample=_SAMPLE,
)


def facts(sheet: Sheet, *, office: str, parent: str, on: date) -> dict[str, Any]:
    """What the paper shows."""
    return {
        "title": sheet.title, "parent": parent, "office": office,
        "place_date": f"Ngày {on:%d} tháng {on:%m} năm {on:%Y}", "period": sheet.period_words,
        "scope": sheet.scope_words, "stamp": sheet.stamp, "heads": list(sheet.all_heads),
        "texts": 2 if sheet.has_codes else 1, "notes": list(sheet.notes),
        "rows": [
            {"cells": list(cells), "kind": row.kind, "depth": row.depth}
            for row, cells in zip(sheet.rows, sheet.lines, strict=True)
        ],
    }


def pdf(sheet: Sheet, *, office: str, parent: str, on: date) -> bytes:
    """The table as a PDF to be printed and signed by hand."""
    return documents.render(CODE, facts(sheet, office=office, parent=parent, on=on), on=on)
