"""What this module plugs into the mechanisms."""

from tuphap.shared.access.api import Permission
from tuphap.shared.audit.api import Reaction
from tuphap.shared.audit.looks import PersonalRecords
from tuphap.shared.documents.api import SigningOutcome
from tuphap.shared.dossiers.api import Action, Desk, Levels, OnAdvance, ProcedureHandler
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.numbering.api import NumberSeries
from tuphap.shared.plug import Manifest

from . import listeners, portal, rules, sheets, slips, statistics
from .figures import INDICATORS
from .generic.papers import TEMPLATE as DECISION
from .handover.sheets import TEMPLATE as HAND_OVER
from .menu import MENU

HERE = "tuphap.modules.one_stop_shop"

PERMISSIONS = (
    Permission(rules.Permission.RECEIVE, "Tiếp nhận hồ sơ tại Bộ phận Một cửa"),
    Permission(rules.Permission.VIEW, "Xem hồ sơ một cửa", reaches_down=True),
    Permission(rules.Permission.ASSIGN, "Phân công thụ lý hồ sơ"),
    Permission(rules.Permission.RETURN, "Trả kết quả giải quyết hồ sơ"),
    Permission(rules.GenericPermission.PREPARE, "Thụ lý hồ sơ khai theo mẫu"),
    Permission(rules.GenericPermission.REVIEW, "Thẩm định hồ sơ khai theo mẫu (lãnh đạo phòng)"),
    Permission(rules.GenericPermission.SIGN, "Phê duyệt, ký kết quả hồ sơ khai theo mẫu"),
)

GENERIC = ProcedureHandler(
    code=rules.GENERIC,
    title="Thủ tục khai theo mẫu trong danh mục",
    answers=f"{HERE}.generic.answers.declaration",
    pages=f"{HERE}.generic.forms.pages",
    permissions=Levels(
        receive=rules.Permission.RECEIVE, prepare=rules.GenericPermission.PREPARE,
        review=rules.GenericPermission.REVIEW, sign=rules.GenericPermission.SIGN,
    ),
    checks=f"{HERE}.generic.checks.checks",
    decide=f"{HERE}.generic.operations.decide",
    panels=("one_stop_shop/panel_decision.html",),
    essentials=f"{HERE}.generic.queries.essentials",
)

SIGNING = (
    NumberSeries(rules.DECISION_SERIES, "Số văn bản kết quả giải quyết thủ tục hành chính"),
    SigningOutcome(
        rules.DECISION_OUTCOME, on_signed=f"{HERE}.generic.operations.enter_signed",
        on_failed=f"{HERE}.generic.operations.signing_failed",
    ),
    DECISION,
    NumberSeries(rules.HAND_OVER_SERIES, "Số phiếu bàn giao hồ sơ, kết quả"),
    HAND_OVER,
    NoticeTemplate(
        code="one_stop.hand_over_made", title="Phiếu bàn giao số {number} chờ ký nhận",
        text="Ông/bà được bàn giao {count} hồ sơ theo phiếu số {number}. Vui lòng kiểm đếm và ký nhận.",
        params=("number", "count"), url_name="one_stop_shop:hand_overs",
    ),
    NoticeTemplate(
        code="one_stop.hand_over_left", title="Phiếu bàn giao số {number}: có hồ sơ không được nhận",
        text="Bên nhận không nhận {count} hồ sơ trong phiếu số {number}. Vui lòng xem lý do và bàn giao lại.",
        params=("number", "count"), url_name="one_stop_shop:hand_overs",
    ),
    NoticeTemplate(
        code="one_stop.signing_failed", title="Ký số không thành công: số {number}",
        text="Văn bản số {number} chưa ký số được. Vui lòng ký lại hoặc hủy số kèm lý do.", params=("number",),
        url_name="one_stop_shop:failed_signings",
    ),
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
    OnAdvance(portal.TOLD, f"{HERE}.portal.tell"),
    portal.KIND,
    portal.SUBMISSION,
)

LOOKS = (
    PersonalRecords("dossiers.dossier", f"{HERE}.looks.queries.dossiers_about"),
    PersonalRecords("exchange.outbound", f"{HERE}.looks.queries.messages_about", events=("exchange.answered",)),
)

MANIFEST = Manifest(
    name="one_stop_shop",
    title="Một cửa",
    declarations=(
        *PERMISSIONS, DESK, GENERIC, *SIGNING, *listeners.NOTICES, listeners.SEARCH, *INDICATORS,
        *statistics.DECLARATIONS, *LISTENERS, *LOOKS, *slips.TEMPLATES, *sheets.TEMPLATES, *MENU,
    ),
)
