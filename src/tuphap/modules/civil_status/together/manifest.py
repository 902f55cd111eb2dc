"""What the birth with a recognition plugs in."""

from tuphap.shared.dossiers.api import Levels, ProcedureHandler

from .. import rules

HERE = "tuphap.modules.civil_status"
TOGETHER = f"{HERE}.together"

HANDLER = ProcedureHandler(
    code=rules.RECOGNISED_BIRTH_HANDLER,
    title="Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
    answers=f"{TOGETHER}.declaration.declaration",
    pages=f"{TOGETHER}.forms.pages",
    permissions=Levels(
        receive="one_stop.dossier.receive", prepare=rules.Permission.PREPARE, review="", sign=rules.Permission.SIGN
    ),
    checks=f"{TOGETHER}.checks.checks",
    decide=f"{TOGETHER}.operations.approve_birth_with_recognition",
    panels=("civil_status/panel_birth.html", "civil_status/panel_recognition.html", "civil_status/panel_legs.html"),
    own_panels=("civil_status/panel_own_acts.html", "civil_status/panel_legs.html"),
    stages=f"{HERE}.joined.queries.stages",
    essentials=f"{TOGETHER}.queries.essentials",
)

DECLARATIONS = (HANDLER,)
