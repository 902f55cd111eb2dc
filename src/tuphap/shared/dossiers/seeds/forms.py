"""Declarations by kind of request: who applies, then what is asked for. Procedures name one of them."""

from __future__ import annotations

from typing import Any

Page = dict[str, Any]


def _ask(code: str, label: str, kind: str = "text", *choices: str, **more: Any) -> dict[str, Any]:
    """One question; ``required=False`` where it may stay empty."""
    asked = {"code": code, "label": label, "kind": kind, **more}
    return {**asked, "choices": list(choices)} if choices else asked


def _page(code: str, title: str, *fields: dict[str, Any], intro: str = "") -> Page:
    page: Page = {"code": code, "title": title, "fields": list(fields)}
    return {**page, "intro": intro} if intro else page


_REACH = (
    _ask("phone", "Điện thoại", "phone", help="Để nhận thông báo và tra cứu hồ sơ."),
    _ask("email", "Thư điện tử", "email", required=False),
    _ask("address", "Nơi cư trú", "place"),
)
PERSON = _page(
    "person", "Người yêu cầu", _ask("name", "Họ, chữ đệm, tên", "name"),
    _ask("personal_number", "Số định danh cá nhân", "personal_number"),
    _ask("born_on", "Ngày sinh", "partial_date", required=False), *_REACH,
    intro="Ghi đúng như trên thẻ căn cước.",
)
FOREIGNER = _page(
    "person", "Người yêu cầu", _ask("name", "Họ và tên", "name"),
    _ask("personal_number", "Số định danh cá nhân (nếu có)", "personal_number", required=False),
    _ask("passport", "Số hộ chiếu (nếu không có số định danh)", required=False, most=30),
    _ask("born_on", "Ngày sinh", "partial_date"), _ask("nationality", "Quốc tịch", most=100), *_REACH,
)
ORGANISATION = _page(
    "organisation", "Tổ chức yêu cầu", _ask("name", "Tên tổ chức", most=100),
    _ask("tax_code", "Mã số thuế hoặc mã số doanh nghiệp", "tax_code"),
    _ask("representative", "Người đại diện", "name"), _ask("position", "Chức vụ của người đại diện", most=100),
    _ask("representative_number", "Số định danh cá nhân của người đại diện", "personal_number"),
    _ask("phone", "Điện thoại", "phone"), _ask("email", "Thư điện tử", "email", required=False),
    _ask("address", "Trụ sở", "place"),
)
COPY = _page(
    "request", "Giấy tờ cần chứng thực", _ask("papers", "Tên giấy tờ, văn bản", "long_text", most=1000),
    _ask("originals", "Số bản chính", "number", least=1, most=200),
    _ask("pages", "Tổng số trang", "number", least=1, most=5000),
    _ask("copies", "Số bản sao mỗi loại", "number", least=1, most=100),
    _ask("electronic", "Nhận bản sao điện tử", "yes_no", required=False),
)
SIGNATURE = _page(
    "request", "Giấy tờ sẽ ký", _ask("papers", "Tên giấy tờ, văn bản", "long_text", most=1000),
    _ask("copies", "Số bản", "number", least=1, most=100),
    _ask("way", "Cách ký", "choice", "Ký", "Điểm chỉ", "Không thể ký, điểm chỉ"),
    _ask("outside", "Đề nghị chứng thực ngoài trụ sở, lý do", required=False),
)
DEAL = _page(
    "request", "Giao dịch", _ask("subject", "Nội dung giao dịch", "long_text", most=2000),
    _ask("asset", "Tài sản", "choice", "Động sản", "Quyền sử dụng đất", "Nhà ở", "Không gắn với tài sản"),
    _ask("asset_text", "Mô tả tài sản: loại, số giấy chứng nhận, địa chỉ", "long_text", required=False, most=2000),
    _ask("value", "Giá trị (đồng)", "money", required=False),
    _ask("parties", "Các bên tham gia: họ tên, số định danh", "long_text", most=2000),
    _ask("outside", "Đề nghị chứng thực ngoài trụ sở, lý do", required=False),
)
ADOPTION = _page(
    "child", "Trẻ em được nhận làm con nuôi", _ask("child", "Họ, chữ đệm, tên", "name"),
    _ask("child_born_on", "Ngày sinh", "partial_date"), _ask("child_place", "Nơi cư trú", "place"),
    _ask("kinship", "Quan hệ với người nhận con nuôi", "choice", "Không có quan hệ họ hàng", "Cháu ruột", "Con riêng",
         "Quan hệ họ hàng khác"),
    _ask("reason", "Lý do nhận con nuôi", "long_text"),
)
MEDIATOR = _page(
    "request", "Nội dung đề nghị", _ask("team", "Tổ hòa giải, thôn, tổ dân phố"),
    _ask("people", "Họ tên người được đề nghị", "long_text", most=2000),
    _ask("content", "Nội dung, lý do đề nghị", "long_text", most=2000),
    _ask("amount", "Số tiền đề nghị (đồng)", "money", required=False),
)
COMPENSATION = _page(
    "request", "Yêu cầu bồi thường", _ask("body", "Cơ quan, người thi hành công vụ gây thiệt hại"),
    _ask("ground", "Văn bản làm căn cứ: số, ngày, cơ quan ban hành"),
    _ask("damage", "Thiệt hại, cách tính", "long_text"), _ask("amount", "Số tiền yêu cầu (đồng)", "money"),
    _ask("advance", "Đề nghị tạm ứng kinh phí", "yes_no", required=False),
    _ask("honour", "Đề nghị phục hồi danh dự", "yes_no", required=False),
)
LEGAL_AID = _page(
    "request", "Yêu cầu trợ giúp pháp lý",
    _ask("group", "Thuộc diện", "choice", "Người có công với cách mạng", "Người thuộc hộ nghèo, cận nghèo", "Trẻ em",
         "Người dân tộc thiểu số ở vùng khó khăn", "Người bị buộc tội từ đủ 16 đến dưới 18 tuổi",
         "Người bị hại có khó khăn về tài chính", "Người khuyết tật, người cao tuổi có khó khăn về tài chính",
         "Diện khác"),
    _ask("form", "Hình thức", "choice", "Tư vấn pháp luật", "Tham gia tố tụng", "Đại diện ngoài tố tụng"),
    _ask("field", "Lĩnh vực", "choice", "Hình sự", "Dân sự", "Hôn nhân và gia đình", "Đất đai", "Hành chính",
         "Lao động", "Lĩnh vực khác"),
    _ask("matter", "Nội dung vụ việc", "long_text"),
    _ask("beneficiary", "Người được trợ giúp pháp lý (nếu là người khác)", "name", required=False),
)
PRACTITIONER = _page(
    "practice", "Nội dung đề nghị", _ask("content", "Đề nghị", "long_text", help="Ghi rõ việc đề nghị và lý do."),
    _ask("degree", "Trình độ chuyên môn, nơi và năm tốt nghiệp", required=False),
    _ask("training", "Đào tạo nghề, tập sự: nơi và thời gian", required=False),
    _ask("organisation", "Tổ chức nơi hành nghề, tập sự hoặc công tác", required=False),
    _ask("number", "Số chứng chỉ, thẻ, quyết định đã cấp (nếu có)", required=False, most=100),
    _ask("issued_on", "Ngày cấp", "date", required=False),
)
ENTERPRISE = _page(
    "practice", "Nội dung đăng ký", _ask("content", "Đề nghị", "long_text", help="Ghi rõ nội dung đăng ký, thay đổi."),
    _ask("legal_form", "Loại hình tổ chức", required=False, most=100),
    _ask("head", "Người đứng đầu", "name", required=False),
    _ask("head_number", "Số thẻ, chứng chỉ hành nghề của người đứng đầu", required=False, most=100),
    _ask("members", "Số thành viên hành nghề", "number", required=False, least=0, most=10_000),
    _ask("number", "Số giấy đăng ký hoạt động đã cấp (nếu có)", required=False, most=100),
    _ask("new_address", "Trụ sở mới (nếu thay đổi)", "place", required=False),
    _ask("from_day", "Thực hiện từ ngày", "date", required=False),
)
NATIONALITY = _page(
    "request", "Yêu cầu về quốc tịch",
    _ask("present", "Quốc tịch hiện nay", most=100), _ask("former", "Quốc tịch trước đây", required=False, most=100),
    _ask("birth_place", "Nơi sinh"), _ask("reason", "Lý do, mục đích", "long_text"),
    _ask("lived", "Quá trình cư trú tại Việt Nam", "long_text", required=False),
    _ask("children", "Con chưa thành niên cùng yêu cầu: họ tên, ngày sinh", "long_text", required=False),
    _ask("keep", "Xin giữ quốc tịch nước ngoài", "yes_no", required=False),
)

FORMS: dict[str, list[Page]] = {
    "copy": [PERSON, COPY],
    "signature": [PERSON, SIGNATURE],
    "deal": [PERSON, DEAL],
    "adoption": [PERSON, ADOPTION],
    "adoption_foreign": [FOREIGNER, ADOPTION],
    "mediator": [PERSON, MEDIATOR],
    "compensation": [PERSON, COMPENSATION],
    "legal_aid": [PERSON, LEGAL_AID],
    "practitioner": [PERSON, PRACTITIONER],
    "enterprise": [ORGANISATION, ENTERPRISE],
    "nationality": [FOREIGNER, NATIONALITY],
}
