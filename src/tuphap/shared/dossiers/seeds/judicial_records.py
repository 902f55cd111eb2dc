"""Judicial records: the department's until the police took them over on 01/03/2025. Shown, and not filed here."""

from __future__ import annotations

from datetime import date
from typing import Any

from .writing import LAW_FROM, OTHER, PROVINCE, Line, Period, Sector, fee

_MOVED = date(2025, 3, 1)
_LAW = "Luật Lý lịch tư pháp 2009"


def _fees(basis: str) -> tuple[dict[str, Any], ...]:
    return (
        fee(200_000, "Phí cung cấp thông tin lý lịch tư pháp", basis, condition="mỗi lần, mỗi người"),
        fee(100_000, "Phí cung cấp thông tin lý lịch tư pháp", basis, code="giam",
            condition="sinh viên, người có công, thân nhân liệt sĩ"),
    )


_DEPARTMENT = Sector("Lý lịch tư pháp", "Lý lịch tư pháp", PROVINCE, "", (Period(_LAW, LAW_FROM, _MOVED),), handler="",
                     fees=_fees("TT 244/2016/TT-BTC"))
_POLICE = Sector(
    "Lý lịch tư pháp", "Lý lịch tư pháp", OTHER, "", (Period(f"{_LAW}; TT 16/2025/TT-BTC", _MOVED),), handler="",
    fees=_fees("TT 16/2025/TT-BTC"), eligibility=(
        "Từ ngày 01/03/2025 Công an tỉnh, thành phố cấp Phiếu lý lịch tư pháp.",
        "Nộp trên Cổng Dịch vụ công quốc gia, ứng dụng VNeID hoặc tại Công an tỉnh, thành phố.",
    ),
)
_LINES = (
    Line("tam.ly-lich-tu-phap.ca-nhan", "Cấp Phiếu lý lịch tư pháp cho công dân Việt Nam, người nước ngoài đang cư trú "
         "tại Việt Nam", "10 DAY", "Phiếu lý lịch tư pháp số 1 hoặc số 2", "to_khai giay_to_tuy_than uy_quyen?",
         "lý lịch tư pháp; xác nhận không có tiền án; giấy không tiền án tiền sự"),
    Line("tam.ly-lich-tu-phap.co-quan", "Cấp Phiếu lý lịch tư pháp cho cơ quan nhà nước, tổ chức chính trị, tổ chức "
         "chính trị - xã hội", "10 DAY", "Phiếu lý lịch tư pháp số 1", "giay_de_nghi", "cơ quan xin lý lịch tư pháp"),
    Line("tam.ly-lich-tu-phap.to-tung", "Cấp Phiếu lý lịch tư pháp cho cơ quan tiến hành tố tụng", "10 DAY",
         "Phiếu lý lịch tư pháp số 2", "giay_de_nghi", "lý lịch tư pháp cho tòa án, viện kiểm sát"),
)
JUDICIAL_RECORDS: tuple[dict[str, Any], ...] = (*_DEPARTMENT.rows(*_LINES), *_POLICE.rows(*_LINES))
