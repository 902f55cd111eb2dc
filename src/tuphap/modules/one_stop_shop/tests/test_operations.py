"""The desk's verbs on a real database: the road, its side roads, who may take them, what is refused and kept."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tuphap.kernel.actor import PUBLIC
from tuphap.kernel.refusal import Invalid, Refusal
from tuphap.modules.one_stop_shop import operations
from tuphap.modules.one_stop_shop.rules import WrongChannel, WrongDate
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, PICTURE, Work
from tuphap.shared.access.api import Forbidden
from tuphap.shared.accounts.api import AssuranceTooLow, NotLoggedIn
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers import rules, testing
from tuphap.shared.dossiers.api import Custody, Dossier, Event, Overlay, Rating, State
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.files.api import FileType
from tuphap.shared.notices.models import Notice
from tuphap.shared.operation.api import Once
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.search.models import SearchRecord

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)


def states(dossier: Dossier) -> list[str]:
    return list(dossier.events.order_by("seq").values_list("to_state", flat=True))


# -- the main road


def test_from_the_desk_to_the_hand_of_the_resident(work: Work) -> None:
    dossier = work.whole()
    assert states(dossier) == [
        State.SUBMITTED, State.RECEIVED, State.ASSIGNED, State.IN_PROCESS, State.AWAITING_APPROVAL,
        State.AWAITING_SIGNATURE, State.RESULT_READY, State.RETURNED,
    ]
    assert dossier.code == f"{work.town.commune.code}-260302-0001"
    assert dossier.due_at == morning(date(2026, 3, 5), 17)
    assert (dossier.verdict, dossier.original_verdict) == ("EARLY", "EARLY")
    assert dossier.result == {"number": "1/2026"}
    assert dossier.prepared_by == work.town.people["officer"]
    assert dossier.approved_by == work.town.people["chairman"]
    custody = Custody.objects.get(dossier=dossier)
    assert (custody.unit, custody.outcome) == (work.town.commune, "resolved")
    took = custody.until - custody.since
    assert took == timedelta(minutes=31), "on one morning"
    assert custody.handling_hours == pytest.approx(31 / 60)
    assert (custody.handling_days, custody.paused_hours) == (0, 0.0)
    closed = operations.close(dossier_id=dossier.pk, actor=work.town.who("desk"), at=morning(MONDAY, 11))
    assert closed.state == State.CLOSED and closed.ended_at


def test_every_step_leaves_its_entries(work: Work) -> None:
    dossier = work.whole()
    events = list(Event.objects.filter(dossier=dossier).order_by("seq"))
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    told = Entry.objects.filter(subject_id=str(dossier.pk), event__startswith="dossiers.").order_by("pk")
    moved = [e.event for e in told if "from_state" in e.facts]
    assert moved == [f"dossiers.{e.action}" for e in events]
    assert all(e.facts["code"] for e in told if "from_state" in e.facts)
    assert "Trần Văn An" not in "".join(str(e.facts) for e in told)


def test_a_citizen_files_online_and_is_told(work: Work) -> None:
    dossier = work.submit_online()
    assert dossier.state == State.SUBMITTED and dossier.code is None and dossier.due_at is None
    assert dossier.reference.startswith("NT-")
    received = work.receive(dossier)
    assert received.code and received.applicant_name == "Nguyễn Thị Lan"
    told = list(Notice.objects.filter(to_user_id=work.town.people["lan"].pk).order_by("created_at", "pk"))
    assert [n.template for n in told] == ["one_stop.submitted", "one_stop.received"]
    assert told[1].dossier_code == received.code and "05/03/2026" in told[1].text
    assert "Lan" not in told[1].text
    assert SearchRecord.objects.get(object_id=str(dossier.pk)).unit_id == work.town.commune.pk


def test_a_dossier_for_another_commune_gets_the_code_of_the_desk(work: Work) -> None:
    town = work.town
    dossier = operations.file_at_counter(
        procedure_code=testing.RESTARTS, receiving_unit_id=town.commune.pk, resolving_unit_id=town.other.pk,
        answers={"request": {"name": "Lê Minh"}}, papers=[{"component": "don"}], actor=town.who("desk"),
        at=morning(MONDAY),
    )
    assert dossier.channel == Dossier.Channel.ELSEWHERE
    assert dossier.code.startswith(town.commune.code + "-")
    assert Custody.objects.get(dossier=dossier).unit == town.other
    with pytest.raises(Forbidden):
        work.assign(dossier)
    with pytest.raises(Forbidden):
        operations.refuse(dossier_id=dossier.pk, reason_code="ly_do_khac", text="Không", actor=town.who("desk"),
                          at=morning(MONDAY, 10))
    offers = [str(o.action) for o in dossiers.available_actions(dossier, town.who("desk"), morning(MONDAY, 10))]
    assert offers == ["withdraw"]
    operations.assign(dossier_id=dossier.pk, to_user_id=town.people["stranger"].pk, actor=town.who("stranger"),
                      at=morning(MONDAY, 10))


def test_codes_of_one_day_run_on_and_begin_anew_the_next(work: Work) -> None:
    codes = [work.file(number=f"03109000020{n}").code for n in range(3)]
    assert [c[-4:] for c in codes] == ["0001", "0002", "0003"]
    assert work.file(number="031090000209", at=morning(TUESDAY)).code.endswith("-260303-0001")


# -- what is refused


def test_a_missing_paper_stops_the_filing(work: Work) -> None:
    with pytest.raises(rules.MissingComponent) as refused:
        work.submit_online(papers=False)
    assert refused.value.params["codes"] == ["don"] and refused.value.field == "components.don"
    assert not Event.objects.exists()


def test_a_paper_that_a_database_replaces_is_asked_for_when_the_look_up_fails(work: Work) -> None:
    dossier = work.submit_online()
    desk, at = work.town.who("desk"), morning(MONDAY)
    look_up = {"dossier_id": dossier.pk, "component": "cccd", "database": "Dân cư", "reference": "TC-1"}
    operations.record_lookup(**look_up, found=False, actor=desk, at=at)
    with pytest.raises(rules.MissingComponent) as refused:
        work.receive(dossier)
    assert refused.value.params["codes"] == ["cccd"]
    operations.attach_paper(dossier_id=dossier.pk, component="cccd", actor=desk, at=at)
    assert work.receive(dossier).state == State.RECEIVED


def test_answers_are_held_to_the_form(work: Work) -> None:
    dossier = work.draft_online()
    with pytest.raises(Invalid) as refused:
        operations.save_page(dossier_id=dossier.pk, page="request", answers={"name": "A"},
                             actor=work.town.who("lan"), at=morning(MONDAY))
    assert refused.value.problems[0].field == "request.name"
    with pytest.raises(rules.UnknownPage):
        operations.save_page(dossier_id=dossier.pk, page="khac", answers={}, actor=work.town.who("lan"),
                             at=morning(MONDAY))
    with pytest.raises(Invalid) as refused:
        operations.submit(dossier_id=dossier.pk, actor=work.town.who("lan"), at=morning(MONDAY))
    assert refused.value.problems[0].field == "request"


def test_the_same_request_twice_needs_a_reason(work: Work) -> None:
    first = work.file()
    with pytest.raises(rules.DuplicateOpen) as refused:
        work.file()
    assert refused.value.status == 409 and first.code in refused.value.message
    assert work.file(duplicate_reason="Khai sinh cho con thứ hai").state == State.RECEIVED
    work.file(procedure=testing.RESUMES)
    assert Dossier.objects.count() == 3


def test_once_the_first_is_resolved_the_second_is_no_duplicate(work: Work) -> None:
    work.whole()
    assert work.file(at=morning(TUESDAY)).state == State.RECEIVED


def test_a_procedure_out_of_force_and_one_on_paper(work: Work) -> None:
    with pytest.raises(rules.ProcedureNotInForce):
        work.file(at=morning(date(2023, 5, 5)))
    with pytest.raises(rules.NotHandledOnline):
        work.file(procedure="tam.ly-lich-tu-phap.ca-nhan")  # the police's
    with pytest.raises(rules.NotHandledOnline):
        work.draft_online(procedure="1.003583")  # registered at people's homes
    with pytest.raises(rules.UnknownProcedure):
        work.file(procedure="7.777777")


def test_a_dossier_keeps_the_version_of_the_day_of_its_receipt(work: Work) -> None:
    dossier = work.submit_online()
    with setting_up():
        old = dossier.procedure
        old.valid_to = TUESDAY
        old.save()
        fields = {f.attname: getattr(old, f.attname) for f in old._meta.concrete_fields if f.attname != "id"}
        new = type(old).objects.create(**{**fields, "valid_from": TUESDAY, "valid_to": None, "limit_value": 10})
    received = work.receive(dossier, at=morning(TUESDAY))
    assert received.procedure == new and received.due_at == morning(date(2026, 3, 17), 17)


def test_an_office_that_is_no_more_names_its_successor(work: Work) -> None:
    with setting_up():
        work.town.other.valid_to, work.town.other.successor = MONDAY, work.town.commune
        work.town.other.save()
    with pytest.raises(rules.UnitClosed) as refused:
        operations.start_draft(procedure_code=testing.RESTARTS, resolving_unit_id=work.town.other.pk,
                               actor=work.town.who("lan"), at=morning(MONDAY))
    assert work.town.commune.name in refused.value.message
    assert refused.value.params["successor_id"] == work.town.commune.pk


# -- who may


def test_a_weak_identity_may_not_file_and_a_passer_by_must_log_in(work: Work) -> None:
    with pytest.raises(AssuranceTooLow):
        work.draft_online(who="weak")
    with pytest.raises(NotLoggedIn):
        operations.start_draft(procedure_code=testing.RESTARTS, resolving_unit_id=work.town.commune.pk, actor=PUBLIC,
                               at=morning(MONDAY))


def test_another_citizen_gets_nowhere(work: Work) -> None:
    dossier = work.submit_online()
    hoa = work.town.who("hoa")
    for act in (operations.withdraw, operations.submit, operations.answer_supplement):
        with pytest.raises((Forbidden, rules.StateConflict)):
            act(dossier_id=dossier.pk, actor=hoa, at=morning(MONDAY))
    with pytest.raises(Forbidden):
        operations.save_page(dossier_id=dossier.pk, page="request", answers={"name": "Hoa"}, actor=hoa,
                             at=morning(MONDAY))
    with pytest.raises(rules.UnknownDossier):
        dossiers.get_visible(dossier.reference, hoa, morning(MONDAY))


def test_staff_of_another_office_get_nowhere(work: Work) -> None:
    dossier, stranger, at = work.file(), work.town.who("stranger"), morning(MONDAY, 10)
    with pytest.raises(Forbidden):
        operations.assign(dossier_id=dossier.pk, to_user_id=work.town.people["officer"].pk, actor=stranger, at=at)
    with pytest.raises(Forbidden):
        operations.refuse(dossier_id=dossier.pk, reason_code="ly_do_khac", text="Không", actor=stranger, at=at)
    with pytest.raises(rules.UnknownDossier):
        dossiers.get_visible(dossier.code, stranger, at)


def test_a_colleague_is_not_the_officer_of_the_dossier(work: Work) -> None:
    dossier = work.assign(work.file())
    with pytest.raises(rules.NotAssigned) as refused:
        work.propose(dossier, who="second")
    assert refused.value.status == 403
    moved = work.assign(dossier, to="second", at=morning(MONDAY, 11))
    assert work.propose(moved, who="second", at=morning(MONDAY, 12)).state == State.AWAITING_APPROVAL


def test_only_who_may_prepare_is_given_a_dossier(work: Work) -> None:
    dossier = work.file()
    with pytest.raises(rules.AssigneeMayNot):
        work.assign(dossier, to="desk")
    with pytest.raises(rules.AssigneeMayNot):
        work.assign(dossier, to="stranger")


def test_who_prepared_does_not_sign(work: Work) -> None:
    from tuphap.shared.access.models import Grant

    with setting_up():
        Grant.objects.create(person=work.town.people["officer"], permission=testing.SIGN.code,
                             unit=work.town.commune, valid_from=testing.FIRST_DAY)
    dossier = work.propose(work.assign(work.file()))
    with pytest.raises(rules.SignerIsPreparer):
        work.approve(dossier, who="officer")
    offered = dossiers.available_actions(dossier, work.town.who("officer"), morning(MONDAY, 10))
    assert "approve" not in [o.action for o in offered]
    assert work.approve(dossier).state == State.AWAITING_SIGNATURE
    with pytest.raises(IntegrityError), setting_up(), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(approved_by=dossier.prepared_by)


def test_a_division_head_stands_between_where_the_procedure_says_so(work: Work) -> None:
    dossier = work.propose(work.assign(work.file(procedure=testing.REVIEWED)))
    with pytest.raises(rules.NotReviewed):
        work.approve(dossier)
    operations.review(dossier_id=dossier.pk, actor=work.town.who("head"), at=morning(MONDAY, 9, 25))
    assert work.approve(dossier).state == State.AWAITING_SIGNATURE


# -- checks, decisions, signing


def test_errors_stop_a_proposal_and_warnings_need_a_reason(work: Work) -> None:
    wrong = work.assign(work.file(wish="sai"))
    with pytest.raises(rules.UnresolvedErrors):
        work.propose(wrong, acknowledged={"test.wrong": "vẫn trình"})
    doubtful = work.assign(work.file(wish="ngờ", number="031090000112"))
    with pytest.raises(rules.UnresolvedErrors):
        work.propose(doubtful, acknowledged={"test.doubt": "  "})
    proposed = work.propose(doubtful, acknowledged={"test.doubt": "Đã đối chiếu sổ gốc"})
    assert proposed.acknowledged == {"test.doubt": "Đã đối chiếu sổ gốc"}


def test_a_dossier_sent_back_is_proposed_again(work: Work) -> None:
    dossier = work.propose(work.assign(work.file()))
    with pytest.raises(rules.ReasonRequired):
        operations.send_back(dossier_id=dossier.pk, note=" ", actor=work.town.who("chairman"), at=morning(MONDAY, 10))
    back = operations.send_back(dossier_id=dossier.pk, note="Thiếu chữ đệm", actor=work.town.who("chairman"),
                                at=morning(MONDAY, 10))
    assert back.state == State.IN_PROCESS
    assert work.propose(back, at=morning(MONDAY, 11)).state == State.AWAITING_APPROVAL


def test_a_failed_signing_goes_back_to_the_leader(work: Work) -> None:
    dossier = work.approve(work.propose(work.assign(work.file())))
    testing.fail_to_sign(dossier_id=dossier.pk, at=morning(MONDAY, 10), actor=testing.SYSTEM)
    again = work.look(dossier)
    assert again.state == State.AWAITING_APPROVAL and again.approved_by is None
    work.approve(again, at=morning(MONDAY, 11))
    assert work.sign(again, at=morning(MONDAY, 11, 1)).state == State.RESULT_READY


def test_several_are_approved_each_by_itself(work: Work) -> None:
    ready = [work.propose(work.assign(work.file(number=f"03109000030{n}"))) for n in range(3)]
    unready = work.file(number="031090000309")
    ids = [ready[0].pk, unready.pk, ready[1].pk, ready[2].pk]
    outcomes = operations.approve_each(dossier_ids=ids, actor=work.town.who("chairman"), at=morning(MONDAY, 10))
    assert [o.done for o in outcomes] == [True, False, True, True]
    assert outcomes[1].refusal.code == "dossiers.state_conflict"


# -- supplements, pauses, extensions


def test_a_supplement_before_receipt_runs_no_clock(work: Work) -> None:
    dossier, desk, lan = work.submit_online(), work.town.who("desk"), work.town.who("lan")
    with pytest.raises(rules.ReasonRequired):
        operations.ask_supplement(dossier_id=dossier.pk, reasons=[" "], actor=desk, at=morning(MONDAY))
    asked = operations.ask_supplement(dossier_id=dossier.pk, reasons=["Thiếu chữ ký", "Đơn mờ"], actor=desk,
                                      at=morning(MONDAY))
    assert asked.state == State.NEEDS_SUPPLEMENT and asked.supplement_due_at == morning(date(2026, 4, 1))
    assert not asked.pauses.exists()
    operations.save_page(dossier_id=dossier.pk, page="request", actor=lan, at=morning(TUESDAY),
                         answers={"name": "Nguyễn Thị Lan", "personal_number": "031192000123"})
    answered = operations.answer_supplement(dossier_id=dossier.pk, actor=lan, at=morning(TUESDAY))
    assert answered.state == State.SUBMITTED and answered.supplement_due_at is None
    assert work.receive(answered, at=morning(TUESDAY, 10)).due_at == morning(FRIDAY, 17)


@pytest.mark.parametrize(("procedure", "due"), [
    (testing.RESTARTS, date(2026, 3, 13)), (testing.RESUMES, date(2026, 3, 12)),
])
def test_a_supplement_after_receipt_stops_the_clock(work: Work, procedure: str, due: date) -> None:
    """Received on Monday with three working days, asked on Tuesday, answered on Tuesday of the next week."""
    dossier = work.assign(work.receive(work.submit_online(procedure=procedure)))
    officer, lan = work.town.who("officer"), work.town.who("lan")
    asked = operations.ask_supplement(dossier_id=dossier.pk, reasons=["Bổ sung"], actor=officer, at=morning(TUESDAY))
    assert (asked.state, asked.overlay) == (State.ASSIGNED, Overlay.PAUSED_APPLICANT)
    with pytest.raises(rules.StateConflict) as refused:
        work.propose(dossier, at=morning(TUESDAY, 10))
    assert refused.value.params["current"] == State.ASSIGNED
    answered = operations.answer_supplement(dossier_id=dossier.pk, actor=lan, at=morning(date(2026, 3, 10)))
    assert (answered.overlay, answered.due_at) == ("", morning(due, 17))
    assert answered.original_due_at == answered.due_at
    with pytest.raises(rules.SupplementUsed):
        operations.ask_supplement(dossier_id=dossier.pk, reasons=["Nữa"], actor=officer, at=morning(date(2026, 3, 11)))


def test_a_pause_for_a_fee_ends_with_the_receipt(work: Work) -> None:
    dossier, desk = work.file(procedure=testing.RESUMES), work.town.who("desk")
    paused = operations.pause_fee(dossier_id=dossier.pk, amount=8000, note="Phí bản sao", actor=desk,
                                  at=morning(MONDAY, 10))
    assert paused.overlay == Overlay.PAUSED_FEE
    with pytest.raises(rules.FeeUnpaid):
        operations.resume(dossier_id=dossier.pk, actor=desk, at=morning(TUESDAY))
    resumed = operations.resume(dossier_id=dossier.pk, receipt_no="BL01", actor=desk, at=morning(TUESDAY))
    assert resumed.overlay == "" and resumed.fee_receipt_no == "BL01"
    assert resumed.due_at == morning(FRIDAY, 17)
    pause = resumed.pauses.get()
    assert (pause.started_at, pause.ended_at) == (morning(MONDAY, 10), morning(TUESDAY))


def test_an_extension_is_given_once(work: Work) -> None:
    dossier, officer = work.assign(work.file()), work.town.who("officer")
    with pytest.raises(rules.ReasonRequired):
        operations.extend(dossier_id=dossier.pk, new_due=morning(date(2026, 3, 9), 17), reason="", actor=officer,
                          at=morning(TUESDAY))
    with pytest.raises(rules.DueNotLater):
        operations.extend(dossier_id=dossier.pk, new_due=morning(date(2026, 3, 4)), reason="Bận", actor=officer,
                          at=morning(TUESDAY))
    for wrong in (morning(MONDAY), morning(date(2026, 3, 8)), morning(date(2028, 3, 8))):
        with pytest.raises(WrongDate):
            operations.extend(dossier_id=dossier.pk, new_due=wrong, reason="Bận", actor=officer, at=morning(TUESDAY))
    extended = operations.extend(dossier_id=dossier.pk, new_due=morning(date(2026, 3, 9), 17), reason="Xác minh",
                                 actor=officer, at=morning(TUESDAY))
    assert extended.is_extended and Overlay.EXTENDED in extended.overlays
    with pytest.raises(rules.ExtensionUsed):
        operations.extend(dossier_id=dossier.pk, new_due=morning(date(2026, 3, 12), 17), reason="Nữa", actor=officer,
                          at=morning(TUESDAY, 10))
    proposed = work.propose(dossier, at=morning(FRIDAY))
    work.approve(proposed, at=morning(FRIDAY, 10))
    signed = work.sign(proposed, at=morning(FRIDAY, 11))
    assert (signed.verdict, signed.original_verdict) == ("EARLY", "LATE")


def test_an_extension_comes_too_late_after_the_due_day(work: Work) -> None:
    dossier = work.assign(work.file())
    with pytest.raises(rules.ExtensionTooLate):
        operations.extend(dossier_id=dossier.pk, new_due=morning(date(2026, 3, 20), 17), reason="Xin lỗi",
                          actor=work.town.who("officer"), at=morning(FRIDAY))


def test_waiting_for_another_agency_lets_the_clock_run(work: Work) -> None:
    dossier, officer = work.assign(work.file()), work.town.who("officer")
    due = dossier.due_at
    waiting = operations.ask_agency(dossier_id=dossier.pk, agency="Công an xã", note="Xác minh cư trú", actor=officer,
                                    at=morning(MONDAY, 10))
    assert waiting.overlay == Overlay.WAITING_OTHER_AGENCY and not waiting.pauses.exists()
    resumed = operations.resume(dossier_id=dossier.pk, actor=officer, at=morning(FRIDAY))
    assert (resumed.overlay, resumed.due_at) == ("", due)


# -- ends


def test_refusal_needs_a_reason_from_the_list_and_words(work: Work) -> None:
    dossier, desk = work.submit_online(), work.town.who("desk")
    with pytest.raises(rules.UnknownReason):
        operations.refuse(dossier_id=dossier.pk, reason_code="vi_toi_thich", text="x", actor=desk, at=morning(MONDAY))
    with pytest.raises(rules.ReasonRequired):
        operations.refuse(dossier_id=dossier.pk, reason_code="ly_do_khac", text=" ", actor=desk, at=morning(MONDAY))
    refused = operations.refuse(dossier_id=dossier.pk, reason_code="ly_do_khac", text="Sai nơi nộp", actor=desk,
                                at=morning(MONDAY))
    assert refused.is_ended and not Custody.objects.exists()
    with pytest.raises(rules.StateConflict):
        work.receive(refused)


def test_withdrawing_ends_pause_and_custody(work: Work) -> None:
    dossier = work.receive(work.submit_online())
    operations.ask_supplement(dossier_id=dossier.pk, reasons=["Bổ sung"], actor=work.town.who("desk"),
                              at=morning(TUESDAY))
    gone = operations.withdraw(dossier_id=dossier.pk, actor=work.town.who("lan"), at=morning(FRIDAY))
    assert (gone.state, gone.overlay) == (State.WITHDRAWN, "")
    assert gone.pauses.get().ended_at == morning(FRIDAY)
    assert Custody.objects.get(dossier=dossier).outcome == "withdrawn"


def test_what_lies_before_the_leader_is_no_longer_withdrawn(work: Work) -> None:
    dossier = work.propose(work.assign(work.receive(work.submit_online())))
    with pytest.raises(rules.StateConflict):
        operations.withdraw(dossier_id=dossier.pk, actor=work.town.who("lan"), at=morning(TUESDAY))


# -- transfer, timers, calendar


def test_power_moves_and_code_and_due_day_stay(work: Work) -> None:
    dossier, town = work.assign(work.file()), work.town
    moved = operations.transfer(dossier_id=dossier.pk, to_unit_id=town.other.pk, reason="Không thuộc thẩm quyền",
                                actor=town.who("desk"), at=morning(TUESDAY))
    assert (moved.code, moved.due_at) == (dossier.code, dossier.due_at)
    assert (moved.state, moved.resolving_unit, moved.assigned_to) == (State.RECEIVED, town.other, None)
    rows = list(Custody.objects.filter(dossier=dossier).order_by("pk").values_list("unit_id", "came", "outcome"))
    assert rows == [(town.commune.pk, "receipt", "transferred"), (town.other.pk, "transfer", "")]
    first, second = Custody.objects.filter(dossier=dossier).order_by("pk")
    assert (first.handling_hours, first.handling_days, second.handling_hours) == (7.5, 1, None)
    with pytest.raises(rules.UnknownDossier):
        dossiers.get_visible(dossier.code, town.who("desk"), morning(TUESDAY))
    assert dossiers.get_visible(dossier.code, town.who("stranger"), morning(TUESDAY)) == moved


def test_the_timer_stops_what_was_not_supplemented(work: Work) -> None:
    from tuphap.modules.one_stop_shop import tasks

    dossier = work.submit_online()
    operations.ask_supplement(dossier_id=dossier.pk, reasons=["Bổ sung"], actor=work.town.who("desk"),
                              at=morning(MONDAY))
    from tuphap.kernel.clock import standing_at

    with standing_at(morning(date(2026, 4, 1))):
        assert tasks.stop_unanswered() == 0
    with standing_at(morning(date(2026, 4, 1), 9, 1)):
        assert tasks.stop_unanswered() == 1
        assert tasks.stop_unanswered() == 0
    stopped = work.look(dossier)
    assert stopped.state == State.STOPPED
    last = stopped.events.last()
    assert (last.actor_name, last.form) == ("timers", "05") and last.note


def test_the_timer_follows_a_closed_office_to_its_successor(work: Work) -> None:
    from tuphap.kernel.clock import standing_at
    from tuphap.modules.one_stop_shop import tasks

    dossier = work.assign(work.file())
    with setting_up():
        work.town.commune.valid_to, work.town.commune.successor = TUESDAY, work.town.other
        work.town.commune.save()
    with standing_at(morning(MONDAY, 18)):
        assert tasks.follow_successors() == 0
    with standing_at(morning(TUESDAY, 1)):
        assert tasks.follow_successors() == 1
    moved = work.look(dossier)
    assert (moved.resolving_unit, moved.receiving_unit) == (work.town.other, work.town.other)
    assert (moved.code, moved.due_at) == (dossier.code, dossier.due_at)


def test_the_timer_closes_what_was_handed_out_long_ago(work: Work) -> None:
    from tuphap.kernel.clock import standing_at
    from tuphap.modules.one_stop_shop import tasks

    dossier = work.whole()
    with standing_at(morning(date(2026, 3, 20))):
        assert tasks.close_returned() == 0
    with standing_at(morning(date(2026, 4, 2))):
        assert tasks.close_returned() == 1
    assert work.look(dossier).state == State.CLOSED


def test_only_the_platform_recomputes_and_keeps_old_and_new(work: Work) -> None:
    dossier = work.file()
    with setting_up():
        Dossier.objects.filter(pk=dossier.pk).update(due_at=morning(FRIDAY, 17), original_due_at=morning(FRIDAY, 17))
    with pytest.raises(Forbidden):
        operations.recompute_due(dossier_id=dossier.pk, reason="Lịch mới", actor=work.town.who("desk"),
                                 at=morning(TUESDAY))
    again = operations.recompute_due(dossier_id=dossier.pk, reason="Lịch mới", actor=testing.SYSTEM,
                                     at=morning(TUESDAY))
    event = again.events.last()
    assert (event.due_before, event.due_after) == (morning(FRIDAY, 17), morning(date(2026, 3, 5), 17))
    operations.recompute_due(dossier_id=dossier.pk, reason="Lần nữa", actor=testing.SYSTEM, at=morning(TUESDAY))
    assert again.events.last() == event


def test_a_day_off_announced_late_moves_open_dossiers_only(work: Work) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from tuphap.kernel.clock import standing_at
    from tuphap.modules.one_stop_shop import tasks
    from tuphap.shared.calendar import api as calendar

    done, open_one = work.whole(), work.file(number="031090000119")
    with setting_up():
        day = calendar.Day(date(2026, 3, 4), calendar.DayKind.HOLIDAY, "Công văn thử", "", True)
        calendar.set_days([day], actor=testing.SYSTEM, at=morning(MONDAY, 12))
    assert ProcrastinateJob.objects.filter(task_name=tasks.recompute_open.name).exists()
    with standing_at(morning(MONDAY, 13)):
        assert tasks.recompute_open() == 1
        assert tasks.recompute_open() == 0
    assert work.look(open_one).due_at == morning(FRIDAY, 17)
    assert work.look(done).due_at == morning(date(2026, 3, 5), 17)


# -- the log, versions, repetition


def test_the_log_of_a_dossier_refuses_every_change(work: Work) -> None:
    dossier = work.file()
    for statement in ("UPDATE dossiers_event SET note = 'x'", "DELETE FROM dossiers_event"):
        refused = pytest.raises(DatabaseError, match=r"never changed|permission denied")
        with refused, setting_up(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert dossier.events.count() == 2


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_of_the_tables_changes_the_log(work: Work) -> None:
    import psycopg

    work.file()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for statement in ("UPDATE dossiers_event SET note = 'x'", "DELETE FROM dossiers_event",
                          "TRUNCATE dossiers_event CASCADE"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never changed"):
                owner.execute(statement)


def test_a_page_drawn_from_an_older_version_is_told(work: Work) -> None:
    dossier = work.file()
    seen = dossier.version
    work.assign(dossier)
    with pytest.raises(rules.VersionConflict) as refused:
        operations.refuse(dossier_id=dossier.pk, reason_code="ly_do_khac", text="x", actor=work.town.who("desk"),
                          at=morning(TUESDAY), version=seen)
    assert refused.value.status == 409 and refused.value.params["current"] == State.ASSIGNED


def test_the_same_key_files_once(work: Work) -> None:
    first = work.file(once=Once("key-00000001", {"a": 1}))
    again = work.file(once=Once("key-00000001", {"a": 1}))
    assert first == again and Dossier.objects.count() == 1


def test_the_instants_of_the_log_never_run_backwards(work: Work) -> None:
    dossier = work.file(at=morning(MONDAY, 10))
    assigned = work.assign(dossier, at=morning(MONDAY, 9))
    ats = list(assigned.events.order_by("seq").values_list("at", flat=True))
    assert ats == sorted(ats)


def test_a_refused_filing_leaves_nothing(work: Work) -> None:
    with pytest.raises(Refusal):
        work.file(name="A1")
    assert not Dossier.objects.exists() and not Event.objects.exists()


def test_a_citizen_may_not_file_as_the_desk_nor_the_desk_as_a_citizen(work: Work) -> None:
    for who, channel in (("lan", "truc_tiep"), ("desk", "truc_tuyen"), ("desk", "bo_cau")):
        with pytest.raises(WrongChannel):
            operations.start_draft(procedure_code=testing.RESTARTS, resolving_unit_id=work.town.commune.pk,
                                   channel=channel, actor=work.town.who(who), at=morning(MONDAY))


def test_the_desk_does_not_touch_what_a_citizen_declares(work: Work) -> None:
    draft, desk = work.draft_online(), work.town.who("desk")
    for act in (operations.submit, operations.withdraw):
        with pytest.raises(Forbidden):
            act(dossier_id=draft.pk, actor=desk, at=morning(MONDAY))
    sent = work.submit_online(who="hoa")
    with pytest.raises(Forbidden):
        operations.save_page(dossier_id=sent.pk, page="request", answers={"name": "Tên khác"}, actor=desk,
                             at=morning(MONDAY))
    paper = operations.attach_paper(dossier_id=sent.pk, component="cccd", actor=desk, at=morning(MONDAY))
    with pytest.raises(Forbidden):
        operations.detach(dossier_id=sent.pk, attachment_id=paper.pk, actor=desk, at=morning(MONDAY))
    with pytest.raises(Forbidden):
        work.scan(draft, who="desk", at=morning(MONDAY))


def test_nothing_is_added_to_what_has_ended(work: Work) -> None:
    dossier, desk = work.file(), work.town.who("desk")
    operations.withdraw(dossier_id=dossier.pk, actor=desk, at=morning(MONDAY, 10))
    with pytest.raises(rules.StateConflict):
        operations.settle_fee(dossier_id=dossier.pk, receipt_no="BL", actor=desk, at=morning(MONDAY, 11))
    with pytest.raises(rules.StateConflict):
        operations.record_lookup(dossier_id=dossier.pk, component="cccd", database="Dân cư", found=False,
                                 reference="", actor=desk, at=morning(MONDAY, 11))
    with pytest.raises(rules.StateConflict):
        operations.attach_paper(dossier_id=dossier.pk, component="cccd", actor=desk, at=morning(MONDAY, 11))


def test_a_sent_dossier_is_no_longer_the_citizens_to_change(work: Work) -> None:
    dossier = work.submit_online()
    with pytest.raises(rules.StateConflict):
        operations.save_page(dossier_id=dossier.pk, page="request", answers={"name": "Khác"},
                             actor=work.town.who("lan"), at=morning(MONDAY) + timedelta(minutes=5))


def test_a_scan_that_is_not_taken_in_undoes_the_whole_receipt(work: Work) -> None:
    good = operations.Scan(PICTURE, "don.png", "image/png")
    bad = operations.Scan(b"MZ program", "don.png", "image/png")

    def file(*scans: operations.Scan) -> Dossier:
        return operations.file_at_counter(
            procedure_code=testing.RESTARTS, receiving_unit_id=work.town.commune.pk,
            resolving_unit_id=work.town.commune.pk, papers=[{"component": "don", "scans": scans}],
            answers={"request": {"name": "Trần Văn An", "personal_number": "031090000111", "phone": "0912345678"}},
            actor=work.town.who("desk"), at=morning(MONDAY),
        )

    with pytest.raises(FileType):
        file(good, bad)
    assert not Dossier.objects.exists()
    dossier = file(good, good)
    assert dossier.attachments.filter(source="file").count() == 2
    assert [paper["source"] for paper in dossier.events.get(action="receive").facts["papers"]] == ["paper"]


# -- ratings


def _handed_out(work: Work) -> Dossier:
    dossier = work.receive(work.submit_online())
    for step in (work.assign, work.propose, work.approve, work.sign, work.hand_out):
        dossier = step(dossier)
    return dossier


def test_the_applicant_rates_once_and_the_log_keeps_no_words(work: Work) -> None:
    dossier, lan = _handed_out(work), work.town.who("lan")
    operations.rate(dossier_id=dossier.pk, stars=4, words="  Cán bộ chu đáo. ", actor=lan, at=morning(MONDAY, 20))
    kept = Rating.objects.get(dossier=dossier)
    assert (kept.stars, kept.words, kept.unit_id) == (4, "Cán bộ chu đáo.", work.town.commune.pk)
    entry = Entry.objects.get(event="dossiers.rated")
    assert entry.facts["stars"] == 4 and "chu đáo" not in str(entry.facts)
    with pytest.raises(rules.RatedBefore):
        operations.rate(dossier_id=dossier.pk, stars=1, actor=lan, at=morning(MONDAY, 21))
    assert Rating.objects.get().stars == 4


def test_nobody_else_rates(work: Work) -> None:
    dossier = _handed_out(work)
    for who in ("hoa", "desk", "chairman"):
        with pytest.raises(rules.NotTheApplicant):
            operations.rate(dossier_id=dossier.pk, stars=5, actor=work.town.who(who), at=morning(MONDAY, 20))
    with pytest.raises(NotLoggedIn):
        operations.rate(dossier_id=dossier.pk, stars=5, actor=PUBLIC, at=morning(MONDAY, 20))
    assert not Rating.objects.exists()


def test_a_rating_comes_after_the_return_and_within_thirty_days(work: Work) -> None:
    lan = work.town.who("lan")
    early = work.receive(work.submit_online())
    with pytest.raises(rules.NotRateable):
        operations.rate(dossier_id=early.pk, stars=5, actor=lan, at=morning(MONDAY, 20))
    for step in (work.assign, work.propose, work.approve, work.sign, work.hand_out):
        early = step(early)
    last = MONDAY + timedelta(days=30)
    assert dossiers.may_rate_until(early, actor=lan, at=morning(last, 23)) == last
    with pytest.raises(rules.RatingClosed):
        operations.rate(dossier_id=early.pk, stars=5, actor=lan, at=morning(last + timedelta(days=1), 0, 1))
    assert dossiers.may_rate_until(early, actor=lan, at=morning(last + timedelta(days=1), 0, 1)) is None
    operations.rate(dossier_id=early.pk, stars=5, actor=lan, at=morning(last, 23, 59))


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_go_from_one_to_five(work: Work, stars: int) -> None:
    dossier = _handed_out(work)
    with pytest.raises(rules.WrongStars):
        operations.rate(dossier_id=dossier.pk, stars=stars, actor=work.town.who("lan"), at=morning(MONDAY, 20))
    with setting_up(), pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(dossier=dossier, unit=work.town.commune, stars=6, at=morning(MONDAY, 20))
