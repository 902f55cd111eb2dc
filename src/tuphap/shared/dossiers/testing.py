"""For tests: small procedures of no real module, and a commune's desk with its people. See ``fixtures``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from pydantic import BaseModel, Field

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import VIETNAM, now
from tuphap.shared.access.api import Permission
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.calendar import api as calendar
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

from . import api as dossiers
from .api import Action, Applicant, Dossier, Finding, FormPage, Levels, Procedure, ProcedureHandler

HERE = __name__
FIRST_DAY = date(2024, 1, 1)
PREPARE = Permission("test.dossier.prepare", "Thụ lý thủ tục thử")
SIGN = Permission("test.dossier.sign", "Ký thủ tục thử")
SYSTEM = system_actor("signing")


class RequestPage(BaseModel):
    """The only page of the test procedure."""

    name: str = Field(min_length=2, max_length=100)
    phone: str = "0912345678"
    personal_number: str = ""
    wish: str = "bình thường"


class Declaration(BaseModel):
    request: RequestPage

    def applicant(self) -> Applicant:
        page = self.request
        return Applicant(name=page.name, phone=page.phone, personal_number=page.personal_number, address="Số 1")


class RequestForm(forms.Form):
    name = forms.CharField()
    phone = forms.CharField()


PAGES = (FormPage("request", "Yêu cầu", RequestForm),)


def pages(procedure: Procedure) -> tuple[FormPage, ...]:
    return PAGES


def declaration(procedure: Procedure) -> type[Declaration]:
    return Declaration


def checks(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """What is wished decides what is found: an error, a warning, or nothing."""
    wish = dossier.answers["request"]["wish"]
    found = {"sai": Finding("test.wrong", "error", "Sai"), "ngờ": Finding("test.doubt", "warning", "Nghi ngờ")}
    return [found[wish]] if wish in found else []


@operation
def decide(*, dossier_id: UUID, actor: Actor, at: datetime) -> Dossier:
    dossier = dossiers.take(dossier_id)
    dossiers.advance(dossier, Action.APPROVE, actor=actor, at=at)
    return dossier


@operation
def sign(*, dossier_id: UUID, at: datetime, actor: Actor = SYSTEM) -> Dossier:
    """As the signing job does at its end."""
    dossier = dossiers.take(dossier_id)
    dossiers.advance(dossier, Action.SIGNED, actor=actor, at=at, result={"number": "1/2026"})
    return dossier


@operation
def fail_to_sign(*, dossier_id: UUID, at: datetime, actor: Actor = SYSTEM) -> Dossier:
    dossier = dossiers.take(dossier_id)
    dossiers.advance(dossier, Action.SIGNING_FAILED, actor=actor, at=at, note="Khóa ký không sẵn sàng")
    return dossier


def _handler(code: str, review: str) -> ProcedureHandler:
    return ProcedureHandler(
        code=code, title="Thủ tục thử", answers=f"{HERE}.declaration", pages=f"{HERE}.pages",
        permissions=Levels("one_stop.dossier.receive", PREPARE.code, review, SIGN.code),
        checks=f"{HERE}.checks", decide=f"{HERE}.decide",
    )


HANDLERS = (_handler("test.simple", ""), _handler("test.reviewed", "one_stop.dossier.assign"))


def _procedure(
    code: str, *, handler: str, restart: str, unit: str = "WD", value: int = 3, reviewed: bool = False,
    fees: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    paper = {"code": "don", "name": "Đơn", "form": "original", "copies": 1, "mandatory": True,
             "replaced_by_database": "", "note": ""}
    known = {**paper, "code": "cccd", "name": "Căn cước", "replaced_by_database": "Cơ sở dữ liệu dân cư"}
    return {
        "code": code, "name": f"Thủ tục thử {code}", "sector": "Thử nghiệm", "authority_level": "xa",
        "service_kind": "toan_trinh", "limit_value": value, "limit_unit": unit, "restart_rule": restart,
        "components": [paper, known], "result_type": "Giấy", "handler": handler, "valid_from": FIRST_DAY,
        "fee_rules": list(fees),
        "internal_steps": [
            {"role": "CASE_OFFICER", "title": "Thụ lý", "hours": 4},
            *([{"role": "HEAD", "title": "Thẩm định", "hours": 2}] if reviewed else []),
        ],
    }


RESTARTS, RESUMES, REVIEWED, SAME_DAY, IN_DAYS = "9.000001", "9.000002", "9.000003", "9.000004", "9.000005"
COSTS = "9.000006"
PROCEDURES = (
    _procedure(RESTARTS, handler="test.simple", restart="RESTART"),
    _procedure(RESUMES, handler="test.simple", restart="RESUME"),
    _procedure(REVIEWED, handler="test.reviewed", restart="RESTART", reviewed=True),
    _procedure(SAME_DAY, handler="test.simple", restart="RESTART", unit="SAME_DAY", value=1),
    _procedure(IN_DAYS, handler="test.simple", restart="RESUME", unit="DAY", value=15),
    _procedure(COSTS, handler="test.simple", restart="RESUME",
               fees=({"code": "phi", "name": "Phí thử", "amount": 5000, "condition": "", "basis": "Quy định thử",
                      "exempt": ["poor"]},)),
)


def seed() -> None:
    """The working calendar, the whole catalogue, and the test's own procedures; what is there is left as it is."""
    calendar.seed_calendar()
    dossiers.seed_procedures()
    with setting_up():
        for row in PROCEDURES:
            Procedure.objects.get_or_create(code=row["code"], valid_from=FIRST_DAY, defaults=row)


@dataclass(slots=True)
class Town:
    """Two communes of Hải Phòng and who works or lives there."""

    commune: OrgUnit
    other: OrgUnit
    people: dict[str, User] = field(default_factory=dict)

    def staff(self, name: str, *permissions: str, unit: OrgUnit | None = None) -> User:
        """A member of staff with these permissions in this office."""
        user = User.objects.create_staff(username=name, password=None, full_name=f"Cán bộ {name.capitalize()}")
        for permission in permissions:
            Grant.objects.create(person=user, permission=permission, unit=unit or self.commune, valid_from=FIRST_DAY)
        self.people[name] = user
        return user

    def citizen(self, name: str, *, number: str, level: int = 2) -> User:
        user = User.objects.create_citizen(
            issuer="https://id.test", subject=name, full_name="Nguyễn Thị Lan", personal_number=number,
            assurance_level=level, phone="0912345678",
        )
        self.people[name] = user
        return user

    def who(self, name: str) -> Actor:
        """This person as one who acts, with nothing remembered from before."""
        return actor_for(self.people[name])


def build_town() -> Town:
    """People and grants; call it within ``setting_up()``."""
    here = OrgUnit.objects.filter(kind="ubnd_xa", valid_to__isnull=True, code__startswith="H31.").order_by("code")
    commune, other = here[:2]
    town = Town(commune=commune, other=other)
    town.staff("desk", "one_stop.dossier.receive", "one_stop.dossier.view", "one_stop.dossier.assign",
               "one_stop.dossier.return", "fees.collect")
    town.staff("officer", PREPARE.code, "one_stop.dossier.view")
    town.staff("second", PREPARE.code, "one_stop.dossier.view")
    town.staff("chairman", SIGN.code, "one_stop.dossier.view")
    town.staff("head", "one_stop.dossier.assign", "one_stop.dossier.view")
    town.staff("stranger", "one_stop.dossier.receive", "one_stop.dossier.view", "one_stop.dossier.assign",
               "fees.collect", PREPARE.code, SIGN.code, unit=town.other)
    town.citizen("lan", number="031192000123")
    town.citizen("hoa", number="031192000456")
    town.citizen("weak", number="031192000789", level=1)
    return town


def morning(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of a day of Việt Nam."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


def later(at: datetime | None = None, **more: float) -> datetime:
    return (at or now()) + timedelta(**more)
