"""What this module plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.plug import Manifest
from tuphap.shared.ui.api import MenuItem

from . import rules
from .papers import TEMPLATE

MANIFEST = Manifest(
    name="direction",
    title="Chỉ đạo, điều hành",
    declarations=(
        Permission(rules.Permission.VIEW, "Xem số liệu chỉ đạo, điều hành", reaches_down=True),
        Permission(rules.Permission.CLOSE, "Khóa, mở lại số liệu thống kê theo kỳ", reaches_down=True),
        TEMPLATE,
        MenuItem(
            "Số liệu điều hành", "direction:dashboard", rules.Permission.VIEW, icon="chart", group="Chỉ đạo, điều hành",
            order=200, key="s",
        ),
        MenuItem(
            "Số liệu lĩnh vực", "direction:boards", rules.Permission.VIEW, icon="chart", group="Chỉ đạo, điều hành",
            order=205,
        ),
        MenuItem(
            "Thống kê", "direction:statistics", rules.Permission.VIEW, icon="list", group="Chỉ đạo, điều hành",
            order=210, key="t",
        ),
        MenuItem(
            "Kỳ số liệu", "direction:periods", rules.Permission.VIEW, icon="calendar", group="Chỉ đạo, điều hành",
            order=220,
        ),
    ),
)
