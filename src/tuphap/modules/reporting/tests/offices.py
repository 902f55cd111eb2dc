"""Who reports to whom: two communes with a register each, and the department; how a report goes its way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import VIETNAM
from tuphap.modules.civil_status.tests.world import World, make_world
from tuphap.modules.reporting import operations, rules, seeds
from tuphap.modules.reporting.models import Report
from tuphap.modules.reporting.rules import Permission
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Certificate, Document
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

NOW = datetime(2026, 7, 2, 9, 0, tzinfo=VIETNAM)
HALF, ESTIMATE, YEAR = "2026.6-thang.chinh-thuc", "2026.6-thang.uoc-tinh", "2025.nam.chinh-thuc"
BIRTHS, MARRIAGES, OTHERS = seeds.BIRTHS, seeds.MARRIAGES, seeds.OTHERS
SIGNING = system_actor("signing")


@dataclass(slots=True)
class Offices:
    """``world`` is civil status with its communes ``here`` and ``there``; ``department`` is over both."""

    world: World
    department: OrgUnit
    users: dict[str, User] = field(default_factory=dict)

    @property
    def here(self) -> OrgUnit:
        return self.world.here

    @property
    def there(self) -> OrgUnit:
        return self.world.there

    def who(self, role: str) -> Actor:
        return actor_for(self.users[role])

    def begun(self, form: str = BIRTHS, *, unit: OrgUnit | None = None, period: str = HALF, **more: Any) -> Report:
        told = {"actor": self.who("officer" if unit in (None, self.here) else "stranger"), "at": NOW, **more}
        return operations.begin(form=form, unit_id=(unit or self.here).pk, period=period, **told)

    def ready(self, report: Report) -> Report:
        """Put before the leader, with every explanation that is asked for."""
        from tuphap.modules.reporting import queries

        role = self._maker(report)
        operations.fill(
            report_id=report.pk, typed={}, explanations={one.code: "Do thực tế" for one in queries.doubts(report)},
            confirmed_zero=True, actor=self.who(role), at=NOW,
        )
        return operations.propose(report_id=report.pk, actor=self.who(role), at=NOW)

    def approved(self, report: Report) -> Report:
        self.ready(report)
        with documents.signing_by_hand():
            return operations.approve(report_id=report.pk, actor=self.who(self._signer(report)), at=NOW)

    def sent(self, form: str = BIRTHS, **more: Any) -> Report:
        """Begun, approved and signed."""
        report = self.approved(self.begun(form, **more))
        return sign(report)

    def accepted(self, form: str = BIRTHS, **more: Any) -> Report:
        report = self.sent(form, **more)
        return operations.accept(report_id=report.pk, actor=self.who("checker"), at=NOW)

    def summed(self, form: str = BIRTHS, *, period: str = HALF, reason: str = "Xã khác gửi sau") -> Report:
        return operations.aggregate(form=form, period=period, unit_id=self.department.pk, reason=reason,
                                    actor=self.who("planner"), at=NOW)

    def _maker(self, report: Report) -> str:
        return "planner" if report.is_summary else "officer" if report.unit_id == self.here.pk else "stranger"

    def _signer(self, report: Report) -> str:
        return "director" if report.is_summary else "chairman" if report.unit_id == self.here.pk else "stranger"


def make_offices() -> Offices:
    """Beside the communes' people: a checker, a planner, a director, an inspector; keys for those who sign."""
    world = make_world()
    department = OrgUnit.objects.select_related("admin_unit").get(code="H31.09", valid_to__isnull=True)
    made = Offices(world, department, dict(world.users))
    with setting_up():
        for role, name, unit, permissions in (
            ("checker", "Bùi Thu Trang", department, [Permission.CHECK, Permission.VIEW]),
            ("planner", "Cao Thị Tổng", department, [Permission.AGGREGATE, Permission.VIEW, Permission.ENACT]),
            ("director", "Trịnh Thị Hạnh", department, [Permission.SIGN, Permission.VIEW]),
            ("inspector", "Đào Quang Trung", department, [Permission.VIEW]),
        ):
            made.users[role] = User.objects.create_staff(username=f"bc.{role}", password=None, full_name=name,
                                                         title="Giám đốc" if role == "director" else "Chuyên viên")
            _grant(made.users[role], unit, permissions)
        _grant(made.users["officer"], world.here, [Permission.PREPARE, Permission.VIEW])
        _grant(made.users["chairman"], world.here, [Permission.SIGN, Permission.VIEW])
        _grant(made.users["stranger"], world.there, [Permission.PREPARE, Permission.SIGN, Permission.VIEW])
    return made


def _grant(person: User, unit: OrgUnit, permissions: list[Permission]) -> None:
    for permission in permissions:
        Grant.objects.create(person=person, permission=permission, unit=unit, valid_from=date(2024, 1, 1))


@operation
def _signed(*, document: Document, at: datetime, actor: Actor) -> Any:
    """As the signing job enters a signed document, but for the cryptography."""
    content = f"%PDF signed {document.pk}".encode()
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile.objects.create(
        name="bieu.pdf", media_type="application/pdf", size=len(content), sha256=digest, uploaded_at=at
    )
    signed = documents.SignedDocument(
        file=stored, sha256=digest, signed_at=at, signer_certificate=Certificate.objects.get(key_id="fake-person"),
        seal_certificate=Certificate.objects.get(key_id="fake-seal"),
    )
    held = Document.objects.select_for_update().get(pk=document.pk)
    return operations.enter_signed(document=held, signed=signed, actor=actor, at=at)


def sign(report: Report, *, at: datetime = NOW) -> Report:
    """The fake signer signs the report's paper."""
    assert report.document is not None
    _signed(document=report.document, at=at, actor=SIGNING)
    return Report.objects.get(pk=report.pk)


def refuse_to_sign(report: Report) -> Report:
    """The fake signer gives up."""
    assert report.document_id is not None
    documents.give_up(document_id=report.document_id, reason="Máy ký không trả lời", actor=SIGNING, at=NOW)
    return Report.objects.get(pk=report.pk)


def value(report: Report, row: str, column: str = "all") -> int:
    return report.values[row, column]


__all__ = ["BIRTHS", "ESTIMATE", "HALF", "MARRIAGES", "NOW", "OTHERS", "YEAR", "Offices", "make_offices",
           "refuse_to_sign", "rules", "sign", "value"]
