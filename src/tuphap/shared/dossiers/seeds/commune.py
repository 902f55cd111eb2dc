"""What else of justice a commune does: domestic adoption, grassroots mediation, legal propagandists, compensation."""

from __future__ import annotations

from typing import Any

from .writing import COMMUNE, LAW_FROM, PARTIAL, Line, Period, Sector, fee

_ADOPTION = Sector("Nuôi con nuôi", "Nuôi con nuôi trong nước", COMMUNE, "adoption",
                   (Period("Luật Nuôi con nuôi 2010; NĐ 19/2011/NĐ-CP; NĐ 24/2019/NĐ-CP", LAW_FROM),), service=PARTIAL)
_MEDIATION = Sector("Hòa giải ở cơ sở", "Hòa giải ở cơ sở", COMMUNE, "mediator",
                    (Period("Luật Hòa giải ở cơ sở 2013; NĐ 15/2014/NĐ-CP", LAW_FROM),))
_EDUCATION = Sector("Phổ biến, giáo dục pháp luật", "Tuyên truyền viên pháp luật", COMMUNE, "mediator",
                    (Period("Luật Phổ biến, giáo dục pháp luật 2012; TT 10/2016/TT-BTP", LAW_FROM),))
_COMPENSATION = Sector("Bồi thường nhà nước", "Bồi thường nhà nước", COMMUNE, "compensation",
                       (Period("Luật Trách nhiệm bồi thường của Nhà nước 2017; NĐ 68/2018/NĐ-CP"),), service=PARTIAL)
_ADOPTION_FEE = (
    fee(400_000, "Lệ phí đăng ký nuôi con nuôi trong nước", "NĐ 114/2016/NĐ-CP",
        condition="miễn cho cha dượng, mẹ kế, cô, cậu, dì, chú, bác ruột nhận con nuôi và vùng khó khăn"),
)

OTHER_WORK: tuple[dict[str, Any], ...] = (
    *_ADOPTION.rows(
        Line("2.001263", "Đăng ký việc nuôi con nuôi trong nước", "30 DAY", "Giấy chứng nhận nuôi con nuôi",
             "don ho_so_nguoi_nhan ho_so_tre_em y_kien_dong_y ly_lich_tu_phap tinh_trang_hon_nhan",
             "nhận con nuôi; xin con nuôi; làm giấy con nuôi", fees=_ADOPTION_FEE),
        Line("2.001255", "Đăng ký lại việc nuôi con nuôi trong nước", "5 WD", "Giấy chứng nhận nuôi con nuôi",
             "to_khai ban_sao_cu", "mất giấy nhận con nuôi; làm lại giấy con nuôi"),
    ),
    *_MEDIATION.rows(
        Line("tam.hoa-giai.cong-nhan-hoa-giai-vien", "Công nhận hòa giải viên", "5 DAY",
             "Quyết định công nhận hòa giải viên", "danh_sach_de_nghi bien_ban_bau", "bầu hòa giải viên"),
        Line("tam.hoa-giai.cong-nhan-to-truong", "Công nhận tổ trưởng tổ hòa giải", "5 DAY",
             "Quyết định công nhận tổ trưởng tổ hòa giải", "danh_sach_de_nghi bien_ban_bau", "tổ trưởng hòa giải"),
        Line("tam.hoa-giai.thoi-hoa-giai-vien", "Thôi làm hòa giải viên", "5 DAY",
             "Quyết định thôi làm hòa giải viên", "danh_sach_de_nghi", "thôi hòa giải; nghỉ hòa giải viên"),
        Line("tam.hoa-giai.thu-lao", "Thanh toán thù lao cho hòa giải viên", "5 WD", "Quyết định thanh toán thù lao",
             "giay_de_nghi", "thù lao hòa giải; tiền hòa giải"),
        Line("tam.hoa-giai.tai-nan", "Hỗ trợ hòa giải viên gặp tai nạn hoặc rủi ro khi thực hiện hoạt động hòa giải",
             "5 WD", "Quyết định hỗ trợ", "giay_de_nghi chung_tu_thanh_toan suc_khoe?",
             "hòa giải viên bị tai nạn; hỗ trợ tai nạn hòa giải"),
        Line("tam.hoa-giai.tai-nan-thiet-mang",
             "Hỗ trợ gia đình hòa giải viên thiệt hại về tính mạng khi thực hiện hoạt động hòa giải", "5 WD",
             "Quyết định hỗ trợ", "giay_de_nghi giay_bao_tu chung_tu_thanh_toan?", "hòa giải viên mất"),
    ),
    *_EDUCATION.rows(
        Line("tam.pbgdpl.cong-nhan-tuyen-truyen-vien", "Công nhận tuyên truyền viên pháp luật", "5 WD",
             "Quyết định công nhận tuyên truyền viên pháp luật", "danh_sach_de_nghi", "tuyên truyền viên"),
        Line("tam.pbgdpl.thoi-tuyen-truyen-vien", "Cho thôi làm tuyên truyền viên pháp luật", "5 WD",
             "Quyết định cho thôi làm tuyên truyền viên pháp luật", "danh_sach_de_nghi", "thôi tuyên truyền viên"),
    ),
    *_COMPENSATION.rows(
        Line("tam.boi-thuong.yeu-cau",
             "Giải quyết yêu cầu bồi thường tại cơ quan trực tiếp quản lý người thi hành công "
             "vụ gây thiệt hại", "34 WD", "Quyết định giải quyết bồi thường",
             "don lam_can_cu_boi_thuong thiet_hai giay_to_tuy_than", "đòi bồi thường; nhà nước bồi thường; bị oan"),
        Line("tam.boi-thuong.tam-ung", "Tạm ứng kinh phí bồi thường", "10 WD", "Quyết định tạm ứng kinh phí bồi thường",
             "don thiet_hai", "tạm ứng bồi thường"),
        Line("tam.boi-thuong.phuc-hoi-danh-du", "Phục hồi danh dự", "15 DAY", "Văn bản xin lỗi, cải chính công khai",
             "don lam_can_cu_boi_thuong", "xin lỗi công khai; phục hồi danh dự"),
    ),
)
