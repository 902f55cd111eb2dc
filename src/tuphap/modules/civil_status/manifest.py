"""What civil status plugs into the mechanisms."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Q

from tuphap.shared.access.api import Permission
from tuphap.shared.audit.api import Reaction
from tuphap.shared.audit.looks import PersonalRecords
from tuphap.shared.documents.api import SigningOutcome
from tuphap.shared.dossiers.api import Dossier, Levels, ProcedureHandler
from tuphap.shared.indicators.api import Board, Column, Indicator, Kind, Measure, Scope, only
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.numbering.api import NumberSeries
from tuphap.shared.plug import Manifest
from tuphap.shared.search.api import SearchSource
from tuphap.shared.ui.api import MenuItem

from . import rules
from .copies.manifest import DECLARATIONS as COPIES
from .events.manifest import DECLARATIONS as EVENTS
from .joined.manifest import DECLARATIONS as JOINED
from .joined.rules import FLOWS, NUMBER_KNOWN, OPEN_LEGS, RECALL_LEGS
from .old_books.manifest import DECLARATIONS as OLD_BOOKS
from .papers import TEMPLATES
from .together.manifest import DECLARATIONS as TOGETHER
from .traits import TRAITS

HERE = "tuphap.modules.civil_status"

PERMISSIONS = (
    Permission(rules.Permission.PREPARE, "Thụ lý hồ sơ hộ tịch"),
    Permission(rules.Permission.SIGN, "Phê duyệt, ký giấy tờ hộ tịch"),
    Permission(rules.Permission.VIEW, "Xem sổ hộ tịch", reaches_down=True),
    Permission(rules.Permission.CHECK, "Kiểm tra thông tin khai sinh (cơ quan, tổ chức)"),
)

SERIES = (
    NumberSeries(rules.Series.BIRTH, "Số đăng ký khai sinh"),
    NumberSeries(rules.Series.EXTRACT, "Số trích lục hộ tịch (bản sao)"),
)

BIRTH = ProcedureHandler(
    code=rules.BIRTH_HANDLER,
    title="Đăng ký khai sinh",
    answers=f"{HERE}.answers.birth_declaration",
    pages=f"{HERE}.forms.birth_pages",
    permissions=Levels(
        receive="one_stop.dossier.receive", prepare=rules.Permission.PREPARE, review="", sign=rules.Permission.SIGN
    ),
    checks=f"{HERE}.checks.checks",
    decide=f"{HERE}.operations.approve_birth",
    panels=("civil_status/panel_birth.html", "civil_status/panel_legs.html"),
    own_panels=("civil_status/panel_legs.html",),
    stages=f"{HERE}.joined.queries.stages",
    essentials=f"{HERE}.queries.essentials",
)

BIRTH_AGAIN = replace(
    BIRTH, code=rules.BIRTH_AGAIN_HANDLER, title="Đăng ký lại khai sinh", answers=f"{HERE}.events.again.birth_again",
    pages=f"{HERE}.events.again.birth_again_pages",
)

BASIS = "Thông tư 04/2020/TT-BTP; biểu thống kê hộ tịch của Bộ Tư pháp"


COLUMNS = (
    Column("Số", "number"),
    Column("Ngày đăng ký", "registered_on"),
    Column("Giới tính", "sex", (("male", "Nam"), ("female", "Nữ"))),
    Column("Hạn đăng ký", "timeliness", tuple((str(code), title) for code, title in rules.TIMELINESS_TITLES.items())),
)


def _births(code: str, title: str, *, in_detail: bool = False, where: Callable[[Scope], Q] | None = None) -> Indicator:
    """Births, or (``where``) some of them."""
    listed: dict[str, Any] = {"list": f"{HERE}.queries.births"}
    if where is not None:
        listed = {"part_of": "civil_status.births", "where": where}
    return Indicator(
        code=f"civil_status.{code}", title=title, unit_vi="trường hợp", unit_field="unit", at_field="signed_at",
        label_field="dossier__code", columns=COLUMNS, url_name="civil_status:act_of_dossier", basis=BASIS,
        in_detail=in_detail, **listed,
    )


def _papers(code: str, title: str) -> Indicator:
    return Indicator(
        code=f"civil_status.{code}", title=title, unit_vi="lượt", list=f"{HERE}.queries.{code}",
        unit_field="document__unit", at_field="signed_at", label_field="act__dossier__code",
        columns=(Column("Số việc", "act__number"), Column("Số bản", "copies")), url_name="civil_status:act_of_dossier",
        basis=BASIS,
    )


FOR_THE_FIRST_TIME = (rules.Timeliness.ON_TIME, rules.Timeliness.LATE)
INDICATORS = (
    _births("births", "Khai sinh đã đăng ký"),
    _births("births_on_time", "Khai sinh đúng hạn", where=only(timeliness=rules.Timeliness.ON_TIME)),
    _births("births_late", "Khai sinh quá hạn", where=only(timeliness=rules.Timeliness.LATE)),
    _births("births_again", "Đăng ký lại khai sinh", where=only(timeliness=rules.Timeliness.AGAIN)),
    _births("births_male", "Khai sinh – trẻ em nam", where=only(sex="male")),
    _births("births_female", "Khai sinh – trẻ em nữ", where=only(sex="female")),
    _births("births_new", "Khai sinh đăng ký lần đầu", in_detail=True, where=only(timeliness__in=FOR_THE_FIRST_TIME)),
    _births("births_online", "Khai sinh nộp trực tuyến", in_detail=True,
            where=only(timeliness__in=FOR_THE_FIRST_TIME, dossier__channel=Dossier.Channel.ONLINE)),
    _births("births_without_number", "Khai sinh chờ số định danh",
            where=only(personal_number_state=rules.PersonalNumberState.PIN_PENDING)),
    _papers("extracts", "Lượt cấp bản sao trích lục hộ tịch"),
    _papers("confirmations", "Lượt xác nhận thông tin hộ tịch"),
)


def _share(code: str, title: str, of: str, part: str) -> Measure:
    return Measure(f"civil_status.{code}", title, "%", Kind.SHARE, of=f"civil_status.{of}",
                   part=f"civil_status.{part}", basis=BASIS)


MEASURES = (
    _share("births_on_time_share", "Tỷ lệ khai sinh đúng hạn", "births_new", "births_on_time"),
    _share("births_online_share", "Tỷ lệ khai sinh nộp trực tuyến", "births_new", "births_online"),
    _share("deaths_on_time_share", "Tỷ lệ khai tử đúng hạn", "deaths", "deaths_on_time"),
)

BOARD = Board(
    code="ho-tich", title="Hộ tịch", records=rules.Permission.VIEW,
    tiles=tuple(f"civil_status.{code}" for code in (
        "births_new", "births_again", "births_on_time_share", "births_online_share", "births_without_number",
        "marriages", "deaths",
        "deaths_on_time_share", "changes", "extracts")),
    series=tuple(f"civil_status.{code}" for code in ("births", "marriages", "deaths")),
    table=tuple(f"civil_status.{code}" for code in (
        "births", "births_male", "births_female", "births_late", "births_on_time_share", "births_online_share",
        "births_without_number", "marriages", "marriages_foreign", "deaths", "deaths_late", "guardianships",
        "recognitions", "changes", "marital_statuses", "extracts", "confirmations")),
)

NOTICES = (
    NoticeTemplate(
        code="civil_status.signing_failed",
        title="Ký số không thành công: số {number}",
        text="Giấy tờ hộ tịch số {number} chưa ký số được. Vui lòng ký lại hoặc hủy số kèm lý do.",
        params=("number",),
        url_name="civil_status:failed_signings",
    ),
)

SEARCH = SearchSource(
    code=rules.SEARCH_SOURCE, title="Sổ hộ tịch", permission=rules.Permission.VIEW, fetch=f"{HERE}.queries.found"
)

GROUP = "Hộ tịch"
MENU = (
    MenuItem(
        "Sổ hộ tịch", "civil_status:register", rules.Permission.VIEW, icon="book", group=GROUP, order=310, key="h"
    ),
    MenuItem("Tra cứu hộ tịch", "civil_status:search", rules.Permission.VIEW, icon="search", group=GROUP, order=320),
    MenuItem(
        "Tra cứu theo người", "civil_status:person", rules.Permission.VIEW, icon="id-card", group=GROUP, order=325
    ),
    MenuItem("Quyển sổ", "civil_status:books", rules.Permission.VIEW, icon="files", group=GROUP, order=330),
    MenuItem(
        "Ký số lỗi", "civil_status:failed_signings", rules.Permission.SIGN, icon="alert", group=GROUP, order=340,
        count=f"{HERE}.queries.count_failed_signings",
    ),
)

MANIFEST = Manifest(
    name="civil_status",
    title="Hộ tịch",
    declarations=(
        *PERMISSIONS,
        *SERIES,
        *TEMPLATES,
        SigningOutcome(
            rules.SIGNING_OUTCOME, on_signed=f"{HERE}.operations.enter_signed",
            on_failed=f"{HERE}.operations.signing_failed",
        ),
        BIRTH,
        BIRTH_AGAIN,
        *TOGETHER,
        *EVENTS,
        *JOINED,
        *COPIES,
        *OLD_BOOKS,
        PersonalRecords("civil_status.birthact", f"{HERE}.queries.births_about"),
        *(Reaction(rules.event(kind, rules.Step.REGISTERED), OPEN_LEGS) for kind in FLOWS),
        Reaction(rules.Event.PERSONAL_NUMBER_SET, NUMBER_KNOWN),
        Reaction(rules.Event.ACT_CANCELLED, RECALL_LEGS),
        *INDICATORS,
        *TRAITS,
        *MEASURES,
        BOARD,
        *NOTICES,
        SEARCH,
        *MENU,
    ),
)
