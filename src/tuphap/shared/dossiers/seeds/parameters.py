"""The numbers of the one-stop rules that a province may set by its own regulation."""

from __future__ import annotations

from typing import Any

from .writing import LAW_FROM


def _parameter(code: str, value: int, unit: str, title: str, basis: str) -> dict[str, Any]:
    return {"code": code, "value": value, "unit": unit, "title": title, "legal_basis": basis, "valid_from": LAW_FROM,
            "valid_to": None}


_DEFAULT = "Mặc định của hệ thống theo thông lệ một cửa; địa phương điều chỉnh theo quy chế của mình"
_JOINED = "NĐ 63/2024/NĐ-CP: tối đa 03 ngày làm việc cho cả quy trình; phân chia từng bước theo quy chế của địa phương"
_JOINED_DEATH = f"{_JOINED} (thời hạn từng bước chưa đối chiếu với quyết định công bố)"
PARAMETERS: tuple[dict[str, Any], ...] = (
    _parameter("supplement_days", 30, "ngày", "Thời gian chờ người nộp bổ sung hồ sơ trước khi dừng giải quyết",
               _DEFAULT),
    _parameter("supplements_after_receipt", 1, "lần", "Số lần được yêu cầu bổ sung sau khi tiếp nhận",
               f"{_DEFAULT} (NĐ 118/2025/NĐ-CP)"),
    _parameter("acceptance_hours", 8, "giờ làm việc", "Thời gian trả lời hồ sơ nộp trực tuyến",
               "NĐ 118/2025/NĐ-CP; NĐ 42/2022/NĐ-CP"),
    _parameter("rating_days", 30, "ngày", "Số ngày sau khi trả kết quả người nộp được đánh giá", _DEFAULT),
    _parameter("close_days", 30, "ngày", "Số ngày sau khi trả kết quả thì kết thúc hồ sơ", _DEFAULT),
    _parameter("hand_over_cutoff_hour", 15, "giờ", "Tiếp nhận trước giờ này thì bàn giao ngay trong ngày",
               "NĐ 118/2025/NĐ-CP"),
    _parameter("hand_over_morning_hours", 1, "giờ",
               "Tiếp nhận sau giờ đó: bàn giao trong số giờ đầu của ngày làm việc kế tiếp",
               f"NĐ 118/2025/NĐ-CP (đầu giờ). {_DEFAULT}"),
    # Shares of the three working days that a whole joined procedure may take, each counted from receipt.
    _parameter("joined_number_days", 1, "ngày làm việc", "Liên thông khai sinh: hạn cấp số định danh, kể từ tiếp nhận",
               _JOINED),
    _parameter("joined_residence_days", 2, "ngày làm việc",
               "Liên thông khai sinh: hạn đăng ký thường trú, kể từ tiếp nhận", _JOINED),
    _parameter("joined_insurance_days", 3, "ngày làm việc",
               "Liên thông khai sinh: hạn cấp thẻ bảo hiểm y tế, kể từ tiếp nhận", _JOINED),
    _parameter("joined_notice_days", 1, "ngày làm việc",
               "Liên thông khai tử: hạn cập nhật việc chết vào CSDL dân cư, kể từ tiếp nhận", _JOINED_DEATH),
    _parameter("joined_removal_days", 2, "ngày làm việc",
               "Liên thông khai tử: hạn xóa đăng ký thường trú, kể từ tiếp nhận", _JOINED_DEATH),
    _parameter("joined_aid_days", 3, "ngày làm việc",
               "Liên thông khai tử: hạn giải quyết mai táng phí, kể từ tiếp nhận", _JOINED_DEATH),
    _parameter("joined_stop_days", 3, "ngày làm việc",
               "Liên thông khai tử: hạn dừng chi trả hằng tháng, kể từ tiếp nhận", _JOINED_DEATH),
)
