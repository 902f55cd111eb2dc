"""What copies and confirmations plug in."""

from tuphap.shared.dossiers.api import Levels, ProcedureHandler
from tuphap.shared.plug import Declaration

from .. import rules
from .declaration import CONFIRMATION, COPY

HERE = "tuphap.modules.civil_status.copies"


def _handler(code: str, title: str) -> ProcedureHandler:
    return ProcedureHandler(
        code=code, title=title, answers=f"{HERE}.declaration.model", pages=f"{HERE}.declaration.pages",
        permissions=Levels(
            receive="one_stop.dossier.receive", prepare=rules.Permission.PREPARE, review="",
            sign=rules.Permission.SIGN,
        ),
        checks=f"{HERE}.declaration.checks", decide=f"{HERE}.operations.approve_copy",
        panels=("civil_status/panel_copy.html",), essentials=f"{HERE}.queries.essentials",
    )


DECLARATIONS: tuple[Declaration, ...] = (
    _handler(COPY, "Cấp bản sao trích lục hộ tịch"), _handler(CONFIRMATION, "Xác nhận thông tin hộ tịch"),
)
