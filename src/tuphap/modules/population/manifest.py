"""What this module plugs into the mechanisms."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from tuphap.shared.access.api import Permission
from tuphap.shared.audit.api import Reaction
from tuphap.shared.audit.looks import PersonalRecords
from tuphap.shared.exchange.api import InboundKind, LookupKind, OutboundKind, contracts
from tuphap.shared.indicators.api import Board, Column, Indicator, Kind, Measure, Scope, only
from tuphap.shared.notices.api import NoticeTemplate
from tuphap.shared.plug import Declaration, Manifest
from tuphap.shared.ui.api import MenuItem

from . import rules
from .papers import TEMPLATE

HERE = "tuphap.modules.population"
GROUP = "Đối chiếu dân cư"
_PURPOSE = "Đối chiếu, làm sạch dữ liệu hộ tịch với CSDL quốc gia về dân cư"

PERMISSIONS = (
    Permission(rules.Permission.VIEW, "Xem đối chiếu hộ tịch – dân cư", reaches_down=True),
    Permission(rules.Permission.MATCH, "Chạy đối chiếu hộ tịch – dân cư", reaches_down=True),
    Permission(rules.Permission.DECIDE, "Xử lý phiếu đối chiếu"),
    Permission(rules.Permission.CONFIRM, "Xác nhận phiếu đối chiếu (lãnh đạo)"),
)

_FAILED = f"{HERE}.operations.hear_failure"
MESSAGES: tuple[Declaration, ...] = (
    LookupKind(
        "police.population-changes", "police", "Lấy thay đổi của dữ liệu dân cư", contracts.ChangesAsked,
        contracts.ChangesFound, _PURPOSE, needs_dossier=False,
    ),
    OutboundKind(
        "police.correct-record", "police", "Đề nghị sửa dữ liệu dân cư theo sổ hộ tịch", contracts.RecordCorrection,
        contracts.CorrectionVerdict, _PURPOSE, on_answer=f"{HERE}.operations.hear_verdict", on_failure=_FAILED,
    ),
    OutboundKind(
        "police.find-person", "police", "Đề nghị tìm, cấp số định danh", contracts.PersonWanted, contracts.PersonFound,
        _PURPOSE, on_answer=f"{HERE}.operations.hear_found", on_failure=_FAILED,
    ),
    OutboundKind(
        "police.merge-records", "police", "Đề nghị hợp nhất hai bản ghi dân cư", contracts.MergeWanted,
        contracts.CorrectionVerdict, _PURPOSE, on_answer=f"{HERE}.operations.hear_verdict", on_failure=_FAILED,
    ),
    InboundKind(
        "police.person-changed", "police", "Tin dữ liệu dân cư thay đổi", contracts.PersonNews,
        handle=f"{HERE}.operations.hear_person",
    ),
)

NOTICES = (
    NoticeTemplate(
        code="population.urgent", title="Khẩn: xung đột dữ liệu, phiếu {ticket}",
        text="Phiếu đối chiếu {ticket}: dữ liệu hộ tịch và dân cư mâu thuẫn về việc sống – chết hoặc hôn nhân của một "
        "người. Vui lòng xem và quyết định.",
        params=("ticket",), url_name="population:urgent",
    ),
    NoticeTemplate(
        code="population.to_confirm", title="Phiếu đối chiếu {ticket} chờ xác nhận",
        text="Phiếu đối chiếu {ticket} đã có đề xuất xử lý, cần người thứ hai xác nhận.",
        params=("ticket",), url_name="population:to_confirm",
    ),
)

_BASIS = "Quyết định 06/QĐ-TTg; quy trình 1050/HTQTCT-QLHC"
_TICKET_COLUMNS = (
    Column("Nhóm", "klass", tuple((str(code), f"{code} – {title}") for code, title in rules.KLASS_TITLES.items())),
    Column("Trạng thái", "state", tuple((str(code), title) for code, title in rules.STATE_TITLES.items())),
    Column("Hạn", "due"),
)


def _tickets(code: str, title: str, listed: str, at: str, where: Callable[[Scope], Q] | None = None) -> Indicator:
    rows: dict[str, Any] = {"list": f"{HERE}.queries.{listed}"}
    if where is not None:
        rows = {"part_of": f"population.{listed}", "where": where}
    return Indicator(
        code=f"population.{code}", title=title, unit_vi="phiếu", unit_field="unit", at_field=at, label_field="pk",
        columns=_TICKET_COLUMNS, url_name="population:ticket", basis=_BASIS, **rows,
    )


INDICATORS = (
    Indicator(
        code="population.links_made", title="Người đã khớp với dữ liệu dân cư", unit_vi="người",
        list=f"{HERE}.queries.links_made", unit_field="unit", at_field="decided_at", label_field="act__number",
        columns=(Column("Loại sổ", "kind", tuple(rules.KIND_TITLES.items())), Column("Năm", "year")), basis=_BASIS,
    ),
    _tickets("tickets_opened", "Phiếu đối chiếu đã mở", "tickets_opened", "opened_at"),
    _tickets("tickets_urgent", "Phiếu khẩn (nhóm H) đã mở", "tickets_opened", "opened_at", only(klass=rules.Klass.H)),
    _tickets("tickets_closed", "Phiếu đối chiếu đã xử lý", "tickets_closed", "closed_at"),
    _tickets("corrected", "Dữ liệu dân cư đã sửa theo sổ", "tickets_closed", "closed_at",
             only(verdict=rules.Verdict.ACCEPTED)),
)
MEASURES = (
    Measure("population.corrected_share", "Tỷ lệ phiếu xử lý bằng sửa dữ liệu dân cư", "%", Kind.SHARE,
            of="population.tickets_closed", part="population.corrected", basis=_BASIS),
)
BOARD = Board(
    code="dan-cu", title="Đối chiếu dân cư", records=rules.Permission.VIEW,
    tiles=("population.links_made", "population.tickets_opened", "population.tickets_urgent",
           "population.tickets_closed", "population.corrected", "population.corrected_share"),
    series=("population.tickets_opened", "population.tickets_closed"),
    table=("population.links_made", "population.tickets_opened", "population.tickets_urgent",
           "population.tickets_closed", "population.corrected"),
)

MENU = (
    MenuItem("Tình hình đối chiếu", "population:board", rules.Permission.VIEW, icon="chart", group=GROUP, order=350),
    MenuItem(
        "Phiếu đối chiếu", "population:tickets", rules.Permission.VIEW, icon="files", group=GROUP, order=352,
        count=f"{HERE}.queries.count_waiting",
    ),
    MenuItem("Đợt đối chiếu", "population:batches", rules.Permission.VIEW, icon="refresh", group=GROUP, order=354),
)

MANIFEST = Manifest(
    name="population",
    title="Đối chiếu dân cư",
    declarations=(
        *PERMISSIONS,
        *MESSAGES,
        *NOTICES,
        TEMPLATE,
        PersonalRecords("population.ticket", f"{HERE}.queries.tickets_about"),
        *(Reaction(event, rules.MATCH_ACT) for event in rules.TOLD_BY_CIVIL_STATUS),
        *INDICATORS,
        *MEASURES,
        BOARD,
        *MENU,
    ),
)
