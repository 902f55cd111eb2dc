"""What the paper of a result says: facts as strings, which its template prints."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tuphap.shared.documents.api import DocumentTemplate
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.orgs.models import OrgUnit

from ..models import Decision
from ..rules import DECISION_TEMPLATE


def decision_data(decision: Decision, dossier: Dossier, *, number: str, on: date) -> dict[str, Any]:
    """The facts of a paper that bears ``number`` and the day ``on``."""
    unit = dossier.resolving_unit
    return {
        "above": _above(unit), "office": unit.name, "number": number, "place_date": _place_and_day(unit, on),
        "title": decision.title, "paragraphs": list(decision.paragraphs), "enclosures": list(decision.enclosures),
        "applicant": dossier.applicant_name, "address": dossier.applicant.get("address", ""),
        "dossier": dossier.reference, "procedure": dossier.procedure.name,
    }


def _above(unit: OrgUnit) -> str:
    """The body over a department; a commune's committee stands alone."""
    return unit.parent.name if unit.kind != OrgUnit.Kind.COMMUNE and unit.parent is not None else ""


def _place_and_day(unit: OrgUnit, day: date) -> str:
    name, kind = unit.admin_unit.name, unit.admin_unit.get_kind_display()
    bare = name[len(kind) + 1:] if name.casefold().startswith(f"{kind} ".casefold()) else name
    return f"{bare}, ngày {day:%d} tháng {day:%m} năm {day:%Y}"


_SAMPLE: dict[str, Any] = {
    "above": "Ủy ban nhân dân thành phố Hải Phòng", "office": "Sở Tư pháp thành phố Hải Phòng", "number": "15/2026",
    "place_date": "Hải Phòng, ngày 09 tháng 03 năm 2026", "title": "Giấy đăng ký hoạt động của Văn phòng luật sư",
    "paragraphs": ["Căn cứ Luật Luật sư;", "Sở Tư pháp cấp Giấy đăng ký hoạt động cho Văn phòng luật sư Hoa Phượng."],
    "enclosures": ["Danh sách luật sư"], "applicant": "Văn phòng luật sư Hoa Phượng", "address": "Phường Hoa Phượng",
    "dossier": "H31.09-260302-0001", "procedure": "Đăng ký hoạt động của tổ chức hành nghề luật sư",
}
TEMPLATE = DocumentTemplate(
    code=DECISION_TEMPLATE, title="Văn bản kết quả giải quyết thủ tục hành chính", version="2025",
    valid_from=date(2020, 1, 1), source=Path(__file__).parents[1] / "papers" / "decision.typ", sample=_SAMPLE,
)
