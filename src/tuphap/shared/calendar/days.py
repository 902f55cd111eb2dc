"""The State's days off and make-up days, 2024–2027, as the table is first filled. Later changes are rows.

Statutory days: Labour Code 2019 art. 112 (New Year 1, Tết 5, Hùng Kings 1, 30/4 and 1/5, National Day 2; a day that
falls on a weekend is made good on the next working day). Which days are Tết's, which day goes with 2/9 and which days
are swapped, the ministry announces every year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .rules import DayKind

LABOUR_CODE = "Bộ luật Lao động 2019, Điều 112"
CULTURE_DAY = "Nghị quyết của Bộ Chính trị ngày 07/01/2026 về Ngày Văn hóa Việt Nam; chờ sửa Điều 112 Bộ luật Lao động"

_UNCHECKED = "Số văn bản chưa đối chiếu bản gốc"
_EXPECTED = "Dự kiến, chưa có thông báo chính thức"


@dataclass(frozen=True, slots=True)
class Day:
    """One entry of the table."""

    date: date
    kind: DayKind
    source_document: str
    note: str = ""
    switched_on: bool = True


# kind, first day, last day, what it is, its source beyond the Labour Code, a word of caution
_H, _C, _O, _W = DayKind.HOLIDAY, DayKind.COMPENSATION, DayKind.SWAPPED_OFF, DayKind.MAKEUP_WORK
_N2024 = "Thông báo 5015/TB-LĐTBXH năm 2023"
_S2024 = "Thông báo 1570/TB-BLĐTBXH ngày 12/04/2024"
_N2025 = "Thông báo 6150/TB-BLĐTBXH ngày 03/12/2024"
_N2026 = "Thông báo của Bộ Nội vụ về nghỉ Tết Bính Ngọ và lễ năm 2026"

_Run = tuple[DayKind, tuple[int, int, int], int, str, str, str]
_RUNS: tuple[_Run, ...] = (
    # 2024
    (_H, (2024, 1, 1), 1, "Tết Dương lịch", "", ""),
    (_H, (2024, 2, 8), 5, "Tết Giáp Thìn", _N2024, _UNCHECKED),
    (_C, (2024, 2, 13), 2, "Nghỉ bù Tết Giáp Thìn", _N2024, _UNCHECKED),
    (_H, (2024, 4, 18), 1, "Giỗ Tổ Hùng Vương (10/3 âm lịch)", "", ""),
    (_O, (2024, 4, 29), 1, "Hoán đổi với thứ Bảy 04/05/2024", _S2024, _UNCHECKED),
    (_W, (2024, 5, 4), 1, "Làm bù cho thứ Hai 29/04/2024", _S2024, _UNCHECKED),
    (_H, (2024, 4, 30), 1, "Ngày Chiến thắng", "", ""),
    (_H, (2024, 5, 1), 1, "Quốc tế Lao động", "", ""),
    (_H, (2024, 9, 2), 2, "Quốc khánh và ngày liền sau", _N2024, _UNCHECKED),
    # 2025
    (_H, (2025, 1, 1), 1, "Tết Dương lịch", "", ""),
    (_H, (2025, 1, 27), 5, "Tết Ất Tỵ", _N2025, _UNCHECKED),
    (_H, (2025, 4, 7), 1, "Giỗ Tổ Hùng Vương (10/3 âm lịch)", "", ""),
    (_W, (2025, 4, 26), 1, "Làm bù cho thứ Sáu 02/05/2025", _N2025, _UNCHECKED),
    (_H, (2025, 4, 30), 1, "Ngày Chiến thắng", "", ""),
    (_H, (2025, 5, 1), 1, "Quốc tế Lao động", "", ""),
    (_O, (2025, 5, 2), 1, "Hoán đổi với thứ Bảy 26/04/2025", _N2025, _UNCHECKED),
    (_H, (2025, 9, 1), 2, "Quốc khánh và ngày liền trước", _N2025, _UNCHECKED),
    # 2026
    (_H, (2026, 1, 1), 1, "Tết Dương lịch", "", ""),
    (_O, (2026, 1, 2), 1, "Hoán đổi với thứ Bảy 10/01/2026", _N2026, _UNCHECKED),
    (_W, (2026, 1, 10), 1, "Làm bù cho thứ Sáu 02/01/2026", _N2026, _UNCHECKED),
    (_H, (2026, 2, 16), 5, "Tết Bính Ngọ (nghỉ liền từ 14/02 đến 22/02)", _N2026, ""),
    (_H, (2026, 4, 26), 1, "Giỗ Tổ Hùng Vương (10/3 âm lịch), rơi vào Chủ nhật", "", ""),
    (_C, (2026, 4, 27), 1, "Nghỉ bù Giỗ Tổ Hùng Vương", "", ""),
    (_H, (2026, 4, 30), 1, "Ngày Chiến thắng", "", ""),
    (_H, (2026, 5, 1), 1, "Quốc tế Lao động", "", ""),
    (_W, (2026, 8, 22), 1, "Làm bù cho thứ Hai 31/08/2026", _N2026, _UNCHECKED),
    (_O, (2026, 8, 31), 1, "Hoán đổi với thứ Bảy 22/08/2026", _N2026, _UNCHECKED),
    (_H, (2026, 9, 1), 2, "Quốc khánh và ngày liền trước", _N2026, _UNCHECKED),
    # 2027: the Labour Code alone, until the announcement comes
    (_H, (2027, 1, 1), 1, "Tết Dương lịch", "", ""),
    (_H, (2027, 2, 4), 5, "Tết Đinh Mùi", "", _EXPECTED),
    (_C, (2027, 2, 9), 2, "Nghỉ bù Tết Đinh Mùi", "", _EXPECTED),
    (_H, (2027, 4, 16), 1, "Giỗ Tổ Hùng Vương (10/3 âm lịch)", "", ""),
    (_H, (2027, 4, 30), 1, "Ngày Chiến thắng", "", ""),
    (_H, (2027, 5, 1), 1, "Quốc tế Lao động, rơi vào thứ Bảy", "", ""),
    (_C, (2027, 5, 3), 1, "Nghỉ bù Quốc tế Lao động", "", ""),
    (_H, (2027, 9, 2), 2, "Quốc khánh và ngày liền sau", "", _EXPECTED),
)

CULTURE_DAYS = (date(2026, 11, 24), date(2027, 11, 24))
"""Ngày Văn hóa Việt Nam: in the table, switched off until the law makes it a day off."""


def first_table() -> Iterator[Day]:
    """The entries with which the table is first filled."""
    for kind, (year, month, start), length, what, source, caution in _RUNS:
        document = f"{LABOUR_CODE}; {source}" if source else LABOUR_CODE
        for day in range(start, start + length):
            yield Day(date(year, month, day), kind, document, f"{what}. {caution}" if caution else what)
    for culture_day in CULTURE_DAYS:
        yield Day(culture_day, DayKind.HOLIDAY, CULTURE_DAY, "Ngày Văn hóa Việt Nam", switched_on=False)
