"""What else comes to the department: legal aid, mediation and arbitration in trade, nationality, foreign adoption."""

from __future__ import annotations

from typing import Any

from .writing import OFFLINE, PARTIAL, PROVINCE, Fee, Line, Period, Sector, fee

_AID_LAW = (Period("Luật Trợ giúp pháp lý 2017; NĐ 144/2017/NĐ-CP; TT 08/2017/TT-BTP"),)
_AID = Sector("Trợ giúp pháp lý", "Trợ giúp pháp lý", PROVINCE, "legal_aid", _AID_LAW)
_AID_PROVIDER = Sector("Trợ giúp pháp lý", "Tổ chức, người thực hiện trợ giúp", PROVINCE, "practitioner", _AID_LAW)
_LEGAL_AID = (
    *_AID.rows(
        Line("tam.tro-giup.yeu-cau", "Yêu cầu trợ giúp pháp lý", "SAME_DAY", "Văn bản thụ lý hoặc từ chối có lý do",
             "don dien_tro_giup vu_viec giay_to_tuy_than",
             "luật sư miễn phí; trợ giúp pháp lý; tư vấn luật miễn phí; xin luật sư bào chữa"),
        Line("tam.tro-giup.doi-nguoi", "Thay đổi người thực hiện trợ giúp pháp lý", "3 WD",
             "Quyết định thay đổi người thực hiện trợ giúp pháp lý", "don", "đổi luật sư trợ giúp"),
        Line("tam.tro-giup.rut", "Rút yêu cầu trợ giúp pháp lý", "SAME_DAY", "Thông báo không tiếp tục thực hiện",
             "don", "thôi trợ giúp pháp lý"),
        Line("tam.tro-giup.khieu-nai", "Giải quyết khiếu nại về trợ giúp pháp lý", "3 WD",
             "Quyết định giải quyết khiếu nại", "don vu_viec?", "khiếu nại trợ giúp pháp lý"),
    ),
    *_AID_PROVIDER.rows(
        Line("tam.tro-giup.cong-tac-vien", "Cấp thẻ cộng tác viên trợ giúp pháp lý", "5 WD",
             "Thẻ cộng tác viên trợ giúp pháp lý", "don bang_luat anh xac_nhan_thoi_gian",
             "thẻ cộng tác viên trợ giúp pháp lý; cộng tác viên"),
        Line("tam.tro-giup.cap-lai-the", "Cấp lại thẻ cộng tác viên trợ giúp pháp lý", "3 WD",
             "Thẻ cộng tác viên trợ giúp pháp lý", "don anh the_cu?", "mất thẻ cộng tác viên"),
        Line("tam.tro-giup.lua-chon", "Lựa chọn, ký hợp đồng với tổ chức, luật sư thực hiện trợ giúp pháp lý", "15 WD",
             "Hợp đồng thực hiện trợ giúp pháp lý", "don chung_chi", "luật sư ký hợp đồng trợ giúp"),
        Line("tam.tro-giup.dang-ky-tham-gia", "Đăng ký tham gia trợ giúp pháp lý", "10 WD",
             "Giấy đăng ký tham gia trợ giúp pháp lý", "don dang_ky_hoat_dong", "văn phòng luật sư tham gia trợ giúp",
             form="enterprise"),
        Line("tam.tro-giup.thay-doi-tham-gia", "Thay đổi nội dung Giấy đăng ký tham gia trợ giúp pháp lý", "5 WD",
             "Giấy đăng ký tham gia (thay đổi)", "don thay_doi", "đổi đăng ký tham gia trợ giúp pháp lý",
             form="enterprise"),
        Line("tam.tro-giup.cham-dut-tham-gia", "Chấm dứt đăng ký tham gia trợ giúp pháp lý", "5 WD",
             "Thông báo chấm dứt tham gia", "don", "thôi tham gia trợ giúp pháp lý", form="enterprise"),
    ),
)

_MEDIATION_LAW = (Period("NĐ 22/2017/NĐ-CP; NĐ 121/2025/NĐ-CP"),)
_MEDIATOR = Sector("Hòa giải thương mại", "Hòa giải viên thương mại", PROVINCE, "practitioner", _MEDIATION_LAW)
_MEDIATION = Sector("Hòa giải thương mại", "Trung tâm hòa giải thương mại", PROVINCE, "enterprise", _MEDIATION_LAW)
_COMMERCIAL_MEDIATION = (
    *_MEDIATOR.rows(
        Line("tam.hoa-giai-tm.vu-viec", "Đăng ký làm hòa giải viên thương mại vụ việc", "7 WD",
             "Ghi tên vào danh sách hòa giải viên thương mại vụ việc", "giay_de_nghi bang_cap xac_nhan_thoi_gian",
             "hòa giải viên thương mại"),
        Line("tam.hoa-giai-tm.thoi-vu-viec", "Thôi làm hòa giải viên thương mại vụ việc", "5 WD",
             "Xóa tên khỏi danh sách hòa giải viên thương mại", "giay_de_nghi", "thôi hòa giải viên thương mại"),
    ),
    *_MEDIATION.rows(
        Line("tam.hoa-giai-tm.thanh-lap", "Cấp Giấy phép thành lập Trung tâm hòa giải thương mại", "15 WD",
             "Giấy phép thành lập Trung tâm hòa giải thương mại", "giay_de_nghi danh_sach_thanh_vien",
             "mở trung tâm hòa giải thương mại", form="practitioner"),
        Line("tam.hoa-giai-tm.dang-ky", "Đăng ký hoạt động của Trung tâm hòa giải thương mại", "7 WD",
             "Giấy đăng ký hoạt động của Trung tâm hòa giải thương mại", "giay_de_nghi quyet_dinh_thanh_lap tru_so",
             "đăng ký trung tâm hòa giải thương mại", form="practitioner"),
        Line("tam.hoa-giai-tm.doi-tru-so", "Thay đổi địa chỉ trụ sở của Trung tâm hòa giải thương mại", "5 WD",
             "Giấy đăng ký hoạt động (thay đổi)", "giay_de_nghi tru_so", "đổi trụ sở trung tâm hòa giải thương mại"),
        Line("tam.hoa-giai-tm.doi-ten", "Thay đổi tên gọi trong Giấy đăng ký hoạt động của Trung tâm hòa giải thương "
             "mại", "5 WD", "Giấy đăng ký hoạt động (thay đổi)", "giay_de_nghi thay_doi",
             "đổi tên trung tâm hòa giải thương mại"),
        Line("tam.hoa-giai-tm.chi-nhanh", "Đăng ký hoạt động của chi nhánh Trung tâm hòa giải thương mại", "7 WD",
             "Giấy đăng ký hoạt động của chi nhánh", "giay_de_nghi tru_so", "chi nhánh hòa giải thương mại"),
        Line("tam.hoa-giai-tm.nuoc-ngoai",
             "Đăng ký hoạt động của chi nhánh tổ chức hòa giải thương mại nước ngoài tại Việt Nam", "7 WD",
             "Giấy đăng ký hoạt động của chi nhánh", "giay_de_nghi phap_nhan_nuoc_ngoai uy_quyen_nuoc_ngoai tru_so",
             "hòa giải thương mại nước ngoài"),
        Line("tam.hoa-giai-tm.cham-dut", "Chấm dứt hoạt động Trung tâm hòa giải thương mại", "7 WD",
             "Quyết định thu hồi Giấy đăng ký hoạt động", "giay_de_nghi", "đóng trung tâm hòa giải thương mại"),
    ),
)

_ARBITRATION = Sector("Trọng tài thương mại", "Trọng tài thương mại", PROVINCE, "enterprise",
                      (Period("Luật Trọng tài thương mại 2010; NĐ 63/2011/NĐ-CP; NĐ 121/2025/NĐ-CP"),),
                      service=PARTIAL)


def _arbitration(amount: int | None) -> tuple[Fee, ...]:
    return (fee(amount, "Lệ phí cấp giấy phép, đăng ký hoạt động trọng tài", "TT 222/2016/TT-BTC"),)


_ARBITRATIONS = _ARBITRATION.rows(
    Line("tam.trong-tai.thanh-lap", "Cấp Giấy phép thành lập Trung tâm trọng tài", "30 DAY",
         "Giấy phép thành lập Trung tâm trọng tài", "don dieu_le danh_sach_thanh_vien", "mở trung tâm trọng tài",
         form="practitioner", fees=_arbitration(None)),
    Line("tam.trong-tai.dang-ky", "Đăng ký hoạt động của Trung tâm trọng tài", "15 DAY",
         "Giấy đăng ký hoạt động của Trung tâm trọng tài", "don quyet_dinh_thanh_lap dieu_le tru_so",
         "đăng ký trung tâm trọng tài", form="practitioner", fees=_arbitration(1_500_000)),
    Line("tam.trong-tai.chi-nhanh", "Đăng ký hoạt động chi nhánh Trung tâm trọng tài", "10 DAY",
         "Giấy đăng ký hoạt động của chi nhánh", "don quyet_dinh_thanh_lap tru_so", "chi nhánh trung tâm trọng tài",
         fees=_arbitration(1_000_000)),
    Line("tam.trong-tai.nuoc-ngoai",
         "Đăng ký hoạt động của chi nhánh Tổ chức trọng tài nước ngoài tại Việt Nam", "10 DAY",
         "Giấy đăng ký hoạt động của chi nhánh", "don quyet_dinh_thanh_lap tru_so", "trọng tài nước ngoài",
         fees=_arbitration(None)),
    Line("tam.trong-tai.thay-doi", "Thay đổi nội dung Giấy đăng ký hoạt động của Trung tâm trọng tài, chi nhánh",
         "7 WD",
         "Giấy đăng ký hoạt động (thay đổi)", "don thay_doi", "đổi trung tâm trọng tài", fees=_arbitration(None)),
    Line("tam.trong-tai.cap-lai", "Cấp lại Giấy đăng ký hoạt động của Trung tâm trọng tài, chi nhánh", "7 WD",
         "Giấy đăng ký hoạt động", "don", "mất giấy đăng ký trung tâm trọng tài", fees=_arbitration(None)),
    Line("tam.trong-tai.cham-dut", "Chấm dứt hoạt động của Trung tâm trọng tài, chi nhánh", "10 DAY",
         "Quyết định thu hồi Giấy đăng ký hoạt động", "don bao_cao_tai_chinh", "đóng trung tâm trọng tài"),
)

_NATIONALITY = Sector("Quốc tịch", "Quốc tịch", PROVINCE, "nationality",
                      (Period("Luật Quốc tịch Việt Nam 2008 (sửa đổi 2014, 2025); NĐ 191/2025/NĐ-CP"),),
                      service=PARTIAL, restart="RESUME")


def _nationality(amount: int, name: str) -> tuple[Fee, ...]:
    return (fee(amount, name, "TT 281/2016/TT-BTC"),)


_NATIONALITIES = _NATIONALITY.rows(
    Line("tam.quoc-tich.nhap", "Nhập quốc tịch Việt Nam", "115 DAY", "Quyết định của Chủ tịch nước",
         "don khai_ly_lich giay_khai_sinh ly_lich_tu_phap tieng_viet thoi_gian_cu_tru bao_dam_cuoc_song ho_chieu?",
         "xin nhập quốc tịch; vào quốc tịch Việt Nam", fees=_nationality(3_000_000, "Lệ phí nhập quốc tịch")),
    Line("tam.quoc-tich.tro-lai", "Trở lại quốc tịch Việt Nam", "85 DAY", "Quyết định của Chủ tịch nước",
         "don khai_ly_lich giay_khai_sinh ly_lich_tu_phap tung_co_quoc_tich", "xin lại quốc tịch Việt Nam; hồi tịch",
         fees=_nationality(2_500_000, "Lệ phí trở lại quốc tịch")),
    Line("tam.quoc-tich.thoi", "Thôi quốc tịch Việt Nam", "60 DAY", "Quyết định của Chủ tịch nước",
         "don khai_ly_lich ho_chieu ly_lich_tu_phap nhap_tich_nuoc_ngoai nghia_vu_thue",
         "bỏ quốc tịch Việt Nam; thôi quốc tịch", fees=_nationality(2_500_000, "Lệ phí thôi quốc tịch")),
    Line("tam.quoc-tich.xac-nhan-co", "Cấp Giấy xác nhận có quốc tịch Việt Nam", "20 WD",
         "Giấy xác nhận có quốc tịch Việt Nam", "to_khai giay_to_tuy_than tung_co_quoc_tich",
         "xác nhận quốc tịch Việt Nam; giấy xác nhận quốc tịch",
         fees=_nationality(100_000, "Phí xác nhận có quốc tịch Việt Nam")),
    Line("tam.quoc-tich.goc-viet-nam", "Cấp Giấy xác nhận là người gốc Việt Nam", "5 WD",
         "Giấy xác nhận là người gốc Việt Nam", "to_khai ho_chieu goc_viet_nam", "người gốc Việt; Việt kiều xác nhận",
         fees=_nationality(100_000, "Phí xác nhận là người gốc Việt Nam")),
    Line("tam.quoc-tich.thong-bao-nuoc-ngoai", "Thông báo có quốc tịch nước ngoài", "5 WD",
         "Ghi vào sổ quốc tịch", "to_khai ho_chieu", "có hai quốc tịch; thông báo quốc tịch nước ngoài"),
)

_ADOPTION = Sector("Nuôi con nuôi", "Nuôi con nuôi có yếu tố nước ngoài", PROVINCE, "adoption_foreign",
                   (Period("Luật Nuôi con nuôi 2010; NĐ 19/2011/NĐ-CP; NĐ 24/2019/NĐ-CP"),), service=PARTIAL,
                   restart="RESUME")


def _adoption(amount: int) -> tuple[Fee, ...]:
    return (fee(amount, "Lệ phí đăng ký nuôi con nuôi nước ngoài", "NĐ 114/2016/NĐ-CP"),)


_ADOPTIONS = _ADOPTION.rows(
    Line("tam.con-nuoi-nn.thuong-tru-nuoc-ngoai",
         "Đăng ký việc nuôi con nuôi có yếu tố nước ngoài đối với trẻ em sống ở cơ sở nuôi dưỡng", "15 DAY",
         "Quyết định cho trẻ em Việt Nam làm con nuôi người nước ngoài", "ho_so_nguoi_nhan ho_so_tre_em y_kien_dong_y",
         "người nước ngoài nhận con nuôi", fees=_adoption(9_000_000)),
    Line("tam.con-nuoi-nn.dich-danh",
         "Đăng ký việc nuôi con nuôi có yếu tố nước ngoài đối với trường hợp cha dượng, mẹ kế, cô, cậu, dì, chú, bác "
         "ruột nhận con nuôi", "15 DAY", "Quyết định cho trẻ em Việt Nam làm con nuôi người nước ngoài",
         "ho_so_nguoi_nhan ho_so_tre_em y_kien_dong_y giay_khai_sinh", "nhận cháu làm con nuôi ở nước ngoài",
         fees=_adoption(4_500_000)),
    Line("tam.con-nuoi-nn.thuong-tru-viet-nam",
         "Đăng ký việc nuôi con nuôi của người nước ngoài thường trú tại Việt Nam", "30 DAY",
         "Giấy chứng nhận nuôi con nuôi", "ho_so_nguoi_nhan ho_so_tre_em y_kien_dong_y",
         "người nước ngoài ở Việt Nam nhận con nuôi", fees=_adoption(4_500_000)),
    Line("tam.con-nuoi-nn.xac-nhan",
         "Xác nhận công dân Việt Nam thường trú ở khu vực biên giới đủ điều kiện nhận trẻ em "
         "của nước láng giềng làm con nuôi", "10 WD", "Văn bản xác nhận đủ điều kiện", "don ho_so_nguoi_nhan",
         "nhận con nuôi vùng biên giới"),
    Line("tam.con-nuoi-nn.ghi-chu", "Ghi chú việc nuôi con nuôi đã đăng ký tại cơ quan nước ngoài", "5 WD",
         "Trích lục ghi chú nuôi con nuôi", "to_khai giay_to_nuoc_ngoai", "ghi chú con nuôi nước ngoài"),
)

_EDUCATION = Sector("Phổ biến, giáo dục pháp luật", "Báo cáo viên pháp luật", PROVINCE, "mediator",
                    (Period("Luật Phổ biến, giáo dục pháp luật 2012; TT 10/2016/TT-BTP"),))
_REPORTERS = _EDUCATION.rows(
    Line("tam.pbgdpl.cong-nhan-bao-cao-vien", "Công nhận báo cáo viên pháp luật cấp tỉnh", "5 WD",
         "Quyết định công nhận báo cáo viên pháp luật", "danh_sach_de_nghi", "báo cáo viên pháp luật"),
    Line("tam.pbgdpl.thoi-bao-cao-vien", "Miễn nhiệm báo cáo viên pháp luật cấp tỉnh", "5 WD",
         "Quyết định miễn nhiệm báo cáo viên pháp luật", "danh_sach_de_nghi", "thôi báo cáo viên pháp luật"),
)
_COMPENSATION = Sector("Bồi thường nhà nước", "Bồi thường nhà nước", PROVINCE, "compensation",
                       (Period("Luật Trách nhiệm bồi thường của Nhà nước 2017; NĐ 68/2018/NĐ-CP"),), service=OFFLINE)
_BODY = _COMPENSATION.rows(
    Line("tam.boi-thuong.xac-dinh-co-quan", "Xác định cơ quan giải quyết bồi thường", "5 WD",
         "Văn bản xác định cơ quan giải quyết bồi thường", "don lam_can_cu_boi_thuong",
         "ai giải quyết bồi thường; cơ quan nào bồi thường"),
)

DEPARTMENT: tuple[dict[str, Any], ...] = (
    *_LEGAL_AID, *_COMMERCIAL_MEDIATION, *_ARBITRATIONS, *_NATIONALITIES, *_ADOPTIONS, *_REPORTERS, *_BODY,
)
