"""What the events plug in: to add one, add its :class:`EventKind` here (see README.md)."""

from typing import Any

from tuphap.shared.audit.looks import PersonalRecords
from tuphap.shared.dossiers.api import Levels, ProcedureHandler
from tuphap.shared.indicators.api import Column, Indicator, only
from tuphap.shared.numbering.api import NumberSeries
from tuphap.shared.plug import Declaration

from .. import rules
from ..joined.rules import FLOWS
from ..rules import Timeliness
from . import papers
from .again import AGAIN
from .change import CHANGE
from .death import DEATH
from .foreign import FOREIGN_DIVORCE, FOREIGN_MARRIAGE, FOREIGN_OTHER
from .guardianship import GUARDIANSHIP
from .guardianship_end import GUARDIANSHIP_ENDED
from .kinds import EventKind
from .marital_status import MARITAL_STATUS
from .marriage import MARRIAGE
from .recognition import RECOGNITION
from .supervision import SUPERVISION, SUPERVISION_ENDED

HERE = "tuphap.modules.civil_status.events"
# Of those that share a book, the first is what the book is named after.
EVENTS: tuple[EventKind, ...] = (
    MARRIAGE, DEATH, MARITAL_STATUS, GUARDIANSHIP, GUARDIANSHIP_ENDED, SUPERVISION, SUPERVISION_ENDED, RECOGNITION,
    CHANGE, FOREIGN_MARRIAGE, FOREIGN_DIVORCE, FOREIGN_OTHER, *AGAIN,
)
SERIES = {kind.series: kind.title for kind in reversed(EVENTS)}


def _handler(kind: EventKind) -> ProcedureHandler:
    """The doors of an event; where its acts set something going at other agencies, their parts are shown beside it."""
    legs = ("civil_status/panel_legs.html",) if kind.book in FLOWS else ()
    return ProcedureHandler(
        code=kind.code, title=kind.title, answers=f"{HERE}.answers.declaration", pages=f"{HERE}.answers.pages",
        permissions=Levels(
            receive="one_stop.dossier.receive", prepare=rules.Permission.PREPARE, review="",
            sign=rules.Permission.SIGN,
        ),
        checks=f"{HERE}.answers.checks", decide=f"{HERE}.operations.approve_event",
        panels=("civil_status/panel_event.html", *legs), own_panels=legs,
        stages="tuphap.modules.civil_status.joined.queries.stages" if legs else "",
        essentials=f"{HERE}.queries.essentials",
    )


_BASIS = "Thông tư 04/2020/TT-BTP; biểu thống kê hộ tịch của Bộ Tư pháp"
_COLUMNS = (Column("Số", "number"), Column("Ngày đăng ký", "registered_on"), Column("Ngày xảy ra", "event_on"))


def _figure(rows: str, title: str, **part: Any) -> Indicator:
    """A figure with a list in ``queries``, or (``part_of``, ``where``) a part of another's."""
    listed: dict[str, Any] = part or {"list": f"{HERE}.queries.{rows}"}
    return Indicator(
        code=f"civil_status.{rows}", title=title, unit_vi="trường hợp", unit_field="unit", at_field="signed_at",
        label_field="dossier__code", columns=_COLUMNS, url_name="civil_status:act_of_dossier", basis=_BASIS, **listed,
    )


def _deaths(code: str, title: str, timeliness: Timeliness) -> Indicator:
    return _figure(code, title, part_of="civil_status.deaths", where=only(facts__timeliness=str(timeliness)))


INDICATORS = (
    _figure("marriages", "Kết hôn đã đăng ký"),
    _figure("marriages_foreign", "Kết hôn có yếu tố nước ngoài", part_of="civil_status.marriages",
            where=only(facts__foreign=True)),
    _figure("deaths", "Khai tử đã đăng ký"),
    _deaths("deaths_on_time", "Khai tử đúng hạn", Timeliness.ON_TIME),
    _deaths("deaths_late", "Khai tử quá hạn", Timeliness.LATE),
    _figure("deaths_again", "Đăng ký lại khai tử"),
    _figure("marriages_again", "Đăng ký lại kết hôn"),
    _figure("guardianships", "Giám hộ đã đăng ký"),
    _figure("guardianships_ended", "Chấm dứt giám hộ đã đăng ký"),
    _figure("supervisions", "Giám sát việc giám hộ đã đăng ký"),
    _figure("supervisions_ended", "Chấm dứt giám sát việc giám hộ đã đăng ký"),
    _figure("recognitions", "Nhận cha, mẹ, con đã đăng ký"),
    _figure("changes", "Thay đổi, cải chính, bổ sung, xác định lại dân tộc đã đăng ký"),
    _figure("foreign_marriages", "Ghi chú kết hôn ở nước ngoài"),
    _figure("foreign_divorces", "Ghi chú ly hôn, hủy kết hôn ở nước ngoài"),
    _figure("foreign_others", "Ghi chú việc hộ tịch khác ở nước ngoài"),
    _figure("marital_statuses", "Giấy xác nhận tình trạng hôn nhân đã cấp"),
)

DECLARATIONS: tuple[Declaration, ...] = (
    *INDICATORS,
    *EVENTS,
    *(_handler(kind) for kind in EVENTS),
    *(NumberSeries(code, f"Số: {title.lower()}") for code, title in SERIES.items()),
    *papers.TEMPLATES,
    PersonalRecords("civil_status.act", "tuphap.modules.civil_status.queries.events_about"),
)
