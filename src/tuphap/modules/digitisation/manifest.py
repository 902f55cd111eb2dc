"""What digitisation plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.plug import Manifest

from . import rules

HERE = "tuphap.modules.digitisation"

PERMISSIONS = (
    Permission(rules.Permission.VIEW, "Xem tiến độ, danh mục sổ số hóa", reaches_down=True),
    Permission(rules.Permission.MANAGE, "Quản lý danh mục sổ, bản quét, chuyển dữ liệu số hóa", reaches_down=True),
    Permission(rules.Permission.KEY, "Nhập liệu sổ hộ tịch số hóa", reaches_down=True),
    Permission(rules.Permission.PROOF, "Kiểm tra, đối chiếu dữ liệu số hóa", reaches_down=True),
    Permission(rules.Permission.APPROVE, "Duyệt dữ liệu số hóa"),
)

MANIFEST = Manifest(
    name="digitisation",
    title="Số hóa sổ hộ tịch",
    declarations=(*PERMISSIONS,),
)
