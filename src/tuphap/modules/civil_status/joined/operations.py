"""The writes of the joined procedures: legs are opened, sent, answered, fail, are sent again or ended.

Locks, in one order: the message, the act's documents, dossier and act, the leg, the next message's lane.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.calendar import api as calendar
from tuphap.shared.calendar.api import Limit, LimitUnit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.exchange import api as exchange
from tuphap.shared.exchange.api import Inbound, Outbound, contracts
from tuphap.shared.notices import api as notices
from tuphap.shared.operation.api import operation
from tuphap.shared.people.api import PartialDate, check_personal_number

from .. import operations as acts
from .. import rules as register
from ..models import Act, Annotation, BirthAct
from . import bodies, rules
from .models import Leg, Recall
from .rules import LegKind, LegState, Service

LEGS = system_actor("civil_status.legs")


# --- Opening and going on ---------------------------------------------------------------------------------------------


@operation
def open_legs(*, act_id: UUID, actor: Actor, at: datetime) -> list[Leg]:
    """Open what a registration sets going at other agencies; a second time does nothing.

    A joined declaration opens every leg that it asks for. Any other opens the first leg alone: the police are asked for
    a child's number where it has none and its whole birthday is known, are told of a death by the number of who died.
    The Ministry's own system is told of the act in either case.
    """
    act = acts.lock_act(act_id)
    if act.state != register.ActState.REGISTERED or act.legs.exists():
        return []
    flow = _flow(act)
    _tell_ministry(act, actor=actor, at=at)
    joined = act.dossier is not None and act.dossier.procedure.handler == flow.handler
    opened_at = act.signed_at or at
    made = [
        Leg.objects.create(
            act_id=act.pk, unit_id=act.unit_id, kind=kind, service=service, place=flow.place(kind), joined=joined,
            opened_at=opened_at, due_at=_due(act.dossier, kind) if joined and act.dossier else None,
        )
        for kind, service in bodies.wanted(act, flow, joined=joined)
    ]
    if made:
        audit.record(rules.Event.LEGS_OPENED, subject=act, actor=actor, at=at, unit_id=act.unit_id,
                     number=act.display_number, legs=[leg.kind for leg in made])
    if made and made[0].kind == LegKind.NUMBER and bodies.person(act).personal_number:
        _finish(made[0], act, actor=actor, at=at, source="Tờ khai")
    _go_on(act, actor=actor, at=at)
    return made


@operation
def go_on_with_number(*, act_id: UUID, actor: Actor, at: datetime) -> None:
    """The child's number is known, whoever told it: the police's leg is done, and the next one goes."""
    act = acts.lock_birth(act_id)
    leg = act.legs.select_for_update().filter(kind=LegKind.NUMBER).first()
    if leg is not None and act.child.personal_number and leg.state != LegState.DONE:
        _finish(leg, act, actor=actor, at=at, source="Sổ hộ tịch")
    _go_on(act, actor=actor, at=at)


@operation
def recall_legs(*, act_id: UUID, actor: Actor, at: datetime) -> list[Recall]:
    """A registration was cancelled: whoever was told of it is told so, and what was not done yet ends.

    Each agency hears of it after what it was asked for, in the same lane; a message that could not be delivered stands
    in its way no more. The Ministry's own system is told as well. No agency is told twice.
    """
    sent = Leg.objects.filter(act_id=act_id, message_id__isnull=False).order_by("message_id")
    messages = {pk: exchange.lock(pk) for pk in sent.values_list("message_id", flat=True) if pk is not None}
    act = acts.lock_act(act_id)
    decision = act.annotations.filter(kind=register.AnnotationKind.CANCELLATION).order_by("-pk").first()
    if act.state != register.ActState.CANCELLED or decision is None:
        return []
    if act.kind not in rules.FLOWS or act.origin != register.Origin.REGISTER:
        return []  # nobody was told of it
    made = []
    for leg in act.legs.select_for_update().order_by("place", "pk"):
        message = messages.get(leg.message_id) if leg.message_id is not None else None
        if leg.may_end:
            if message is not None and message.state == exchange.Sent.DEAD:
                exchange.drop(message, reason=rules.CANCELLED_MEANWHILE, actor=actor, at=at)
                leg.refresh_from_db()
            _set(leg, LegState.ENDED, reason=rules.CANCELLED_MEANWHILE, finished_at=at, ended_by=actor.name[:100])
            audit.record(rules.Event.LEG_ENDED, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind,
                         reason=rules.CANCELLED_MEANWHILE)
        if leg.times_sent and not Recall.objects.filter(leg=leg).exists():
            made.append(_recall(leg, act, decision, actor=actor, at=at))
    if made or not act.legs.exists():
        _tell_ministry(act, actor=actor, at=at)
    return made


def _recall(leg: Leg, act: Act, decision: Annotation, *, actor: Actor, at: datetime) -> Recall:
    message = exchange.send(
        kind=bodies.recall_of(leg), subject=f"{_subject(act)}:{leg.kind}", unit_id=act.unit_id, actor=actor, at=at,
        body=bodies.cancellation(leg, act, decision), dossier_code=act.dossier.reference if act.dossier else "",
    )
    audit.record(rules.Event.LEG_RECALLED, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind,
                 message=str(message.pk))
    return Recall.objects.create(leg=leg, message_id=message.pk, told_at=at)


@operation
def hear_recall(
    *, message: Outbound, answer: contracts.CancellationAnswer, actor: Actor, at: datetime
) -> Recall | None:
    """An agency has taken back its part, or says what follows."""
    leg = Leg.objects.filter(recall__message_id=message.pk).first()
    if leg is None:
        return None
    act = acts.lock_act(leg.act_id)
    recall = Recall.objects.select_for_update().get(leg=leg)
    if recall.answered_at is not None:
        return None
    recall.state, recall.note, recall.answered_at = answer.outcome, answer.note[:500], at
    recall.save()
    audit.record(rules.Event.RECALL_ANSWERED, subject=act, actor=actor, at=at, unit_id=leg.unit_id, leg=leg.kind,
                 outcome=answer.outcome)
    return recall


def _due(dossier: Dossier, kind: LegKind) -> datetime:
    """When a leg of a joined declaration is due: its share of the limit, from receipt or the end of the last pause."""
    assert dossier.received_at is not None  # what was decided was received
    ends = [p.ended_at for p in dossier.pauses.all() if p.ended_at is not None]
    since = max([dossier.received_at, *ends])
    days = dossiers.parameter(rules.DAYS_PARAMETER[kind], on=localdate(since))
    working = calendar.working_calendar(office_id=dossier.resolving_unit_id)
    return working.due(since, Limit(days, LimitUnit.WORKING_DAY))


def _flow(act: Act) -> rules.Flow:
    return rules.FLOWS[register.BookKind(act.kind)]


def _go_on(act: Act, *, actor: Actor, at: datetime) -> None:
    """Send the legs whose turn it is."""
    if act.state != register.ActState.REGISTERED:
        return
    legs = list(act.legs.select_for_update().order_by("place", "pk"))
    kinds = rules.to_go(
        _flow(act), [(LegKind(leg.kind), LegState(leg.state)) for leg in legs],
        has_number=bool(bodies.person(act).personal_number),
    )
    for leg in legs:
        if leg.kind in kinds and leg.state == LegState.WAITING:
            _send(leg, act, actor=actor, at=at)


def _send(leg: Leg, act: Act, *, actor: Actor, at: datetime) -> None:
    message = exchange.send(
        kind=bodies.message_of(leg), subject=f"{_subject(act)}:{leg.kind}", body=bodies.body(leg, act),
        unit_id=act.unit_id, dossier_code=act.dossier.reference if act.dossier else "", actor=actor, at=at,
    )
    _set(leg, LegState.SENT, message_id=message.pk, sent_at=at, times_sent=leg.times_sent + 1, reason="")
    audit.record(rules.Event.LEG_SENT, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind,
                 message=str(message.pk), time=leg.times_sent)


def _subject(act: Act) -> str:
    return f"{register.EVENT_NAMES[register.BookKind(act.kind)]}:{act.pk}"


def _tell_ministry(act: Act, *, actor: Actor, at: datetime) -> None:
    exchange.send(
        kind="ministry.push-act", subject=_subject(act), unit_id=act.unit_id, actor=actor, at=at,
        dossier_code=act.dossier.reference if act.dossier else "", body=bodies.act_pushed(act),
    )


# --- What comes back --------------------------------------------------------------------------------------------------


@operation
def hear_number(
    *, message: Outbound, answer: contracts.NumberAnswer, actor: Actor, at: datetime
) -> Leg | None:
    """The police have answered: the number is noted beside the act, or an officer is asked to look into the child.

    :raises rules.NumberDisagrees: the register has another number.
    :raises register.PersonalNumberTaken: another child has this one.
    """
    heard = _answered(message)
    if heard is None:
        return None
    leg, act = heard.leg, heard.act
    assert isinstance(act, BirthAct)  # nothing else is asked a number for
    if act.state != register.ActState.REGISTERED:
        return leg  # cancelled meanwhile: nothing is noted beside it, and the police are told
    if answer.outcome == "needs_verification":
        _unclear(leg, act, note=answer.note, template="civil_status.number_unclear", actor=actor, at=at)
        return leg
    if act.child.personal_number not in ("", answer.number):
        raise rules.NumberDisagrees()
    if not act.child.personal_number:
        act = acts.note_personal_number(
            act, number=answer.number, source=f"Trả lời của cơ quan công an, thông điệp {message.pk}", actor=actor,
            at=at,
        )
    odd = check_personal_number(answer.number, birth=PartialDate.parse(act.born_on), sex=act.sex)
    _finish(leg, act, actor=actor, at=at, note="; ".join(w.message for w in odd)[:500])
    _go_on(act, actor=actor, at=at)
    return leg


@operation
def hear_notice(*, message: Outbound, answer: contracts.DeathAnswer, actor: Actor, at: datetime) -> Leg | None:
    """The police have entered the death, or ask the office to look into who has died."""
    heard = _answered(message)
    if heard is None:
        return None
    leg, act = heard.leg, heard.act
    if answer.outcome == "needs_verification":
        _unclear(leg, act, note=answer.note, template="civil_status.death_unclear", actor=actor, at=at)
        return leg
    _finish(leg, act, actor=actor, at=at)
    _go_on(act, actor=actor, at=at)
    return leg


def _unclear(leg: Leg, act: Act, *, note: str, template: str, actor: Actor, at: datetime) -> None:
    """An officer is asked to look into somebody, unless the leg has come further since."""
    if leg.state not in (LegState.SENT, LegState.FAILED):
        return
    _set(leg, LegState.NEEDS_VERIFICATION, note=note[:500], reason="")
    audit.record(rules.Event.LEG_UNCLEAR, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind)
    _tell_officer(template, act, leg, actor=actor, at=at)


@operation
def hear_residence(
    *, message: Outbound, answer: contracts.ResidenceAnswer, actor: Actor, at: datetime
) -> Leg | None:
    """The residence system has registered the child, or refuses with a reason.

    :raises rules.NoReference: registered, and no number of it.
    """
    return _hear(message, done=answer.outcome == "registered", reference=answer.reference, reason=answer.reason,
                 in_force_on=answer.registered_on, actor=actor, at=at)


@operation
def hear_card(*, message: Outbound, answer: contracts.CardAnswer, actor: Actor, at: datetime) -> Leg | None:
    """Social insurance has issued the card, or refuses with a reason.

    :raises rules.NoReference: issued, and no number of it.
    """
    return _hear(message, done=answer.outcome == "issued", reference=answer.card_number, reason=answer.reason,
                 in_force_on=answer.valid_from, actor=actor, at=at)


@operation
def hear_removal(*, message: Outbound, answer: contracts.RemovalAnswer, actor: Actor, at: datetime) -> Leg | None:
    """The residence system has taken the dead out of their household, or refuses with a reason.

    :raises rules.NoReference: removed, and no number of it.
    """
    return _hear(message, done=answer.outcome == "removed", reference=answer.reference, reason=answer.reason,
                 in_force_on=answer.removed_on, actor=actor, at=at)


@operation
def hear_aid(*, message: Outbound, answer: contracts.AidAnswer, actor: Actor, at: datetime) -> Leg | None:
    """Money for the funeral is granted, or refused with a reason.

    :raises rules.NoReference: granted, and no number of the decision.
    """
    return _hear(message, done=answer.outcome == "granted", reference=answer.decision, reason=answer.reason,
                 in_force_on=answer.decided_on, amount=answer.amount or None, actor=actor, at=at)


@operation
def hear_stop(*, message: Outbound, answer: contracts.StopAnswer, actor: Actor, at: datetime) -> Leg | None:
    """What the dead were paid stops from a month on, or that is refused with a reason.

    :raises rules.NoReference: stopped, and no number of it.
    """
    month = date.fromisoformat(f"{answer.from_month}-01") if answer.from_month else None
    return _hear(message, done=answer.outcome == "stopped", reference=answer.reference, reason=answer.reason,
                 in_force_on=month, actor=actor, at=at)


def _hear(
    message: Outbound, *, done: bool, reference: str, reason: str, in_force_on: date | None, actor: Actor,
    at: datetime, amount: int | None = None,
) -> Leg | None:
    heard = _answered(message)
    if heard is None:
        return None
    leg, act = heard.leg, heard.act
    if not done:
        _fail(leg, act, reason=reason or "Cơ quan tiếp nhận từ chối, không nêu lý do.", actor=actor, at=at)
        return leg
    if not reference:
        raise rules.NoReference()
    _finish(leg, act, actor=actor, at=at, reference=reference[:100], in_force_on=in_force_on, amount=amount)
    _go_on(act, actor=actor, at=at)
    return leg


@operation
def hear_failure(*, message: Outbound, reason: str, final: bool, actor: Actor, at: datetime) -> Leg | None:
    """What was sent could not be delivered or its answer not be entered; nothing that was done before is undone."""
    heard = _answered(message)
    if heard is None:
        return None
    why = message.last_detail or f"Không gửi được ({reason})."
    if final:
        why = f"Đã dừng gửi: {message.closed_reason or why}"
    _fail(heard.leg, heard.act, reason=why, actor=actor, at=at)
    return heard.leg


@operation
def hear_news(*, body: contracts.NumberNews, message: Inbound, actor: Actor, at: datetime) -> dict[str, str]:
    """The police tell of a number of their own accord, after they have verified the child.

    :raises register.UnknownAct: we have no such act.
    :raises rules.NumberDisagrees: the register has another number; that is put right by an officer, never by itself.
    """
    known = BirthAct.objects.filter(pk=body.act).first() if is_key(body.act) else None
    if known is None:
        raise register.UnknownAct()
    act = acts.lock_birth(known.pk)
    if act.child.personal_number not in ("", body.number) or body.replaces:
        raise rules.NumberDisagrees()
    if not act.child.personal_number:
        act = acts.note_personal_number(
            act, number=body.number, source=f"Tin của cơ quan công an, thông điệp {message.message_id}", actor=actor,
            at=at,
        )
    leg = act.legs.select_for_update().filter(kind=LegKind.NUMBER).exclude(state=LegState.DONE).first()
    if leg is not None and leg.state != LegState.WAITING:
        _finish(leg, act, actor=actor, at=at)
    _go_on(act, actor=actor, at=at)
    return {"outcome": "recorded", "reference": str(act.pk)}


@dataclass(frozen=True, slots=True)
class _Heard:
    """The leg that a message was sent for, with its act; both locked."""

    leg: Leg
    act: Act


def is_key(text: str) -> bool:
    """Whether a reference that another side tells may be the key of an act of ours."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _answered(message: Outbound) -> _Heard | None:
    """None where the message is no leg's last one (another was sent since) or its leg is done."""
    leg = Leg.objects.filter(message_id=message.pk).first()
    if leg is None:
        return None
    act = acts.lock_act(leg.act_id)
    leg = Leg.objects.select_for_update().get(pk=leg.pk)
    if leg.message_id != message.pk or leg.state == LegState.DONE:
        return None
    return _Heard(leg, act)


def _fail(leg: Leg, act: Act, *, reason: str, actor: Actor, at: datetime) -> None:
    if leg.state != LegState.SENT:
        if leg.state == LegState.FAILED:
            _change(leg, reason=reason[:500])
        return
    _set(leg, LegState.FAILED, reason=reason[:500])
    audit.record(rules.Event.LEG_FAILED, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind)
    _tell_officer("civil_status.leg_failed", act, leg, actor=actor, at=at)


def _tell_officer(template: str, act: Act, leg: Leg, *, actor: Actor, at: datetime) -> None:
    """Who prepared the act is told; the list of legs tells everybody of the office."""
    if act.preparer_id is not None:
        notices.send(template=template, to_user_id=act.preparer_id, actor=actor, at=at, number=act.display_number,
                     leg=leg.title)


# --- What officers do -------------------------------------------------------------------------------------------------


@operation
def resend(*, leg_id: int, clinic_code: str = "", account: str = "", actor: Actor, at: datetime) -> Leg:
    """Send a leg again: to the police as looked into, for the card perhaps with another clinic, for the aid another
    account.

    :raises rules.UnknownLeg, access.Forbidden: there is none; the actor may not prepare in its office.
    :raises rules.WrongLegState: it neither failed nor needs verification.
    :raises rules.NotForAid: an account for a leg that pays nothing.
    :raises rules.NoAccount: the aid was asked for in cash.
    """
    leg, act, message = _take(leg_id, actor, at)
    if account and leg.kind != LegKind.AID:
        raise rules.NotForAid()
    if account and not bodies.is_paid_into_account(act):
        raise rules.NoAccount()
    if not leg.may_resend:
        raise rules.WrongLegState(state=leg.get_state_display())
    if leg.state == LegState.NEEDS_VERIFICATION:
        _change(leg, verified=True)
    if clinic_code and leg.kind == LegKind.INSURANCE:
        _change(leg, clinic_code=clinic_code)
    if account:
        _change(leg, account=account)
    if message is not None and message.state == exchange.Sent.DEAD:
        exchange.drop(message, reason="Gửi lại bằng thông điệp mới.", actor=actor, at=at)
        leg.refresh_from_db()
    _send(leg, act, actor=actor, at=at)
    return leg


@operation
def end(*, leg_id: int, reason: str, actor: Actor, at: datetime) -> Leg:
    """End a leg without its result; the next one goes if the agency can do without.

    :raises rules.UnknownLeg, access.Forbidden: as for :func:`resend`.
    :raises register.ReasonRequired: no reason.
    :raises rules.WrongLegState: it is over.
    """
    if not reason.strip():
        raise register.ReasonRequired()
    leg, act, message = _take(leg_id, actor, at)
    if not leg.may_end:
        raise rules.WrongLegState(state=leg.get_state_display())
    if message is not None and message.state == exchange.Sent.DEAD:
        exchange.drop(message, reason=reason.strip(), actor=actor, at=at)
        leg.refresh_from_db()
    _set(leg, LegState.ENDED, reason=reason.strip()[:500], finished_at=at, ended_by=actor.name[:100])
    audit.record(rules.Event.LEG_ENDED, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind,
                 reason=reason.strip()[:200])
    _go_on(act, actor=actor, at=at)
    return leg


@operation
def tell_number(*, leg_id: int, number: str, source: str, actor: Actor, at: datetime) -> Leg:
    """The child has a number already: note it, and let the next leg go. It is never made here.

    :raises rules.UnknownLeg, access.Forbidden: as for :func:`resend`.
    :raises rules.NotForNumber: another agency's leg.
    :raises rules.WrongLegState: it is done.
    :raises register.ReasonRequired: no source.
    :raises people.BadPersonalNumber, register.PersonalNumberTaken: as for ``set_personal_number``.
    """
    if not source.strip():
        raise register.ReasonRequired(field="source")
    leg, act, _ = _take(leg_id, actor, at)
    if leg.kind != LegKind.NUMBER:
        raise rules.NotForNumber()
    if leg.state == LegState.DONE:
        raise rules.WrongLegState(state=leg.get_state_display())
    assert isinstance(act, BirthAct)  # whose leg it is
    act = acts.note_personal_number(act, number=number, source=source.strip(), actor=actor, at=at)
    _finish(leg, act, actor=actor, at=at, source=source.strip()[:200])
    _go_on(act, actor=actor, at=at)
    return leg


def _take(leg_id: int, actor: Actor, at: datetime) -> tuple[Leg, Act, Outbound | None]:
    """A leg with its message and act, locked in the order of the house, for who prepares in its office."""
    found = Leg.objects.filter(pk=leg_id).first()
    if found is None:
        raise rules.UnknownLeg()
    access.require(actor, register.Permission.PREPARE, unit_id=found.unit_id, on=localdate(at))
    message = exchange.lock(found.message_id) if found.message_id else None
    act = acts.lock_act(found.act_id)
    leg = Leg.objects.select_for_update().get(pk=leg_id)
    if leg.message_id != found.message_id:  # somebody has sent it again meanwhile
        raise rules.WrongLegState(state=leg.get_state_display())
    return leg, act, message


# --- Rows -------------------------------------------------------------------------------------------------------------


def _finish(leg: Leg, act: Act, *, actor: Actor, at: datetime, source: str = "", **columns: Any) -> None:
    """What was to be done is done; ``source``: who says so, where it is not the agency itself."""
    verdict = calendar.verdict(at, leg.due_at) if leg.due_at else ""
    source = source or rules.SOURCES[Service(leg.service)]
    _set(leg, LegState.DONE, finished_at=at, verdict=verdict, source=source, reason="", **columns)
    audit.record(rules.Event.LEG_DONE, subject=act, actor=actor, at=at, unit_id=leg.unit_id, leg=leg.kind,
                 verdict=str(verdict), source=source[:200])


def _set(leg: Leg, state: LegState, **columns: Any) -> None:
    """Move a leg along an edge of the table."""
    rules.check_edge(LegState(leg.state), state)
    _change(leg, state=state.value, **columns)


def _change(leg: Leg, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(leg, name, value)
    leg.save(update_fields=list(columns))
