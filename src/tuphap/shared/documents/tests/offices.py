"""An office, its chairman, their certificates, one template, and a module's outcome that only notes what happened."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.shared.accounts.models import User
from tuphap.shared.documents import api as documents
from tuphap.shared.documents import declarations
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import AdminUnit, OrgUnit

ACTOR = system_actor("test")
FACTS = {
    "number": "15/2026", "title": "Trích lục khai sinh", "name": "Nguyễn Thị Khánh Huyền", "sex": "Nữ",
    "ethnicity": "Kinh", "nationality": "Việt Nam", "place": "Bệnh viện Phụ sản, phường Lê Chân, thành phố Hải Phòng",
}
LINE = {"number": "15/2026", "book": "Sổ đăng ký khai sinh", "date": "2026-11-21", "kind": "Trích lục khai sinh"}
HERE = "tuphap.shared.documents.tests.offices"

TEMPLATE = declarations.DocumentTemplate(
    "test.paper", "Trích lục khai sinh", "1", date(2020, 1, 1), Path(__file__).parent / "paper.typ", FACTS
)
OUTCOME = declarations.SigningOutcome("test.outcome", f"{HERE}.on_signed", f"{HERE}.on_failed")
calls: list[tuple[str, str]] = []


@operation
def on_signed(*, document: documents.Document, signed: documents.SignedDocument, actor: Any, at: datetime) -> None:
    calls.append(("signed", str(document.pk)))
    documents.attach(document, signed, actor=actor, at=at)


@operation
def on_failed(*, document: documents.Document, reason: str, actor: Any, at: datetime) -> None:
    calls.append(("failed", reason))


@operation
def ask(*, office: OrgUnit, signer: User, actor: Any, at: datetime, facts: dict[str, Any] | None = None,
        line: dict[str, Any] | None = None) -> documents.Document:
    return documents.request(
        template="test.paper", data=facts or FACTS, subject=office, unit_id=office.pk, signer_id=signer.pk,
        outcome="test.outcome", actor=actor, at=at, register_line=line or LINE,
    )


@dataclass
class Office:
    """An office that can sign."""

    unit: OrgUnit
    chairman: User
    services: Any
    made: list[str] = field(default_factory=list)

    def ask(self, at: datetime | None = None, **more: Any) -> documents.Document:
        """A document that waits to be signed, without a job."""
        with documents.signing_by_hand():
            return ask(office=self.unit, signer=self.chairman, actor=ACTOR, at=at or now(), **more)

    def issue(self, at: datetime | None = None, **more: Any) -> tuple[documents.Document, bytes]:
        """A signed document and its file."""
        at = at or now()
        document = documents.sign_now(self.ask(at, **more).pk, at=at)
        return document, documents.content(document)


def make_office(services: Any, *, at: datetime | None = None, kind: str = OrgUnit.Kind.COMMUNE) -> Office:
    tag = uuid.uuid4().hex[:8]
    with setting_up():
        area = AdminUnit.objects.create(
            code=f"T{tag[:4]}", level=3, name="Phường Lê Chân", kind=AdminUnit.Kind.WARD, valid_from=date(1900, 1, 1),
            sort_key="le chan",
        )
        unit = OrgUnit.objects.create(
            code=f"T.{tag}", name="Ủy ban nhân dân phường Lê Chân", short_name="UBND phường Lê Chân", kind=kind,
            admin_unit=area, valid_from=date(1900, 1, 1), sort_key="le chan",
        )
        chairman = User.objects.create_staff(
            username=f"chairman-{tag}", password=None, full_name="Trần Văn Ơn", title="Chủ tịch"
        )
    at = at or now()
    documents.keys.ensure_person_key(user=chairman, office=unit, actor=ACTOR, at=at)
    documents.keys.ensure_office_seal(office=unit, actor=ACTOR, at=at)
    return Office(unit, chairman, services)
