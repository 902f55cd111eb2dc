"""The other professions of justice: lawyers, legal advisers, auctioneers, experts, asset managers, bailiffs."""

from __future__ import annotations

from datetime import date
from typing import Any

from .writing import PARTIAL, PROVINCE, Fee, Line, Period, Sector, fee

_LAWYERS_LAW = (Period("Luật Luật sư 2006 (sửa đổi 2012); NĐ 123/2013/NĐ-CP; NĐ 121/2025/NĐ-CP"),)
_LAWYER = Sector("Luật sư", "Luật sư", PROVINCE, "practitioner", _LAWYERS_LAW)
_FIRM = Sector("Luật sư", "Tổ chức hành nghề luật sư", PROVINCE, "enterprise", _LAWYERS_LAW)
_FOREIGN_FIRM = Sector("Luật sư", "Tổ chức hành nghề luật sư nước ngoài", PROVINCE, "enterprise", _LAWYERS_LAW,
                       service=PARTIAL)
_LAWYERS_FEES = "TT 220/2016/TT-BTC"
_CERTIFICATE = (fee(800_000, "Phí thẩm định cấp Chứng chỉ hành nghề luật sư", _LAWYERS_FEES),)


def _firm(amount: int | None) -> tuple[Fee, ...]:
    return (fee(amount, "Lệ phí đăng ký hoạt động", "TT 215/2016/TT-BTC; TT 47/2019/TT-BTC"),)


_LAWYERS = (
    *_LAWYER.rows(
        Line("tam.luat-su.cap-chung-chi", "Cấp Chứng chỉ hành nghề luật sư cho người đạt kết quả kiểm tra tập sự",
             "17 WD", "Chứng chỉ hành nghề luật sư",
             "don ly_lich_tu_phap suc_khoe bang_luat kiem_tra_tap_su xac_nhan_doan",
             "thẻ luật sư; chứng chỉ luật sư; chứng chỉ hành nghề luật sư; làm luật sư; thành luật sư",
             fees=_CERTIFICATE),
        Line("tam.luat-su.cap-chung-chi-mien",
             "Cấp Chứng chỉ hành nghề luật sư cho người được miễn đào tạo, miễn, giảm "
             "tập sự hành nghề luật sư", "17 WD", "Chứng chỉ hành nghề luật sư",
             "don ly_lich_tu_phap suc_khoe bang_luat thoi_gian_cong_tac",
             "thẩm phán làm luật sư; miễn tập sự luật sư; thẻ luật sư", fees=_CERTIFICATE),
        Line("tam.luat-su.cap-lai-chung-chi", "Cấp lại Chứng chỉ hành nghề luật sư", "20 DAY",
             "Chứng chỉ hành nghề luật sư", "don ly_lich_tu_phap the_cu?",
             "mất chứng chỉ luật sư; xin lại chứng chỉ luật sư", fees=_CERTIFICATE),
        Line("tam.luat-su.cap-lai-hu-hong",
             "Cấp lại Chứng chỉ hành nghề luật sư do bị mất, hư hỏng hoặc thay đổi thông "
             "tin", "7 WD", "Chứng chỉ hành nghề luật sư", "don anh the_cu?", "chứng chỉ luật sư bị hỏng"),
        Line("tam.luat-su.cong-nhan-nuoc-ngoai", "Công nhận đào tạo nghề luật sư ở nước ngoài", "7 WD",
             "Quyết định công nhận đào tạo nghề luật sư ở nước ngoài", "don giay_to_nuoc_ngoai bang_luat",
             "học luật sư ở nước ngoài"),
        Line("tam.luat-su.thu-hoi", "Thu hồi Chứng chỉ hành nghề luật sư theo đề nghị", "10 WD",
             "Quyết định thu hồi Chứng chỉ hành nghề luật sư", "don the_cu", "thôi làm luật sư"),
        Line("tam.luat-su.ca-nhan", "Đăng ký hành nghề luật sư với tư cách cá nhân", "7 WD",
             "Giấy đăng ký hành nghề luật sư", "giay_de_nghi the_luat_su hop_dong",
             "luật sư hành nghề cá nhân; luật sư làm thuê"),
        Line("tam.luat-su.thay-doi-ca-nhan", "Thay đổi nội dung đăng ký hành nghề luật sư với tư cách cá nhân", "5 WD",
             "Giấy đăng ký hành nghề luật sư (thay đổi)", "giay_de_nghi thay_doi", "đổi nơi hành nghề luật sư"),
        Line("tam.luat-su.cham-dut-ca-nhan", "Chấm dứt hành nghề luật sư với tư cách cá nhân", "5 WD",
             "Quyết định thu hồi Giấy đăng ký hành nghề luật sư", "giay_de_nghi", "thôi hành nghề luật sư cá nhân"),
    ),
    *_FIRM.rows(
        Line("tam.luat-su.dang-ky-to-chuc", "Đăng ký hoạt động của tổ chức hành nghề luật sư", "10 DAY",
             "Giấy đăng ký hoạt động của tổ chức hành nghề luật sư", "giay_de_nghi dieu_le? the_luat_su tru_so",
             "mở văn phòng luật sư; lập công ty luật; thành lập văn phòng luật sư", fees=_firm(100_000),
             form="practitioner"),
        Line("tam.luat-su.thay-doi-to-chuc", "Thay đổi nội dung đăng ký hoạt động của tổ chức hành nghề luật sư",
             "5 WD",
             "Giấy đăng ký hoạt động (thay đổi)", "giay_de_nghi thay_doi the_nghe?",
             "đổi địa chỉ văn phòng luật sư; đổi tên công ty luật"),
        Line("tam.luat-su.doi-nguoi-dai-dien", "Thay đổi người đại diện theo pháp luật của văn phòng luật sư, công ty "
             "luật trách nhiệm hữu hạn một thành viên", "5 WD", "Giấy đăng ký hoạt động (thay đổi)",
             "giay_de_nghi the_luat_su thay_doi", "đổi trưởng văn phòng luật sư; đổi giám đốc công ty luật"),
        Line("tam.luat-su.chi-nhanh", "Đăng ký hoạt động của chi nhánh của tổ chức hành nghề luật sư", "7 WD",
             "Giấy đăng ký hoạt động của chi nhánh", "giay_de_nghi dang_ky_hoat_dong tru_so the_luat_su",
             "mở chi nhánh văn phòng luật sư", fees=_firm(100_000)),
        Line("tam.luat-su.chuyen-doi", "Chuyển đổi công ty luật, chuyển đổi văn phòng luật sư thành công ty luật",
             "7 WD", "Giấy đăng ký hoạt động của tổ chức chuyển đổi", "giay_de_nghi dieu_le danh_sach_thanh_vien",
             "chuyển văn phòng luật sư thành công ty luật"),
        Line("tam.luat-su.hop-nhat", "Hợp nhất, sáp nhập công ty luật", "10 WD", "Giấy đăng ký hoạt động",
             "giay_de_nghi hop_dong dieu_le", "sáp nhập công ty luật; hợp nhất công ty luật"),
        Line("tam.luat-su.cham-dut", "Chấm dứt hoạt động của tổ chức hành nghề luật sư", "10 WD",
             "Quyết định thu hồi Giấy đăng ký hoạt động", "giay_de_nghi bao_cao_tai_chinh",
             "đóng cửa văn phòng luật sư; giải thể công ty luật"),
    ),
    *_FOREIGN_FIRM.rows(
        Line("tam.luat-su.dang-ky-nuoc-ngoai", "Đăng ký hoạt động của chi nhánh, công ty luật nước ngoài", "7 WD",
             "Giấy đăng ký hoạt động của chi nhánh, công ty luật nước ngoài",
             "giay_de_nghi quyet_dinh_thanh_lap tru_so", "công ty luật nước ngoài", fees=_firm(None)),
        Line("tam.luat-su.thay-doi-nuoc-ngoai",
             "Thay đổi nội dung Giấy đăng ký hoạt động của chi nhánh, công ty luật nước ngoài", "5 WD",
             "Giấy đăng ký hoạt động (thay đổi)", "giay_de_nghi thay_doi", "đổi đăng ký công ty luật nước ngoài"),
        Line("tam.luat-su.chi-nhanh-nuoc-ngoai", "Đăng ký hoạt động của chi nhánh của công ty luật nước ngoài tại Việt "
             "Nam", "7 WD", "Giấy đăng ký hoạt động của chi nhánh", "giay_de_nghi quyet_dinh_thanh_lap tru_so",
             "chi nhánh công ty luật nước ngoài", fees=_firm(None)),
        Line("tam.luat-su.cap-lai-nuoc-ngoai", "Cấp lại Giấy đăng ký hoạt động của chi nhánh, công ty luật nước ngoài",
             "5 WD", "Giấy đăng ký hoạt động", "giay_de_nghi", "mất giấy đăng ký công ty luật nước ngoài"),
    ),
)

_ADVICE = Sector("Tư vấn pháp luật", "Tư vấn pháp luật", PROVINCE, "enterprise",
                 (Period("NĐ 77/2008/NĐ-CP; TT 01/2010/TT-BTP"),))
_LEGAL_ADVICE = _ADVICE.rows(
    Line("tam.tu-van.dang-ky", "Đăng ký hoạt động của Trung tâm tư vấn pháp luật", "5 WD",
         "Giấy đăng ký hoạt động của Trung tâm tư vấn pháp luật",
         "don quyet_dinh_thanh_lap dieu_le danh_sach_thanh_vien",
         "trung tâm tư vấn pháp luật; mở trung tâm tư vấn"),
    Line("tam.tu-van.chi-nhanh", "Đăng ký hoạt động cho chi nhánh của Trung tâm tư vấn pháp luật", "5 WD",
         "Giấy đăng ký hoạt động của chi nhánh", "don quyet_dinh_thanh_lap", "chi nhánh trung tâm tư vấn pháp luật"),
    Line("tam.tu-van.thay-doi", "Thay đổi nội dung đăng ký hoạt động của Trung tâm tư vấn pháp luật, chi nhánh", "5 WD",
         "Giấy đăng ký hoạt động (thay đổi)", "don thay_doi dang_ky_hoat_dong", "đổi trung tâm tư vấn pháp luật"),
    Line("tam.tu-van.cham-dut", "Chấm dứt hoạt động của Trung tâm tư vấn pháp luật, chi nhánh", "5 WD",
         "Quyết định thu hồi Giấy đăng ký hoạt động", "giay_de_nghi", "đóng trung tâm tư vấn pháp luật"),
    Line("tam.tu-van.the", "Cấp thẻ tư vấn viên pháp luật", "5 WD", "Thẻ tư vấn viên pháp luật",
         "don bang_luat thoi_gian_cong_tac anh", "thẻ tư vấn viên; tư vấn viên pháp luật", form="practitioner"),
    Line("tam.tu-van.cap-lai-the", "Cấp lại thẻ tư vấn viên pháp luật", "5 WD", "Thẻ tư vấn viên pháp luật",
         "don anh the_cu?", "mất thẻ tư vấn viên", form="practitioner"),
    Line("tam.tu-van.thu-hoi-the", "Thu hồi thẻ tư vấn viên pháp luật", "5 WD", "Quyết định thu hồi thẻ",
         "giay_de_nghi the_cu", "trả thẻ tư vấn viên", form="practitioner"),
)

_AUCTION_LAW = (Period("Luật Đấu giá tài sản 2016 (sửa đổi 2024); NĐ 172/2024/NĐ-CP; NĐ 121/2025/NĐ-CP"),)
_AUCTIONEER = Sector("Đấu giá tài sản", "Đấu giá viên", PROVINCE, "practitioner", _AUCTION_LAW)
_AUCTION = Sector("Đấu giá tài sản", "Tổ chức đấu giá", PROVINCE, "enterprise", _AUCTION_LAW)
_AUCTION_FEES = "TT 106/2017/TT-BTC"
_AUCTIONEER_FEE = (fee(800_000, "Phí thẩm định cấp Chứng chỉ hành nghề đấu giá", _AUCTION_FEES),)
_AUCTIONS = (
    *_AUCTIONEER.rows(
        Line("tam.dau-gia.tap-su", "Đăng ký tập sự hành nghề đấu giá", "5 WD", "Văn bản ghi nhận tập sự",
             "giay_de_nghi dao_tao nhan_tap_su", "tập sự đấu giá"),
        Line("tam.dau-gia.kiem-tra-tap-su", "Đăng ký tham dự kiểm tra kết quả tập sự hành nghề đấu giá tài sản",
             "15 WD",
             "Danh sách người đủ điều kiện tham dự kiểm tra", "giay_de_nghi bao_cao_tap_su",
             "thi đấu giá viên; kiểm tra tập sự đấu giá"),
        Line("tam.dau-gia.chung-chi", "Cấp Chứng chỉ hành nghề đấu giá", "20 DAY", "Chứng chỉ hành nghề đấu giá",
             "giay_de_nghi bang_cap dao_tao kiem_tra_tap_su ly_lich_tu_phap anh",
             "chứng chỉ đấu giá; làm đấu giá viên", fees=_AUCTIONEER_FEE),
        Line("tam.dau-gia.cap-lai-chung-chi", "Cấp lại Chứng chỉ hành nghề đấu giá", "10 WD",
             "Chứng chỉ hành nghề đấu giá", "giay_de_nghi anh the_cu?", "mất chứng chỉ đấu giá", fees=_AUCTIONEER_FEE),
        Line("tam.dau-gia.the", "Cấp Thẻ đấu giá viên", "5 WD", "Thẻ đấu giá viên",
             "giay_de_nghi chung_chi anh hop_dong",
             "thẻ đấu giá viên", form="enterprise"),
        Line("tam.dau-gia.cap-lai-the", "Cấp lại Thẻ đấu giá viên", "3 WD", "Thẻ đấu giá viên",
             "giay_de_nghi anh the_cu?",
             "mất thẻ đấu giá viên", form="enterprise"),
    ),
    *_AUCTION.rows(
        Line("tam.dau-gia.dang-ky", "Đăng ký hoạt động của doanh nghiệp đấu giá tài sản", "7 WD",
             "Giấy đăng ký hoạt động của doanh nghiệp đấu giá tài sản",
             "giay_de_nghi dieu_le? chung_chi tru_so dang_ky_kinh_doanh?",
             "mở công ty đấu giá; thành lập công ty đấu giá",
             fees=(fee(1_000_000, "Phí thẩm định điều kiện đăng ký hoạt động", _AUCTION_FEES),)),
        Line("tam.dau-gia.thay-doi", "Thay đổi nội dung đăng ký hoạt động của doanh nghiệp đấu giá tài sản", "5 WD",
             "Giấy đăng ký hoạt động (thay đổi)", "giay_de_nghi thay_doi", "đổi địa chỉ công ty đấu giá",
             fees=(fee(500_000, "Phí thẩm định thay đổi", _AUCTION_FEES),)),
        Line("tam.dau-gia.cap-lai", "Cấp lại Giấy đăng ký hoạt động của doanh nghiệp đấu giá tài sản", "5 WD",
             "Giấy đăng ký hoạt động", "giay_de_nghi", "mất giấy đăng ký công ty đấu giá"),
        Line("tam.dau-gia.chi-nhanh", "Đăng ký hoạt động của chi nhánh doanh nghiệp đấu giá tài sản", "5 WD",
             "Giấy đăng ký hoạt động của chi nhánh", "giay_de_nghi dang_ky_hoat_dong tru_so",
             "chi nhánh công ty đấu giá"),
        Line("tam.dau-gia.truc-tuyen", "Phê duyệt trang thông tin đấu giá trực tuyến", "60 DAY",
             "Quyết định phê duyệt trang thông tin đấu giá trực tuyến", "don trang_thong_tin", "đấu giá trực tuyến"),
        Line("tam.dau-gia.cham-dut", "Chấm dứt hoạt động của doanh nghiệp đấu giá tài sản", "7 WD",
             "Quyết định thu hồi Giấy đăng ký hoạt động", "giay_de_nghi bao_cao_tai_chinh",
             "giải thể công ty đấu giá"),
    ),
)

# Luật Giám định tư pháp 105/2025/QH15 is in force from 01/05/2026.
_EXPERTS_FROM = date(2026, 5, 1)
_EXPERTS_LAW = (
    Period("Luật Giám định tư pháp 2012 (sửa đổi 2020); NĐ 85/2013/NĐ-CP", until=_EXPERTS_FROM),
    Period("Luật Giám định tư pháp 2025 (số 105/2025/QH15)", _EXPERTS_FROM),
)
_EXPERT = Sector("Giám định tư pháp", "Giám định viên", PROVINCE, "practitioner", _EXPERTS_LAW)
_EXPERT_OFFICE = Sector("Giám định tư pháp", "Văn phòng giám định", PROVINCE, "enterprise", _EXPERTS_LAW,
                        service=PARTIAL)
_EXPERTISE = (
    *_EXPERT.rows(
        Line("tam.giam-dinh.bo-nhiem", "Bổ nhiệm và cấp thẻ giám định viên tư pháp", "20 DAY",
             "Quyết định bổ nhiệm, Thẻ giám định viên tư pháp",
             "giay_de_nghi bang_cap so_yeu_ly_lich ly_lich_tu_phap xac_nhan_thoi_gian anh",
             "giám định viên; làm giám định viên tư pháp; thẻ giám định viên"),
        Line("tam.giam-dinh.mien-nhiem", "Miễn nhiệm giám định viên tư pháp", "10 DAY",
             "Quyết định miễn nhiệm giám định viên tư pháp", "giay_de_nghi", "thôi giám định viên"),
        Line("tam.giam-dinh.cap-lai-the", "Cấp lại thẻ giám định viên tư pháp", "10 DAY", "Thẻ giám định viên tư pháp",
             "giay_de_nghi anh the_cu?", "mất thẻ giám định viên"),
        Line("tam.giam-dinh.theo-vu-viec", "Công nhận người giám định tư pháp theo vụ việc", "15 DAY",
             "Quyết định công nhận, công bố danh sách", "giay_de_nghi bang_cap xac_nhan_thoi_gian",
             "giám định theo vụ việc"),
    ),
    *_EXPERT_OFFICE.rows(
        Line("tam.giam-dinh.thanh-lap", "Cấp phép thành lập Văn phòng giám định tư pháp", "30 DAY",
             "Quyết định cho phép thành lập Văn phòng giám định tư pháp", "don de_an chung_chi",
             "mở văn phòng giám định", form="practitioner"),
        Line("tam.giam-dinh.dang-ky", "Đăng ký hoạt động Văn phòng giám định tư pháp", "15 DAY",
             "Giấy đăng ký hoạt động của Văn phòng giám định tư pháp", "don quyet_dinh_thanh_lap tru_so",
             "đăng ký văn phòng giám định", form="practitioner"),
        Line("tam.giam-dinh.thay-doi", "Thay đổi nội dung đăng ký hoạt động của Văn phòng giám định tư pháp", "5 WD",
             "Giấy đăng ký hoạt động (thay đổi)", "don thay_doi", "đổi văn phòng giám định"),
        Line("tam.giam-dinh.bo-sung-linh-vuc", "Thay đổi, bổ sung lĩnh vực giám định của Văn phòng giám định tư pháp",
             "30 DAY", "Quyết định cho phép thay đổi, bổ sung lĩnh vực giám định", "don de_an",
             "thêm lĩnh vực giám định"),
        Line("tam.giam-dinh.chuyen-doi", "Chuyển đổi loại hình Văn phòng giám định tư pháp", "30 DAY",
             "Quyết định cho phép chuyển đổi", "don de_an", "chuyển đổi văn phòng giám định"),
        Line("tam.giam-dinh.cap-lai", "Cấp lại Giấy đăng ký hoạt động của Văn phòng giám định tư pháp", "7 WD",
             "Giấy đăng ký hoạt động", "don", "mất giấy đăng ký văn phòng giám định"),
        Line("tam.giam-dinh.cham-dut", "Chấm dứt hoạt động Văn phòng giám định tư pháp", "10 WD",
             "Quyết định chấm dứt hoạt động", "don", "đóng văn phòng giám định"),
    ),
)

# Luật Phục hồi, phá sản 142/2025/QH15 is in force from 01/03/2026.
_INSOLVENCY_FROM = date(2026, 3, 1)
_INSOLVENCY_LAW = (
    Period("Luật Phá sản 2014; NĐ 22/2015/NĐ-CP; NĐ 112/2025/NĐ-CP", until=_INSOLVENCY_FROM),
    Period("Luật Phục hồi, phá sản 2025 (số 142/2025/QH15)", _INSOLVENCY_FROM),
)
_MANAGER = Sector("Quản tài viên", "Quản tài viên", PROVINCE, "practitioner", _INSOLVENCY_LAW)
_MANAGERS_FIRM = Sector("Quản tài viên", "Doanh nghiệp quản lý, thanh lý tài sản", PROVINCE, "enterprise",
                        _INSOLVENCY_LAW)
_INSOLVENCY = (
    *_MANAGER.rows(
        Line("tam.quan-tai-vien.chung-chi", "Cấp Chứng chỉ hành nghề quản tài viên", "20 WD",
             "Chứng chỉ hành nghề quản tài viên", "don bang_cap chung_chi? xac_nhan_thoi_gian ly_lich_tu_phap",
             "chứng chỉ quản tài viên; làm quản tài viên",
             fees=(fee(800_000, "Phí thẩm định điều kiện hành nghề", "TT 224/2016/TT-BTC"),)),
        Line("tam.quan-tai-vien.cap-lai", "Cấp lại Chứng chỉ hành nghề quản tài viên", "7 WD",
             "Chứng chỉ hành nghề quản tài viên", "don the_cu?", "mất chứng chỉ quản tài viên"),
        Line("tam.quan-tai-vien.ca-nhan", "Đăng ký hành nghề quản lý, thanh lý tài sản với tư cách cá nhân", "7 WD",
             "Quyết định ghi tên vào danh sách quản tài viên", "giay_de_nghi chung_chi tru_so",
             "đăng ký hành nghề quản tài viên"),
        Line("tam.quan-tai-vien.cham-dut-ca-nhan",
             "Chấm dứt hành nghề quản lý, thanh lý tài sản với tư cách cá nhân", "7 WD",
             "Quyết định xóa tên khỏi danh sách quản tài viên", "giay_de_nghi", "thôi quản tài viên"),
        Line("tam.quan-tai-vien.thay-doi-ca-nhan", "Thay đổi thông tin đăng ký hành nghề của quản tài viên", "5 WD",
             "Danh sách quản tài viên (thay đổi)", "giay_de_nghi thay_doi", "đổi thông tin quản tài viên"),
    ),
    *_MANAGERS_FIRM.rows(
        Line("tam.quan-tai-vien.doanh-nghiep",
             "Đăng ký hành nghề quản lý, thanh lý tài sản đối với doanh nghiệp quản lý, thanh lý tài sản", "7 WD",
             "Quyết định ghi tên vào danh sách", "giay_de_nghi dang_ky_kinh_doanh danh_sach_thanh_vien",
             "doanh nghiệp quản lý thanh lý tài sản"),
        Line("tam.quan-tai-vien.thay-doi-doanh-nghiep",
             "Thay đổi thông tin đăng ký hành nghề của doanh nghiệp quản lý, thanh lý tài sản", "5 WD",
             "Danh sách doanh nghiệp (thay đổi)", "giay_de_nghi thay_doi", "đổi doanh nghiệp thanh lý tài sản"),
        Line("tam.quan-tai-vien.cham-dut-doanh-nghiep",
             "Chấm dứt hành nghề của doanh nghiệp quản lý, thanh lý tài sản", "7 WD",
             "Quyết định xóa tên khỏi danh sách", "giay_de_nghi", "đóng doanh nghiệp thanh lý tài sản"),
    ),
)

# Luật Thi hành án dân sự 106/2025/QH15 calls bailiffs and their offices otherwise from 01/07/2026.
_BAILIFFS_FROM = date(2026, 7, 1)
_BAILIFFS_LAW = (
    Period("NĐ 08/2020/NĐ-CP; NĐ 121/2025/NĐ-CP", until=_BAILIFFS_FROM),
    Period("Luật Thi hành án dân sự 2025 (số 106/2025/QH15)", _BAILIFFS_FROM, renamed={
        "Văn phòng Thừa phát lại": "Văn phòng thi hành án dân sự", "Thừa phát lại": "Thừa hành viên",
        "thừa phát lại": "thừa hành viên",
    }),
)
_BAILIFF = Sector("Thừa phát lại", "Thừa phát lại", PROVINCE, "practitioner", _BAILIFFS_LAW)
_BAILIFFS_OFFICE = Sector("Thừa phát lại", "Văn phòng Thừa phát lại", PROVINCE, "enterprise", _BAILIFFS_LAW,
                          service=PARTIAL)
_BAILIFFS_FEES = "TT 220/2016/TT-BTC; TT 223/2016/TT-BTC"
_BAILIFFS = (
    *_BAILIFF.rows(
        Line("tam.thua-phat-lai.tap-su", "Đăng ký tập sự hành nghề thừa phát lại", "5 WD",
             "Văn bản ghi nhận đăng ký tập sự", "giay_de_nghi dao_tao nhan_tap_su", "tập sự thừa phát lại"),
        Line("tam.thua-phat-lai.doi-noi-tap-su", "Thay đổi nơi tập sự hành nghề thừa phát lại", "5 WD",
             "Văn bản ghi nhận thay đổi nơi tập sự", "giay_de_nghi nhan_tap_su", "chuyển nơi tập sự thừa phát lại"),
        Line("tam.thua-phat-lai.kiem-tra", "Đăng ký tham dự kiểm tra kết quả tập sự hành nghề thừa phát lại", "15 WD",
             "Danh sách người đủ điều kiện tham dự kiểm tra", "giay_de_nghi bao_cao_tap_su",
             "thi thừa phát lại; kiểm tra tập sự thừa phát lại"),
        Line("tam.thua-phat-lai.bo-nhiem", "Bổ nhiệm Thừa phát lại", "20 WD", "Quyết định bổ nhiệm Thừa phát lại",
             "don ly_lich_tu_phap bang_luat thoi_gian_cong_tac dao_tao kiem_tra_tap_su",
             "làm thừa phát lại; bổ nhiệm thừa phát lại; thừa hành viên",
             fees=(fee(800_000, "Phí thẩm định điều kiện hành nghề", _BAILIFFS_FEES),)),
        Line("tam.thua-phat-lai.mien-nhiem", "Miễn nhiệm Thừa phát lại theo đề nghị", "17 WD",
             "Quyết định miễn nhiệm Thừa phát lại", "don", "thôi làm thừa phát lại"),
        Line("tam.thua-phat-lai.the", "Đăng ký hành nghề và cấp Thẻ Thừa phát lại", "5 WD", "Thẻ Thừa phát lại",
             "giay_de_nghi chung_chi anh", "thẻ thừa phát lại", form="enterprise"),
        Line("tam.thua-phat-lai.cap-lai-the", "Cấp lại Thẻ Thừa phát lại", "5 WD", "Thẻ Thừa phát lại",
             "don anh the_cu?",
             "mất thẻ thừa phát lại"),
    ),
    *_BAILIFFS_OFFICE.rows(
        Line("tam.thua-phat-lai.thanh-lap", "Thành lập Văn phòng Thừa phát lại", "20 DAY",
             "Quyết định cho phép thành lập Văn phòng Thừa phát lại", "don de_an chung_chi",
             "mở văn phòng thừa phát lại", form="practitioner",
             fees=(fee(1_000_000, "Phí thẩm định thành lập", _BAILIFFS_FEES),)),
        Line("tam.thua-phat-lai.dang-ky", "Đăng ký hoạt động Văn phòng Thừa phát lại", "10 WD",
             "Giấy đăng ký hoạt động Văn phòng Thừa phát lại", "don quyet_dinh_thanh_lap tru_so danh_sach_thanh_vien",
             "đăng ký văn phòng thừa phát lại", form="practitioner",
             fees=(fee(500_000, "Phí thẩm định đăng ký hoạt động", _BAILIFFS_FEES),)),
        Line("tam.thua-phat-lai.thay-doi", "Thay đổi nội dung đăng ký hoạt động của Văn phòng Thừa phát lại", "5 WD",
             "Giấy đăng ký hoạt động (thay đổi)", "don thay_doi", "đổi địa chỉ văn phòng thừa phát lại",
             fees=(fee(500_000, "Phí thẩm định thay đổi", _BAILIFFS_FEES),)),
        Line("tam.thua-phat-lai.hop-nhat", "Hợp nhất, sáp nhập Văn phòng Thừa phát lại", "30 DAY",
             "Quyết định cho phép hợp nhất, sáp nhập", "don hop_dong bao_cao_tai_chinh",
             "sáp nhập văn phòng thừa phát lại"),
        Line("tam.thua-phat-lai.chuyen-nhuong", "Chuyển nhượng Văn phòng Thừa phát lại", "30 DAY",
             "Quyết định cho phép chuyển nhượng", "don hop_dong bao_cao_tai_chinh",
             "bán văn phòng thừa phát lại"),
        Line("tam.thua-phat-lai.cham-dut", "Chấm dứt hoạt động Văn phòng Thừa phát lại", "10 WD",
             "Quyết định thu hồi Giấy đăng ký hoạt động", "don bao_cao_tai_chinh", "đóng văn phòng thừa phát lại"),
    ),
)

PRACTITIONERS: tuple[dict[str, Any], ...] = (
    *_LAWYERS, *_LEGAL_ADVICE, *_AUCTIONS, *_EXPERTISE, *_INSOLVENCY, *_BAILIFFS,
)
