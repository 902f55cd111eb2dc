"""How a line of a sector's table becomes rows of the catalogue: papers by their codes, limits as words, steps by hours.

Papers that a published database holds are asked for until 31/12/2025; from 01/01/2026 the office looks them up
(NQ 66.7/2025/NQ-CP), so that such a line makes two versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..rules import PROVISIONAL_CODE
from .forms import FORMS
from .papers import ORIGINALS, PAPERS

# Luật Hộ tịch 60/2014/QH13 holds from the first day; NĐ 120/2025 and 121/2025/NĐ-CP move powers on the second; NQ
# 66.7/2025/NQ-CP lets published databases stand for papers from the third.
LAW_FROM = date(2016, 1, 1)
REFORM_FROM = date(2025, 7, 1)
DATABASES_FROM = date(2026, 1, 1)

PROVINCE, COMMUNE, OTHER = "tinh", "xa", "khac"
FULL, PARTIAL, OFFLINE = "toan_trinh", "mot_phan", "truc_tiep"
GENERIC = "one_stop.generic"

# From whom nothing is asked, where a fee names them: Luật Phí và lệ phí 97/2015/QH13, Điều 10.
SPARED = ("poor", "merit", "disabled", "elderly", "child", "minority")

DECISION = "Theo quyết định công bố của Bộ Tư pháp"
SOURCE = "Danh mục khởi tạo, cần đối chiếu với Cơ sở dữ liệu quốc gia về thủ tục hành chính"
PROVISIONAL = f"Mã tạm, chờ mã quốc gia. {SOURCE}"
DATABASES_BASIS = "NQ 66.7/2025/NQ-CP"

Fee = dict[str, Any]


def fee(amount: int | None, name: str, basis: str, *, condition: str = "", code: str = "muc_thu",
        **counted: Any) -> Fee:
    """One fee in đồng; without an amount it is the province's to set. ``counted``: how (see ``law.FeeText``)."""
    return {"code": code, "name": name, "amount": amount, "condition": condition, "basis": basis, **counted}


def by_province(name: str, basis: str) -> Fee:
    """A fee that the province's People's Council sets."""
    return fee(None, name, basis, condition="theo nghị quyết của Hội đồng nhân dân cấp tỉnh", code="tinh")


@dataclass(frozen=True, slots=True)
class Line:
    """One procedure as a table names it.

    :param limit: ``"5 WD"`` working days, ``"20 DAY"`` days, ``"8 HOUR"``, or ``"SAME_DAY"``.
    :param papers: codes of ``papers.PAPERS``; one that ends with ``?`` is handed in where there is one.
    :param words: residents' words for it, parted by semicolons.
    :param extra: working days more when something must be verified.
    :param signed: codes of ``papers.ORIGINALS``: what the law still wants signed by hand.
    :param handler: of a module that has a form of its own for this procedure; else the sector's.
    """

    code: str
    name: str
    limit: str
    result: str
    papers: str
    words: str
    fees: tuple[Fee, ...] = ()
    extra: int = 0
    form: str = ""
    service: str = ""
    group: str = ""
    eligibility: tuple[str, ...] = ()
    signed: str = ""
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch in which the sector stood under one law. ``renamed``: what that law calls otherwise."""

    basis: str
    since: date = REFORM_FROM
    until: date | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sector:
    """What the lines of one table have in common."""

    sector: str
    group: str
    level: str
    form: str
    periods: tuple[Period, ...]
    service: str = FULL
    restart: str = "RESTART"
    fees: tuple[Fee, ...] = ()
    handler: str = GENERIC
    eligibility: tuple[str, ...] = ()
    signed: str = ""

    def rows(self, *lines: Line) -> tuple[dict[str, Any], ...]:
        """The versions of every line, period after period."""
        return tuple(
            row for line in lines for period in self.periods for row in self._versions(line, period)
        )

    def _versions(self, line: Line, period: Period) -> list[dict[str, Any]]:
        looked_up = any(PAPERS[code.rstrip("?")].database for code in line.papers.split())
        end = period.until or date.max
        if not looked_up or not period.since < DATABASES_FROM < end:
            return [self._row(line, period)]
        earlier = replace(period, until=DATABASES_FROM)
        later = replace(period, since=DATABASES_FROM, basis=f"{period.basis}; {DATABASES_BASIS}")
        return [self._row(line, earlier), self._row(line, later)]

    def _row(self, line: Line, period: Period) -> dict[str, Any]:
        value, unit = limit_of(line.limit)
        form = "" if line.handler else line.form or self.form
        row = {
            "code": line.code, "name": line.name, "sector": self.sector, "group": line.group or self.group,
            "authority_level": self.level, "service_kind": line.service or self.service, "limit_value": value,
            "limit_unit": unit, "extra_value": line.extra, "extra_unit": "WD" if line.extra else "",
            "restart_rule": self.restart, "fee_rules": list(line.fees or self.fees),
            "components": components(line.papers, databases=period.since >= DATABASES_FROM),
            "internal_steps": steps(self.level, line.limit) if self.handler else [],
            "originals": [ORIGINALS[code] for code in (line.signed or self.signed).split()],
            "eligibility": list(line.eligibility or self.eligibility),
            "keywords": [word.strip() for word in line.words.split(";")], "result_type": line.result,
            "handler": line.handler or self.handler, "form": FORMS[form] if form else [], "decision_no": DECISION,
            "legal_basis": period.basis, "source": PROVISIONAL if line.code.startswith(PROVISIONAL_CODE) else SOURCE,
            "valid_from": period.since, "valid_to": period.until,
        }
        return _renamed(row, period.renamed)


def _renamed(row: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The row in the names of its law; the old ones stay among the residents' words."""
    for old, new in names.items():
        row = {**row, **{key: row[key].replace(old, new) for key in ("name", "result_type", "sector", "group")}}
    return row


def limit_of(text: str) -> tuple[int, str]:
    """``"5 WD"`` as value and unit; ``"SAME_DAY"`` is one."""
    value, _, unit = text.rpartition(" ")
    return (int(value) if value else 1), unit


def components(papers: str, *, databases: bool) -> list[dict[str, Any]]:
    """The papers of a line as a row keeps them, before or since the databases stand for some of them."""
    return [_component(code.rstrip("?"), optional=code.endswith("?"), databases=databases) for code in papers.split()]


def _component(code: str, *, optional: bool, databases: bool) -> dict[str, Any]:
    paper = PAPERS[code]
    looked_up = bool(paper.database) and databases
    shown = bool(paper.database) and not databases and paper.shown
    note = "Cơ quan tự tra cứu; chỉ nộp khi tra cứu không có kết quả." if looked_up else paper.note
    return {
        "code": code, "name": paper.name, "form": paper.form, "copies": 1, "mandatory": not optional and not shown,
        "replaced_by_database": paper.database if looked_up else "", "note": "Xuất trình." if shown else note,
    }


# Working hours of each level: of the desk, the division head, the leader, the clerk; the case officer has the rest.
_HOURS_A_DAY = 8
_NAMES = {
    COMMUNE: ("Tiếp nhận, kiểm tra hồ sơ", "Thẩm tra, dự thảo kết quả", "", "Xem xét, ký", "Vào sổ, trả kết quả"),
    PROVINCE: ("Tiếp nhận, kiểm tra, chuyển phòng chuyên môn", "Thẩm định, dự thảo kết quả",
               "Lãnh đạo phòng xem xét, trình lãnh đạo Sở", "Lãnh đạo Sở xem xét, ký", "Vào sổ, trả kết quả"),
}


def steps(level: str, limit: str) -> list[dict[str, Any]]:
    """The internal process: at a department a division head stands between officer and leader."""
    value, unit = limit_of(limit)
    total = float(value * _HOURS_A_DAY if unit in ("WD", "DAY") else value if unit == "HOUR" else _HOURS_A_DAY)
    if unit == "DAY":  # seven days hold five working ones
        total = round(total * 5 / 7)
    part = max(0.5, min(4.0, total / 8))
    desk, officer, head, leader, clerk = _NAMES[level]
    shares = [("RECEIVER", desk, part), ("CASE_OFFICER", officer, 0.0), ("LEADER", leader, 2 * part),
              ("HANDER", clerk, part)]
    if head:
        shares.insert(2, ("HEAD", head, 2 * part))
    rest = total - sum(hours for _, _, hours in shares)
    return [{"role": role, "title": title, "hours": hours or rest} for role, title, hours in shares]
