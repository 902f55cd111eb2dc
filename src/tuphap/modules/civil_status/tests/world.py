"""Two communes, who works there, declarations of births, and a signer that does as it is told."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import VIETNAM
from tuphap.modules.civil_status import operations, rules
from tuphap.modules.civil_status.models import BirthAct, Paper
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Certificate, Document
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

AT = datetime(2026, 3, 9, 9, 0, tzinfo=VIETNAM)
TODAY = AT.date()
SIGNING = system_actor("signing")


@dataclass(slots=True)
class World:
    """``here`` and ``there`` are communes of one city; ``staff`` of ``here`` by role, ``stranger`` of ``there``."""

    here: OrgUnit
    there: OrgUnit
    users: dict[str, User] = field(default_factory=dict)
    made: int = 0

    def who(self, role: str) -> Actor:
        return actor_for(self.users[role])

    def address(self, unit: OrgUnit | None = None) -> dict[str, Any]:
        area = (unit or self.here).admin_unit
        return {"unit_code": area.code, "as_of": "2026-01-01", "detail": "Số 12, đường Lê Hồng Phong"}

    def answers(self, **blocks: dict[str, Any]) -> dict[str, Any]:
        """A sound declaration of a girl of married parents; each block may be changed in part."""
        whole: dict[str, Any] = {
            "child": {
                "name": "Nguyễn Trúc Anh", "sex": "female", "born_on": "2026-03-05", "ethnicity": "Kinh",
                "nationality": "Việt Nam", "place_kind": "facility", "facility": "Bệnh viện Phụ sản Hải Phòng",
                "place": self.address(), "native_place": self.address(),
            },
            "mother": {
                "name": "Trần Thị Bích Ngọc", "born_on": "1996-08-12", "ethnicity": "Kinh", "nationality": "Việt Nam",
                "residence": self.address(), "personal_number": "031196004217",
            },
            "father": {
                "parents_married": True, "marriage_record": "số 45/2022, UBND phường Lê Chân",
                "name": "Nguyễn Văn Mạnh", "born_on": "1994-02-01", "ethnicity": "Kinh", "nationality": "Việt Nam",
                "residence": self.address(), "personal_number": "031094004218",
            },
            "declarant": {"relation": "father", "phone": "0912345678"},
            "copies": {"copies": 0},
        }
        for name, changed in blocks.items():
            whole[name] = {**whole[name], **changed}
        return deepcopy(whole)

    def dossier(
        self, answers: dict[str, Any] | None = None, *, state: str = dossiers.State.AWAITING_APPROVAL,
        received: datetime = AT - timedelta(hours=1), unit: OrgUnit | None = None, procedure: str = "1.001193",
    ) -> Dossier:
        """A dossier as the officer puts it before the chairman."""
        self.made += 1
        unit = unit or self.here
        with setting_up():
            return Dossier.objects.create(
                code=f"{unit.code}-{received:%y%m%d}-{self.made:04d}", submission_code=f"T{self.made:06d}",
                procedure=dossiers.procedure_in_force(procedure, on=received.date()), state=state,
                channel=Dossier.Channel.DIRECT, receiving_unit=unit, resolving_unit=unit,
                applicant_name="Nguyễn Văn Mạnh", applicant_phone="0912345678",
                answers=answers or self.answers(), created_at=received, submitted_at=received, received_at=received,
                due_at=received + timedelta(days=1), original_due_at=received + timedelta(days=1),
                assigned_to=self.users["officer"], prepared_by=self.users["officer"],
            )

    def joined_answers(self, **blocks: dict[str, Any]) -> dict[str, Any]:
        """A sound joined declaration: the child comes to its mother's household."""
        own = {name: blocks.pop(name, {}) for name in ("residence", "card")}
        return {
            **self.answers(**blocks), "residence": {"host": "mother", **own["residence"]},
            "card": {"clinic_code": "31001", "phone": "0912345678", **own["card"]},
        }

    def joined_distinct(self, number: int) -> dict[str, Any]:
        """A joined declaration of another child of other parents."""
        mother = {"personal_number": f"0311950{number:05}"}
        whole = self.joined_answers()
        return {**whole, **self.distinct(number, mother=mother)}

    def joined_dossier(self, answers: dict[str, Any] | None = None, **given: Any) -> Dossier:
        return self.dossier(answers or self.joined_answers(), procedure="tam.lien-thong-khai-sinh", **given)

    def registered_joined(self, answers: dict[str, Any] | None = None, *, at: datetime = AT) -> BirthAct:
        """An act of the joined procedure whose every paper is signed."""
        act = self.approve(self.joined_dossier(answers, received=at - timedelta(hours=1)), at=at)
        for paper in Paper.objects.filter(act=act).order_by("pk"):
            sign(paper.document, at=at)
        return BirthAct.objects.get(pk=act.pk)

    def distinct(self, number: int, **blocks: dict[str, Any]) -> dict[str, Any]:
        """A declaration of another child of other parents."""
        letters = _letters(number)
        return self.answers(
            child={"name": f"Vũ Minh {letters}", **blocks.get("child", {})},
            mother={
                "name": f"Đào Thị {letters}", "personal_number": "", "born_on": "1995",
                **blocks.get("mother", {}),
            },
            father={"name": f"Vũ Văn {letters}", "personal_number": "", "born_on": "1992", **blocks.get("father", {})},
            declarant={
                "relation": "relative", "name": f"Vũ Thị {letters}", "id_kind": "passport", "id_number": f"B{number}",
                "residence": self.address(),
            },
            copies=blocks.get("copies", {}),
        )

    def approve(self, dossier: Dossier, *, at: datetime = AT) -> BirthAct:
        """The chairman's decision; the papers wait to be signed by hand."""
        with documents.signing_by_hand():
            return operations.approve_birth(dossier_id=dossier.pk, actor=self.who("chairman"), at=at)

    def registered(self, answers: dict[str, Any] | None = None, *, at: datetime = AT) -> BirthAct:
        """An act whose every paper is signed."""
        act = self.approve(self.dossier(answers), at=at)
        for paper in Paper.objects.filter(act=act).order_by("pk"):
            sign(paper.document, at=at)
        return BirthAct.objects.get(pk=act.pk)


def _letters(number: int) -> str:
    """A word of letters for a number, unlike its neighbours: names hold no digits."""
    return "".join("bcdghklmnpqrstvx"[int(digit, 16)] for digit in hashlib.sha256(str(number).encode()).hexdigest()[:9])


def make_world() -> World:
    """People and grants. Offices are the real ones of Hải Phòng."""
    offices = OrgUnit.objects.filter(kind="ubnd_xa", valid_to__isnull=True, code__startswith="H31.").order_by("code")
    here, there = offices.select_related("admin_unit")[:2]
    world = World(here, there)
    with setting_up():
        for role, name, title, unit, permissions in (
            ("officer", "Lê Thị Hồ Sơ", "Công chức tư pháp - hộ tịch", here,
             [rules.Permission.PREPARE, rules.Permission.VIEW]),
            ("chairman", "Phạm Thị Hồng Hạnh", "Chủ tịch", here, [rules.Permission.SIGN, rules.Permission.VIEW]),
            ("deputy", "Đỗ Văn Phó", "Phó Chủ tịch", here, [rules.Permission.SIGN, rules.Permission.PREPARE]),
            ("stranger", "Bùi Văn Khác", "Chủ tịch", there,
             [rules.Permission.SIGN, rules.Permission.VIEW, rules.Permission.PREPARE]),
            ("bank", "Ngân hàng Thử", "", here, [rules.Permission.CHECK]),
        ):
            user = User.objects.create_staff(username=role, password=None, full_name=name, title=title)
            for permission in permissions:
                Grant.objects.create(person=user, permission=permission, unit=unit, valid_from=date(2024, 1, 1))
            world.users[role] = user
        for kind, holder in ((Certificate.Kind.PERSON, world.users["chairman"]), (Certificate.Kind.SEAL, None)):
            Certificate.objects.create(
                kind=kind, user=holder, office=here, key_id=f"fake-{kind}", anchor="fake", serial=f"fake-{kind}",
                subject="CN=Thử", pem="", valid_from=AT - timedelta(days=900), valid_to=AT + timedelta(days=900),
            )
    return world


@operation
def _signed(*, document: Document, at: datetime, actor: Actor) -> Any:
    """As the signing job enters a signed document, but for the cryptography."""
    content = f"%PDF signed {document.pk}".encode()
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile.objects.create(
        name="giay.pdf", media_type="application/pdf", size=len(content), sha256=digest, uploaded_at=at
    )
    signed = documents.SignedDocument(
        file=stored, sha256=digest, signed_at=at,
        signer_certificate=Certificate.objects.get(key_id="fake-person"),
        seal_certificate=Certificate.objects.get(key_id="fake-seal"),
    )
    held = Document.objects.select_for_update().get(pk=document.pk)
    return operations.enter_signed(document=held, signed=signed, actor=actor, at=at)


def sign(document: Document, *, at: datetime = AT) -> Any:
    """The fake signer signs this document."""
    return _signed(document=document, at=at, actor=SIGNING)


def fail(document: Document, *, at: datetime = AT, reason: str = "Máy ký không trả lời") -> None:
    """The fake signer gives up on this document."""
    documents.give_up(document_id=document.pk, reason=reason, actor=SIGNING, at=at)
