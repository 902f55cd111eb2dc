"""What officials and the engine do to links and tickets, one verb each.

A difference of class D or H, and every note beside an act, is decided by two: one proposes, another confirms, and only
then is it carried out. Neither side's master field is ever overwritten from here: civil status takes a note by its own
operation, the police are asked by message and answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tuphap.engines.linkage import Candidate, Decision
from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status.public import Act, ActState, mend_transcription, note_number_heard
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.exchange import api as exchange
from tuphap.shared.files import api as files
from tuphap.shared.notices import api as notices
from tuphap.shared.operation.api import operation
from tuphap.shared.people.api import PartialDate, PersonName, Sex

from .. import queries, rules
from ..models import Evidence, Link, Ticket
from ..rules import Choice, Event, Klass, Permission, State
from ..subjects import Subject, subjects_of
from . import finding, messages, queued
from .finding import Found, move

# --- What the engine has found ----------------------------------------------------------------------------------------


@operation
def enter_matches(
    *, act_id: UUID, candidates: Mapping[str, Sequence[Candidate]], actor: Actor, at: datetime
) -> Counter[str]:
    """Enter what the engine says of the people of one act; how many of each class.

    :param candidates: by the key of the party; the best first.
    """
    act = _lock_act(act_id)
    if act is None or act.state != ActState.REGISTERED:
        if act is not None:
            finding.drop(act, actor=actor, at=at)
        return Counter()
    found = [Found(one, tuple(candidates.get(str(one.party.pk), ()))) for one in subjects_of(act)]
    return finding.enter(found, batch=None, actor=actor, at=at)


@operation
def recheck(*, act_id: UUID, actor: Actor, at: datetime) -> Counter[str]:
    """Hold an act against the records that its people are linked with, as both are now; nobody is sought anew."""
    act = _lock_act(act_id)
    if act is None or act.state != ActState.REGISTERED:
        if act is not None:
            finding.drop(act, actor=actor, at=at)
        return Counter()
    links = {
        link.party_id: link for link in Link.objects.filter(
            act=act, state__in=rules.LIVE, record__isnull=False).select_related("record")
    }
    return finding.enter(
        [Found(one, (_known(links[one.party.pk]),)) for one in subjects_of(act) if one.party.pk in links],
        batch=None, actor=actor, at=at)


def _known(link: Link) -> Candidate:
    assert link.record is not None  # asked by the filter
    sure = link.state == rules.LinkState.CONFIRMED or link.probability >= _SURE
    return Candidate(link.record.key, link.probability, Decision.AUTO if sure else Decision.REVIEW)


_SURE = 0.999


def _lock_act(act_id: UUID) -> Act | None:
    """The act in full, while nobody else matches it."""
    if not Act.objects.select_for_update().filter(pk=act_id).exists():
        return None
    return queries.acts_in_full([act_id])[0]


# --- In hand ----------------------------------------------------------------------------------------------------------


@operation
def take(*, ticket_id: int, actor: Actor, at: datetime) -> Ticket:
    """Take a ticket in hand: who works on it is shown to the others.

    :raises rules.UnknownTicket, access.Forbidden, rules.WrongState: none; not of the actor's office; over.
    """
    ticket = _lock(ticket_id)
    access.require(actor, Permission.DECIDE, unit_id=ticket.unit_id, on=localdate(at))
    if ticket.is_over:
        raise rules.WrongState(state=ticket.state_title)
    ticket.officer_id = actor.user_id
    ticket.save(update_fields=["officer"])
    audit.record(Event.TAKEN, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id)
    return ticket


@operation
def add_evidence(
    *, ticket_id: int, words: str, name: str, media_type: str, content: bytes, actor: Actor, at: datetime
) -> Evidence:
    """Keep a file with a ticket: the signed minutes, a paper that was shown.

    :raises rules.UnknownTicket, access.Forbidden, rules.WrongState: as :func:`take`.
    :raises rules.ReasonRequired: it is not said what it is.
    :raises Refusal: the file may not be taken in: see ``files.store``.
    """
    ticket = _lock(ticket_id)
    access.require(actor, Permission.DECIDE, unit_id=ticket.unit_id, on=localdate(at))
    if ticket.is_over:
        raise rules.WrongState(state=ticket.state_title)
    told = tidy(words)[:200]
    if not told:
        raise rules.ReasonRequired(field="words")
    stored = files.store(content, name=name, media_type=media_type, actor=actor, at=at, scan_of_paper=True)
    kept = Evidence.objects.create(ticket=ticket, file=stored, words=told, added_at=at, added_by=actor.name[:100])
    finding.note_step(ticket, "Thêm tài liệu", at=at, by=actor.name, note=told)
    audit.record(Event.EVIDENCE, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, sha256=stored.sha256)
    return kept


# --- Deciding ---------------------------------------------------------------------------------------------------------


@operation
def decide(
    *, ticket_id: int, choice: str, right: Mapping[str, str] | None = None, reason: str = "", minutes: str = "",
    actor: Actor, at: datetime,
) -> Ticket:
    """Decide about a ticket, or propose to, where a second person is wanted.

    :param right: with ``book``: field → what the book says, where it is not as civil status has it.
    :param minutes: number and day of the joint minutes (class D).
    :raises rules.UnknownTicket: none, or none that the actor may know of.
    :raises access.Forbidden: the actor does not decide in this office.
    :raises rules.WrongState: it waits for somebody else, or is over.
    :raises rules.WrongChoice: not for this class.
    :raises rules.ReasonRequired, rules.MinutesRequired: one is missing.
    :raises rules.BadValue, rules.NothingDiffers, rules.OnlyByRequest, rules.NoNumber: what the book says cannot be
        carried out so.
    """
    ticket = _lock(ticket_id)
    access.require(actor, Permission.DECIDE, unit_id=ticket.unit_id, on=localdate(at))
    if not ticket.may_be_decided:
        raise rules.WrongState(state=ticket.state_title)
    _put_down(ticket, choice, right or {}, reason, minutes, actor=actor)
    if ticket.klass in rules.FOUR_EYES or _plan(ticket).notes:
        move(ticket, State.WITH_JUSTICE, f"Đề xuất: {ticket.choice_title}", actor=actor, at=at, note=ticket.reason,
             **_decision(ticket))
        audit.record(Event.PROPOSED, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, choice=ticket.choice)
        _tell_who_confirms(ticket, actor=actor, at=at)
        return ticket
    _carry_out(ticket, actor=actor, at=at)
    return ticket


@operation
def confirm(*, ticket_id: int, actor: Actor, at: datetime) -> Ticket:
    """Confirm what another has proposed: it is carried out.

    :raises rules.UnknownTicket: none, or none that the actor may know of.
    :raises access.Forbidden: the actor does not confirm in this office; or, where an act is to be noted, does not sign.
    :raises rules.NothingProposed: nothing waits to be confirmed.
    :raises rules.ProposerConfirms: the actor has proposed it.
    """
    ticket = _lock(ticket_id)
    access.require(actor, Permission.CONFIRM, unit_id=ticket.unit_id, on=localdate(at))
    if not ticket.is_proposed:
        raise rules.NothingProposed()
    if ticket.proposed_by_id == actor.user_id:
        raise rules.ProposerConfirms()
    ticket.confirmed_by_id, ticket.confirmed_by_name = actor.user_id, actor.name[:100]
    _carry_out(ticket, actor=actor, at=at)
    return ticket


@operation
def send_back(*, ticket_id: int, reason: str, actor: Actor, at: datetime) -> Ticket:
    """Do not confirm: the ticket is to be looked at again.

    :raises rules.UnknownTicket, access.Forbidden, rules.NothingProposed: as :func:`confirm`.
    :raises rules.ReasonRequired: no reason.
    """
    why = _reason(reason)
    ticket = _lock(ticket_id)
    access.require(actor, Permission.CONFIRM, unit_id=ticket.unit_id, on=localdate(at))
    if not ticket.is_proposed:
        raise rules.NothingProposed()
    move(ticket, State.OPEN, "Không đồng ý với đề xuất", actor=actor, at=at, note=why, **finding.NOTHING_DECIDED)
    audit.record(Event.SENT_BACK, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, reason=why[:200])
    return ticket


@operation
def reopen(*, ticket_id: int, reason: str, actor: Actor, at: datetime) -> Ticket:
    """The citizen does not come, or has shown otherwise: the ticket is looked at again.

    :raises rules.UnknownTicket, access.Forbidden: as :func:`decide`.
    :raises rules.ReasonRequired: no reason.
    :raises rules.WrongState: it does not wait for the citizen.
    """
    why = _reason(reason)
    ticket = _lock(ticket_id)
    access.require(actor, Permission.DECIDE, unit_id=ticket.unit_id, on=localdate(at))
    if ticket.state != State.WITH_CITIZEN:
        raise rules.WrongState(state=ticket.state_title)
    move(ticket, State.OPEN, "Xem xét lại", actor=actor, at=at, note=why, **finding.NOTHING_DECIDED)
    audit.record(Event.SENT_BACK, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, reason=why[:200])
    return ticket


@operation
def confirm_many(*, ticket_ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """Confirm that people of class B are the same, several at once: all of them, or none.

    :raises rules.NothingChosen: none were chosen.
    :raises rules.UnknownTicket, access.Forbidden: one that is not the actor's to decide.
    :raises rules.NotOfClassB: one is of another class, or no longer waits.
    """
    today = localdate(at)
    access.require_anywhere(actor, Permission.DECIDE, on=today)
    chosen = sorted(set(ticket_ids))[:rules.MOST_IN_BULK]
    if not chosen:
        raise rules.NothingChosen()
    for ticket_id in chosen:
        ticket = _lock(ticket_id)
        access.require(actor, Permission.DECIDE, unit_id=ticket.unit_id, on=today)
        if ticket.klass != Klass.B or ticket.state != State.OPEN:
            raise rules.NotOfClassB(ticket=ticket.code)
        decide(ticket_id=ticket_id, choice=Choice.CONFIRM, actor=actor, at=at)
    return len(chosen)


def _put_down(
    ticket: Ticket, choice: str, right: Mapping[str, str], reason: str, minutes: str, *, actor: Actor
) -> None:
    """Hold a decision to what its class allows, and put it on the ticket; nothing is saved yet."""
    if choice not in {str(one) for one in rules.CHOICES[Klass(ticket.klass)]}:
        raise rules.WrongChoice(klass=ticket.klass)
    ticket.choice, ticket.right = choice, _read(ticket, right) if choice == Choice.BOOK else {}
    ticket.reason, ticket.minutes = tidy(reason)[:500], tidy(minutes)[:200]
    ticket.proposed_by_id, ticket.proposed_by_name = actor.user_id, actor.name[:100]
    ticket.confirmed_by_id, ticket.confirmed_by_name = None, ""
    if choice not in rules.WITHOUT_REASON and not ticket.reason:
        raise rules.ReasonRequired()
    if ticket.klass == Klass.D and choice in (Choice.BOOK, Choice.ACCEPT) and not ticket.minutes:
        raise rules.MinutesRequired()
    plan = _plan(ticket)
    if choice == Choice.BOOK:
        if plan.is_nothing:
            raise rules.NothingDiffers()
        if plan.notes and ticket.act is not None and not ticket.act.is_from_paper:
            raise rules.OnlyByRequest()
        if plan.corrections and (ticket.record is None or not ticket.record.number):
            raise rules.NoNumber()


def _read(ticket: Ticket, right: Mapping[str, str]) -> dict[str, str]:
    """What the book says, field by field; what is left out or as civil status has it is left out."""
    told = {}
    for one in ticket.fields:
        text = tidy(right.get(one.field, ""))
        if not text or text.casefold() == one.civil.casefold():
            continue
        if one.field not in _NOTED:
            raise rules.BadValue(field=f"right.{one.field}", what=f"Mục “{one.title}” không sửa được tại đây.")
        try:
            value = _read_value(one.field, text)
        except Refusal as refusal:
            raise rules.BadValue(field=f"right.{one.field}", what=refusal.message) from refusal
        if value != one.civil:
            told[one.field] = value
    return told


def _read_value(field: str, text: str) -> str:
    """What was typed as the register keeps it.

    :raises Refusal: it is none of its kind.
    """
    if field == "born_on":
        return PartialDate.parse(text).isoformat()
    if field == "sex":
        if text not in {str(sex) for sex in Sex}:
            raise rules.BadValue(what="Giới tính ghi “Nam” hoặc “Nữ”.")
        return text
    return PersonName(text).text


_NOTED = {"name": "name", "born_on": "born_on", "sex": "sex", "father": "name", "mother": "name"}


def _plan(ticket: Ticket) -> rules.Plan:
    if ticket.choice != Choice.BOOK:
        return rules.Plan((), ())
    return rules.plan(ticket.fields, ticket.right)


def _decision(ticket: Ticket) -> dict[str, Any]:
    """The columns of a decision, as they stand on the ticket."""
    return {name: getattr(ticket, name) for name in (
        "choice", "right", "reason", "minutes", "proposed_by_id", "proposed_by_name", "confirmed_by_id",
        "confirmed_by_name")}


def _tell_who_confirms(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    for person in exchange.owners(Permission.CONFIRM, unit_id=ticket.unit_id, at=at):
        if person.pk != actor.user_id:
            notices.send(template="population.to_confirm", to_user_id=person.pk, actor=actor, at=at, ticket=ticket.code)


# --- Carrying out -----------------------------------------------------------------------------------------------------


def _carry_out(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    _DOINGS[Choice(ticket.choice)](ticket, actor=actor, at=at)
    audit.record(Event.DECIDED, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, choice=ticket.choice,
                 klass=ticket.klass, state=ticket.state)
    if ticket.act is not None:
        finding.tell_whole([ticket.act], actor=actor, at=at)


def _end(ticket: Ticket, state: State, *, actor: Actor, at: datetime) -> None:
    finding.close(ticket, state, ticket.choice_title, actor=actor, at=at, note=ticket.reason, **_decision(ticket))


def _as_one(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    finding.confirm_link(ticket.party_id, actor=actor, at=at)
    subject = _subject(ticket)
    if subject is not None and subject.wants_number and ticket.record is not None and ticket.record.number:
        note_number_heard(
            act_id=subject.act.pk, number=ticket.record.number, source=f"Đối chiếu dân cư, phiếu {ticket.code}",
            actor=actor, at=at)
    _end(ticket, State.RESOLVED, actor=actor, at=at)


def _by_the_book(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """Note beside the act what was transcribed wrongly, ask the police to correct what they have otherwise."""
    plan = _plan(ticket)
    if plan.notes:
        assert ticket.act is not None and ticket.party is not None  # whose fields they are
        mend_transcription(
            act_id=ticket.act.pk, right=dict(_path(ticket, field, value) for field, value in plan.notes),
            source=f"phiếu đối chiếu {ticket.code}", reason=ticket.reason, actor=actor, at=at)
    finding.confirm_link(ticket.party_id, actor=actor, at=at)
    if not plan.corrections:
        _end(ticket, State.RESOLVED, actor=actor, at=at)
        return
    message = messages.ask_to_correct(ticket, plan, actor=actor, at=at)
    _wait_for_police(ticket, message, actor=actor, at=at)


def _path(ticket: Ticket, field: str, value: str) -> tuple[str, str]:
    """The field of the register: of the person's own line, or the name of a parent."""
    assert ticket.party is not None  # asked by the caller
    role = field if field in ("father", "mother") else ticket.party.role
    return f"{role}.{_NOTED[field]}", value


def _wait_for_police(ticket: Ticket, message: Any, *, actor: Actor, at: datetime) -> None:
    move(ticket, State.WITH_POLICE, ticket.choice_title, actor=actor, at=at, note=ticket.reason,
         message_id=message.pk, verdict="", verdict_note="", verdict_at=None, **_decision(ticket))
    audit.record(Event.SENT, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, message=str(message.pk))


def _to_citizen(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    if ticket.choice == Choice.CITIZEN:
        finding.confirm_link(ticket.party_id, actor=actor, at=at)
    move(ticket, State.WITH_CITIZEN, ticket.choice_title, actor=actor, at=at, note=ticket.reason, **_decision(ticket))


def _apart(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """The pair is never proposed again; of two numbers, that they are two people's."""
    if ticket.klass != Klass.G:
        finding.reject_link(ticket.party_id, actor=actor, at=at)
    else:
        finding.confirm_link(ticket.party_id, actor=actor, at=at)
    _end(ticket, State.RESOLVED, actor=actor, at=at)
    if ticket.act_id is not None:
        queued.match_again(ticket.act_id)


def _find(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    _wait_for_police(ticket, messages.ask_to_find(ticket, actor=actor, at=at), actor=actor, at=at)


def _merge(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    _wait_for_police(ticket, messages.ask_to_merge(ticket, actor=actor, at=at), actor=actor, at=at)


def _resolve(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    _end(ticket, State.RESOLVED, actor=actor, at=at)


def _accept(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    if ticket.klass in (Klass.B, Klass.C, Klass.D):
        finding.confirm_link(ticket.party_id, actor=actor, at=at)
    _end(ticket, State.ACCEPTED_DIFFERENCE, actor=actor, at=at)


_DOINGS = {
    Choice.CONFIRM: _as_one, Choice.BOOK: _by_the_book, Choice.CITIZEN: _to_citizen, Choice.NOT_SAME: _apart,
    Choice.FIND: _find, Choice.MERGE: _merge, Choice.ELSEWHERE: _resolve, Choice.REREGISTER: _to_citizen,
    Choice.ACCEPT: _accept,
}


# --- Rows -------------------------------------------------------------------------------------------------------------


def _lock(ticket_id: int) -> Ticket:
    """The ticket, after its act: in the order in which the engine's findings are entered.

    :raises rules.UnknownTicket: there is none.
    """
    act_id = Ticket.objects.filter(pk=ticket_id).values_list("act_id", flat=True).first()
    if act_id is not None:
        list(Act.objects.select_for_update().filter(pk=act_id).values_list("pk"))
    found = Ticket.objects.select_for_update(of=("self",)).select_related(
        "act__unit", "party", "record", "other_record", "unit").filter(pk=ticket_id).first()
    if found is None:
        raise rules.UnknownTicket()
    return found


def _subject(ticket: Ticket) -> Subject | None:
    if ticket.act_id is None:
        return None
    [act] = queries.acts_in_full([ticket.act_id])
    return next((one for one in subjects_of(act) if one.party.pk == ticket.party_id), None)


def _reason(text: str) -> str:
    told = tidy(text)[:500]
    if not told:
        raise rules.ReasonRequired()
    return told

