"""One commune from within: its people, and its dossiers brought by their own operations to where something can be done.

Each method of :class:`House` below ``filling in`` is a ``before`` of the table. Steps are a minute apart on one
Monday morning; calls are made at :data:`CALLED`. Several may stand beside each other, each begun anew (``begin``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from django.db import transaction
from tests.matrix.bodies import COMPONENT, ORIGINAL
from tests.matrix.scene import changed_text, dead_letters, hire, on_the_shelf, unclear_leg

from tuphap.kernel.actor import Actor
from tuphap.modules.administration import operations as administration
from tuphap.modules.administration.law import operations as law
from tuphap.modules.civil_status.models import Act, Paper
from tuphap.modules.civil_status.tests import paper as old_books
from tuphap.modules.civil_status.tests import world as civil_status
from tuphap.modules.digitisation import operations as digitisation
from tuphap.modules.digitisation.models import Entry as Digitised
from tuphap.modules.digitisation.rules import Permission as Part
from tuphap.modules.direction import operations as direction
from tuphap.modules.one_stop_shop import operations
from tuphap.modules.one_stop_shop.generic import operations as generic
from tuphap.modules.one_stop_shop.handover import operations as handover
from tuphap.modules.one_stop_shop.looks import queries as looks
from tuphap.modules.one_stop_shop.models import Decision
from tuphap.modules.one_stop_shop.post import operations as post
from tuphap.modules.one_stop_shop.tests.steps import PICTURE
from tuphap.modules.reporting import operations as reporting
from tuphap.modules.reporting import seeds
from tuphap.modules.reporting.models import CountedGroup, Report
from tuphap.modules.reporting.rules import Stage
from tuphap.modules.reporting.tests.offices import sign as sign_report
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Certificate, Document
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.exchange.api import contracts
from tuphap.shared.fees import api as fees
from tuphap.shared.files import api as files
from tuphap.shared.operation.testing import setting_up

BIRTH = "1.001193"
CALLED = civil_status.AT + timedelta(hours=5)
STEP = timedelta(minutes=1)


class House:
    """The people by their roles, a browser for each, and the objects by the names of the addresses' parameters."""

    def __init__(self) -> None:
        self.world = civil_status.make_world()
        self.at: datetime = civil_status.AT
        with setting_up():
            cast = hire(self.world.here, at=self.at)
            Certificate.objects.filter(kind=Certificate.Kind.PERSON).update(user=cast.people["chairman"])
            for user in self.world.users.values():
                user.office = self.world.here
                user.save(update_fields=["office"])
            Grant.objects.create(
                person=cast.people["officer"], permission=testing.PREPARE.code, unit=self.world.here,
                valid_from=testing.FIRST_DAY,
            )
        self.people, self.clients, self.headers = cast.people, cast.clients, cast.headers
        self.objects: dict[str, Any] = {}
        seeds.seed()
        self.begin(self.world.answers())

    def who(self, role: str) -> Actor:
        return actor_for(self.people[role])

    def objects_of(self, role: str) -> dict[str, Any]:
        """The objects, with a right of the caller's own to lend, where they hold one."""
        own = Grant.objects.filter(person=self.people[role]).order_by("pk").first() if role in self.people else None
        return {**self.objects, "own_grant_id": own.pk if own else self.objects["grant_id"]}

    @contextmanager
    def undone(self) -> Iterator[None]:
        """A situation that leaves nothing behind: neither in the database nor here."""
        at, objects, point = self.at, deepcopy(self.objects), transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)
            self.at, self.objects = at, objects

    def begin(self, answers: dict[str, Any]) -> None:
        """Nothing has happened yet in the matter of this declaration."""
        host = self.world.users["deputy"]
        self.objects = {
            "page": "child", "form": "01", "user_id": host.pk, "here": self.world.here.code, "answers": answers,
            "there": self.world.there.code, "child": answers["child"]["name"], "channel": Dossier.Channel.ONLINE,
            "officer": str(self.people["officer"].pk), "colleague": str(self.world.users["officer"].pk),
            "grant_id": Grant.objects.filter(person=host).latest("pk").pk, "dossier_id": "",
            "law_text": changed_text(), "name": "ho-tich", "form_layout": seeds.FORMS[0]["lay"],
        }

    # -- between agencies

    def dead(self) -> None:
        """A message that could not be delivered, and one that could not be handled."""
        with setting_up():
            letter, received = dead_letters(self.world.here, at=self.at)
        self.objects |= {"message_id": letter.pk, "received_id": received.pk, "service": "police"}

    # -- filling in

    def nothing(self) -> None:
        """Nobody has asked for anything."""

    def at_desk(self) -> None:
        """Somebody stands at the desk."""
        self.objects["channel"] = Dossier.Channel.DIRECT

    def draft(self) -> None:
        """A citizen's declaration, whole, not sent."""
        self._fill_in("citizen", channel=Dossier.Channel.ONLINE)
        paper = operations.attach(
            **self._step("citizen"), component=COMPONENT, content=PICTURE, name="giay.png", media_type="image/png"
        )
        self.objects["paper_id"] = paper.pk

    def desk_draft(self) -> None:
        """The same, typed at the desk."""
        self._fill_in("receiver", channel=Dossier.Channel.DIRECT)
        self.objects["paper_id"] = operations.attach_paper(**self._step("receiver"), component=COMPONENT).pk

    def submitted(self) -> None:
        self.draft()
        operations.submit(**self._step("citizen"))

    def period_closed(self) -> None:
        """The director has closed January of all the city."""
        closing = direction.close_period(
            kind="thang", first=date(2026, 1, 1), basis="01/KH", actor=self.who("director"), at=self.at
        )
        self.objects["closing_id"] = closing.pk

    # -- statistical reports

    def report_draft(self) -> None:
        """The officer has counted a form of the year before, and confirmed that nothing happened."""
        told = {"actor": self.who("officer"), "at": self.at}
        begun = set(Report.objects.filter(unit=self.world.here).values_list("form__code", "stage"))
        forms = product((seeds.BIRTHS, seeds.MARRIAGES, seeds.OTHERS), (Stage.OFFICIAL, Stage.ESTIMATE))
        form, stage = next(one for one in forms if one not in begun)
        report = reporting.begin(form=form, unit_id=self.world.here.pk, period=f"2025.nam.{stage}", **told)
        row = report.form.layout["rows"][0]
        reporting.fill(report_id=report.pk, typed={}, explanations={}, confirmed_zero=True, **told)
        with setting_up():  # a record of that year, for the list behind a cell
            CountedGroup.objects.create(
                report=report, source=row["source"], labels=["H31-2025-1"],
                classes={"timeliness": "on_time", "sex": "male"},
            )
        self.objects |= {"report_id": report.pk, "row": row["code"], "column": "all"}

    def report_ready(self) -> None:
        self.report_draft()
        reporting.propose(report_id=self.objects["report_id"], actor=self.who("officer"), at=self.at)

    def report_sent(self) -> None:
        self.report_ready()
        with documents.signing_by_hand():
            report = reporting.approve(report_id=self.objects["report_id"], actor=self.who("chairman"), at=self.at)
        sign_report(report, at=self.at)

    def report_accepted(self) -> None:
        self.report_sent()
        reporting.accept(report_id=self.objects["report_id"], actor=self.who("director"), at=self.at)

    # -- at the desk

    def asked(self) -> None:
        """Not received yet: a supplement is wanted."""
        self.submitted()
        operations.ask_supplement(**self._step("receiver"), reasons=["Chụp lại Giấy chứng sinh"])
        self.objects["form"] = "02"

    def received(self) -> None:
        self.submitted()
        received = operations.receive(**self._step("receiver"))
        self.objects["reference"] = received.code

    def refused(self) -> None:
        self.received()
        operations.refuse(**self._step("receiver"), reason_code="ly_do_khac", text="Hồ sơ không hợp lệ")
        self.objects["form"] = "03"

    def stopped(self) -> None:
        self.received()
        operations.stop(**self._step("receiver"), reason="Theo đề nghị của người nộp")
        self.objects["form"] = "05"

    # -- in hand

    def assigned(self) -> None:
        self.received()
        operations.assign(**self._step("receiver"), to_user_id=self.people["officer"].pk)

    def paused(self) -> None:
        """In hand, and a supplement is wanted."""
        self.assigned()
        operations.ask_supplement(**self._step("officer"), reasons=["Bổ sung Giấy chứng sinh"])

    def fee_wanted(self) -> None:
        self.assigned()
        operations.pause_fee(**self._step("officer"), amount=8000, note="Lệ phí")

    def agency_asked(self) -> None:
        self.assigned()
        operations.ask_agency(**self._step("officer"), agency="Công an xã", note="Xác minh nơi cư trú")

    def doubtful(self) -> None:
        """The checks find something: married parents, and no word of where."""
        self.objects["answers"]["father"]["marriage_record"] = ""
        self.assigned()

    def extended(self) -> None:
        """It will be late, and the applicant was told."""
        self.assigned()
        operations.extend(**self._step("officer"), new_due=self.at + timedelta(days=1), reason="Chờ xác minh")
        self.objects["form"] = "04"

    def proposed(self) -> None:
        self.assigned()
        operations.propose(**self._step("officer"))
        self.objects["dossier_id"] = self._dossier.pk

    def worded(self) -> None:
        """A procedure that no module handles: in the officer's hands, its result worded."""
        self.at += STEP
        here = self.world.here.pk
        request = {
            "team": "Tổ hòa giải tổ dân phố số 2", "people": "Trần Văn An", "content": "Xin thôi vì lý do sức khỏe",
        }
        person = {
            "name": "Trần Văn An", "personal_number": "031090000111", "phone": "0912345678",
            "address": self.world.address(),
        }
        self._dossier = operations.file_at_counter(
            procedure_code="tam.hoa-giai.thoi-hoa-giai-vien", receiving_unit_id=here, resolving_unit_id=here,
            answers={"person": person, "request": request},
            papers=[{"component": "danh_sach_de_nghi"}], duplicate_reason="Việc khác", actor=self.who("receiver"),
            at=self.at,
        )
        operations.assign(**self._step("receiver"), to_user_id=self.people["officer"].pk)
        generic.draft_decision(
            **self._step("officer"), kind="granted", title="Giấy xác nhận", paragraphs=["Thông tin đúng với sổ."]
        )
        self.objects["reference"] = self._dossier.code

    def unsigned(self) -> None:
        """The same, decided, and its paper could not be signed."""
        self.worded()
        operations.propose(**self._step("officer"))
        with documents.signing_by_hand():
            operations.approve(**self._step("chairman"))
        decision = Decision.objects.get(dossier=self._dossier)
        self.at += STEP
        civil_status.fail(decision.document, at=self.at)
        self.objects["decision_id"] = decision.pk

    def on_paper(self) -> None:
        """The same, not worded: its papers lie at the desk."""
        self.worded()
        self.objects["dossier_id"] = self._dossier.pk

    def handed_over(self) -> None:
        """They are on a list for the officer."""
        self.on_paper()
        self.at += STEP
        (made,) = handover.hand_over(dossier_ids=[self._dossier.pk], actor=self.who("receiver"), at=self.at)
        self.objects["hand_over_id"] = made.pk

    def to_review(self) -> None:
        """A procedure in which somebody stands between the officer and the leader; none of the births' has one."""
        self.at += STEP
        here = self.world.here.pk
        self._dossier = operations.file_at_counter(
            procedure_code=testing.REVIEWED, receiving_unit_id=here, resolving_unit_id=here,
            answers={"request": {"name": "Trần Văn An", "personal_number": "031090000111"}},
            papers=[{"component": "don"}], actor=self.who("receiver"), at=self.at,
        )
        operations.assign(**self._step("receiver"), to_user_id=self.people["officer"].pk)
        operations.propose(**self._step("officer"))
        self.objects["reference"] = self._dossier.code

    def signed(self) -> None:
        """The birth is registered and the result lies ready."""
        self.proposed()
        with documents.signing_by_hand():
            operations.approve(**self._step("chairman"))
        act = Act.objects.get(dossier=self._dossier)
        papers = Paper.objects.filter(act=act).select_related("document").order_by("pk")
        for paper in papers:
            self.at += STEP
            civil_status.sign(paper.document, at=self.at)
        document = papers[0].document
        document.refresh_from_db()
        self.objects |= {
            "act_id": act.pk, "document_code": document.code, "sha256": document.sha256, "document_id": document.pk,
        }

    def by_post(self) -> None:
        """The result lies ready and is to go by post."""
        self.signed()
        address = {**self.world.address(), "detail": "Số 5"}
        operations.choose_way(**self._step("citizen"), way="buu_chinh", post_to={
            "name": "Nguyễn Văn Mạnh", "phone": "0912345678", "address": address})

    def at_post(self) -> None:
        """The post has it."""
        self.by_post()
        post.hand_to_post(**self._step("receiver"), tracking_no=f"VN{self.at:%y%m%d%H%M}")

    def has_result(self) -> None:
        """A result lies in the citizen's store, the desk has looked; they fill in another, which the address names."""
        self.signed()
        looks.note(Dossier.objects.get(pk=self._dossier.pk), self.who("receiver"), self.at)
        document = self.objects["document_id"]
        files._keep(Document.objects.get(pk=document).sha256, f"%PDF signed {document}".encode())
        self.draft()
        self.objects["document_id"] = document

    def unclear(self) -> None:
        """The police want the child looked into."""
        self.signed()
        with setting_up():
            leg = unclear_leg(Act.objects.get(pk=self.objects["act_id"]), at=self.at)
        self.objects["leg_id"] = leg.pk

    def old_draft(self) -> None:
        """An entry of an old book is transcribed, with its scan."""
        self.objects |= {"entry_id": old_books.transcribed(self.world).pk, "part": "event"}

    def old_proposed(self) -> None:
        """It waits for who confirms it."""
        self.objects["entry_id"] = old_books.proposed(self.world).pk

    def on_shelf(self) -> None:
        """A book of the commune's is digitised; everybody has their part in it, and one entry waits to be keyed."""
        with setting_up():
            for role, permission in (
                ("officer", Part.KEY), ("receiver", Part.PROOF), ("chairman", Part.APPROVE), ("director", Part.MANAGE),
            ):
                Grant.objects.create(person=self.people[role], permission=permission, unit=self.world.here,
                                     valid_from=testing.FIRST_DAY)
            entry = on_the_shelf(self.world, at=self.at)
        self.objects |= {"volume_id": entry.book_id, "line_id": entry.pk, "axis": "loai"}

    def keyed_in(self) -> None:
        self.on_shelf()
        digitisation.key(
            entry_id=self.objects["line_id"], what="civil_status.birth", registered_on=date(2025, 9, 1),
            typed=old_books.BIRTH, actor=self.who("officer"), at=self.at)
        with setting_up():  # whether it is drawn to be keyed twice is not what is asked here
            Digitised.objects.update(keyed_twice=False)

    def proofed_in(self) -> None:
        self.keyed_in()
        digitisation.proof(entry_id=self.objects["line_id"], compared=True, actor=self.who("receiver"), at=self.at)

    def approved_in(self) -> None:
        self.proofed_in()
        digitisation.approve(entry_id=self.objects["line_id"], actor=self.who("chairman"), at=self.at)

    def scanned(self) -> None:
        """The page of the register was signed and scanned at the desk."""
        self.signed()
        scan = operations.attach_signed_scan(
            **self._step("receiver"), original=ORIGINAL, content=PICTURE, name="trang-so.png", media_type="image/png"
        )
        self.objects["scan_id"] = scan.pk

    def returned(self) -> None:
        self.signed()
        operations.return_result(**self._step("receiver"), way="tai_quay")

    # -- money

    def owing(self) -> None:
        """A citizen's dossier that costs something, sent in."""
        self.at += STEP
        with setting_up():
            fees.Account.objects.get_or_create(unit=self.world.here, defaults={
                "bank": "970436", "bank_name": "Ngân hàng", "number": "1031000111", "holder": "UBND", "basis": "x",
                "valid_from": testing.FIRST_DAY,
            })
        self._dossier = operations.start_draft(
            procedure_code=testing.COSTS, resolving_unit_id=self.world.here.pk, actor=self.who("citizen"), at=self.at,
        )
        page = {"name": "Trần Văn An", "personal_number": "031090000111"}
        operations.save_page(**self._step("citizen"), page="request", answers=page)
        operations.attach(**self._step("citizen"), component="don", content=PICTURE, name="a.png",
                          media_type="image/png")
        self.objects["reference"] = operations.submit(**self._step("citizen")).reference

    def paid(self) -> None:
        self.owing()
        self.objects["receipt_id"] = fees.take_cash(**self._step("receiver")).pk

    def refund_asked(self) -> None:
        self.paid()
        self.at += STEP
        self.objects["refund_id"] = fees.ask_refund(
            receipt_id=self.objects["receipt_id"], reason="Từ chối do lỗi cơ quan", actor=self.who("receiver"),
            at=self.at,
        ).pk

    def strange_money(self) -> None:
        """Just what the dossier owes has come, under words that name no order."""
        self.owing()
        self.at += STEP
        told = contracts.PaymentTold(transaction="FT1", reference="x", account="1031000111", amount=5000,
                                     paid_at=self.at)
        self.objects["transfer_id"] = fees.hear_transfer(told=told, by="call", actor=fees.PAYMENTS, at=self.at).pk

    def kept(self) -> None:
        """Handed out, and the page of the register scanned and verified."""
        self.scanned()
        operations.verify_signed_scan(**self._step("officer"), scan_id=self.objects["scan_id"])
        operations.return_result(**self._step("receiver"), way="tai_quay")

    # -- administration

    def disabled(self) -> None:
        """Somebody's account is closed."""
        told = {"actor": self.who("administrator"), "at": self.at}
        leaver = administration.create_staff(
            username="thoi.viec", full_name="Lê Thôi Việc", office_id=self.world.here.pk, **told
        )
        administration.disable_account(user_id=leaver.pk, reason="Thôi việc", **told)
        self.objects["user_id"] = leaver.pk

    def lent(self) -> None:
        """The officer has lent a right."""
        own = self.objects_of("officer")["own_grant_id"]
        today = civil_status.TODAY
        (self.objects["loan_id"],) = administration.delegate(
            grant_ids=[own], to_user_id=self.world.users["deputy"].pk, first=today, last=today, basis="01/GUQ",
            actor=self.who("officer"), at=self.at,
        )

    def decree_entered(self) -> None:
        """A document has come that changes the law."""
        today = civil_status.TODAY
        self.objects["decree_id"] = law.enter_decree(
            number="9/2026/NĐ-CP", issuer="Chính phủ", title="Sửa đổi", issued_on=today, effective_on=today,
            actor=self.who("administrator"), at=self.at,
        ).pk

    def token_given(self) -> None:
        token = administration.issue_token(
            owner_id=self.objects["user_id"], label="Máy quét", scopes=["one_stop.dossier.view"],
            expires_at=self.at + timedelta(days=9), secret_hash=accounts.token_fingerprint("x"), hint="x",
            actor=self.who("administrator"), at=self.at,
        )
        self.objects["token_id"] = token.pk

    # -- steps

    def _fill_in(self, role: str, *, channel: str) -> None:
        self.at += STEP
        self._dossier = operations.start_draft(
            procedure_code=BIRTH, resolving_unit_id=self.world.here.pk, channel=channel, actor=self.who(role),
            at=self.at,
        )
        for page, answers in self.objects["answers"].items():
            operations.save_page(**self._step(role), page=page, answers=answers)
        self.objects["reference"] = str(self._dossier.pk)

    def _step(self, role: str) -> dict[str, Any]:
        """The dossier, who acts, and the next instant."""
        self.at += STEP
        return {"dossier_id": self._dossier.pk, "actor": self.who(role), "at": self.at}
