"""What the joined procedures plug in."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from tuphap.shared.calendar.api import Verdict
from tuphap.shared.dossiers.api import Levels, ProcedureHandler
from tuphap.shared.exchange.api import InboundKind, OutboundKind, contracts
from tuphap.shared.indicators.api import Column, Indicator, Scope, only
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.plug import Declaration
from tuphap.shared.ui.api import MenuItem

from .. import rules as register
from . import rules
from .death import JOINED_DEATH

HERE = "tuphap.modules.civil_status"
JOINED = f"{HERE}.joined"

HANDLER = ProcedureHandler(
    code=register.JOINED_HANDLER,
    title="Liên thông đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế",
    answers=f"{JOINED}.answers.joined_declaration",
    pages=f"{JOINED}.forms.joined_pages",
    permissions=Levels(
        receive="one_stop.dossier.receive", prepare=register.Permission.PREPARE, review="",
        sign=register.Permission.SIGN,
    ),
    checks=f"{JOINED}.checks.checks",
    decide=f"{HERE}.operations.approve_birth",
    panels=("civil_status/panel_birth.html", "civil_status/panel_legs.html"),
    own_panels=("civil_status/panel_legs.html",),
    stages=f"{JOINED}.queries.stages",
    essentials=f"{HERE}.queries.essentials",
)

# The pages, checks and the decision of a joined death are those of its event: see ``death.JOINED_DEATH``.
DEATH_HANDLER = ProcedureHandler(
    code=register.JOINED_DEATH_HANDLER, title=JOINED_DEATH.title,
    answers=f"{HERE}.events.answers.declaration", pages=f"{HERE}.events.answers.pages",
    permissions=HANDLER.permissions, checks=f"{HERE}.events.answers.checks",
    decide=f"{HERE}.events.operations.approve_event",
    panels=("civil_status/panel_event.html", "civil_status/panel_legs.html"), own_panels=HANDLER.own_panels,
    stages=HANDLER.stages, essentials=f"{HERE}.events.queries.essentials",
)

_FAILED = f"{JOINED}.operations.hear_failure"
MESSAGES: tuple[Declaration, ...] = (
    OutboundKind(
        "police.issue-number", "police", "Cấp số định danh cá nhân", contracts.NumberWanted, contracts.NumberAnswer,
        "Cấp số định danh cá nhân khi đăng ký khai sinh", on_answer=f"{JOINED}.operations.hear_number",
        on_failure=_FAILED,
    ),
    OutboundKind(
        "residence.register", "residence", "Đăng ký thường trú cho trẻ", contracts.ResidenceWanted,
        contracts.ResidenceAnswer, "Đăng ký thường trú theo thủ tục liên thông khai sinh",
        on_answer=f"{JOINED}.operations.hear_residence", on_failure=_FAILED,
    ),
    OutboundKind(
        "insurance.issue-card", "insurance", "Cấp thẻ bảo hiểm y tế cho trẻ", contracts.CardWanted,
        contracts.CardAnswer, "Cấp thẻ bảo hiểm y tế theo thủ tục liên thông khai sinh",
        on_answer=f"{JOINED}.operations.hear_card", on_failure=_FAILED,
    ),
    OutboundKind(
        "police.note-death", "police", "Cập nhật việc chết", contracts.DeathTold, contracts.DeathAnswer,
        "Cập nhật CSDL quốc gia về dân cư khi đăng ký khai tử", on_answer=f"{JOINED}.operations.hear_notice",
        on_failure=_FAILED,
    ),
    OutboundKind(
        "residence.remove", "residence", "Xóa đăng ký thường trú", contracts.RemovalWanted, contracts.RemovalAnswer,
        "Xóa đăng ký thường trú theo thủ tục liên thông khai tử", on_answer=f"{JOINED}.operations.hear_removal",
        on_failure=_FAILED,
    ),
    *(
        kind for service in (rules.Service.INSURANCE, rules.Service.ASSISTANCE) for kind in (
            OutboundKind(
                f"{service}.grant-aid", service, "Giải quyết mai táng phí", contracts.AidWanted, contracts.AidAnswer,
                "Giải quyết mai táng phí theo thủ tục liên thông khai tử", on_answer=f"{JOINED}.operations.hear_aid",
                on_failure=_FAILED,
            ),
            OutboundKind(
                f"{service}.stop-payments", service, "Dừng chi trả hằng tháng", contracts.StopWanted,
                contracts.StopAnswer, "Dừng chi trả khi người hưởng chết, theo thủ tục liên thông khai tử",
                on_answer=f"{JOINED}.operations.hear_stop", on_failure=_FAILED,
            ),
        )
    ),
    *(
        OutboundKind(
            f"{service}.take-back", service, "Thông báo hủy việc hộ tịch", contracts.Cancellation,
            contracts.CancellationAnswer, "Hủy bỏ việc hộ tịch theo Luật Hộ tịch 2014, Điều 70",
            on_answer=f"{JOINED}.operations.hear_recall",
        ) for service in rules.Service
    ),
    OutboundKind(
        "ministry.push-act", "ministry", "Cập nhật việc hộ tịch", contracts.ActPushed, contracts.Recorded,
        "Cập nhật Cơ sở dữ liệu hộ tịch điện tử của Bộ Tư pháp",
    ),
    InboundKind(
        "police.number-news", "police", "Tin về số định danh cá nhân", contracts.NumberNews,
        handle=f"{JOINED}.operations.hear_news",
    ),
)

NOTICES = (
    NoticeTemplate(
        code="civil_status.number_unclear", title="{leg}: thông tin cần xác minh (số {number})",
        text="Cơ quan công an trả lời thông tin của trẻ trong giấy khai sinh số {number} cần xác minh. Vui lòng kiểm "
        "tra trẻ đã có số định danh qua đăng ký cư trú chưa.",
        params=("number", "leg"), url_name="civil_status:legs",
    ),
    NoticeTemplate(
        code="civil_status.death_unclear", title="{leg}: thông tin cần xác minh (số {number})",
        text="Cơ quan công an trả lời thông tin của người chết trong việc khai tử số {number} cần xác minh. Vui lòng "
        "đối chiếu số định danh, họ tên rồi gửi lại.",
        params=("number", "leg"), url_name="civil_status:legs",
    ),
    NoticeTemplate(
        code="civil_status.leg_failed", title="{leg}: không thành công (số {number})",
        text="Một nhánh liên thông của việc hộ tịch số {number} không thành công. Vui lòng xem lý do, gửi lại hoặc "
        "kết thúc nhánh.",
        params=("number", "leg"), url_name="civil_status:legs",
    ),
)

_BASIS = "Nghị định 63/2024/NĐ-CP"
_COLUMNS = (
    Column("Nhánh", "kind", tuple((str(kind), title) for kind, title in rules.LEG_TITLES.items())),
    Column("Trạng thái", "state", tuple((str(state), title) for state, title in rules.LEG_STATE_TITLES.items())),
    Column("Hạn", "due_at"),
    Column("Xong lúc", "finished_at"),
)


def _figure(
    code: str, title: str, at_field: str, *, where: Callable[[Scope], Q] | None = None, in_detail: bool = False
) -> Indicator:
    """Legs of a list, or (``where``) some of those that are done."""
    listed: dict[str, Any] = {"list": f"{JOINED}.queries.{code}"}
    if where is not None:
        listed = {"part_of": "civil_status.legs_done", "where": where}
    return Indicator(
        code=f"civil_status.{code}", title=title, unit_vi="nhánh", unit_field="unit", at_field=at_field,
        label_field="act__dossier__code", columns=_COLUMNS, url_name="civil_status:act_of_dossier", basis=_BASIS,
        in_detail=in_detail, **listed,
    )


def _done(kind: rules.LegKind, title: str) -> Indicator:
    return _figure(f"legs_{kind}_done", f"Liên thông: {title}", "finished_at", where=only(kind=kind), in_detail=True)


INDICATORS = (
    _figure("legs_done", "Liên thông: nhánh đã xong", "finished_at", in_detail=True),
    _done(rules.LegKind.NUMBER, "đã cấp số định danh"),
    _done(rules.LegKind.RESIDENCE, "đã đăng ký thường trú"),
    _done(rules.LegKind.INSURANCE, "đã cấp thẻ bảo hiểm y tế"),
    _done(rules.LegKind.DEATH_NOTICE, "đã cập nhật việc chết vào CSDL dân cư"),
    _done(rules.LegKind.RESIDENCE_REMOVAL, "đã xóa đăng ký thường trú"),
    _done(rules.LegKind.AID, "đã giải quyết mai táng phí"),
    _done(rules.LegKind.PAYMENTS_STOP, "đã dừng chi trả hằng tháng"),
    _figure("legs_failed", "Liên thông: nhánh không thành công", "opened_at"),
    _figure("legs_late", "Liên thông: nhánh xong quá hạn", "finished_at", where=only(verdict=Verdict.LATE)),
)

MENU = (
    MenuItem(
        "Liên thông khai sinh, khai tử", "civil_status:legs", register.Permission.PREPARE, icon="refresh",
        group="Hộ tịch", order=335, count=f"{JOINED}.queries.count_waiting",
    ),
)

DECLARATIONS: tuple[Declaration, ...] = (HANDLER, JOINED_DEATH, DEATH_HANDLER, *MESSAGES, *NOTICES, *INDICATORS, *MENU)
