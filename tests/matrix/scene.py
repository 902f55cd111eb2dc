"""What the matrix is played with: a registered birth in one commune, and people who work elsewhere.

Everything that an address can name (dossier, act, paper, account, grant, book, notice, session, token) belongs to the
commune ``here``. Who comes to look works in another commune, at the department, at a bank, or is a citizen of whom
nothing here tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import localdate, now
from tuphap.modules.administration.models import Decree
from tuphap.modules.civil_status.models import Act, Leg, Paper
from tuphap.modules.civil_status.tests.paper import transcribed
from tuphap.modules.civil_status.tests.world import World, make_world
from tuphap.modules.digitisation.models import Batch, Book, Entry
from tuphap.modules.direction.models import Closing
from tuphap.modules.one_stop_shop import rules
from tuphap.modules.one_stop_shop.models import Decision, HandOver, HandOverLine
from tuphap.modules.reporting import seeds
from tuphap.modules.reporting.models import Form, Report
from tuphap.shared.access import api as access
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import ApiToken, LoginSession, User
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Event, SignedScan, law
from tuphap.shared.exchange.models import Inbound, Lane, Outbound
from tuphap.shared.fees.models import Receipt, Refund, Transfer
from tuphap.shared.files.models import StoredFile
from tuphap.shared.notices.models import Notice
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

ORIGINAL = "so_khai_sinh"
CHILD = "Nguyễn Khả Doanh"
# In the order of the columns.
ROLES = (
    "passer-by", "citizen", "receiver", "officer", "chairman", "director", "inspector", "administrator", "bank",
)
_STAFF = {
    "receiver": ("receiver",), "officer": ("civil_status_officer",), "chairman": ("chairman",),
    "director": ("director", "report_checker", "report_planner"), "inspector": ("inspector",),
    "administrator": ("administrator",),
}
_PROVINCIAL = ("director", "inspector", "administrator")


@dataclass(slots=True)
class Scene:
    """The objects by the name of the address's parameter, and a browser for each role."""

    world: World
    objects: dict[str, Any]
    clients: dict[str, Client]
    headers: dict[str, dict[str, str]]
    state: Any = None  # of everything that a request could change: see play.py
    secrets: tuple[str, ...] = (CHILD, "Trần Thị Bích Ngọc", "031196004217", "0912345678")


@dataclass(slots=True)
class Cast:
    """Somebody for each role, each with a browser; the bank has a token instead."""

    people: dict[str, User]
    clients: dict[str, Client]
    headers: dict[str, dict[str, str]]


def build() -> Scene:
    """Set the scene; called within a test's own transaction."""
    world = make_world()
    at = now()
    seeds.seed()
    act = world.registered(world.answers(child={"name": CHILD}))
    paper = Paper.objects.filter(act=act).select_related("document").order_by("pk").first()
    assert paper is not None
    host, old_entry = world.users["officer"], transcribed(world)
    with setting_up():
        User.objects.filter(pk__in=[u.pk for u in world.users.values()]).update(office=world.here)
        Grant.objects.filter(person=world.users["stranger"]).delete()
        cast = hire(world.there, at=at)
        token = ApiToken.objects.create(
            owner=host, label="x", hash="x", hint="x", scopes=["audit.view"], created_at=at,
            expires_at=at + timedelta(days=30),
        )
        session = LoginSession.objects.create(
            user=host, session_key="x", how="password", started_at=at, last_seen_at=at
        )
        lent = Grant.objects.filter(person=host).earliest("pk")
        loan = Grant.objects.create(
            person=world.users["deputy"], permission=lent.permission, unit=lent.unit, valid_from=localdate(at),
            valid_to=localdate(at), delegated_from=lent,
        )
        decision = Decision.objects.create(
            dossier=act.dossier, unit=world.here, kind="granted", title="Giấy", paragraphs=["Chấp thuận."],
            drafted_by=host, drafted_at=at,
        )
        decree = Decree.objects.create(
            number="9/2026/NĐ-CP", issuer="Chính phủ", title="Sửa đổi", issued_on=localdate(at),
            effective_on=localdate(at), entered_at=at, entered_by="x",
        )
        closing = Closing.objects.create(
            kind="thang", first=date(2025, 1, 1), last=date(2025, 1, 31), version=1,
            office=orgs.office("H31.09", on=localdate(at)), units=[world.here.pk], closed_at=at,
            closed_by=cast.people["director"], closed_by_name="x", basis="x", hash="x",
        )
        form = Form.objects.order_by("code").first()
        report = Report.objects.create(
            form=form, unit=world.here, level="xa", kind="nam", stage="chinh-thuc", year=2025, first=date(2025, 7, 1),
            last=date(2025, 12, 31), due=date(2026, 1, 15), counted_at=at, made_by=host, made_by_name="x",
        )
        notice = Notice.objects.create(to_user=host, template="civil_status.signing_failed", created_at=at)
        letter, received = dead_letters(world.here, at=at)
        leg = unclear_leg(act, at=at)
        receipt, refund, transfer = money(act, at=at)
        hand_over, scan = on_paper(act, by=host, at=at)
        batch = Batch.objects.create(
            sha256="0" * 64, name="so.csv", told="CSV", rows=1, chunk=1, what="civil_status.birth", unit=world.here,
            by_name="x", chosen_at=at,
        )
        digitised = on_the_shelf(world, at=at)
    objects = {
        "dossier_id": act.dossier_id, "reference": act.dossier.code, "act_id": act.pk, "paper_id": paper.pk,
        "document_id": paper.document_id, "book_id": act.book_id, "user_id": host.pk, "grant_id": lent.pk,
        "loan_id": loan.pk, "token_id": token.pk, "session_id": session.pk, "notice_id": notice.pk,
        "closing_id": closing.pk, "kind": "xlsx", "report_id": report.pk, "form_id": report.form_id,
        "row": "births", "column": "all", "name": "ho-tich", "form_layout": report.form.layout, "seq": 1,
        "page": "child", "action": "receive", "form": "01", "sha256": paper.document.sha256,
        "document_code": paper.document.code, "rest": "khong-co", "here": world.here.code, "child": CHILD,
        "decision_id": decision.pk, "decree_id": decree.pk, "law_text": changed_text(),
        "there": world.there.code, "colleague": str(world.users["stranger"].pk),
        "officer": str(world.users["stranger"].pk), "own_grant_id": lent.pk, "answers": world.answers(),
        "channel": "truc_tuyen", "message_id": letter.pk, "received_id": received.pk, "service": "police",
        "leg_id": leg.pk, "receipt_id": receipt.pk, "refund_id": refund.pk, "transfer_id": transfer.pk,
        "doing": "thu", "hand_over_id": hand_over.pk, "scan_id": scan.pk, "original": ORIGINAL,
        "entry_id": old_entry.pk, "part": "event", "volume_id": digitised.book_id, "line_id": digitised.pk,
        "axis": "don-vi", "number": 1, "batch_id": batch.pk,
    }
    return Scene(world=world, objects=objects, clients=cast.clients, headers=cast.headers)


def hire(commune: OrgUnit, *, at: datetime) -> Cast:
    """The workers of this commune and of the department, a citizen, and a bank."""
    department = orgs.office("H31.09", on=localdate(at))
    people = {role: _worker(role, department if role in _PROVINCIAL else commune, at=at) for role in _STAFF}
    people["citizen"] = User.objects.create_citizen(
        issuer="https://vneid.example", subject="x", full_name="Công Dân Khác", personal_number="031080000111",
        assurance_level=2,
    )
    clients = {role: Client() for role in ROLES}
    for role, person in people.items():
        clients[role].force_login(person)
    people["bank"] = User.objects.create_agency(username="ngan-hang", full_name="Ngân hàng")
    _give(people["bank"], "document_checker", department, at=at)
    secret = accounts.new_token_secret()
    ApiToken.objects.create(
        owner=people["bank"], label="x", hash=accounts.token_fingerprint(secret), hint="x", created_at=at,
        scopes=["civil_status.act.check"], expires_at=at + timedelta(days=30),
    )
    headers: dict[str, dict[str, str]] = {role: {} for role in ROLES}
    headers["bank"] = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    return Cast(people=people, clients=clients, headers=headers)


def changed_text() -> dict[str, Any]:
    """A new version's text of the procedure that addresses name."""
    text = law.text_of(dossiers.procedure_in_force("1.001193", on=localdate(now()))).columns()
    return {**text, "name": "Đăng ký khai sinh (sửa đổi)"}


def on_paper(act: Act, *, by: User, at: datetime) -> tuple[HandOver, SignedScan]:
    """The result of this birth on its way to the desk, and the scanned page of the register."""
    number = numbering.reserve(
        rules.HAND_OVER_SERIES, unit_id=act.unit_id, year=at.year, actor=system_actor("scene"), at=at
    )
    hand_over = HandOver.objects.create(
        way=rules.Way.TO_DESK, from_unit_id=act.unit_id, to_unit_id=act.unit_id, reserved=number, made_by=by, made_at=at
    )
    step = Event.objects.filter(dossier=act.dossier).latest("seq")
    HandOverLine.objects.create(
        hand_over=hand_over, place=1, dossier=act.dossier, way=rules.Way.TO_DESK, step=step, due_at=at
    )
    stored = StoredFile.objects.create(
        name="trang-so.pdf", media_type="application/pdf", size=1, sha256="0" * 64, uploaded_at=at
    )
    return hand_over, SignedScan.objects.create(
        dossier=act.dossier, original=ORIGINAL, file=stored, added_by=by, added_at=at
    )


def on_the_shelf(world: World, *, at: datetime) -> Entry:
    """A book of the commune's that is digitised, with an entry that waits to be keyed."""
    book = Book.objects.create(
        unit=world.here, office_name=world.here.name, kind="KS", what="civil_status.birth", year=2025, volume="01",
        last_number=9, expected=9, opened_on=date(2025, 7, 1), entered_at=at, entered_by="x",
    )
    stored = StoredFile.objects.create(
        name="KS.2025.01.2025-09-01.001.pdf", media_type="application/pdf", size=1, sha256="1" * 64, uploaded_at=at
    )
    return Entry.objects.create(
        book=book, number=1, what=book.what, registered_on=date(2025, 9, 1), state="scanned", scan=stored, pages=1,
        scanned_at=at,
    )


def unclear_leg(act: Act, *, at: datetime) -> Leg:
    """The police have asked the office to look into this child."""
    return Leg.objects.create(
        act_id=act.pk, unit_id=act.unit_id, kind="number", service="police", place=1, joined=False,
        state="needs_verification", opened_at=at, sent_at=at, note="Thông tin cần xác minh",
    )


def money(act: Act, *, at: datetime) -> tuple[Receipt, Refund, Transfer]:
    """Something was paid for the dossier and is to go back; something else has come and fits nothing."""
    receipt = Receipt.objects.create(
        dossier=act.dossier, unit_id=act.unit_id, receipt_no="BL 1", amount=8000, method="paper", payer_name=CHILD,
        paid_at=at, taken_by_name="x",
    )
    refund = Refund.objects.create(receipt=receipt, unit_id=act.unit_id, amount=8000, reason="x", asked_at=at,
                                   asked_by_name="x")
    transfer = Transfer.objects.create(
        transaction="FT1", amount=8000, paid_at=at, heard_at=at, heard_by="call", unit_id=act.unit_id,
        state="unmatched", misfit="unknown_order",
    )
    return receipt, refund, transfer


def dead_letters(office: OrgUnit, *, at: datetime) -> tuple[Outbound, Inbound]:
    """A message of the office's that could not be delivered, and one to it that could not be handled."""
    lane = Lane.objects.create(service="police", subject="birth:1", last_sequence=1, is_blocked=True)
    common = {"kind": "police.issue-number", "service": "police", "subject": "birth:1", "sequence": 1,
              "unit": office, "body": CHILD, "request_hash": "x", "state": "dead", "dead_at": at}
    letter = Outbound.objects.create(lane=lane, purpose="x", created_at=at, last_error="schema", **common)
    received = Inbound.objects.create(
        client="VN/GOV/BCA/DANCU", message_id=letter.pk, received_at=at, error="late", **common
    )
    return letter, received


def _worker(role: str, office: OrgUnit, *, at: datetime) -> User:
    """Somebody of this office, with the one role."""
    user = User.objects.create_staff(username=f"m-{role}", password=None, full_name=f"Người {role}", office=office)
    for name in _STAFF[role]:
        _give(user, name, office, at=at)
    return user


def _give(user: User, role: str, office: OrgUnit, *, at: datetime) -> None:
    Grant.objects.bulk_create(
        Grant(person=user, permission=permission, role=role, unit=office, valid_from=localdate(at) - timedelta(days=1))
        for permission in access.roles[role].permissions
    )
