"""The forms that the platform brings: civil status at the commune, and the department's summaries of them.

Rows and columns follow what reports print (births and deaths by sex, in time or late, three ages of death; marriages;
other acts). The numbers 11b and 12a, and the lines beyond those read, are to be held against the circular in force:
they are data, and a new version is entered on the page of the forms.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now

BASIS = "Chế độ báo cáo thống kê ngành Tư pháp (Thông tư 17/2025/TT-BTP; trước đó Thông tư 03/2019/TT-BTP)"
SINCE = date(2016, 1, 1)
BIRTHS, MARRIAGES, OTHERS = "11a/BTP/HCTP/HT/KSKT", "11b/BTP/HCTP/HT/KH", "12a/BTP/HCTP/HT/HTK"
_ALL = {"code": "all", "title": "Tổng số"}
_ONLINE = {"code": "online", "title": "Nộp trực tuyến", "group": "Trong đó", "where": {"channel": ["online"]}}
_ELEMENTS = (
    {"code": "domestic", "title": "Trong nước", "group": "Chia theo yếu tố nước ngoài",
     "where": {"element": ["domestic"]}},
    {"code": "foreign", "title": "Có yếu tố nước ngoài", "group": "Chia theo yếu tố nước ngoài",
     "where": {"element": ["foreign"]}},
)


def _row(mark: str, code: str, title: str, source: str, **where: list[str]) -> dict[str, Any]:
    return {"mark": mark, "code": code, "title": title, "source": f"civil_status.{source}", "where": where,
            "depth": mark.count(".")}


def _birth(mark: str, code: str, title: str, **where: list[str]) -> dict[str, Any]:
    return _row(mark, code, title, "births_new", **where)


BIRTHS_LAYOUT: dict[str, Any] = {
    "unit": "Trường hợp",
    "columns": [
        _ALL,
        {"code": "male", "title": "Nam", "group": "Chia theo giới tính", "where": {"sex": ["male"]}},
        {"code": "female", "title": "Nữ", "group": "Chia theo giới tính", "where": {"sex": ["female"]}},
        {"code": "on_time", "title": "Đúng hạn", "group": "Chia theo hạn đăng ký",
         "where": {"timeliness": ["on_time"]}},
        {"code": "late", "title": "Quá hạn", "group": "Chia theo hạn đăng ký", "where": {"timeliness": ["late"]}},
        _ONLINE,
    ],
    "rows": [
        _birth("1", "births", "Đăng ký khai sinh"),
        _birth("1.1", "births_wedlock", "Trẻ em có cha mẹ đăng ký kết hôn", parentage=["wedlock"]),
        _birth("1.2", "births_other", "Trẻ em có cha mẹ không đăng ký kết hôn", parentage=["other"]),
        _birth("1.3", "births_foundling", "Trẻ em bị bỏ rơi", parentage=["foundling"]),
        _birth("1.4", "births_here", "Sinh ở Việt Nam", place=["here"]),
        _birth("1.5", "births_abroad", "Sinh ở nước ngoài", place=["abroad"]),
        _birth("1.6", "births_foreign", "Có yếu tố nước ngoài", element=["foreign"]),
        _birth("1.7", "births_pending", "Chờ cấp số định danh cá nhân", number=["pin_pending"]),
        _row("2", "births_again", "Đăng ký lại khai sinh", "births_again"),
        _row("3", "deaths", "Đăng ký khai tử", "deaths"),
        _row("3.1", "deaths_child", "Dưới 6 tuổi", "deaths", age=["0-5"]),
        _row("3.2", "deaths_minor", "Từ 6 đến dưới 16 tuổi", "deaths", age=["6-15"]),
        _row("3.3", "deaths_adult", "Từ 16 tuổi trở lên", "deaths", age=["16+"]),
        _row("3.4", "deaths_unknown", "Không xác định được tuổi", "deaths", age=["unknown"]),
        _row("3.5", "deaths_foreign", "Có yếu tố nước ngoài", "deaths", element=["foreign"]),
        _row("4", "deaths_again", "Đăng ký lại khai tử", "deaths_again"),
    ],
    "row_sums": [
        {"total": "births", "parts": ["births_wedlock", "births_other", "births_foundling"]},
        {"total": "births", "parts": ["births_here", "births_abroad"]},
        {"total": "births", "parts": ["births_foreign"], "within": True},
        {"total": "births", "parts": ["births_pending"], "within": True},
        {"total": "deaths", "parts": ["deaths_child", "deaths_minor", "deaths_adult", "deaths_unknown"]},
        {"total": "deaths", "parts": ["deaths_foreign"], "within": True},
    ],
    "column_sums": [
        {"total": "all", "parts": ["male", "female"]}, {"total": "all", "parts": ["on_time", "late"]},
        {"total": "all", "parts": ["online"], "within": True},
    ],
    "blank": [["deaths_again", "on_time"], ["deaths_again", "late"], ["births_again", "on_time"],
              ["births_again", "late"]],
    "main": [["births", "all"], ["deaths", "all"]],
}

MARRIAGES_LAYOUT: dict[str, Any] = {
    "unit": "Cặp",
    "columns": [_ALL, *_ELEMENTS, _ONLINE],
    "rows": [
        _row("1", "marriages", "Đăng ký kết hôn", "marriages"),
        _row("1.1", "marriages_first", "Kết hôn lần đầu của cả hai bên", "marriages", order=["first"]),
        _row("1.2", "marriages_second", "Có bên kết hôn từ lần thứ hai trở lên", "marriages", order=["again"]),
        _row("2", "marriages_again", "Đăng ký lại kết hôn", "marriages_again"),
    ],
    "row_sums": [{"total": "marriages", "parts": ["marriages_first", "marriages_second"]}],
    "column_sums": [
        {"total": "all", "parts": ["domestic", "foreign"]}, {"total": "all", "parts": ["online"], "within": True},
    ],
    "main": [["marriages", "all"]],
}

OTHERS_LAYOUT: dict[str, Any] = {
    "unit": "Trường hợp",
    "columns": [_ALL, *_ELEMENTS, _ONLINE],
    "rows": [
        _row("1", "guardianships", "Đăng ký giám hộ", "guardianships"),
        _row("1.1", "guardians_natural", "Giám hộ đương nhiên", "guardianships", form=["natural"]),
        _row("1.2", "guardians_appointed", "Giám hộ cử", "guardianships", form=["appointed"]),
        _row("2", "guardianships_ended", "Đăng ký chấm dứt giám hộ", "guardianships_ended"),
        _row("3", "recognitions", "Đăng ký nhận cha, mẹ, con", "recognitions"),
        _row("3.1", "recognitions_father", "Cha – con", "recognitions", parent=["father"]),
        _row("3.2", "recognitions_mother", "Mẹ – con", "recognitions", parent=["mother"]),
        _row("4", "changes", "Thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc", "changes"),
        _row("4.1", "changes_change", "Thay đổi hộ tịch", "changes", change=["change"]),
        _row("4.2", "changes_correction", "Cải chính hộ tịch", "changes", change=["correction"]),
        _row("4.3", "changes_addition", "Bổ sung thông tin hộ tịch", "changes", change=["addition"]),
        _row("4.4", "changes_ethnicity", "Xác định lại dân tộc", "changes", change=["ethnicity"]),
        _row("5", "foreign_marriages", "Ghi chú kết hôn ở nước ngoài", "foreign_marriages"),
        _row("6", "foreign_divorces", "Ghi chú ly hôn, hủy kết hôn ở nước ngoài", "foreign_divorces"),
        _row("7", "foreign_others", "Ghi chú việc hộ tịch khác ở nước ngoài", "foreign_others"),
        _row("8", "statuses", "Cấp Giấy xác nhận tình trạng hôn nhân", "marital_statuses"),
        _row("8.1", "statuses_marriage", "Để đăng ký kết hôn", "marital_statuses", purpose=["marriage"]),
        _row("8.2", "statuses_other", "Mục đích khác", "marital_statuses", purpose=["other"]),
        _row("9", "births_again", "Đăng ký lại khai sinh", "births_again"),
        _row("10", "marriages_again", "Đăng ký lại kết hôn", "marriages_again"),
        _row("11", "deaths_again", "Đăng ký lại khai tử", "deaths_again"),
        _row("12", "extracts", "Lượt cấp bản sao trích lục hộ tịch", "extracts"),
        _row("13", "confirmations", "Lượt xác nhận thông tin hộ tịch", "confirmations"),
        _row("14", "supervisions", "Đăng ký giám sát việc giám hộ", "supervisions"),
        _row("15", "supervisions_ended", "Đăng ký chấm dứt giám sát việc giám hộ", "supervisions_ended"),
    ],
    "row_sums": [
        {"total": "guardianships", "parts": ["guardians_natural", "guardians_appointed"]},
        {"total": "recognitions", "parts": ["recognitions_father", "recognitions_mother"]},
        {"total": "changes", "parts": ["changes_change", "changes_correction", "changes_addition",
                                       "changes_ethnicity"]},
        {"total": "statuses", "parts": ["statuses_marriage", "statuses_other"]},
    ],
    "column_sums": [
        {"total": "all", "parts": ["domestic", "foreign"]}, {"total": "all", "parts": ["online"], "within": True},
    ],
    "same": [
        {"row": "births_again", "column": "all", "form": BIRTHS, "other_row": "births_again", "other_column": "all"},
        {"row": "deaths_again", "column": "all", "form": BIRTHS, "other_row": "deaths_again", "other_column": "all"},
        {"row": "marriages_again", "column": "all", "form": MARRIAGES, "other_row": "marriages_again",
         "other_column": "all"},
    ],
    "main": [["changes", "all"], ["statuses", "all"], ["extracts", "all"]],
}

FORMS: tuple[dict[str, Any], ...] = (
    {"code": BIRTHS, "summary_code": "11c/BTP/HCTP/HT/KSKT", "title": "Kết quả đăng ký khai sinh, khai tử",
     "legal_basis": BASIS, "lay": BIRTHS_LAYOUT, "valid_from": SINCE},
    {"code": MARRIAGES, "summary_code": "11d/BTP/HCTP/HT/KH", "title": "Kết quả đăng ký kết hôn",
     "legal_basis": BASIS, "lay": MARRIAGES_LAYOUT, "valid_from": SINCE},
    {"code": OTHERS, "summary_code": "12c/BTP/HCTP/HT/HTK", "title": "Kết quả đăng ký các việc hộ tịch khác",
     "legal_basis": BASIS, "lay": OTHERS_LAYOUT, "valid_from": SINCE},
)


def seed() -> None:
    """Enter the forms that are not there yet."""
    from .operations import seed_forms

    seed_forms(forms=FORMS, actor=system_actor("seed"), at=now())
