"""The department of justice at work on a procedure that no module handles, for the tests of the generic path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tuphap.kernel.actor import Actor, system_actor
from tuphap.modules.one_stop_shop import operations
from tuphap.modules.one_stop_shop.generic import operations as generic
from tuphap.modules.one_stop_shop.models import Decision
from tuphap.shared.access import api as access
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Certificate, Document
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from .steps import MONDAY, PICTURE

LAW_FIRM = "tam.luat-su.dang-ky-to-chuc"
SIGNING = system_actor("signing")
ROLES = {"receiver": "centre_receiver", "specialist": "specialist", "head": "division_head",
         "director": "department_leader"}
TEXTS = ["Căn cứ Luật Luật sư;", "Sở Tư pháp cấp Giấy đăng ký hoạt động cho Văn phòng luật sư Hoa Phượng."]


@dataclass(slots=True)
class Department:
    """Its people by what they do there; ``lan`` is the citizen who applies."""

    office: OrgUnit
    people: dict[str, User] = field(default_factory=dict)

    def who(self, name: str) -> Actor:
        return actor_for(self.people[name])

    def answers(self, **changed: Any) -> dict[str, dict[str, Any]]:
        commune = orgs.offices(kind=OrgUnit.Kind.COMMUNE, on=MONDAY).first()
        assert commune is not None
        person = {
            "name": "Nguyễn Thị Lan", "personal_number": "031192000123", "phone": "0912345678", "born_on": "1992",
            "email": "lan@example.vn",
            "address": {"unit_code": commune.admin_unit.code, "as_of": "2026-01-01", "detail": "Số 1, đường Cảng"},
        }
        return {"person": {**person, **changed}, "practice": {"content": "Đăng ký hoạt động văn phòng luật sư."}}

    def draft(self, *, code: str = LAW_FIRM, at: datetime = morning(MONDAY, 8)) -> Dossier:
        """Begun online, every page filled in, every mandatory paper attached."""
        lan = self.who("lan")
        dossier = operations.start_draft(procedure_code=code, resolving_unit_id=self.office.pk, actor=lan, at=at)
        for page, answers in self.answers().items():
            operations.save_page(dossier_id=dossier.pk, page=page, answers=answers, actor=lan, at=at)
        for component in dossier.procedure.components:
            if component["mandatory"] and not component["replaced_by_database"]:
                operations.attach(dossier_id=dossier.pk, component=component["code"], content=PICTURE, name="a.png",
                                  media_type="image/png", actor=lan, at=at)
        return dossier

    def received(self, **more: Any) -> Dossier:
        dossier = operations.submit(dossier_id=self.draft(**more).pk, actor=self.who("lan"), at=morning(MONDAY, 8, 5))
        return operations.receive(dossier_id=dossier.pk, actor=self.who("receiver"), at=morning(MONDAY),
                                  payment=operations.Payment(cash=True))

    def assigned(self) -> Dossier:
        return operations.assign(dossier_id=self.received().pk, to_user_id=self.people["specialist"].pk,
                                 actor=self.who("head"), at=morning(MONDAY, 9, 10))

    def word(self, dossier: Dossier, *, who: str = "specialist", **more: Any) -> Decision:
        told: dict[str, Any] = {"kind": "granted", "title": "Giấy đăng ký hoạt động", "paragraphs": TEXTS, **more}
        return generic.draft_decision(dossier_id=dossier.pk, actor=self.who(who), at=morning(MONDAY, 10), **told)

    def reviewed(self) -> Dossier:
        """Worded, proposed, and agreed to by the head of the division."""
        dossier = self.assigned()
        self.word(dossier)
        operations.propose(dossier_id=dossier.pk, actor=self.who("specialist"), at=morning(MONDAY, 10, 10))
        return operations.review(dossier_id=dossier.pk, actor=self.who("head"), at=morning(MONDAY, 10, 20))

    def approved(self) -> Decision:
        """Decided; the paper waits for its signature."""
        dossier = self.reviewed()
        with documents.signing_by_hand():
            operations.approve(dossier_id=dossier.pk, actor=self.who("director"), at=morning(MONDAY, 10, 30))
        return Decision.objects.get(dossier=dossier)


def build() -> Department:
    """The office is the real one of Hải Phòng; call it with the catalogue seeded."""
    department = Department(orgs.office("H31.09", on=MONDAY))
    with setting_up():
        for name, role in ROLES.items():
            user = User.objects.create_staff(
                username=f"so-{name}", password=None, full_name=f"Cán Bộ {name.capitalize()}", title=role,
                office=department.office,
            )
            for permission in access.roles[role].permissions:
                Grant.objects.create(person=user, permission=permission, unit=department.office, role=role,
                                     valid_from=date(2025, 7, 1))
            department.people[name] = user
        department.people["lan"] = User.objects.create_citizen(
            issuer="https://id.test", subject="lan-so", full_name="Nguyễn Thị Lan", personal_number="031192000123",
            assurance_level=2, phone="0912345678",
        )
    return department


@operation
def _signed(*, document: Document, at: datetime, actor: Actor) -> Any:
    """As the signing job enters a signed document, but for the cryptography."""
    content = f"%PDF signed {document.pk}".encode()
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile.objects.create(
        name="giay.pdf", media_type="application/pdf", size=len(content), sha256=digest, uploaded_at=at
    )
    certificates = [
        Certificate.objects.get_or_create(key_id=f"fake-{kind}", defaults={
            "kind": kind, "user": document.signer if kind == Certificate.Kind.PERSON else None, "office": document.unit,
            "anchor": "fake", "serial": f"fake-{kind}", "subject": "CN=Thử", "pem": "", "valid_from": morning(MONDAY),
            "valid_to": morning(date(2030, 1, 1)),
        })[0]
        for kind in (Certificate.Kind.PERSON, Certificate.Kind.SEAL)
    ]
    signed = documents.SignedDocument(file=stored, sha256=digest, signed_at=at, signer_certificate=certificates[0],
                                      seal_certificate=certificates[1])
    held = Document.objects.select_for_update().get(pk=document.pk)
    return generic.enter_signed(document=held, signed=signed, actor=actor, at=at)


def sign(decision: Decision, *, at: datetime = morning(MONDAY, 10, 31)) -> Any:
    """The fake signer signs this paper."""
    return _signed(document=decision.document, at=at, actor=SIGNING)


def fail(decision: Decision, *, at: datetime = morning(MONDAY, 10, 31)) -> None:
    """The fake signer gives up on this paper."""
    assert decision.document_id is not None
    documents.give_up(document_id=decision.document_id, reason="Máy ký không trả lời", actor=SIGNING, at=at)
