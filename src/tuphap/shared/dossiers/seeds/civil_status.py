"""Civil status of a commune: births, marriages, deaths and what follows them; with a foreign element since 01/07/2025.

Every line names its handler, but the joined death, which runs on the declared form.
"""

from __future__ import annotations

from typing import Any

from .papers import CIVIL_STATUS as REGISTER
from .papers import ORIGINALS, POPULATION
from .writing import (
    COMMUNE,
    DATABASES_BASIS,
    DATABASES_FROM,
    DECISION,
    FULL,
    LAW_FROM,
    OFFLINE,
    PARTIAL,
    SOURCE,
    SPARED,
    Line,
    Period,
    Sector,
    by_province,
    fee,
)

_LAW = "Luật Hộ tịch 2014; NĐ 123/2015/NĐ-CP"
_FREE = (fee(0, "Lệ phí", "TT 85/2019/TT-BTC", code="mien"),)
_PROVINCE = (by_province("Lệ phí hộ tịch", "TT 85/2019/TT-BTC"),)
_COPY = (fee(8000, "Phí cấp bản sao trích lục", "TT 281/2016/TT-BTC", code="ban_sao", unit="bản",
             counted_by="request.copies", exempt=SPARED),)
_COPY_OF_NEW = fee(8000, "Phí cấp bản sao trích lục", "TT 281/2016/TT-BTC", code="ban_sao", unit="bản",
                   counted_by="copies.copies", exempt=SPARED, asked=True)


def _component(code: str, name: str, *, mandatory: bool = True, database: str = "", form: str = "original",
               note: str = "") -> dict[str, Any]:
    return {"code": code, "name": name, "form": form, "copies": 1, "mandatory": mandatory,
            "replaced_by_database": database, "note": note}


def _step(role: str, title: str, hours: float) -> dict[str, Any]:
    return {"role": role, "title": title, "hours": hours}


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
         "condition": "sau 60 ngày, theo nghị quyết của Hội đồng nhân dân thành phố", "basis": "TT 85/2019/TT-BTC",
         "exempt": ["on_time", *SPARED], "asked": True},
        _COPY_OF_NEW,
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
    "originals": [ORIGINALS["so_khai_sinh"]],
    "handler": "civil_status.birth", "form": [],
    "decision_no": DECISION,
    "source": SOURCE,
}


_BIRTHS: tuple[dict[str, Any], ...] = (
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
            _component("giay_to_tuy_than", "Giấy tờ tùy thân của người đi đăng ký", database=POPULATION,
                       note="Cơ quan đăng ký tự tra cứu; chỉ nộp khi tra cứu không có kết quả."),
            _component("giay_ket_hon", "Giấy chứng nhận kết hôn của cha, mẹ", database=REGISTER,
                       note="Cơ quan đăng ký tự tra cứu; chỉ nộp khi tra cứu không có kết quả."),
            _PROXY,
        ],
        "legal_basis": f"{_LAW}; NĐ 87/2020/NĐ-CP; {DATABASES_BASIS}", "valid_from": DATABASES_FROM, "valid_to": None,
    },
)

_HOME = Sector("Hộ tịch", "Hộ tịch", COMMUNE, "", (Period(_LAW, LAW_FROM),), service=PARTIAL,
               fees=_PROVINCE)
_FOREIGN = Sector("Hộ tịch", "Có yếu tố nước ngoài", COMMUNE, "",
                  (Period(f"{_LAW}; NĐ 120/2025/NĐ-CP"),), service=PARTIAL, fees=_PROVINCE)
_JOINED = Sector("Hộ tịch", "Liên thông", COMMUNE, "",
                 (Period(f"{_LAW}; NĐ 120/2025/NĐ-CP; NĐ 63/2024/NĐ-CP"),), fees=_FREE)

CIVIL_STATUS: tuple[dict[str, Any], ...] = (
    *_BIRTHS,
    *_HOME.rows(
        Line("1.000689", "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con", "3 WD",
             "Giấy khai sinh; Trích lục đăng ký nhận cha, mẹ, con", "to_khai giay_chung_sinh quan_he_cha_con uy_quyen?",
             "khai sinh và nhận con; khai sinh có tên cha; con ngoài giá thú", extra=5, group="Khai sinh",
             signed="so_khai_sinh so_nhan_con", handler="civil_status.birth_with_recognition"),
        Line("1.004772", "Đăng ký khai sinh cho người đã có hồ sơ, giấy tờ cá nhân", "5 WD", "Giấy khai sinh",
             "to_khai ban_sao_cu giay_to_tuy_than uy_quyen?",
             "chưa có giấy khai sinh; người lớn làm khai sinh; chưa từng khai sinh", extra=25, group="Khai sinh",
             handler="civil_status.birth"),
        Line("1.003583", "Đăng ký khai sinh lưu động", "5 WD", "Giấy khai sinh", "to_khai giay_chung_sinh?",
             "khai sinh tại nhà", fees=_FREE, service=OFFLINE, group="Khai sinh",
             handler="civil_status.birth"),
        Line("1.000894", "Đăng ký kết hôn", "SAME_DAY", "Giấy chứng nhận kết hôn (2 bản chính)",
             "to_khai giay_to_tuy_than tinh_trang_hon_nhan",
             "giấy kết hôn; cưới; đăng ký vợ chồng; làm giấy kết hôn; lấy vợ; lấy chồng", extra=5, fees=_FREE,
             handler="civil_status.marriage", group="Kết hôn", signed="so_ket_hon"),
        Line("1.000593", "Đăng ký kết hôn lưu động", "5 WD", "Giấy chứng nhận kết hôn (2 bản chính)",
             "to_khai tinh_trang_hon_nhan", "kết hôn tại nhà", fees=_FREE, handler="civil_status.marriage",
             service=OFFLINE, group="Kết hôn"),
        Line("1.000656", "Đăng ký khai tử", "SAME_DAY", "Trích lục khai tử", "to_khai giay_bao_tu uy_quyen?",
             "giấy chứng tử; báo tử; người mất; khai tử cho người chết", extra=3, fees=_FREE,
             handler="civil_status.death", group="Khai tử", signed="so_khai_tu"),
        Line("1.000419", "Đăng ký khai tử lưu động", "5 WD", "Trích lục khai tử", "to_khai giay_bao_tu?",
             "khai tử tại nhà", fees=_FREE, handler="civil_status.death", service=OFFLINE,
             group="Khai tử"),
        Line("1.001022", "Đăng ký nhận cha, mẹ, con", "3 WD", "Trích lục đăng ký nhận cha, mẹ, con",
             "to_khai quan_he_cha_con giay_to_tuy_than", "nhận con; nhận cha; nhận mẹ", extra=5,
             group="Nhận cha, mẹ, con", signed="so_nhan_con",
             handler="civil_status.recognition"),
        Line("1.004837", "Đăng ký giám hộ", "3 WD", "Trích lục đăng ký giám hộ", "to_khai cu_giam_ho uy_quyen?",
             "người giám hộ; nuôi cháu; giám hộ cho cháu", fees=_FREE, group="Giám hộ",
             handler="civil_status.guardianship"),
        Line("1.004845", "Đăng ký chấm dứt giám hộ", "2 WD", "Trích lục đăng ký chấm dứt giám hộ",
             "to_khai cham_dut_giam_ho", "thôi giám hộ", fees=_FREE, group="Giám hộ",
             handler="civil_status.guardianship_end"),
        Line("3.000322", "Đăng ký giám sát việc giám hộ", "3 WD", "Trích lục đăng ký giám sát việc giám hộ",
             "to_khai cu_giam_sat", "giám sát người giám hộ", fees=_FREE, group="Giám hộ",
             handler="civil_status.supervision"),
        Line("3.000323", "Đăng ký chấm dứt giám sát việc giám hộ", "2 WD",
             "Trích lục đăng ký chấm dứt giám sát việc giám hộ", "to_khai cham_dut_giam_sat", "thôi giám sát giám hộ",
             fees=_FREE, group="Giám hộ", handler="civil_status.supervision_end"),
        Line("1.004859", "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc", "3 WD",
             "Trích lục thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc",
             "to_khai chung_minh_thay_doi giay_to_tuy_than uy_quyen?",
             "sửa giấy khai sinh; đổi tên; đổi tên con; đổi họ; đổi họ cho con; sai ngày sinh; sửa năm sinh; "
             "đổi dân tộc; cải chính; sai tên cha mẹ; thêm chữ đệm", extra=3, group="Thay đổi, cải chính",
             handler="civil_status.change"),
        Line("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", "3 WD", "Giấy xác nhận tình trạng hôn nhân",
             "to_khai giay_to_tuy_than cu_tru uy_quyen?",
             "giấy độc thân; xác nhận độc thân; tình trạng hôn nhân; giấy chứng nhận độc thân",
             handler="civil_status.marital_status", group="Xác nhận"),
        Line("1.004884", "Đăng ký lại khai sinh", "5 WD", "Giấy khai sinh", "to_khai ban_sao_cu uy_quyen?",
             "mất giấy khai sinh; làm lại khai sinh; làm lại giấy khai sinh", extra=20, group="Đăng ký lại",
             handler="civil_status.birth_again"),
        Line("1.004746", "Đăng ký lại kết hôn", "5 WD", "Giấy chứng nhận kết hôn", "to_khai ban_sao_cu",
             "mất giấy kết hôn; làm lại giấy kết hôn", extra=20, group="Đăng ký lại",
             handler="civil_status.marriage_again"),
        Line("1.005461", "Đăng ký lại khai tử", "5 WD", "Trích lục khai tử", "to_khai ban_sao_cu?",
             "mất giấy khai tử; làm lại giấy chứng tử", extra=5, group="Đăng ký lại",
             handler="civil_status.death_again"),
        Line("2.000635", "Cấp bản sao trích lục hộ tịch", "SAME_DAY", "Bản sao trích lục hộ tịch",
             "to_khai giay_to_tuy_than uy_quyen?",
             "trích lục khai sinh; bản sao giấy khai sinh; sao lục; xin trích lục; bản sao giấy kết hôn", fees=_COPY,
             service=FULL, group="Bản sao",
             handler="civil_status.extract_copy"),
        Line("tam.xac-nhan-thong-tin-ho-tich", "Xác nhận thông tin hộ tịch", "3 WD",
             "Văn bản xác nhận thông tin hộ tịch",
             "to_khai giay_to_tuy_than uy_quyen?", "xác nhận hộ tịch; giấy xác nhận", extra=7, service=FULL,
             group="Xác nhận",
             handler="civil_status.confirmation"),
    ),
    *_FOREIGN.rows(
        Line("2.000528", "Đăng ký khai sinh có yếu tố nước ngoài", "SAME_DAY", "Giấy khai sinh",
             "to_khai giay_chung_sinh ho_chieu? giay_to_nuoc_ngoai?",
             "khai sinh con lai; cha nước ngoài; mẹ nước ngoài; khai sinh cho con có bố nước ngoài",
             handler="civil_status.birth"),
        Line("2.000806", "Đăng ký kết hôn có yếu tố nước ngoài", "13 WD", "Giấy chứng nhận kết hôn (2 bản chính)",
             "to_khai y_te_nuoc_ngoai tinh_trang_hon_nhan ho_chieu giay_to_nuoc_ngoai?",
             "lấy chồng nước ngoài; lấy vợ nước ngoài; kết hôn với người nước ngoài",
             handler="civil_status.marriage"),
        Line("1.001766", "Đăng ký khai tử có yếu tố nước ngoài", "SAME_DAY", "Trích lục khai tử",
             "to_khai giay_bao_tu ho_chieu?", "người nước ngoài mất", handler="civil_status.death"),
        Line("2.000779", "Đăng ký nhận cha, mẹ, con có yếu tố nước ngoài", "15 DAY",
             "Trích lục đăng ký nhận cha, mẹ, con", "to_khai quan_he_cha_con ho_chieu", "nhận con nước ngoài",
             handler="civil_status.recognition"),
        Line("1.001695", "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con có yếu tố nước ngoài", "15 DAY",
             "Giấy khai sinh; Trích lục đăng ký nhận cha, mẹ, con", "to_khai giay_chung_sinh quan_he_cha_con ho_chieu",
             "khai sinh con lai; khai sinh và nhận con với người nước ngoài",
             handler="civil_status.birth_with_recognition"),
        Line("1.001669", "Đăng ký giám hộ có yếu tố nước ngoài", "5 WD", "Trích lục đăng ký giám hộ",
             "to_khai cu_giam_ho ho_chieu", "giám hộ người nước ngoài",
             handler="civil_status.guardianship"),
        Line("2.000756", "Đăng ký chấm dứt giám hộ có yếu tố nước ngoài", "2 WD", "Trích lục đăng ký chấm dứt giám hộ",
             "to_khai cham_dut_giam_ho", "thôi giám hộ người nước ngoài",
             handler="civil_status.guardianship_end"),
        Line("2.000748",
             "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc có yếu tố nước ngoài",
             "3 WD", "Trích lục thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc",
             "to_khai chung_minh_thay_doi ho_chieu?", "cải chính có yếu tố nước ngoài; sửa giấy tờ người nước ngoài",
             extra=3,
             handler="civil_status.change"),
        Line("2.002189",
             "Ghi vào Sổ hộ tịch việc kết hôn của công dân Việt Nam đã được giải quyết tại cơ quan có thẩm quyền của "
             "nước ngoài", "5 WD", "Trích lục ghi chú kết hôn", "to_khai giay_to_nuoc_ngoai giay_to_tuy_than",
             "ghi chú kết hôn; kết hôn ở nước ngoài", extra=5,
             handler="civil_status.foreign_marriage"),
        Line("2.000554",
             "Ghi vào Sổ hộ tịch việc ly hôn, hủy việc kết hôn đã được giải quyết tại cơ quan có thẩm quyền của nước "
             "ngoài", "5 WD", "Trích lục ghi chú ly hôn, hủy việc kết hôn",
             "to_khai giay_to_nuoc_ngoai giay_to_tuy_than", "ghi chú ly hôn; ly hôn ở nước ngoài", extra=5,
             handler="civil_status.foreign_divorce"),
        Line("2.000547",
             "Ghi vào Sổ hộ tịch việc hộ tịch khác đã được giải quyết tại cơ quan có thẩm quyền của nước ngoài",
             "SAME_DAY", "Trích lục ghi chú hộ tịch", "to_khai giay_to_nuoc_ngoai",
             "ghi chú khai sinh; khai sinh ở nước ngoài; con sinh ở nước ngoài",
             handler="civil_status.foreign_other"),
        Line("2.000522", "Đăng ký lại khai sinh có yếu tố nước ngoài", "5 WD", "Giấy khai sinh", "to_khai ban_sao_cu",
             "mất giấy khai sinh người nước ngoài", extra=20,
             handler="civil_status.birth_again"),
        Line("1.000893", "Đăng ký khai sinh có yếu tố nước ngoài cho người đã có hồ sơ, giấy tờ cá nhân", "5 WD",
             "Giấy khai sinh", "to_khai ban_sao_cu ho_chieu?", "chưa có giấy khai sinh có yếu tố nước ngoài",
             extra=20,
             handler="civil_status.birth"),
        Line("2.000513", "Đăng ký lại kết hôn có yếu tố nước ngoài", "5 WD", "Giấy chứng nhận kết hôn",
             "to_khai ban_sao_cu", "mất giấy kết hôn với người nước ngoài", extra=20,
             handler="civil_status.marriage_again"),
        Line("2.000497", "Đăng ký lại khai tử có yếu tố nước ngoài", "5 WD", "Trích lục khai tử", "to_khai ban_sao_cu?",
             "mất giấy khai tử người nước ngoài", extra=5,
             handler="civil_status.death_again"),
    ),
    *_JOINED.rows(
        Line("tam.lien-thong-khai-sinh",
             "Liên thông: đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi", "3 WD",
             "Giấy khai sinh; đăng ký thường trú; thẻ bảo hiểm y tế", "giay_chung_sinh dong_y_cho_o? uy_quyen?",
             "khai sinh nhập khẩu bảo hiểm; thẻ bảo hiểm cho bé; nhập khẩu cho con",
             handler="civil_status.joined_birth", signed="so_khai_sinh"),
        Line("tam.lien-thong-khai-tu",
             "Liên thông: đăng ký khai tử, xóa đăng ký thường trú, giải quyết mai táng phí, tử tuất", "3 WD",
             "Trích lục khai tử; xóa đăng ký thường trú; quyết định hưởng mai táng phí",
             "giay_bao_tu to_khai_than_nhan? giay_to_nguoi_co_cong? uy_quyen?",
             "tiền mai táng; mai táng phí; tử tuất; xóa hộ khẩu người mất; dừng lương hưu người mất",
             handler="civil_status.joined_death", signed="so_khai_tu"),
    ),
)
