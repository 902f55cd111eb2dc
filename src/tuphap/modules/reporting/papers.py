"""A report on paper: the statistical form, lying on its side, as it is signed, sent and checked."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from tuphap.shared.documents import api as documents
from tuphap.shared.documents.api import DocumentTemplate
from tuphap.shared.orgs.models import OrgUnit

from . import rules, sheet
from .models import Report
from .rules import Level

_SAMPLE: dict[str, Any] = {
    "code": "11a/BTP/HCTP/HT/KSKT", "basis": "Thông tư 17/2025/TT-BTP", "due": "07/07/2026",
    "title": "Kết quả đăng ký khai sinh, khai tử", "period": "Kỳ báo cáo: 6 tháng đầu năm 2026 (chính thức)",
    "reporter": "Ủy ban nhân dân phường Hải An", "receiver": "Sở Tư pháp thành phố Hải Phòng", "unit": "Trường hợp",
    "number": "12/2026", "place_date": "Hải An, ngày 03 tháng 7 năm 2026", "maker": "Lê Thị Hồ Sơ",
    "heads": [{"group": "", "titles": ["Tổng số"]}, {"group": "Chia theo giới tính", "titles": ["Nam", "Nữ"]}],
    "rows": [{"mark": "1", "title": "Đăng ký khai sinh", "cells": ["12", "7", "5"], "depth": 0},
             {"mark": "1.1", "title": "Trẻ em bị bỏ rơi", "cells": ["0", "0", "0"], "depth": 1},
             {"mark": "2", "title": "Đăng ký lại khai sinh", "cells": ["1", "1", "x"], "depth": 0}],
    "stamp": "Số liệu đếm lúc 09:30 ngày 02/07/2026", "notes": ["Dấu “x”: ô không có số liệu."],
}
TEMPLATE = DocumentTemplate(
    code=rules.TEMPLATE, title="Báo cáo thống kê ngành Tư pháp", version="2026", valid_from=date(2016, 1, 1),
    source=Path(__file__).parent / "papers" / "bieu.typ", sample=_SAMPLE,
)


def facts(report: Report, *, office: OrgUnit, on: date) -> dict[str, Any]:
    """What the form shows. ``office``: who answers for the report, and signs it."""
    table, columns = sheet.sheet(report), report.form.lay.columns
    return {
        "code": report.code, "basis": report.form.legal_basis, "due": sheet.day(report.due),
        "title": report.form.title, "period": table.period_words, "reporter": report.unit.name,
        "receiver": _receiver(report, office), "unit": report.form.lay.unit, "number": report.number,
        "place_date": f"{_place(office)}, ngày {on:%d} tháng {on:%m} năm {on:%Y}", "maker": report.made_by_name,
        "heads": [
            {"group": group, "titles": [column.title for column in many]}
            for group, many in groupby(columns, key=lambda column: column.group)
        ],
        "rows": [
            {"mark": row.code, "title": row.title, "cells": [cell.words for cell in row.cells], "depth": row.depth}
            for row in table.rows
        ],
        "stamp": table.stamp, "notes": list(table.notes),
    }


def preview(report: Report, *, office: OrgUnit, on: date) -> bytes:
    """The form as it would be signed, without number and code."""
    return documents.render(rules.TEMPLATE, facts(report, office=office, on=on), on=on)


def _receiver(report: Report, office: OrgUnit) -> str:
    if report.level == Level.PROVINCE:
        return "Bộ Tư pháp"
    return f"Sở Tư pháp {office.admin_unit.province.name[:1].lower()}{office.admin_unit.province.name[1:]}"


def _place(office: OrgUnit) -> str:
    """The territory's own name, without its kind."""
    return office.admin_unit.name.removeprefix(f"{office.admin_unit.get_kind_display()} ")
