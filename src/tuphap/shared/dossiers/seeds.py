"""The catalogue as the platform brings it: every civil-status procedure of a commune, and the one-stop parameters.

Codes, limits and papers are from general knowledge of the national catalogue and are to be reloaded from it; a
procedure whose national code is not at hand bears a provisional key beginning with ``tam.``. Fees left without an
amount are set by each province's People's Council.
"""

from __future__ import annotations

from datetime import date
from typing import Any

# Luật Hộ tịch 60/2014/QH13 holds from the first day; NĐ 120/2025/NĐ-CP gives communes the districts' work from the
# second; NQ 66.7/2025/NQ-CP lets published databases stand for papers from the third.
LAW_FROM = date(2016, 1, 1)
COMMUNE_FROM = date(2025, 7, 1)
DATABASES_FROM = date(2026, 1, 1)

_LAW = "Luật Hộ tịch 2014; NĐ 123/2015/NĐ-CP"
_POWERS = f"{_LAW}; NĐ 120/2025/NĐ-CP"
_NO_MORE_PAPERS = f"{_LAW}; NĐ 87/2020/NĐ-CP; NQ 66.7/2025/NQ-CP"
_DECISION = "Theo quyết định công bố của Bộ Tư pháp"
_SOURCE = "Danh mục khởi tạo, cần đối chiếu với Cơ sở dữ liệu quốc gia về thủ tục hành chính"
_FREE = [{"code": "mien", "name": "Lệ phí", "amount": 0, "condition": "", "basis": "TT 85/2019/TT-BTC"}]
_PROVINCE = [{"code": "tinh", "name": "Lệ phí hộ tịch", "amount": None,
              "condition": "theo nghị quyết của Hội đồng nhân dân thành phố", "basis": "TT 85/2019/TT-BTC"}]
_COPY_FEE = [{"code": "ban_sao", "name": "Phí cấp bản sao trích lục", "amount": 8000, "condition": "mỗi bản",
              "basis": "TT 281/2016/TT-BTC"}]


def _component(code: str, name: str, *, mandatory: bool = True, database: str = "", form: str = "original",
               note: str = "") -> dict[str, Any]:
    return {"code": code, "name": name, "form": form, "copies": 1, "mandatory": mandatory,
            "replaced_by_database": database, "note": note}


def _step(role: str, title: str, hours: float) -> dict[str, Any]:
    return {"role": role, "title": title, "hours": hours}


_POPULATION = "Cơ sở dữ liệu quốc gia về dân cư"
_CIVIL_STATUS = "Cơ sở dữ liệu hộ tịch điện tử"

_BIRTH_NOTICE = _component(
    "giay_chung_sinh", "Giấy chứng sinh",
    note="Không có Giấy chứng sinh thì nộp văn bản của người làm chứng; không có người làm chứng thì nộp giấy cam "
    "đoan.",
)
_PROXY = _component(
    "van_ban_uy_quyen", "Văn bản ủy quyền (nếu ủy quyền)", mandatory=False,
    note="Không phải chứng thực nếu người được ủy quyền là ông, bà, cha, mẹ, con, vợ, chồng, anh, chị, em ruột.",
)
_BIRTH: dict[str, Any] = {
    "code": "1.001193",
    "name": "Đăng ký khai sinh",
    "sector": "Hộ tịch",
    "group": "Khai sinh",
    "authority_level": "xa",
    "service_kind": "toan_trinh",
    "limit_value": 1,
    "limit_unit": "SAME_DAY",
    "restart_rule": "RESTART",
    "fee_rules": [
        {"code": "dung_han", "name": "Lệ phí đăng ký khai sinh đúng hạn", "amount": 0,
         "condition": "trong 60 ngày kể từ ngày sinh", "basis": "Luật Hộ tịch 2014, Điều 11"},
        {"code": "qua_han", "name": "Lệ phí đăng ký khai sinh quá hạn", "amount": None,
         "condition": "sau 60 ngày, theo nghị quyết của Hội đồng nhân dân thành phố", "basis": "TT 85/2019/TT-BTC"},
    ],
    "internal_steps": [
        _step("RECEIVER", "Tiếp nhận, kiểm tra hồ sơ", 1), _step("CASE_OFFICER", "Thẩm tra, dự thảo Giấy khai sinh", 4),
        _step("LEADER", "Xem xét, ký Giấy khai sinh", 2), _step("HANDER", "Vào sổ, trả kết quả", 1),
    ],
    "eligibility": [
        "Cha, mẹ có trách nhiệm đăng ký khai sinh cho con trong 60 ngày kể từ ngày sinh.",
        "Cha, mẹ không thể đăng ký thì ông, bà, người thân thích hoặc cá nhân, tổ chức đang nuôi dưỡng trẻ "
        "đăng ký thay.",
        "Đăng ký tại Ủy ban nhân dân cấp xã nơi cư trú của cha hoặc mẹ; có thể nộp tại bất kỳ Bộ phận Một cửa nào "
        "trong thành phố.",
    ],
    "keywords": [
        "làm giấy khai sinh", "khai sinh cho con", "đăng ký khai sinh", "sinh con", "mới sinh em bé", "giấy khai sinh",
        "khai sinh trễ", "khai sinh muộn", "khai sinh quá hạn",
    ],
    "result_type": "Giấy khai sinh (bản chính và bản điện tử)",
    "handler": "civil_status.birth",
    "decision_no": _DECISION,
    "source": _SOURCE,
}

# group, code, name, limit value, limit unit, extra working days, residents' words
_Row = tuple[str, str, str, int, str, int, str]
_COMMUNE: tuple[_Row, ...] = (
    ("Khai sinh", "1.000689", "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con", 3, "WD", 5,
     "khai sinh và nhận con; khai sinh có tên cha"),
    ("Khai sinh", "1.004772", "Đăng ký khai sinh cho người đã có hồ sơ, giấy tờ cá nhân", 5, "WD", 25,
     "chưa có giấy khai sinh; người lớn làm khai sinh"),
    ("Khai sinh", "1.003583", "Đăng ký khai sinh lưu động", 5, "WD", 0, "khai sinh tại nhà"),
    ("Kết hôn", "1.000894", "Đăng ký kết hôn", 1, "SAME_DAY", 5, "giấy kết hôn; cưới; đăng ký vợ chồng"),
    ("Kết hôn", "1.000593", "Đăng ký kết hôn lưu động", 5, "WD", 0, "kết hôn tại nhà"),
    ("Khai tử", "1.000656", "Đăng ký khai tử", 1, "SAME_DAY", 3, "giấy chứng tử; báo tử; người mất"),
    ("Khai tử", "1.000419", "Đăng ký khai tử lưu động", 5, "WD", 0, "khai tử tại nhà"),
    ("Nhận cha, mẹ, con", "1.001022", "Đăng ký nhận cha, mẹ, con", 3, "WD", 5, "nhận con; nhận cha; nhận mẹ"),
    ("Giám hộ", "1.004837", "Đăng ký giám hộ", 3, "WD", 0, "người giám hộ; nuôi cháu"),
    ("Giám hộ", "1.004845", "Đăng ký chấm dứt giám hộ", 2, "WD", 0, "thôi giám hộ"),
    ("Thay đổi, cải chính", "1.004859", "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
     3, "WD", 3, "sửa giấy khai sinh; đổi tên; sai ngày sinh; đổi dân tộc; cải chính"),
    ("Xác nhận", "1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", 3, "WD", 0,
     "giấy độc thân; xác nhận độc thân; tình trạng hôn nhân"),
    ("Đăng ký lại", "1.004884", "Đăng ký lại khai sinh", 5, "WD", 20, "mất giấy khai sinh; làm lại khai sinh"),
    ("Đăng ký lại", "1.004746", "Đăng ký lại kết hôn", 5, "WD", 20, "mất giấy kết hôn"),
    ("Đăng ký lại", "1.005461", "Đăng ký lại khai tử", 5, "WD", 5, "mất giấy khai tử"),
    ("Bản sao", "2.000635", "Cấp bản sao trích lục hộ tịch", 1, "SAME_DAY", 0,
     "trích lục khai sinh; bản sao giấy khai sinh; sao lục"),
    ("Xác nhận", "tam.xac-nhan-thong-tin-ho-tich", "Xác nhận thông tin hộ tịch", 3, "WD", 7,
     "xác nhận hộ tịch; giấy xác nhận"),
)
_FOREIGN: tuple[_Row, ...] = (
    ("Có yếu tố nước ngoài", "2.000528", "Đăng ký khai sinh có yếu tố nước ngoài", 1, "SAME_DAY", 0,
     "khai sinh con lai; cha nước ngoài; mẹ nước ngoài"),
    ("Có yếu tố nước ngoài", "2.000806", "Đăng ký kết hôn có yếu tố nước ngoài", 13, "WD", 0,
     "lấy chồng nước ngoài; lấy vợ nước ngoài; kết hôn với người nước ngoài"),
    ("Có yếu tố nước ngoài", "1.001766", "Đăng ký khai tử có yếu tố nước ngoài", 1, "SAME_DAY", 0,
     "người nước ngoài mất"),
    ("Có yếu tố nước ngoài", "2.000779", "Đăng ký nhận cha, mẹ, con có yếu tố nước ngoài", 15, "DAY", 0,
     "nhận con nước ngoài"),
    ("Có yếu tố nước ngoài", "1.001695",
     "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con có yếu tố nước ngoài", 15, "DAY", 0, "khai sinh con lai"),
    ("Có yếu tố nước ngoài", "1.001669", "Đăng ký giám hộ có yếu tố nước ngoài", 5, "WD", 0, "giám hộ"),
    ("Có yếu tố nước ngoài", "2.000756", "Đăng ký chấm dứt giám hộ có yếu tố nước ngoài", 2, "WD", 0,
     "thôi giám hộ"),
    ("Có yếu tố nước ngoài", "2.000748",
     "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc có yếu tố nước ngoài",
     3, "WD", 3, "cải chính; sửa giấy tờ"),
    ("Có yếu tố nước ngoài", "2.002189",
     "Ghi vào Sổ hộ tịch việc kết hôn của công dân Việt Nam đã được giải quyết tại cơ quan có thẩm quyền của "
     "nước ngoài",
     5, "WD", 5, "ghi chú kết hôn; kết hôn ở nước ngoài"),
    ("Có yếu tố nước ngoài", "2.000554",
     "Ghi vào Sổ hộ tịch việc ly hôn, hủy việc kết hôn đã được giải quyết tại cơ quan có thẩm quyền của nước ngoài",
     5, "WD", 5, "ghi chú ly hôn; ly hôn ở nước ngoài"),
    ("Có yếu tố nước ngoài", "2.000547",
     "Ghi vào Sổ hộ tịch việc hộ tịch khác đã được giải quyết tại cơ quan có thẩm quyền của nước ngoài",
     1, "SAME_DAY", 0, "ghi chú khai sinh; khai sinh ở nước ngoài"),
    ("Có yếu tố nước ngoài", "2.000522", "Đăng ký lại khai sinh có yếu tố nước ngoài", 5, "WD", 20,
     "mất giấy khai sinh"),
    ("Có yếu tố nước ngoài", "1.000893",
     "Đăng ký khai sinh có yếu tố nước ngoài cho người đã có hồ sơ, giấy tờ cá nhân", 5, "WD", 20,
     "chưa có giấy khai sinh"),
    ("Có yếu tố nước ngoài", "2.000513", "Đăng ký lại kết hôn có yếu tố nước ngoài", 5, "WD", 20,
     "mất giấy kết hôn"),
    ("Có yếu tố nước ngoài", "2.000497", "Đăng ký lại khai tử có yếu tố nước ngoài", 5, "WD", 5,
     "mất giấy khai tử"),
)
_LINKED: tuple[_Row, ...] = (
    ("Liên thông", "tam.lien-thong-khai-sinh",
     "Liên thông: đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi",
     3, "WD", 0, "khai sinh nhập khẩu bảo hiểm; thẻ bảo hiểm cho bé"),
    ("Liên thông", "tam.lien-thong-khai-tu",
     "Liên thông: đăng ký khai tử, xóa đăng ký thường trú, giải quyết mai táng phí, tử tuất",
     3, "WD", 0, "tiền mai táng; xóa hộ khẩu người mất"),
)

_FREE_OF_CHARGE = frozenset({"1.000894", "1.000656", "1.004837", "1.004845", "1.000593", "1.000419", "1.003583"})


def _plain(row: _Row, *, valid_from: date, basis: str) -> dict[str, Any]:
    """A procedure that no module handles yet: shown in the catalogue, filed in person."""
    group, code, name, value, unit, extra, words = row
    fees = _COPY_FEE if code == "2.000635" else _FREE if code in _FREE_OF_CHARGE else _PROVINCE
    return {
        "code": code, "name": name, "sector": "Hộ tịch", "group": group, "authority_level": "xa",
        "service_kind": "mot_phan", "limit_value": value, "limit_unit": unit, "extra_value": extra,
        "extra_unit": "WD" if extra else "", "restart_rule": "RESTART", "fee_rules": fees,
        "components": [_component("to_khai", "Tờ khai theo mẫu")],
        "internal_steps": [
            _step("RECEIVER", "Tiếp nhận, kiểm tra hồ sơ", 1), _step("CASE_OFFICER", "Thẩm tra, giải quyết", 5),
            _step("LEADER", "Xem xét, ký", 2),
        ],
        "eligibility": [], "keywords": [word.strip() for word in words.split(";")],
        "result_type": "Giấy tờ hộ tịch theo thủ tục", "handler": "", "decision_no": _DECISION, "legal_basis": basis,
        "source": "Mã tạm, chờ mã quốc gia" if code.startswith("tam.") else _SOURCE, "valid_from": valid_from,
        "valid_to": None,
    }


PROCEDURES: tuple[dict[str, Any], ...] = (
    {
        **_BIRTH,
        "components": [
            _BIRTH_NOTICE,
            _component("giay_to_tuy_than", "Giấy tờ tùy thân của người đi đăng ký", mandatory=False,
                       note="Xuất trình."),
            _component("giay_ket_hon", "Giấy chứng nhận kết hôn của cha, mẹ", mandatory=False, note="Xuất trình."),
            _PROXY,
        ],
        "legal_basis": f"{_LAW}; NĐ 87/2020/NĐ-CP", "valid_from": LAW_FROM, "valid_to": DATABASES_FROM,
    },
    {
        **_BIRTH,
        "components": [
            _BIRTH_NOTICE,
            _component("giay_to_tuy_than", "Giấy tờ tùy thân của người đi đăng ký", database=_POPULATION,
                       note="Cơ quan đăng ký tự tra cứu; chỉ nộp khi tra cứu không có kết quả."),
            _component("giay_ket_hon", "Giấy chứng nhận kết hôn của cha, mẹ", database=_CIVIL_STATUS,
                       note="Cơ quan đăng ký tự tra cứu; chỉ nộp khi tra cứu không có kết quả."),
            _PROXY,
        ],
        "legal_basis": _NO_MORE_PAPERS, "valid_from": DATABASES_FROM, "valid_to": None,
    },
    *(_plain(row, valid_from=LAW_FROM, basis=_LAW) for row in _COMMUNE),
    *(_plain(row, valid_from=COMMUNE_FROM, basis=_POWERS) for row in _FOREIGN),
    *(_plain(row, valid_from=COMMUNE_FROM, basis=f"{_POWERS}; NĐ 63/2024/NĐ-CP") for row in _LINKED),
)


def _parameter(code: str, value: int, unit: str, title: str, basis: str) -> dict[str, Any]:
    return {"code": code, "value": value, "unit": unit, "title": title, "legal_basis": basis, "valid_from": LAW_FROM,
            "valid_to": None}


_DEFAULT = "Mặc định của hệ thống theo thông lệ một cửa; địa phương điều chỉnh theo quy chế của mình"
PARAMETERS: tuple[dict[str, Any], ...] = (
    _parameter("supplement_days", 30, "ngày", "Thời gian chờ người nộp bổ sung hồ sơ trước khi dừng giải quyết",
               _DEFAULT),
    _parameter("supplements_after_receipt", 1, "lần", "Số lần được yêu cầu bổ sung sau khi tiếp nhận",
               f"{_DEFAULT} (NĐ 118/2025/NĐ-CP)"),
    _parameter("acceptance_hours", 8, "giờ làm việc", "Thời gian trả lời hồ sơ nộp trực tuyến",
               "NĐ 118/2025/NĐ-CP; NĐ 42/2022/NĐ-CP"),
    _parameter("rating_days", 30, "ngày", "Số ngày sau khi trả kết quả người nộp được đánh giá", _DEFAULT),
    _parameter("close_days", 30, "ngày", "Số ngày sau khi trả kết quả thì kết thúc hồ sơ", _DEFAULT),
)
