"""What this module plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.audit.api import Reaction
from tuphap.shared.dossiers.api import Action, Desk, OnAdvance
from tuphap.shared.plug import Manifest

from . import listeners, rules, sheets, slips
from .figures import INDICATORS
from .menu import MENU

HERE = "tuphap.modules.one_stop_shop"

PERMISSIONS = (
    Permission(rules.Permission.RECEIVE, "Tiếp nhận hồ sơ tại Bộ phận Một cửa"),
    Permission(rules.Permission.VIEW, "Xem hồ sơ một cửa", reaches_down=True),
    Permission(rules.Permission.ASSIGN, "Phân công thụ lý hồ sơ"),
    Permission(rules.Permission.RETURN, "Trả kết quả giải quyết hồ sơ"),
)

DESK = Desk(
    receive=rules.Permission.RECEIVE, assign=rules.Permission.ASSIGN, hand_out=rules.Permission.RETURN,
    view=rules.Permission.VIEW,
)

LISTENERS = (
    Reaction("calendar.days_set", rules.RECOMPUTE),
    Reaction("calendar.hours_set", rules.RECOMPUTE),
    OnAdvance(listeners.TOLD, f"{HERE}.listeners.tell"),
    OnAdvance(tuple(Action), f"{HERE}.listeners.index"),
)

MANIFEST = Manifest(
    name="one_stop_shop",
    title="Một cửa",
    declarations=(
        *PERMISSIONS, DESK, *listeners.NOTICES, listeners.SEARCH, *INDICATORS, *LISTENERS,
        *slips.TEMPLATES, *sheets.TEMPLATES, *MENU,
    ),
)
