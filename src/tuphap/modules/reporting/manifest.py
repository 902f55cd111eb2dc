"""What this module plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.documents.api import SigningOutcome
from tuphap.shared.indicators.api import PublishedFigures
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.numbering.api import NumberSeries
from tuphap.shared.plug import Manifest
from tuphap.shared.ui.api import MenuItem

from . import rules
from .papers import TEMPLATE

HERE = "tuphap.modules.reporting"
GROUP = "Báo cáo"


def _notice(code: str, title: str, text: str) -> NoticeTemplate:
    return NoticeTemplate(
        code=f"reporting.{code}", title=title, text=text, params=("form", "period"), url_name="reporting:reports"
    )


MANIFEST = Manifest(
    name="reporting",
    title="Báo cáo thống kê",
    declarations=(
        Permission(rules.Permission.PREPARE, "Lập báo cáo thống kê của đơn vị"),
        Permission(rules.Permission.SIGN, "Ký báo cáo thống kê của đơn vị"),
        Permission(rules.Permission.CHECK, "Kiểm tra, tiếp nhận báo cáo thống kê của cấp xã", reaches_down=True),
        Permission(rules.Permission.AGGREGATE, "Tổng hợp báo cáo thống kê của tỉnh"),
        Permission(rules.Permission.VIEW, "Xem báo cáo thống kê", reaches_down=True),
        Permission(rules.Permission.ENACT, "Ban hành biểu mẫu thống kê"),
        NumberSeries(rules.SERIES, "Số báo cáo thống kê"),
        TEMPLATE,
        PublishedFigures("reporting.locked", told_by=f"{HERE}.queries.published"),
        SigningOutcome(
            rules.SIGNING_OUTCOME, on_signed=f"{HERE}.operations.enter_signed",
            on_failed=f"{HERE}.operations.signing_failed",
        ),
        _notice("returned", "Báo cáo bị trả lại: {form}",
                "Báo cáo theo biểu {form}, {period}, được trả lại để sửa. Lý do ghi trong báo cáo."),
        _notice("sent_back", "Lãnh đạo chưa ký báo cáo: {form}",
                "Báo cáo theo biểu {form}, {period}, được chuyển lại để sửa. Lý do ghi trong báo cáo."),
        _notice("signing_failed", "Ký số báo cáo không thành công: {form}",
                "Báo cáo theo biểu {form}, {period}, chưa ký số được. Vui lòng ký lại hoặc chuyển lại người lập."),
        MenuItem(
            "Báo cáo thống kê", "reporting:reports", rules.Permission.VIEW, icon="files", group=GROUP, order=400,
            key="b", count=f"{HERE}.queries.count_waiting",
        ),
        MenuItem("Biểu mẫu thống kê", "reporting:forms", rules.Permission.VIEW, icon="book", group=GROUP, order=420),
    ),
)
