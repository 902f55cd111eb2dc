"""Certification at a commune: copies, signatures, deals. Signatures of translators came from the districts in 2025."""

from __future__ import annotations

from datetime import date
from typing import Any

from .writing import COMMUNE, FULL, LAW_FROM, OFFLINE, PARTIAL, REFORM_FROM, Fee, Line, Period, Sector, fee

_LAW = "NĐ 23/2015/NĐ-CP"
_AMENDED = "NĐ 23/2015/NĐ-CP, sửa đổi bởi NĐ 280/2025/NĐ-CP"
_FEES = "TT 226/2016/TT-BTC"
# NĐ 280/2025/NĐ-CP is in force from 01/11/2025.
_FROM_2025 = date(2025, 11, 1)
_PERIODS = (Period(_LAW, LAW_FROM, _FROM_2025), Period(_AMENDED, _FROM_2025))
_SINCE_REFORM = (Period(f"{_LAW}; NĐ 120/2025/NĐ-CP", REFORM_FROM, _FROM_2025), Period(_AMENDED, _FROM_2025))

_COPIES = (
    fee(2000, "Phí chứng thực bản sao", _FEES, code="ban_sao", unit="trang", then_from=3, then_amount=1000,
        cap=200_000, counted_by="request.pages", copies_by="request.copies"),
)


def _each(amount: int, name: str, condition: str = "mỗi trường hợp") -> tuple[Fee, ...]:
    return (fee(amount, name, _FEES, condition=condition),)


_DEAL = _each(50_000, "Phí chứng thực giao dịch", "mỗi giao dịch")
_SECTOR = Sector("Chứng thực", "Bản sao, chữ ký", COMMUNE, "copy", _PERIODS, service=PARTIAL, restart="RESUME")
_DEALS = Sector("Chứng thực", "Giao dịch", COMMUNE, "deal", _PERIODS, service=OFFLINE, restart="RESUME", fees=_DEAL,
                signed="giao_dich")
_TRANSLATORS = Sector("Chứng thực", "Bản sao, chữ ký", COMMUNE, "signature", _SINCE_REFORM, service=PARTIAL,
                      restart="RESUME")
_TRANSLATION = _each(10_000, "Phí chứng thực chữ ký người dịch")

CERTIFICATION: tuple[dict[str, Any], ...] = (
    *_SECTOR.rows(
        Line("2.000908", "Cấp bản sao từ sổ gốc", "SAME_DAY", "Bản sao từ sổ gốc", "giay_to_tuy_than uy_quyen?",
             "bản sao từ sổ gốc; xin bản sao từ sổ", service=FULL),
        Line("2.000815", "Chứng thực bản sao từ bản chính giấy tờ, văn bản", "SAME_DAY",
             "Bản sao được chứng thực (bản giấy hoặc bản điện tử)", "ban_chinh ban_sao?",
             "sao y bản chính; công chứng giấy tờ; photo công chứng; sao y; chứng thực bản sao; sao y công chứng",
             extra=2, fees=_COPIES),
        Line("2.000884", "Chứng thực chữ ký trong các giấy tờ, văn bản", "SAME_DAY",
             "Giấy tờ, văn bản được chứng thực chữ ký", "giay_to_tuy_than giay_to_ky",
             "chứng thực chữ ký; xác nhận chữ ký; xác nhận sơ yếu lý lịch; giấy ủy quyền; điểm chỉ",
             fees=_each(10_000, "Phí chứng thực chữ ký"), form="signature"),
        Line("2.000913", "Chứng thực việc sửa đổi, bổ sung, hủy bỏ giao dịch", "SAME_DAY",
             "Văn bản sửa đổi, bổ sung, hủy bỏ được chứng thực", "du_thao_giao_dich giao_dich_da_ky giay_to_tuy_than",
             "sửa hợp đồng; hủy hợp đồng", fees=_each(30_000, "Phí chứng thực sửa đổi, hủy bỏ giao dịch"),
             form="deal", group="Giao dịch"),
        Line("2.000927", "Sửa lỗi sai sót trong giao dịch đã chứng thực", "SAME_DAY", "Giao dịch đã được sửa lỗi",
             "giao_dich_da_ky giay_to_tuy_than", "sửa lỗi hợp đồng; sai sót hợp đồng",
             fees=_each(25_000, "Phí sửa lỗi sai sót trong giao dịch"), form="deal", group="Giao dịch"),
        Line("2.000942", "Cấp bản sao có chứng thực từ bản chính giao dịch đã chứng thực", "SAME_DAY",
             "Bản sao giao dịch được chứng thực", "giay_to_tuy_than uy_quyen?",
             "bản sao hợp đồng; xin lại hợp đồng đã chứng thực", fees=_COPIES, group="Giao dịch"),
    ),
    *_TRANSLATORS.rows(
        Line("2.000992", "Chứng thực chữ ký người dịch là cộng tác viên dịch thuật", "SAME_DAY",
             "Bản dịch được chứng thực chữ ký người dịch", "ban_dich", "dịch thuật công chứng; chứng thực bản dịch",
             extra=2, fees=_TRANSLATION),
        Line("2.001008", "Chứng thực chữ ký người dịch không phải là cộng tác viên dịch thuật", "SAME_DAY",
             "Bản dịch được chứng thực chữ ký người dịch", "ban_dich bang_cap giay_to_tuy_than",
             "tự dịch giấy tờ; chứng thực bản dịch", extra=2, fees=_TRANSLATION),
    ),
    *_DEALS.rows(
        Line("2.001035", "Chứng thực giao dịch liên quan đến tài sản là động sản, quyền sử dụng đất, nhà ở", "2 WD",
             "Giao dịch được chứng thực", "du_thao_giao_dich quyen_tai_san giay_to_tuy_than giay_ket_hon?",
             "hợp đồng mua bán nhà đất; chuyển nhượng đất; tặng cho đất; bán xe; hợp đồng tặng cho; mua bán xe máy"),
        Line("2.001019", "Chứng thực di chúc", "2 WD", "Di chúc được chứng thực",
             "du_thao_di_chuc quyen_tai_san? giay_to_tuy_than", "lập di chúc; làm di chúc"),
        Line("2.001016", "Chứng thực văn bản từ chối nhận di sản", "2 WD",
             "Văn bản từ chối nhận di sản được chứng thực",
             "du_thao_giao_dich giay_chung_tu quan_he_thua_ke giay_to_tuy_than",
             "không nhận thừa kế; từ chối thừa kế"),
        Line("2.001406", "Chứng thực văn bản thỏa thuận phân chia di sản mà di sản là động sản, quyền sử dụng đất, nhà "
             "ở", "2 WD", "Văn bản phân chia di sản được chứng thực",
             "du_thao_giao_dich quyen_tai_san giay_chung_tu quan_he_thua_ke giay_to_tuy_than",
             "chia thừa kế; phân chia di sản; chia đất cha mẹ để lại"),
        Line("2.001009", "Chứng thực văn bản khai nhận di sản mà di sản là động sản, quyền sử dụng đất, nhà ở", "2 WD",
             "Văn bản khai nhận di sản được chứng thực",
             "du_thao_giao_dich quyen_tai_san giay_chung_tu quan_he_thua_ke giay_to_tuy_than",
             "khai nhận thừa kế; nhận thừa kế; thừa kế nhà đất"),
    ),
)
