"""What digitisation plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.audit.api import Reaction
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.plug import Manifest

from . import rules
from .bulk import manifest as bulk

HERE = "tuphap.modules.digitisation"

PERMISSIONS = (
    Permission(rules.Permission.VIEW, "Xem tiến độ, danh mục sổ số hóa", reaches_down=True),
    Permission(rules.Permission.MANAGE, "Quản lý danh mục sổ, bản quét, chuyển dữ liệu số hóa", reaches_down=True),
    Permission(rules.Permission.KEY, "Nhập liệu sổ hộ tịch số hóa", reaches_down=True),
    Permission(rules.Permission.PROOF, "Kiểm tra, đối chiếu dữ liệu số hóa", reaches_down=True),
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

MANIFEST = Manifest(
    name="digitisation",
    title="Số hóa sổ hộ tịch",
    declarations=(
        *PERMISSIONS, *NOTICES, Reaction(rules.POPULATION_MATCHED, rules.ACT_MATCHED), *bulk.DECLARATIONS,
    ),
)
