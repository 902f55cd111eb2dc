"""From the chairman's decision to the register: every step, every way it may fail, and what the database holds to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from tuphap.kernel.refusal import Refusal
from tuphap.modules.civil_status import operations, rules
from tuphap.modules.civil_status.models import Act, Annotation, BirthAct, Book, Paper, Party
from tuphap.shared.access.api import Forbidden
from tuphap.shared.audit.models import Entry
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.notices.models import Notice
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.testing import setting_up

from .world import AT, TODAY, World, fail, sign

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    return list(Entry.objects.filter(event__startswith="civil_status.").order_by("pk").values_list("event", flat=True))


def test_approving_takes_the_first_number_and_waits_for_the_signature(world: World) -> None:
    dossier = world.dossier(world.answers(copies={"copies": 2}))
    act = world.approve(dossier)
    assert (act.display_number, act.page, act.state) == ("01/2026", 1, rules.ActState.PENDING_SIGNATURE)
    assert act.book.title == "Sổ đăng ký khai sinh năm 2026, quyển số 01"
    assert act.reserved is not None and act.reserved.state == "reserved"
    assert act.signer_name == "Phạm Thị Hồng Hạnh" and act.preparer_name == "Lê Thị Hồ Sơ"
    assert act.timeliness == rules.Timeliness.ON_TIME
    assert act.personal_number_state == rules.PersonalNumberState.PIN_PENDING
    assert [p.kind for p in act.papers.order_by("pk")] == ["original", "extract"]
    assert [p.role for p in act.parties.order_by("pk")] == ["child", "mother", "father", "declarant"]
    assert act.declarant is not None and act.declarant.name == "Nguyễn Văn Mạnh"
    assert Dossier.objects.get(pk=dossier.pk).state == dossiers.State.AWAITING_SIGNATURE
    assert events() == ["civil_status.book.opened", "civil_status.birth.approved"]


def test_the_act_is_registered_with_the_original_and_ready_with_the_last_paper(world: World) -> None:
    dossier = world.dossier(world.answers(copies={"copies": 1}))
    act = world.approve(dossier)
    original, extract = act.papers.order_by("pk")
    sign(original.document)
    act.refresh_from_db()
    assert act.state == rules.ActState.REGISTERED and act.signed_at == AT
    assert numbering.Number.objects.get(pk=act.reserved_id).state == "confirmed"
    assert Dossier.objects.get(pk=dossier.pk).state == dossiers.State.AWAITING_SIGNATURE
    sign(extract.document)
    done = Dossier.objects.get(pk=dossier.pk)
    assert done.state == dossiers.State.RESULT_READY
    assert done.result["number"] == "01/2026"
    assert numbering.Number.objects.get(pk=extract.reserved_id).state == "confirmed"
    assert "civil_status.birth.registered" in events()


def test_entering_the_same_signature_twice_changes_nothing(world: World) -> None:
    act = world.approve(world.dossier())
    document = act.papers.get().document
    sign(document)
    before = events()
    sign(document)
    assert events() == before


def test_nobody_else_decides(world: World) -> None:
    dossier = world.dossier()
    for role in ("officer", "stranger"):
        with pytest.raises(Forbidden):
            operations.approve_birth(dossier_id=dossier.pk, actor=world.who(role), at=AT)
    with setting_up():
        Dossier.objects.filter(pk=dossier.pk).update(
            prepared_by=world.users["deputy"], assigned_to=world.users["deputy"]
        )
    with pytest.raises(Refusal) as refused:
        operations.approve_birth(dossier_id=dossier.pk, actor=world.who("deputy"), at=AT)
    assert refused.value.code == "dossiers.signer_is_preparer"
    assert not Act.objects.exists() and not numbering.Number.objects.exists() and not Document.objects.exists()


def test_what_cannot_be_registered_takes_no_number(world: World) -> None:
    elsewhere = {"residence": world.address(world.there)}
    for answers, refusal in (
        (world.answers(child={"born_on": "2026-03-10"}), rules.BornInTheFuture),
        (world.answers(mother=elsewhere, father=elsewhere), dossiers.UnresolvedErrors),
    ):
        dossier = world.dossier(answers)
        with pytest.raises(refusal):
            world.approve(dossier)
        assert Dossier.objects.get(pk=dossier.pk).state == dossiers.State.AWAITING_APPROVAL
    assert not numbering.Number.objects.exists()


def test_one_dossier_registers_one_child(world: World) -> None:
    dossier = world.dossier()
    world.approve(dossier)
    with pytest.raises(dossiers.StateConflict):
        world.approve(dossier)
    assert BirthAct.objects.count() == 1


def test_the_same_child_is_not_registered_from_a_second_dossier(world: World) -> None:
    world.registered()
    again = world.dossier(world.answers(child={"name": "NGUYỄN TRÚC ANH"}))
    with pytest.raises(rules.PossibleDuplicate) as refused:
        world.approve(again)
    assert "01/2026" in refused.value.message


def test_twins_are_two_acts(world: World) -> None:
    world.registered(world.answers(child={"birth_count": 2, "birth_order": 1}))
    second = world.registered(world.answers(child={"name": "Nguyễn Trúc Ánh", "birth_count": 2, "birth_order": 2}))
    assert second.display_number == "02/2026"


def test_a_failed_signature_is_tried_again_under_the_same_number(world: World) -> None:
    act = world.approve(world.dossier())
    paper = act.papers.get()
    fail(paper.document)
    paper.refresh_from_db()
    assert (paper.state, paper.failures) == (rules.PaperState.FAILED, 1)
    assert Notice.objects.filter(to_user_id=world.users["chairman"].pk, template="civil_status.signing_failed").exists()
    for role in ("officer", "stranger"):
        with pytest.raises(Forbidden):
            operations.retry_signing(act_id=act.pk, actor=world.who(role), at=AT)
    with documents.signing_by_hand():
        operations.retry_signing(act_id=act.pk, actor=world.who("chairman"), at=AT)
    sign(paper.document)
    act.refresh_from_db()
    assert (act.display_number, act.state) == ("01/2026", rules.ActState.REGISTERED)
    with pytest.raises(rules.WrongActState):
        operations.retry_signing(act_id=act.pk, actor=world.who("chairman"), at=AT)


def test_a_number_made_void_keeps_its_line_and_the_dossier_is_decided_anew(world: World) -> None:
    dossier = world.dossier(world.answers(copies={"copies": 1}))
    act = world.approve(dossier)
    original, extract = act.papers.order_by("pk")
    with pytest.raises(rules.WrongActState):
        operations.void_act(act_id=act.pk, reason="Sai tên", actor=world.who("chairman"), at=AT)
    fail(original.document)
    with pytest.raises(rules.ReasonRequired):
        operations.void_act(act_id=act.pk, reason=" ", actor=world.who("chairman"), at=AT)
    operations.void_act(act_id=act.pk, reason="Chứng thư hết hạn", actor=world.who("chairman"), at=AT)
    act.refresh_from_db()
    assert (act.state, act.state_reason, act.number) == (rules.ActState.VOID, "Chứng thư hết hạn", 1)
    assert {n.state for n in numbering.Number.objects.all()} == {"void"}
    assert {d.state for d in Document.objects.all()} == {"void"}
    assert Dossier.objects.get(pk=dossier.pk).state == dossiers.State.AWAITING_APPROVAL
    anew = world.approve(dossier)
    assert (anew.display_number, anew.page) == ("02/2026", 2)
    with pytest.raises(Refusal):
        sign(extract.document)  # the first attempt's papers are dead


def test_a_failed_extract_does_not_take_back_the_act(world: World) -> None:
    dossier = world.dossier(world.answers(copies={"copies": 1}))
    act = world.approve(dossier)
    original, extract = act.papers.order_by("pk")
    sign(original.document)
    fail(extract.document)
    with pytest.raises(rules.WrongActState):
        operations.void_act(act_id=act.pk, reason="Không ký được", actor=world.who("chairman"), at=AT)
    operations.void_extract(act_id=act.pk, reason="Không ký được", actor=world.who("chairman"), at=AT)
    assert Dossier.objects.get(pk=dossier.pk).state == dossiers.State.RESULT_READY
    assert BirthAct.objects.get(pk=act.pk).state == rules.ActState.REGISTERED
    assert numbering.Number.objects.get(pk=extract.reserved_id).state == "void"


# --- Afterwards -------------------------------------------------------------------------------------------------------


def test_the_personal_number_comes_later_and_only_once(world: World) -> None:
    act = world.registered()
    given = {"act_id": act.pk, "source": "Trả lời của CSDL dân cư", "at": AT, "actor": world.who("officer")}
    with pytest.raises(Refusal) as refused:
        operations.set_personal_number(number="123", **given)
    assert refused.value.field == "personal_number"
    act = operations.set_personal_number(number="031326001234", **given)
    assert act.child.personal_number == "031326001234"
    assert act.personal_number_state == rules.PersonalNumberState.GIVEN
    assert act.annotations.get().text == "Bổ sung số định danh cá nhân: 031326001234."
    with pytest.raises(rules.NumberAlreadyGiven):
        operations.set_personal_number(number="031326001235", **given)
    other = world.registered(world.distinct(2))
    with pytest.raises(rules.PersonalNumberTaken):
        operations.set_personal_number(number="031326001234", **{**given, "act_id": other.pk})


def test_cancelling_by_decision_takes_the_papers_out_of_force(world: World) -> None:
    act = world.registered()
    decided = {
        "act_id": act.pk, "decision_no": "12/QĐ-UBND", "authority": "UBND thành phố", "reason": "Trùng", "at": AT,
    }
    with pytest.raises(rules.DateOrder):
        operations.cancel_act(actor=world.who("chairman"), decided_on=TODAY - timedelta(days=1), **decided)
    with pytest.raises(Forbidden):
        operations.cancel_act(actor=world.who("stranger"), decided_on=TODAY, **decided)
    operations.cancel_act(actor=world.who("chairman"), decided_on=TODAY, **decided)
    act.refresh_from_db()
    assert (act.state, act.number) == (rules.ActState.CANCELLED, 1)
    assert act.papers.get().document.register_state == "cancelled"
    assert "12/QĐ-UBND" in act.annotations.get().text
    with pytest.raises(rules.WrongActState):
        operations.cancel_act(actor=world.who("chairman"), decided_on=TODAY, **decided)
    # The child may now be registered rightly.
    assert world.registered().display_number == "02/2026"


# --- Books ------------------------------------------------------------------------------------------------------------


def test_an_office_starts_in_mid_year_from_its_number(world: World) -> None:
    operations.open_book(
        unit_id=world.here.pk, kind="KS", year=2026, first_number=141, actor=world.who("officer"), at=AT
    )
    act = world.registered()
    assert (act.display_number, act.page) == ("141/2026", 1)
    with pytest.raises(rules.BookExists):
        operations.open_book(unit_id=world.here.pk, kind="KS", year=2026, actor=world.who("officer"), at=AT)


def test_a_full_volume_is_followed_by_the_next_and_the_numbers_run_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ACTS_IN_A_VOLUME", 2)
    acts = [world.registered(world.distinct(n)) for n in range(5)]
    assert [(a.number, a.book.volume, a.page) for a in acts] == [(1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 2, 2), (5, 3, 1)]


def test_a_closed_book_takes_nothing_more(world: World) -> None:
    act = world.approve(world.dossier())
    book = act.book
    with pytest.raises(rules.DateOrder):
        operations.close_book(book_id=book.pk, actor=world.who("chairman"), at=AT)
    end = AT.replace(month=12, day=31)
    with pytest.raises(rules.BookNotReady):
        operations.close_book(book_id=book.pk, actor=world.who("chairman"), at=end)
    sign(act.papers.get().document)
    with pytest.raises(Forbidden):
        operations.close_book(book_id=book.pk, actor=world.who("officer"), at=end)
    closed = operations.close_book(book_id=book.pk, actor=world.who("chairman"), at=end)
    assert (closed.acts_at_closing, closed.closed_on) == (1, date(2026, 12, 31))
    with pytest.raises(rules.BookClosed):
        world.approve(world.dossier(world.distinct(3, child={"born_on": "2026-12-20"}), received=end), at=end)
    new_year = AT.replace(year=2027, month=1, day=4)
    born = {"born_on": "2026-12-20"}
    assert world.approve(world.dossier(world.distinct(4, child=born), received=end), at=new_year).number == 1
    assert [str(b) for b in Book.objects.order_by("year")] == ["KS.2026.01", "KS.2027.01"]


# --- The database itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE civil_status_act SET number = 9",
        "UPDATE civil_status_act SET registered_on = '2020-01-01'",
        "UPDATE civil_status_act SET signer_name = 'Khác'",
        "UPDATE civil_status_act SET state = 'pending_signature'",
        "UPDATE civil_status_act SET state = 'void', state_reason = 'x'",
        "UPDATE civil_status_act SET signed_at = now()",
        "DELETE FROM civil_status_act",
        "UPDATE civil_status_birthact SET born_on = '2020-01-01'",
        "UPDATE civil_status_birthact SET sex = 'male'",
        "DELETE FROM civil_status_birthact",
        "UPDATE civil_status_party SET name = 'Khác' WHERE role = 'child'",
        "UPDATE civil_status_party SET personal_number = '031196004999' WHERE role = 'mother'",
        "DELETE FROM civil_status_party",
        "UPDATE civil_status_paper SET copies = 9",
        "UPDATE civil_status_paper SET state = 'void'",
        "DELETE FROM civil_status_paper",
        "INSERT INTO civil_status_party (act_id, role, name, sort_key, search_key, sex, born_on, ethnicity,"
        " nationality, residence, residence_code, id_kind, id_number, personal_number)"
        " SELECT id, 'deceased', 'x', 'x', 'x', '', '', '', '', '', '', '', '', '' FROM civil_status_act",
    ],
)
def test_nothing_registered_is_changed_or_removed(world: World, statement: str) -> None:
    world.registered()
    with setting_up(), pytest.raises(IntegrityError) as refused, connection.cursor() as cursor:
        cursor.execute(statement)
    assert getattr(refused.value.__cause__, "diag").constraint_name == "civil_status_immutable"


def test_annotations_stay_and_need_a_registered_act(world: World) -> None:
    act = world.approve(world.dossier())
    note = {
        "act_id": act.pk, "kind": "correction", "text": "x", "noted_on": TODAY, "noted_by": "x", "created_at": AT,
    }
    with setting_up(), pytest.raises(IntegrityError):
        Annotation.objects.create(**note)


def test_a_refusal_of_the_database_reads_as_one_of_ours(world: World) -> None:
    from tuphap.shared.operation.api import operation

    act = world.registered()

    @operation
    def tamper(*, actor: object, at: object) -> None:
        Party.objects.filter(act=act).update(name="Khác")

    with pytest.raises(rules.ActImmutable):
        tamper(actor=world.who("chairman"), at=AT)
    assert Paper.objects.get(act=act).state == rules.PaperState.SIGNED
