"""What digitisation plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.audit.api import Reaction
from tuphap.shared.indicators.api import Column, Indicator
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.plug import Manifest
from tuphap.shared.ui.api import MenuItem

from . import rules
from .bulk import manifest as bulk

HERE = "tuphap.modules.digitisation"
GROUP = "Số hóa sổ hộ tịch"

PERMISSIONS = (
    Permission(rules.Permission.VIEW, "Xem tiến độ, danh mục sổ số hóa", reaches_down=True),
    Permission(rules.Permission.MANAGE, "Quản lý danh mục sổ, bản quét, chuyển dữ liệu số hóa", reaches_down=True),
    Permission(rules.Permission.KEY, "Nhập liệu sổ hộ tịch số hóa", reaches_down=True),
    Permission(rules.Permission.PROOF, "Kiểm tra, đối chiếu dữ liệu số hóa", reaches_down=True),
    # whose office approves is told by the practice of the province, so that it does not reach down by itself
    Permission(rules.Permission.APPROVE, "Duyệt dữ liệu số hóa"),
)

NOTICES = (
    NoticeTemplate(
        code="digitisation.returned",
        title="Việc số {number} của sổ {book} được trả lại để nhập lại",
        text="Việc số {number} của sổ {book} có mục cần nhập lại. Lý do ghi ở từng mục.",
        params=("number", "book"),
        url_name="digitisation:keying",
    ),
)

BASIS = "Công văn 1437/BTP-CNTT ngày 25/4/2019; Nghị định 87/2020/NĐ-CP"


def _figure(code: str, title: str, at: str) -> Indicator:
    """Entries that came so far within the period. In detail only: they are nobody's work of the one-stop shop."""
    return Indicator(
        code=f"digitisation.{code}", title=title, unit_vi="việc", list=f"{HERE}.queries.{code}",
        unit_field="book__unit", at_field=at, label_field="pk", url_name="digitisation:entry", basis=BASIS,
        in_detail=True,
        columns=(Column("Số", "number"), Column("Loại sổ", "book__kind"), Column("Năm của sổ", "book__year"),
                 Column("Ngày đăng ký", "registered_on"), Column("Người duyệt", "approver__full_name")),
    )


INDICATORS = (
    _figure("approved", "Việc hộ tịch số hóa đã duyệt", "approved_at"),
    _figure("transferred", "Việc hộ tịch số hóa đã chuyển vào sổ điện tử", "transferred_at"),
)

MENU = (
    MenuItem("Tiến độ số hóa", "digitisation:progress", rules.Permission.VIEW, icon="chart", group=GROUP, order=350),
    MenuItem("Danh mục sổ số hóa", "digitisation:books", rules.Permission.VIEW, icon="files", group=GROUP, order=352),
    MenuItem("Nhập liệu", "digitisation:keying", rules.Permission.KEY, icon="pen", group=GROUP, order=354,
             count=f"{HERE}.queries.count_to_key"),
    MenuItem("Kiểm tra, duyệt số hóa", "digitisation:proofing", icon="check", group=GROUP, order=356,
             shown=f"{HERE}.queries.proofs_or_approves", count=f"{HERE}.queries.count_to_proof"),
)

MANIFEST = Manifest(
    name="digitisation",
    title="Số hóa sổ hộ tịch",
    declarations=(
        *PERMISSIONS, *NOTICES, *INDICATORS, *MENU, Reaction(rules.POPULATION_MATCHED, rules.ACT_MATCHED),
        *bulk.DECLARATIONS,
    ),
)
