"""What old books plug in."""

from tuphap.shared.indicators.api import Column, Indicator
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.plug import Declaration
from tuphap.shared.ui.api import MenuItem

from ..rules import Permission

HERE = "tuphap.modules.civil_status.old_books"

NOTICES = (
    NoticeTemplate(
        code="civil_status.old_entry_returned",
        title="Bản chép sổ giấy số {number} được trả lại",
        text="Bản chép từ sổ giấy số {number} có mục cần chép lại. Vui lòng xem lý do ở từng mục, sửa và trình lại.",
        params=("number",),
        url_name="civil_status:old_entries",
    ),
    NoticeTemplate(
        code="civil_status.old_entry_entered",
        title="Việc hộ tịch số {number} đã vào sổ điện tử",
        text="Bản chép từ sổ giấy số {number} đã được xác nhận. Hồ sơ yêu cầu trích lục (nếu có) giải quyết tiếp được.",
        params=("number",),
        url_name="civil_status:old_entries",
    ),
)

# Nobody's registrations of the period: a figure of its own, beside those that count what is registered here.
INDICATORS = (
    Indicator(
        code="civil_status.old_entries", title="Việc hộ tịch chép từ sổ giấy", unit_vi="trường hợp",
        list=f"{HERE}.queries.entered", unit_field="unit", at_field="entered_at", label_field="pk",
        columns=(
            Column("Số", "number"), Column("Năm của sổ", "year"), Column("Ngày đăng ký", "registered_on"),
            Column("Người chép", "transcriber_name"), Column("Người xác nhận", "confirmer_name"),
        ),
        url_name="civil_status:old_entry",
        basis="Nghị định 87/2020/NĐ-CP; quy trình số hóa sổ hộ tịch của Bộ Tư pháp",
    ),
)

MENU = (
    MenuItem(
        "Chép sổ giấy cũ", "civil_status:old_entries", Permission.VIEW, icon="pen", group="Hộ tịch", order=332,
        count=f"{HERE}.queries.count_to_confirm",
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (*NOTICES, *INDICATORS, *MENU)
