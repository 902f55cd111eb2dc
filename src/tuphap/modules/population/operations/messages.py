"""What is asked of the police, and what they answer. One subject a person, so that messages keep their order.

An answer takes effect once, and only upon the message that a ticket waits for: what was asked before it is history.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tuphap.kernel.actor import Actor
from tuphap.modules.civil_status.public import Act, note_number_heard
from tuphap.shared.audit import api as audit
from tuphap.shared.exchange import api as exchange
from tuphap.shared.exchange.api import Outbound, contracts
from tuphap.shared.operation.api import operation

from .. import rules
from ..comparison import Life
from ..models import PopulationRecord, Ticket
from ..rules import Event, Klass, State, Verdict
from . import finding, queued
from .finding import close, move

POLICE = "Cơ quan công an"


def ask_to_correct(ticket: Ticket, plan: rules.Plan, *, actor: Actor, at: datetime) -> Outbound:
    """Ask the police to correct what the book tells otherwise. Inside an operation."""
    record, act = ticket.record, ticket.act
    assert record is not None and act is not None  # a difference is between the two
    dies = ("state", str(Life.ALIVE), str(Life.DEAD)) in plan.corrections
    return exchange.send(
        kind="police.correct-record", subject=_subject(record), unit_id=ticket.unit_id, actor=actor, at=at,
        body=contracts.RecordCorrection(
            ticket=str(ticket.pk), act=str(act.pk), key=record.key, number=record.number,
            changes=[contracts.FieldChange.model_validate({"field": field, "before": before, "after": after})
                     for field, before, after in plan.corrections],
            ground=ticket.reason, minutes=ticket.minutes or _eyes(ticket), office_code=ticket.unit.code,
            died_on=act.event_on if dies else "",
        ),
    )


def _eyes(ticket: Ticket) -> str:
    """A conflict in a life is decided by the leader; that decision stands where minutes stand."""
    return f"Lãnh đạo xác nhận: {ticket.confirmed_by_name}" if ticket.klass == Klass.H else ""


def ask_to_find(ticket: Ticket, *, actor: Actor, at: datetime) -> Outbound:
    """Ask for somebody of an act of whom there is no record. Inside an operation."""
    told = {one.field: one.civil for one in ticket.fields}
    return exchange.send(
        kind="police.find-person", subject=f"ticket:{ticket.pk}", unit_id=ticket.unit_id, actor=actor, at=at,
        body=contracts.PersonWanted.model_validate({
            "ticket": str(ticket.pk), "act": str(ticket.act_id), "office_code": ticket.unit.code,
            "ground": ticket.reason, **{name: told.get(name, "") for name in (
                "name", "sex", "born_on", "father", "mother")},
        }),
    )


def ask_to_merge(ticket: Ticket, *, actor: Actor, at: datetime) -> Outbound:
    """Ask to put two records of one person together. Inside an operation."""
    assert ticket.record is not None and ticket.other_record is not None  # what class G is about
    return exchange.send(
        kind="police.merge-records", subject=_subject(ticket.record), unit_id=ticket.unit_id, actor=actor, at=at,
        body=contracts.MergeWanted(
            ticket=str(ticket.pk), keys=sorted([ticket.record.key, ticket.other_record.key]), ground=ticket.reason,
            office_code=ticket.unit.code),
    )


def _subject(record: PopulationRecord) -> str:
    return f"person:{record.number or record.key}"


# --- What comes back --------------------------------------------------------------------------------------------------


@operation
def hear_verdict(
    *, message: Outbound, answer: contracts.CorrectionVerdict, actor: Actor, at: datetime
) -> Ticket | None:
    """The police have corrected the record, refuse to with a reason, or want joint minutes first."""
    ticket = _asked(message)
    if ticket is None:
        return None
    verdict = Verdict(answer.outcome)
    heard: dict[str, Any] = {"verdict": str(verdict), "verdict_note": answer.reason, "verdict_at": at}
    audit.record(Event.VERDICT, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, outcome=str(verdict))
    if verdict is Verdict.ACCEPTED:
        _done(ticket, heard, actor=actor, at=at)
    elif verdict is Verdict.REJECTED:
        move(ticket, State.OPEN, rules.VERDICT_TITLES[verdict], actor=actor, at=at, note=answer.reason, by=POLICE,
             **heard, **finding.NOTHING_DECIDED)
    else:
        klass = ticket.klass if ticket.klass == Klass.H else str(Klass.D)
        move(ticket, State.WITH_JUSTICE, rules.VERDICT_TITLES[verdict], actor=actor, at=at, note=answer.reason,
             by=POLICE, klass=klass, **heard, **finding.NOTHING_DECIDED)
    return ticket


@operation
def hear_found(*, message: Outbound, answer: contracts.PersonFound, actor: Actor, at: datetime) -> Ticket | None:
    """The police have found or made the record; its number is noted beside a birth, and the act is matched anew."""
    ticket = _asked(message)
    if ticket is None:
        return None
    accepted = answer.outcome != "refused"
    verdict = Verdict.ACCEPTED if accepted else Verdict.REJECTED
    heard = {"verdict": str(verdict), "verdict_note": answer.reason, "verdict_at": at}
    audit.record(Event.VERDICT, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, outcome=answer.outcome)
    if not accepted:
        move(ticket, State.OPEN, "Công an chưa tìm thấy", actor=actor, at=at, note=answer.reason, by=POLICE, **heard,
             **finding.NOTHING_DECIDED)
        return ticket
    if answer.number and ticket.act_id is not None:
        note_number_heard(
            act_id=ticket.act_id, number=answer.number, source=f"Trả lời của cơ quan công an, phiếu {ticket.code}",
            actor=actor, at=at)
    _done(ticket, heard, actor=actor, at=at)
    return ticket


@operation
def hear_failure(*, message: Outbound, reason: str, final: bool, actor: Actor, at: datetime) -> Ticket | None:
    """What was asked could not be delivered; once it is given up, the ticket is looked at again."""
    ticket = _asked(message)
    if ticket is None:
        return None
    why = message.last_detail or reason
    if final:
        move(ticket, State.OPEN, "Đã dừng gửi công an", actor=actor, at=at, note=message.closed_reason or why,
             **finding.NOTHING_DECIDED)
    else:
        finding.note_step(ticket, "Chưa gửi được công an", at=at, by=POLICE, note=why)
    audit.record(Event.SENT_BACK, subject=ticket, actor=actor, at=at, unit_id=ticket.unit_id, final=final)
    return ticket


def _done(ticket: Ticket, heard: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    close(ticket, State.RESOLVED, rules.VERDICT_TITLES[Verdict.ACCEPTED], actor=actor, at=at, by=POLICE, **heard)
    if ticket.act_id is not None:
        queued.match_again(ticket.act_id)


def _asked(message: Outbound) -> Ticket | None:
    """The ticket that waits for the answer to this very message; its act is locked before it, as everywhere."""
    waits = Ticket.objects.filter(message_id=message.pk, state=State.WITH_POLICE)
    act_id = waits.values_list("act_id", flat=True).first()
    if act_id is not None:
        list(Act.objects.select_for_update().filter(pk=act_id).values_list("pk"))
    return waits.select_for_update(of=("self",)).select_related("unit").first()
