"""Records taken in, people matched, tickets opened, decided, confirmed, carried out: on the real database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError

from tuphap.engines.linkage import Decision
from tuphap.modules.civil_status import rules as register
from tuphap.modules.civil_status.current import as_it_stands
from tuphap.modules.civil_status.models import BirthAct
from tuphap.modules.civil_status.tests.test_events import DEATH, dead
from tuphap.modules.civil_status.tests.test_events import registered as registered_event
from tuphap.modules.civil_status.tests.world import AT, World
from tuphap.modules.population import operations, queries, rules
from tuphap.modules.population.models import Link, PopulationRecord, Step, Ticket
from tuphap.modules.population.rules import Choice, Klass, State
from tuphap.shared.access import api as access
from tuphap.shared.audit.models import Entry
from tuphap.shared.exchange.api import contracts
from tuphap.shared.exchange.models import Outbound
from tuphap.shared.notices.models import Notice
from tuphap.shared.operation.api import Once
from tuphap.shared.operation.testing import setting_up

from .town import MATCHING, in_full, main, matched, old_birth, person_like, take_in, ticket_of

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=40)


# --- The mirror -------------------------------------------------------------------------------------------------------


def test_a_page_is_taken_in_once_and_older_never_covers_newer() -> None:
    person = {"key": "P1", "number": "031098000456", "name": "NGUYỄN VĂN LÂM", "sex": "male", "born_on": "1998-03-05",
              "version": 2, "sequence": 7}
    page = contracts.ChangesFound.model_validate({"since": 0, "last": 7, "people": [person]})
    assert operations.take_in(page=page, actor=MATCHING, at=AT) == 1
    assert operations.take_in(page=page, actor=MATCHING, at=AT) == 0  # it came twice
    gap = contracts.ChangesFound.model_validate({"since": 9, "last": 10, "people": [{**person, "name": "X Y"}]})
    assert operations.take_in(page=gap, actor=MATCHING, at=AT) == 0  # one before it was lost
    news = contracts.PersonNews.model_validate({"person": {**person, "name": "NGUYỄN VĂN LAM", "version": 1}})
    operations.hear_person(body=news, message=None, actor=MATCHING, at=AT)  # type: ignore[arg-type]
    record = PopulationRecord.objects.get()
    assert (record.name, record.version, record.search_key, record.born_year) == (
        "NGUYỄN VĂN LÂM", 2, "nguyen van lam", 1998)
    assert queries.sequence() == 7
    newer = contracts.PersonNews.model_validate({"person": {**person, "version": 3, "sequence": 8, "state": "dead"}})
    operations.hear_person(body=newer, message=None, actor=MATCHING, at=AT)  # type: ignore[arg-type]
    record.refresh_from_db()
    assert (record.state, record.version, queries.sequence()) == ("dead", 3, 7)


# --- Classes ----------------------------------------------------------------------------------------------------------


def test_exact_people_are_confirmed_by_themselves_and_others_are_told(town: World) -> None:
    act = old_birth(town)
    take_in(person_like(main(act), "P1", number=""))
    assert matched(act, "P1") == {"A": 1}
    link = Link.objects.get()
    assert (link.state, link.klass, link.decided_by) == ("confirmed", "A", "Hệ thống đối chiếu")
    assert not Ticket.objects.exists()
    told = Entry.objects.get(event=rules.Event.ACT_MATCHED)
    assert told.facts["act_id"] == str(act.pk)
    entries = Entry.objects.count()
    assert matched(act, "P1") == {"A": 1}  # done again, nothing is written
    assert (Link.objects.count(), Entry.objects.count()) == (1, entries)


@pytest.mark.parametrize(("more", "klass", "differs"), [
    ({"name": "NGUYEN VAN LAM"}, "B", ["name"]),
    ({"born_on": "1998"}, "B", ["born_on"]),
    ({"number": "031098000456"}, "B", []),  # only the number is wanting
    ({"born_on": "1998-05-03"}, "C", ["born_on"]),
    ({"name": "NGUYỄN VĂN LÂN"}, "C", ["name"]),
    ({"sex": "female"}, "D", ["sex"]),
    ({"mother": "Lê Thị Hồng Nhung"}, "D", ["mother"]),
])
def test_a_difference_opens_a_ticket_of_its_class(
    town: World, more: dict[str, str], klass: str, differs: list[str]
) -> None:
    act = old_birth(town)
    take_in(person_like(main(act), "P1", **{"number": "", **more}))
    matched(act, "P1")
    ticket = ticket_of(act)
    assert (ticket.klass, ticket.differs, ticket.state) == (klass, differs, "open")
    assert ticket.unit == act.unit
    assert ticket.due > AT.date()
    entries = Entry.objects.count()
    matched(act, "P1")
    assert (Ticket.objects.count(), Entry.objects.count()) == (1, entries)


def test_nobody_found_two_numbers_and_a_dead_person_alive(town: World) -> None:
    alone = old_birth(town)
    matched(alone)
    assert ticket_of(alone).klass == Klass.E
    twice = old_birth(town, number="16", name="TRẦN VĂN ĐÔI", born="06-02-1998")
    take_in(person_like(main(twice), "P1", number="031098000457"), person_like(main(twice), "P2"))
    matched(twice, "P1", "P2")
    ticket = ticket_of(twice)
    assert (ticket.klass, ticket.record and ticket.record.key, ticket.other_record and ticket.other_record.key) == (
        "G", "P1", "P2")
    death = registered_event(town, DEATH, dead(town, death={"died_on": "2026-03-01"}))
    take_in(person_like(main(death), "P3"))
    matched(death, "P3")
    assert not Ticket.objects.filter(act=death).exists()  # the police were told today
    matched(death, "P3", at=AT + timedelta(days=4))
    urgent = ticket_of(death)
    assert (urgent.klass, urgent.conflict) == ("H", "dead_here")
    assert urgent.due == (AT + timedelta(days=9)).date()  # three working days
    assert {n.to_user for n in Notice.objects.filter(template="population.urgent")} == {
        town.users["chairman"], town.users["deputy"]}


def test_what_was_unsure_is_looked_at(town: World) -> None:
    act = old_birth(town)
    take_in(person_like(main(act), "P1", number=""))
    matched(act, "P1", decision=Decision.REVIEW)
    assert (ticket_of(act).klass, Link.objects.get().state) == ("B", "proposed")


def test_a_cancelled_act_has_nobody_to_match(town: World) -> None:
    act = old_birth(town)
    take_in(person_like(main(act), "P1", born_on="1998-05-03"))
    matched(act, "P1")
    with setting_up():
        BirthAct.objects.filter(pk=act.pk).update(state="cancelled", state_reason="x")
    matched(act, "P1")
    assert (Link.objects.get().state, ticket_of(act).state) == ("superseded", "resolved")


# --- Decisions --------------------------------------------------------------------------------------------------------


def opened(town: World, **more: str) -> Ticket:
    """A ticket of a birth of 1998 whose record says otherwise."""
    act = old_birth(town)
    take_in(person_like(main(act), "P1", **more))
    matched(act, "P1")
    return ticket_of(act)


def test_class_b_is_confirmed_in_bulk_and_its_number_noted(town: World) -> None:
    ticket, officer = opened(town, name="Nguyen Van Lam"), town.who("officer")
    with pytest.raises(access.Forbidden):
        operations.confirm_many(ticket_ids=[ticket.pk], actor=town.who("stranger"), at=LATER)
    with pytest.raises(rules.NothingChosen):
        operations.confirm_many(ticket_ids=[], actor=officer, at=LATER)
    once = Once("bulk-0001", [ticket.pk])
    for _ in range(2):
        assert operations.confirm_many(ticket_ids=[ticket.pk], actor=officer, at=LATER, once=once) == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.choice, Link.objects.get().state) == ("resolved", "confirm", "confirmed")
    assert main(in_full(ticket.act)).told.number == "031098000456"  # type: ignore[arg-type]
    with pytest.raises(rules.NotOfClassB):
        operations.confirm_many(ticket_ids=[ticket.pk], actor=officer, at=LATER)
    matched(ticket.act, "P1")  # type: ignore[arg-type]
    assert Ticket.objects.count() == 1  # what was closed stays closed while both say what they said


def test_the_book_is_right_and_the_police_are_asked(town: World) -> None:
    ticket, officer = opened(town, born_on="1998-05-03"), town.who("officer")
    for told, refusal in (
        ({"choice": "confirm"}, rules.WrongChoice), ({"choice": "book"}, rules.ReasonRequired),
        ({"choice": "book", "reason": "x", "right": {"born_on": "ngày mai"}}, rules.BadValue),
        ({"choice": "book", "reason": "x", "right": {"number": "031098000999"}}, rules.BadValue),
        ({"choice": "book", "reason": "x", "actor": town.who("stranger")}, access.Forbidden),
    ):
        with pytest.raises(refusal):
            operations.decide(**{"ticket_id": ticket.pk, "actor": officer, "at": LATER, **told})  # type: ignore[arg-type]
    decided = operations.decide(ticket_id=ticket.pk, choice="book", reason="Sổ ghi 05/3", actor=officer, at=LATER)
    assert decided.state == State.WITH_POLICE
    message = Outbound.objects.get(kind="police.correct-record")
    assert message.pk == decided.message_id
    with pytest.raises(rules.WrongState):
        operations.decide(ticket_id=ticket.pk, choice="accept", reason="x", actor=officer, at=LATER)
    heard = contracts.CorrectionVerdict(outcome="rejected", reason="Đã xác minh.")
    operations.hear_verdict(message=message, answer=heard, actor=MATCHING, at=LATER)
    operations.hear_verdict(message=message, answer=heard, actor=MATCHING, at=LATER)  # it waits for nothing any more
    ticket.refresh_from_db()
    assert (ticket.state, ticket.verdict, ticket.choice) == ("open", "rejected", "")
    assert ticket.verdict_note == "Đã xác minh."
    again = operations.decide(ticket_id=ticket.pk, choice="book", reason="Sổ ghi 05/3", actor=officer, at=LATER)
    second = Outbound.objects.get(pk=again.message_id)
    operations.hear_verdict(message=second, answer=contracts.CorrectionVerdict(outcome="accepted"), actor=MATCHING,
                            at=LATER)
    ticket.refresh_from_db()
    assert (ticket.state, Link.objects.get().state) == ("resolved", "confirmed")
    take_in(person_like(main(ticket.act), "P1", born_on="1998-03-05"))  # type: ignore[arg-type]
    operations.recheck(act_id=ticket.act_id, actor=MATCHING, at=LATER)
    assert Ticket.objects.filter(state__in=rules.WAITING).count() == 1  # the number is wanting still: class B
    assert [step.title for step in ticket.steps.all()][-1] == "Công an đã sửa"


def test_a_wrong_transcription_is_noted_by_two_and_both_sides_are_put_right(town: World) -> None:
    ticket = opened(town, born_on="1998-05-03")
    told = {"choice": "book", "reason": "Trang sổ ghi 08/3/1998", "right": {"born_on": "08/03/1998"}}
    proposed = operations.decide(ticket_id=ticket.pk, actor=town.who("deputy"), at=LATER, **told)  # type: ignore[arg-type]
    assert (proposed.state, proposed.is_proposed) == ("with_justice", True)
    assert not Outbound.objects.exists()
    with pytest.raises(rules.ProposerConfirms):
        operations.confirm(ticket_id=ticket.pk, actor=town.who("deputy"), at=LATER)
    with pytest.raises(access.Forbidden):
        operations.confirm(ticket_id=ticket.pk, actor=town.who("officer"), at=LATER)
    confirmed = operations.confirm(ticket_id=ticket.pk, actor=town.who("chairman"), at=LATER)
    assert confirmed.state == State.WITH_POLICE
    act = BirthAct.objects.get(pk=ticket.act_id)
    assert (act.born_on, as_it_stands(act).born_on) == ("1998-03-05", "1998-03-08")  # written, and as it stands
    note = act.annotations.get(kind=register.AnnotationKind.TRANSCRIPTION)
    assert ticket.code in note.text
    body = contracts.RecordCorrection.model_validate_json(Outbound.objects.get(pk=confirmed.message_id).body)
    assert [(c.field, c.before, c.after) for c in body.changes] == [("born_on", "1998-05-03", "1998-03-08")]


def test_what_the_platform_registered_is_changed_by_request_alone(town: World) -> None:
    act = town.registered()
    take_in(person_like(main(act), "P1", born_on="2026-03-04"))
    matched(act, "P1")
    ticket, officer = ticket_of(act), town.who("officer")
    with pytest.raises(rules.OnlyByRequest):
        operations.decide(ticket_id=ticket.pk, choice="book", reason="x", right={"born_on": "04/03/2026"},
                          actor=officer, at=LATER)
    sent = operations.decide(ticket_id=ticket.pk, choice="citizen", reason="Giấy chứng sinh ghi 04/3", actor=officer,
                             at=LATER)
    assert (sent.state, Link.objects.get(act=act, party=ticket.party_id).state) == ("with_citizen", "confirmed")
    operations.reopen(ticket_id=ticket.pk, reason="Công dân không đề nghị", actor=officer, at=LATER)
    accepted = operations.decide(ticket_id=ticket.pk, choice="accept", reason="Hai ngày theo hai giấy", actor=officer,
                                 at=LATER)
    assert accepted.state == "accepted_difference"


def test_a_great_difference_wants_minutes_and_four_eyes(town: World) -> None:
    ticket = opened(town, sex="female")
    told = {"ticket_id": ticket.pk, "choice": "book", "reason": "Sổ ghi trai", "actor": town.who("deputy"), "at": LATER}
    with pytest.raises(rules.MinutesRequired):
        operations.decide(**told)  # type: ignore[arg-type]
    operations.decide(**told, minutes="Số 02 ngày 10/4/2026")  # type: ignore[arg-type]
    with pytest.raises(rules.ProposerConfirms):
        operations.confirm(ticket_id=ticket.pk, actor=town.who("deputy"), at=LATER)
    with setting_up(), pytest.raises(IntegrityError), transaction.atomic():  # the database holds it too
        Ticket.objects.filter(pk=ticket.pk).update(confirmed_by=town.users["deputy"])
    with setting_up(), pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(state="with_police")
    with pytest.raises(rules.ReasonRequired):
        operations.send_back(ticket_id=ticket.pk, reason=" ", actor=town.who("chairman"), at=LATER)
    back = operations.send_back(ticket_id=ticket.pk, reason="Xem lại", actor=town.who("chairman"), at=LATER)
    assert (back.state, back.choice, back.proposed_by) == ("open", "", None)
    operations.decide(**told, minutes="Số 02 ngày 10/4/2026")  # type: ignore[arg-type]
    done = operations.confirm(ticket_id=ticket.pk, actor=town.who("chairman"), at=LATER)
    assert (done.state, done.confirmed_by) == ("with_police", town.users["chairman"])


def test_the_police_may_want_minutes_of_what_seemed_small(town: World) -> None:
    ticket = opened(town, born_on="1998-05-03")
    sent = operations.decide(ticket_id=ticket.pk, choice="book", reason="Sổ ghi 05/3", actor=town.who("officer"),
                             at=LATER)
    answer = contracts.CorrectionVerdict(outcome="needs_minutes", reason="Đề nghị lập biên bản.")
    operations.hear_verdict(message=Outbound.objects.get(pk=sent.message_id), answer=answer, actor=MATCHING, at=LATER)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.klass, ticket.may_be_decided) == ("with_justice", "D", True)
    operations.decide(ticket_id=ticket.pk, choice="book", reason="Theo biên bản", minutes="Số 3",
                      actor=town.who("officer"), at=LATER)
    assert operations.confirm(ticket_id=ticket.pk, actor=town.who("chairman"), at=LATER).state == "with_police"


def test_not_the_same_person_is_never_proposed_again(town: World) -> None:
    ticket = opened(town, name="NGUYỄN VĂN LÂN")
    operations.decide(ticket_id=ticket.pk, choice="not_same", reason="Hai người", actor=town.who("officer"), at=LATER)
    assert ticket.act is not None
    assert matched(ticket.act, "P1", at=LATER) == {"E": 1}
    found = Ticket.objects.get(state="open")
    assert (found.klass, found.record) == ("E", None)
    sent = operations.decide(ticket_id=found.pk, choice=Choice.FIND, reason="Chưa có số định danh",
                             actor=town.who("officer"), at=LATER)
    answer = contracts.PersonFound(outcome="created", key="P9", number="031098000999")
    operations.hear_found(message=Outbound.objects.get(pk=sent.message_id), answer=answer, actor=MATCHING, at=LATER)
    assert main(ticket.act).told.number == "031098000999"
    take_in(person_like(main(ticket.act), "P9"))
    assert matched(ticket.act, "P9", at=LATER) == {"A": 1}
    assert not Ticket.objects.filter(state__in=rules.WAITING).exists()


def test_two_numbers_are_merged_by_the_police_and_linked_again(town: World) -> None:
    act = old_birth(town)
    first, second = (person_like(main(act), key, number=number) for key, number in (
        ("P1", "031098000457"), ("P2", "031098000456")))
    take_in(first, second)
    matched(act, "P2", "P1")
    ticket = ticket_of(act)
    sent = operations.decide(ticket_id=ticket.pk, choice="merge", reason="Một người", actor=town.who("officer"),
                             at=LATER)
    operations.hear_verdict(message=Outbound.objects.get(pk=sent.message_id), actor=MATCHING, at=LATER,
                            answer=contracts.CorrectionVerdict(outcome="accepted"))
    take_in({**second, "state": "merged", "merged_into": "P1"})
    operations.recheck(act_id=act.pk, actor=MATCHING, at=LATER)
    live = Link.objects.get(state__in=rules.LIVE)
    assert live.record is not None
    assert (live.record.key, live.klass) == ("P1", "B")  # the number is to be noted


def test_what_was_done_is_not_undone(town: World) -> None:
    ticket = opened(town, born_on="1998-05-03")
    operations.decide(ticket_id=ticket.pk, choice="accept", reason="Hai giấy", actor=town.who("officer"), at=LATER)
    for change in (lambda: Ticket.objects.filter(pk=ticket.pk).update(state="open", closed_at=None),
                   lambda: Ticket.objects.filter(pk=ticket.pk).update(reason="khác"),
                   lambda: Step.objects.filter(ticket=ticket).update(note="khác")):
        with setting_up(), pytest.raises(ProgrammingError), transaction.atomic():
            change()
