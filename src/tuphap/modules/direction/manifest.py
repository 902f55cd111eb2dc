"""What this module plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.plug import Manifest
from tuphap.shared.ui.api import MenuItem

from . import rules

MANIFEST = Manifest(
    name="direction",
    title="Chỉ đạo, điều hành",
    declarations=(
        Permission(rules.Permission.VIEW, "Xem số liệu chỉ đạo, điều hành", reaches_down=True),
        MenuItem(
            "Số liệu điều hành", "direction:dashboard", rules.Permission.VIEW, icon="chart", group="Chỉ đạo, điều hành",
            order=200, key="s",
        ),
    ),
)
