"""What taking in files plugs in."""

from tuphap.shared.plug import Declaration
from tuphap.shared.ui.api import MenuItem

from ..rules import Permission

DECLARATIONS: tuple[Declaration, ...] = (
    MenuItem(
        "Nhập liệu từ tệp", "digitisation:imports", Permission.MANAGE, icon="upload", group="Số hóa sổ hộ tịch",
        order=358,
    ),
)
