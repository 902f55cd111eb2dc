"""Notaries: probation, appointment, cards, offices, under the law in force since 01/07/2025."""

from __future__ import annotations

from typing import Any

from .writing import PARTIAL, PROVINCE, Line, Period, Sector, fee

_PERIODS = (Period("Luật Công chứng 2024; NĐ 104/2025/NĐ-CP; TT 05/2025/TT-BTP; NĐ 121/2025/NĐ-CP"),)
_PEOPLE = Sector("Công chứng", "Công chứng viên", PROVINCE, "practitioner", _PERIODS)
_OFFICES = Sector("Công chứng", "Tổ chức hành nghề công chứng", PROVINCE, "enterprise", _PERIODS, service=PARTIAL)
_FEES = "TT 257/2016/TT-BTC"
_SET_UP = (fee(1_000_000, "Phí thẩm định thành lập văn phòng công chứng", _FEES),)
_CHANGE = (fee(500_000, "Phí thẩm định thay đổi nội dung đăng ký hoạt động", _FEES),)
_APPOINT = (fee(None, "Phí thẩm định tiêu chuẩn, điều kiện hành nghề", _FEES),)

NOTARIES: tuple[dict[str, Any], ...] = (
    *_PEOPLE.rows(
        Line("tam.cong-chung.dang-ky-tap-su", "Đăng ký tập sự hành nghề công chứng", "5 WD",
             "Quyết định đăng ký tập sự hành nghề công chứng", "giay_de_nghi dao_tao nhan_tap_su",
             "tập sự công chứng; đăng ký tập sự công chứng viên"),
        Line("tam.cong-chung.dang-ky-lai-tap-su", "Đăng ký tập sự lại hành nghề công chứng", "5 WD",
             "Quyết định đăng ký tập sự lại", "giay_de_nghi nhan_tap_su", "tập sự lại công chứng"),
        Line("tam.cong-chung.doi-noi-tap-su", "Thay đổi nơi tập sự hành nghề công chứng trong cùng tỉnh, thành phố",
             "5 WD", "Văn bản ghi nhận thay đổi nơi tập sự", "giay_de_nghi nhan_tap_su",
             "chuyển nơi tập sự công chứng"),
        Line("tam.cong-chung.doi-tinh-tap-su",
             "Thay đổi nơi tập sự hành nghề công chứng từ tỉnh, thành phố này sang tỉnh, thành phố khác", "5 WD",
             "Quyết định đăng ký tập sự, xác nhận thời gian tập sự", "giay_de_nghi nhan_tap_su bao_cao_tap_su?",
             "chuyển tập sự công chứng sang tỉnh khác"),
        Line("tam.cong-chung.tam-ngung-tap-su", "Tạm ngừng tập sự hành nghề công chứng", "3 WD",
             "Văn bản ghi nhận tạm ngừng tập sự", "giay_de_nghi", "tạm ngừng tập sự công chứng"),
        Line("tam.cong-chung.cham-dut-tap-su", "Chấm dứt tập sự hành nghề công chứng", "5 WD",
             "Quyết định xóa đăng ký tập sự", "giay_de_nghi", "thôi tập sự công chứng"),
        Line("tam.cong-chung.kiem-tra-tap-su", "Đăng ký tham dự kiểm tra kết quả tập sự hành nghề công chứng", "15 WD",
             "Danh sách người đủ điều kiện tham dự kiểm tra", "giay_de_nghi bao_cao_tap_su",
             "thi công chứng viên; kiểm tra tập sự công chứng"),
        Line("tam.cong-chung.cong-nhan-nuoc-ngoai",
             "Công nhận tương đương đối với người được đào tạo nghề công chứng ở nước ngoài", "10 WD",
             "Quyết định công nhận tương đương đào tạo nghề công chứng", "giay_de_nghi giay_to_nuoc_ngoai",
             "học công chứng ở nước ngoài"),
        Line("tam.cong-chung.bo-nhiem", "Bổ nhiệm công chứng viên", "20 WD", "Quyết định bổ nhiệm công chứng viên",
             "don ly_lich_tu_phap bang_luat thoi_gian_cong_tac dao_tao kiem_tra_tap_su suc_khoe",
             "làm công chứng viên; xin bổ nhiệm công chứng viên", fees=_APPOINT, extra=15),
        Line("tam.cong-chung.bo-nhiem-lai", "Bổ nhiệm lại công chứng viên", "20 WD",
             "Quyết định bổ nhiệm lại công chứng viên", "don ly_lich_tu_phap suc_khoe",
             "bổ nhiệm lại công chứng viên", fees=_APPOINT, extra=15),
        Line("tam.cong-chung.mien-nhiem", "Miễn nhiệm công chứng viên theo đề nghị của cá nhân", "10 WD",
             "Quyết định miễn nhiệm công chứng viên", "don",
             "thôi làm công chứng viên; xin miễn nhiệm công chứng viên"),
        Line("tam.cong-chung.cap-the", "Đăng ký hành nghề và cấp Thẻ công chứng viên", "5 WD", "Thẻ công chứng viên",
             "giay_de_nghi anh chung_chi bao_hiem?", "thẻ công chứng viên; đăng ký hành nghề công chứng",
             form="enterprise"),
        Line("tam.cong-chung.cap-lai-the", "Cấp lại Thẻ công chứng viên", "3 WD", "Thẻ công chứng viên",
             "don anh the_cu", "mất thẻ công chứng viên; làm lại thẻ công chứng viên"),
        Line("tam.cong-chung.xoa-dang-ky", "Xóa đăng ký hành nghề của công chứng viên", "3 WD",
             "Quyết định xóa đăng ký hành nghề", "giay_de_nghi the_cu?", "công chứng viên nghỉ việc",
             form="enterprise"),
    ),
    *_OFFICES.rows(
        Line("tam.cong-chung.thanh-lap", "Thành lập Văn phòng công chứng", "20 DAY",
             "Quyết định cho phép thành lập Văn phòng công chứng", "don de_an tru_so chung_chi",
             "mở văn phòng công chứng; lập văn phòng công chứng", fees=_SET_UP, form="practitioner"),
        Line("tam.cong-chung.dang-ky-hoat-dong", "Đăng ký hoạt động Văn phòng công chứng", "7 WD",
             "Giấy đăng ký hoạt động của Văn phòng công chứng", "don quyet_dinh_thanh_lap tru_so danh_sach_thanh_vien",
             "đăng ký hoạt động văn phòng công chứng",
             fees=(fee(500_000, "Phí thẩm định đăng ký hoạt động", _FEES),), form="practitioner"),
        Line("tam.cong-chung.thay-doi", "Thay đổi nội dung đăng ký hoạt động của Văn phòng công chứng", "5 WD",
             "Giấy đăng ký hoạt động (thay đổi)", "don dang_ky_hoat_dong thay_doi",
             "đổi địa chỉ văn phòng công chứng; thêm công chứng viên", fees=_CHANGE),
        Line("tam.cong-chung.cap-lai-dang-ky", "Cấp lại Giấy đăng ký hoạt động của Văn phòng công chứng", "3 WD",
             "Giấy đăng ký hoạt động", "don", "mất giấy đăng ký hoạt động văn phòng công chứng"),
        Line("tam.cong-chung.hop-nhat", "Hợp nhất Văn phòng công chứng", "35 DAY",
             "Quyết định cho phép hợp nhất Văn phòng công chứng", "don hop_dong bao_cao_tai_chinh",
             "hợp nhất văn phòng công chứng", fees=_SET_UP),
        Line("tam.cong-chung.sap-nhap", "Sáp nhập Văn phòng công chứng", "35 DAY",
             "Quyết định cho phép sáp nhập Văn phòng công chứng", "don hop_dong bao_cao_tai_chinh",
             "sáp nhập văn phòng công chứng", fees=_CHANGE),
        Line("tam.cong-chung.chuyen-nhuong", "Chuyển nhượng toàn bộ phần vốn góp của các thành viên hợp danh", "35 DAY",
             "Quyết định cho phép chuyển nhượng", "don hop_dong bao_cao_tai_chinh",
             "bán văn phòng công chứng; chuyển nhượng văn phòng công chứng", fees=_CHANGE),
        Line("tam.cong-chung.mua-ban", "Bán doanh nghiệp tư nhân là Văn phòng công chứng", "35 DAY",
             "Quyết định cho phép bán Văn phòng công chứng", "don hop_dong bao_cao_tai_chinh",
             "mua lại văn phòng công chứng", fees=_CHANGE),
        Line("tam.cong-chung.chuyen-doi", "Chuyển đổi loại hình hoạt động của Văn phòng công chứng", "20 DAY",
             "Quyết định cho phép chuyển đổi", "don de_an", "chuyển đổi văn phòng công chứng"),
        Line("tam.cong-chung.cham-dut", "Chấm dứt hoạt động Văn phòng công chứng theo đề nghị", "10 WD",
             "Quyết định thu hồi quyết định cho phép thành lập", "don bao_cao_tai_chinh",
             "đóng cửa văn phòng công chứng; giải thể văn phòng công chứng"),
    ),
)
