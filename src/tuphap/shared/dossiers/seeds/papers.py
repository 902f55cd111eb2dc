"""The papers that procedures ask for, by their codes, and which published database holds them."""

from __future__ import annotations

from dataclasses import dataclass

POPULATION = "Cơ sở dữ liệu quốc gia về dân cư"
CIVIL_STATUS = "Cơ sở dữ liệu hộ tịch điện tử"
BUSINESS = "Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"
LAND = "Cơ sở dữ liệu quốc gia về đất đai"
INSURANCE = "Cơ sở dữ liệu quốc gia về bảo hiểm"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: original or copy, the database that stands for it, whether it was only shown before that."""

    name: str
    form: str = "original"
    database: str = ""
    note: str = ""
    shown: bool = False


def _copy(name: str, note: str = "Bản sao có chứng thực, hoặc bản sao kèm bản chính để đối chiếu.") -> Paper:
    return Paper(name, form="copy", note=note)


PAPERS: dict[str, Paper] = {
    # -- who one is
    "to_khai": Paper("Tờ khai theo mẫu"),
    "don": Paper("Đơn đề nghị theo mẫu"),
    "giay_de_nghi": Paper("Giấy đề nghị theo mẫu"),
    "giay_to_tuy_than": Paper("Giấy tờ tùy thân của người yêu cầu", database=POPULATION, shown=True),
    "cu_tru": Paper("Giấy tờ chứng minh nơi cư trú", database=POPULATION, shown=True),
    "uy_quyen": Paper("Văn bản ủy quyền (nếu ủy quyền)",
                      note="Không phải chứng thực nếu người được ủy quyền là ông, bà, cha, mẹ, con, vợ, chồng, anh, "
                      "chị, em ruột."),
    "anh": Paper("Ảnh chân dung 2 cm x 3 cm hoặc 3 cm x 4 cm", note="Nộp trực tuyến thì gửi tệp ảnh."),
    "so_yeu_ly_lich": Paper("Sơ yếu lý lịch"),
    "suc_khoe": Paper("Giấy khám sức khỏe", note="Do cơ sở y tế cấp trong 6 tháng gần nhất."),
    "ly_lich_tu_phap": Paper("Phiếu lý lịch tư pháp", database="Cơ sở dữ liệu lý lịch tư pháp"),
    "ho_chieu": _copy("Hộ chiếu hoặc giấy tờ đi lại quốc tế"),
    # -- civil status
    "giay_chung_sinh": Paper("Giấy chứng sinh"),
    "dong_y_cho_o": Paper("Văn bản đồng ý của chủ hộ, chủ sở hữu chỗ ở hợp pháp",
                          note="Chỉ khi đăng ký thường trú cho trẻ tại nơi không phải của cha, mẹ."),
    "giay_bao_tu": Paper("Giấy báo tử hoặc giấy tờ thay thế"),
    "to_khai_than_nhan": Paper("Tờ khai của thân nhân (khi đề nghị hưởng trợ cấp mai táng, tử tuất)",
                               note="Theo mẫu của cơ quan bảo hiểm xã hội."),
    "giay_to_nguoi_co_cong": _copy("Giấy tờ về người có công (khi đề nghị hưởng mai táng phí đối với người có công)"),
    "giay_khai_sinh": Paper("Giấy khai sinh", form="copy", database=CIVIL_STATUS),
    "giay_ket_hon": Paper("Giấy chứng nhận kết hôn", form="copy", database=CIVIL_STATUS),
    "tinh_trang_hon_nhan": Paper("Giấy xác nhận tình trạng hôn nhân", database=CIVIL_STATUS),
    "quan_he_cha_con": Paper("Giấy tờ, vật chứng minh quan hệ cha con, mẹ con",
                             note="Văn bản của cơ quan y tế, giám định, hoặc cam đoan kèm người làm chứng."),
    "chung_minh_thay_doi": Paper("Giấy tờ làm căn cứ thay đổi, cải chính"),
    "ban_sao_cu": _copy("Bản sao giấy tờ hộ tịch đã cấp trước đây (nếu có)"),
    "cu_giam_ho": Paper("Văn bản cử người giám hộ hoặc giấy tờ chứng minh điều kiện giám hộ đương nhiên"),
    "cu_giam_sat": Paper("Văn bản cử người giám sát việc giám hộ"),
    "cham_dut_giam_sat": Paper("Giấy tờ làm căn cứ chấm dứt giám sát việc giám hộ"),
    "cham_dut_giam_ho": Paper("Giấy tờ làm căn cứ chấm dứt giám hộ"),
    "giay_to_nuoc_ngoai": _copy("Giấy tờ hộ tịch do cơ quan nước ngoài cấp",
                                "Đã hợp pháp hóa lãnh sự và dịch sang tiếng Việt, trừ khi được miễn."),
    "y_te_nuoc_ngoai": Paper("Giấy xác nhận của tổ chức y tế về khả năng nhận thức, làm chủ hành vi"),
    # -- certification
    "ban_chinh": Paper("Bản chính giấy tờ, văn bản", note="Xuất trình để đối chiếu, trả lại ngay."),
    "ban_sao": _copy("Bản sao cần chứng thực", "Cơ quan chụp từ bản chính nếu người yêu cầu chưa có."),
    "giay_to_ky": Paper("Giấy tờ, văn bản sẽ ký"),
    "ban_dich": Paper("Bản dịch và giấy tờ, văn bản cần dịch"),
    "du_thao_giao_dich": Paper("Dự thảo giao dịch"),
    "quyen_tai_san": Paper("Giấy chứng nhận quyền sở hữu, quyền sử dụng tài sản", form="copy", database=LAND),
    "du_thao_di_chuc": Paper("Dự thảo di chúc"),
    "quan_he_thua_ke": Paper("Giấy tờ chứng minh quan hệ với người để lại di sản", form="copy", database=CIVIL_STATUS),
    "giay_chung_tu": Paper("Trích lục khai tử của người để lại di sản", form="copy", database=CIVIL_STATUS),
    "giao_dich_da_ky": Paper("Giao dịch đã chứng thực"),
    # -- children, mediation, education, compensation
    "ho_so_nguoi_nhan": Paper("Hồ sơ của người nhận con nuôi",
                              note="Đơn, sức khỏe, tình trạng hôn nhân, hoàn cảnh gia đình, chỗ ở, kinh tế."),
    "ho_so_tre_em": Paper("Hồ sơ của người được nhận làm con nuôi"),
    "y_kien_dong_y": Paper("Văn bản đồng ý của những người liên quan"),
    "bien_ban_bau": Paper("Biên bản bầu hoặc danh sách người được bầu"),
    "danh_sach_de_nghi": Paper("Văn bản và danh sách đề nghị công nhận"),
    "chung_tu_thanh_toan": Paper("Hóa đơn, chứng từ hợp lệ"),
    "lam_can_cu_boi_thuong": Paper("Văn bản làm căn cứ yêu cầu bồi thường"),
    "thiet_hai": Paper("Tài liệu, chứng cứ chứng minh thiệt hại"),
    "vu_viec": Paper("Giấy tờ, tài liệu liên quan đến vụ việc"),
    "dien_tro_giup": Paper("Giấy tờ chứng minh người thuộc diện trợ giúp pháp lý", form="copy",
                           database="Cơ sở dữ liệu về trợ giúp xã hội, người có công, hộ nghèo"),
    # -- professions
    "bang_luat": _copy("Bằng cử nhân luật hoặc bằng thạc sĩ, tiến sĩ luật"),
    "bang_cap": _copy("Bằng tốt nghiệp đại học theo chuyên ngành"),
    "dao_tao": _copy("Giấy chứng nhận tốt nghiệp khóa đào tạo nghề, hoặc giấy tờ được miễn đào tạo"),
    "kiem_tra_tap_su": _copy("Giấy chứng nhận kết quả kiểm tra tập sự hành nghề"),
    "bao_cao_tap_su": Paper("Báo cáo kết quả tập sự hành nghề"),
    "nhan_tap_su": Paper("Văn bản của tổ chức đồng ý nhận tập sự"),
    "thoi_gian_cong_tac": Paper("Giấy tờ chứng minh thời gian công tác pháp luật", form="copy", database=INSURANCE),
    "chung_chi": _copy("Chứng chỉ hành nghề hoặc quyết định bổ nhiệm"),
    "the_cu": Paper("Thẻ, chứng chỉ đã cấp", note="Trường hợp cấp lại do hư hỏng hoặc thay đổi thông tin."),
    "the_luat_su": _copy("Thẻ luật sư"),
    "the_nghe": _copy("Thẻ hành nghề của thành viên"),
    "xac_nhan_doan": Paper("Hồ sơ và văn bản đề nghị của Ban Chủ nhiệm Đoàn luật sư"),
    "xac_nhan_thoi_gian": Paper("Giấy xác nhận thời gian công tác, kinh nghiệm chuyên môn"),
    "tru_so": Paper("Giấy tờ chứng minh về trụ sở"),
    "dieu_le": Paper("Dự thảo điều lệ"),
    "de_an": Paper("Đề án thành lập"),
    "danh_sach_thanh_vien": Paper("Danh sách thành viên kèm giấy tờ chứng minh điều kiện hành nghề"),
    "quyet_dinh_thanh_lap": Paper("Quyết định cho phép thành lập hoặc giấy phép thành lập", form="copy"),
    "dang_ky_hoat_dong": Paper("Giấy đăng ký hoạt động đã cấp"),
    "thay_doi": Paper("Giấy tờ làm căn cứ thay đổi"),
    "dang_ky_kinh_doanh": Paper("Giấy chứng nhận đăng ký doanh nghiệp", form="copy", database=BUSINESS),
    "hop_dong": _copy("Hợp đồng lao động hoặc hợp đồng hợp nhất, sáp nhập, chuyển nhượng"),
    "bao_hiem": _copy("Hợp đồng bảo hiểm trách nhiệm nghề nghiệp"),
    "bao_cao_tai_chinh": Paper("Báo cáo về tài chính, hồ sơ đang thực hiện và phương án giải quyết"),
    "trang_thong_tin": Paper("Tài liệu chứng minh trang thông tin đấu giá trực tuyến đáp ứng yêu cầu kỹ thuật"),
    "phap_nhan_nuoc_ngoai": _copy("Giấy tờ chứng minh tổ chức nước ngoài được thành lập hợp pháp",
                                  "Đã hợp pháp hóa lãnh sự và dịch sang tiếng Việt."),
    "uy_quyen_nuoc_ngoai": Paper("Văn bản của tổ chức nước ngoài cử người đứng đầu"),
    # -- nationality
    "khai_ly_lich": Paper("Bản khai lý lịch"),
    "tieng_viet": _copy("Giấy tờ chứng minh trình độ tiếng Việt"),
    "bao_dam_cuoc_song": Paper("Giấy tờ chứng minh bảo đảm cuộc sống tại Việt Nam"),
    "thoi_gian_cu_tru": Paper("Giấy tờ chứng minh thời gian thường trú tại Việt Nam", database=POPULATION),
    "tung_co_quoc_tich": _copy("Giấy tờ chứng minh đã từng có quốc tịch Việt Nam"),
    "goc_viet_nam": _copy("Giấy tờ chứng minh nguồn gốc Việt Nam"),
    "nghia_vu_thue": Paper("Giấy xác nhận không nợ thuế"),
    "nhap_tich_nuoc_ngoai": _copy("Giấy tờ xác nhận đang làm thủ tục hoặc được bảo đảm nhập quốc tịch nước ngoài"),
}

# What the law still wants signed by hand, and until when its scan must lie in the dossier: a page of a register is
# signed when the result is handed out, a deal before the certifier.
_REGISTER = "Trang Sổ đăng ký {kind} có chữ ký của {who}"


def _original(code: str, name: str, *, before: str, basis: str) -> dict[str, str]:
    return {"code": code, "name": name, "before": before, "basis": basis}


ORIGINALS: dict[str, dict[str, str]] = {
    one["code"]: one for one in (
        _original("so_khai_sinh", _REGISTER.format(kind="khai sinh", who="người đi đăng ký khai sinh"), before="close",
                  basis="Luật Hộ tịch 2014, Điều 16 khoản 2"),
        _original("so_ket_hon", _REGISTER.format(kind="kết hôn", who="hai bên nam, nữ"), before="close",
                  basis="Luật Hộ tịch 2014, Điều 18 khoản 2"),
        _original("so_nhan_con", _REGISTER.format(kind="nhận cha, mẹ, con", who="các bên"), before="close",
                  basis="Luật Hộ tịch 2014, Điều 25 khoản 2"),
        _original("so_khai_tu", _REGISTER.format(kind="khai tử", who="người đi khai tử"), before="close",
                  basis="Luật Hộ tịch 2014, Điều 34 khoản 2"),
        _original("giao_dich", "Bản chính giao dịch, văn bản đã chứng thực, lưu tại cơ quan", before="return",
                  basis="NĐ 23/2015/NĐ-CP, Điều 14"),
    )
}
