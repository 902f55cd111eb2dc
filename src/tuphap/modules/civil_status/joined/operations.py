"""The writes of the joined procedure: legs are opened, sent, answered, fail, are sent again or ended.

Locks, in one order: the message, the act's documents, dossier and act, the leg, the next message's lane.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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

from .. import operations as births
from .. import rules as register
from ..models import BirthAct
from . import rules
from .answers import JoinedDeclaration
from .models import Leg
from .rules import LegKind, LegState

LEGS = system_actor("civil_status.legs")
KINDS = {
    LegKind.NUMBER: "police.issue-number", LegKind.RESIDENCE: "residence.register",
    LegKind.INSURANCE: "insurance.issue-card",
}


# --- Opening and going on ---------------------------------------------------------------------------------------------


@operation
def open_legs(*, act_id: UUID, actor: Actor, at: datetime) -> list[Leg]:
    """Open what a registered birth sets going at other agencies; a second time does nothing.

    A joined birth has every leg. Any other birth asks the police for the child's number alone, where it has none and
    its whole birthday is known. The Ministry's own system is told of the act in either case.
    """
    act = births.lock_birth(act_id)
    if act.state != register.ActState.REGISTERED or act.legs.exists():
        return []
    _tell_ministry(act, actor=actor, at=at)
    joined = act.dossier is not None and act.dossier.procedure.handler == register.JOINED_HANDLER
    has_number = bool(act.child.personal_number)
    whole_day = act.born_earliest == act.born_latest
    kinds = rules.ORDER if joined else (() if has_number or not whole_day else (LegKind.NUMBER,))
    opened_at = act.signed_at or at
    made = [
        Leg.objects.create(
            act=act, unit_id=act.unit_id, kind=kind, place=rules.ORDER.index(kind) + 1, joined=joined,
            opened_at=opened_at, due_at=_due(act.dossier, kind) if joined and act.dossier else None,
        )
        for kind in kinds
    ]
    if made:
        audit.record(rules.Event.LEGS_OPENED, subject=act, actor=actor, at=at, unit_id=act.unit_id,
                     number=act.display_number, legs=[leg.kind for leg in made])
    if has_number and made:
        _finish(made[0], actor=actor, at=at, source="Tờ khai")
    _go_on(act, actor=actor, at=at)
    return made


@operation
def go_on_with_number(*, act_id: UUID, actor: Actor, at: datetime) -> None:
    """The child's number is known, whoever told it: the police's leg is done, and the next one goes."""
    act = births.lock_birth(act_id)
    leg = act.legs.select_for_update().filter(kind=LegKind.NUMBER).first()
    if leg is not None and act.child.personal_number and leg.state != LegState.DONE:
        _finish(leg, actor=actor, at=at, source="Sổ hộ tịch")
    _go_on(act, actor=actor, at=at)


def _due(dossier: Dossier, kind: LegKind) -> datetime:
    """When a leg of a joined birth is due: its share of the limit, from receipt or from the end of the last pause."""
    assert dossier.received_at is not None  # what was decided was received
    ends = [p.ended_at for p in dossier.pauses.all() if p.ended_at is not None]
    since = max([dossier.received_at, *ends])
    days = dossiers.parameter(rules.DAYS_PARAMETER[kind], on=localdate(since))
    working = calendar.working_calendar(office_id=dossier.resolving_unit_id)
    return working.due(since, Limit(days, LimitUnit.WORKING_DAY))


def _go_on(act: BirthAct, *, actor: Actor, at: datetime) -> None:
    """Send the leg whose turn it is."""
    if act.state != register.ActState.REGISTERED:
        return
    legs = {LegKind(leg.kind): leg for leg in act.legs.select_for_update().order_by("place")}
    states = {kind: LegState(leg.state) for kind, leg in legs.items()}
    kind = rules.next_to_go(states, has_number=bool(act.child.personal_number))
    if kind is not None:
        _send(legs[kind], act, actor=actor, at=at)


def _send(leg: Leg, act: BirthAct, *, actor: Actor, at: datetime) -> None:
    message = exchange.send(
        kind=KINDS[LegKind(leg.kind)], subject=f"birth:{act.pk}", body=_body(leg, act), unit_id=act.unit_id,
        dossier_code=act.dossier.reference if act.dossier else "", actor=actor, at=at,
    )
    _set(leg, LegState.SENT, message_id=message.pk, sent_at=at, times_sent=leg.times_sent + 1, reason="")
    audit.record(rules.Event.LEG_SENT, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind,
                 message=str(message.pk), time=leg.times_sent)


def _body(leg: Leg, act: BirthAct) -> Any:
    """What the agency is told: what it needs for its part, and no more."""
    child = contracts.Child(
        name=act.child.name, sex="male" if act.sex == "male" else "female", born_on=act.born_earliest,
        ethnicity=act.child.ethnicity,
    )
    if leg.kind == LegKind.NUMBER:
        return contracts.NumberWanted(
            act=str(act.pk), child=child, province=act.unit.admin_unit.province.code,
            registered_on=act.registered_on, office_code=act.unit.code,
            mother_number=act.mother.personal_number if act.mother else "",
            father_number=act.father.personal_number if act.father else "", verified=leg.verified,
        )
    declared = JoinedDeclaration.model_validate(act.declared)
    home = declared.host_address
    assert home is not None  # the declaration is refused without it
    if leg.kind == LegKind.RESIDENCE:
        return contracts.ResidenceWanted(
            act=str(act.pk), number=act.child.personal_number, child=child, host_number=declared.host_number,
            commune_code=home.unit_code, address=home.text,
        )
    return contracts.CardWanted(
        act=str(act.pk), number=act.child.personal_number, child=child, commune_code=home.unit_code,
        address=home.text, clinic_code=leg.clinic_code or declared.card.clinic_code,
    )


def _tell_ministry(act: BirthAct, *, actor: Actor, at: datetime) -> None:
    exchange.send(
        kind="ministry.push-act", subject=f"birth:{act.pk}", unit_id=act.unit_id, actor=actor, at=at,
        dossier_code=act.dossier.reference if act.dossier else "",
        body=contracts.ActPushed(
            act=str(act.pk), kind=act.kind, state=act.state, number=act.display_number, book=str(act.book),
            registered_on=act.registered_on, office_code=act.unit.code, person_name=act.child.name,
            person_number=act.child.personal_number,
            born_on=act.born_earliest if act.born_earliest == act.born_latest else None,
        ),
    )


# --- What comes back --------------------------------------------------------------------------------------------------


@operation
def hear_number(
    *, message: Outbound, answer: contracts.NumberAnswer, actor: Actor, at: datetime
) -> Leg | None:
    """The police have answered: the number is noted beside the act, or an officer is asked to look into the child.

    :raises rules.NumberDisagrees: the register has another number.
    :raises register.PersonalNumberTaken: another child has this one.
    :raises register.WrongActState: the act was cancelled meanwhile.
    """
    heard = _answered(message)
    if heard is None:
        return None
    leg, act = heard.leg, heard.act
    if answer.outcome == "needs_verification":
        if leg.state not in (LegState.SENT, LegState.FAILED):
            return leg
        _set(leg, LegState.NEEDS_VERIFICATION, note=answer.note[:500], reason="")
        audit.record(rules.Event.LEG_UNCLEAR, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind)
        _tell_officer("civil_status.number_unclear", act, leg, actor=actor, at=at)
        return leg
    if act.child.personal_number not in ("", answer.number):
        raise rules.NumberDisagrees()
    if not act.child.personal_number:
        act = births.note_personal_number(
            act, number=answer.number, source=f"Trả lời của cơ quan công an, thông điệp {message.pk}", actor=actor,
            at=at,
        )
    odd = check_personal_number(answer.number, birth=PartialDate.parse(act.born_on), sex=act.sex)
    _finish(leg, actor=actor, at=at, source="CSDL quốc gia về dân cư", note="; ".join(w.message for w in odd)[:500])
    _go_on(act, actor=actor, at=at)
    return leg


@operation
def hear_residence(
    *, message: Outbound, answer: contracts.ResidenceAnswer, actor: Actor, at: datetime
) -> Leg | None:
    """The residence system has registered the child, or refuses with a reason.

    :raises rules.NoReference: registered, and no number of it.
    """
    return _hear(message, done=answer.outcome == "registered", reference=answer.reference, reason=answer.reason,
                 in_force_on=answer.registered_on, source="CSDL về cư trú", actor=actor, at=at)


@operation
def hear_card(*, message: Outbound, answer: contracts.CardAnswer, actor: Actor, at: datetime) -> Leg | None:
    """Social insurance has issued the card, or refuses with a reason.

    :raises rules.NoReference: issued, and no number of it.
    """
    return _hear(message, done=answer.outcome == "issued", reference=answer.card_number, reason=answer.reason,
                 in_force_on=answer.valid_from, source="Bảo hiểm xã hội Việt Nam", actor=actor, at=at)


def _hear(
    message: Outbound, *, done: bool, reference: str, reason: str, in_force_on: Any, source: str, actor: Actor,
    at: datetime,
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
    _finish(leg, actor=actor, at=at, source=source, reference=reference[:100], in_force_on=in_force_on)
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
    act = births.lock_birth(known.pk)
    if act.child.personal_number not in ("", body.number) or body.replaces:
        raise rules.NumberDisagrees()
    if not act.child.personal_number:
        act = births.note_personal_number(
            act, number=body.number, source=f"Tin của cơ quan công an, thông điệp {message.message_id}", actor=actor,
            at=at,
        )
    leg = act.legs.select_for_update().filter(kind=LegKind.NUMBER).exclude(state=LegState.DONE).first()
    if leg is not None and leg.state != LegState.WAITING:
        _finish(leg, actor=actor, at=at, source="CSDL quốc gia về dân cư")
    _go_on(act, actor=actor, at=at)
    return {"outcome": "recorded", "reference": str(act.pk)}


@dataclass(frozen=True, slots=True)
class _Heard:
    """The leg that a message was sent for, with its act; both locked."""

    leg: Leg
    act: BirthAct


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
    act = births.lock_birth(leg.act_id)
    leg = Leg.objects.select_for_update().get(pk=leg.pk)
    if leg.message_id != message.pk or leg.state == LegState.DONE:
        return None
    return _Heard(leg, act)


def _fail(leg: Leg, act: BirthAct, *, reason: str, actor: Actor, at: datetime) -> None:
    if leg.state != LegState.SENT:
        if leg.state == LegState.FAILED:
            _change(leg, reason=reason[:500])
        return
    _set(leg, LegState.FAILED, reason=reason[:500])
    audit.record(rules.Event.LEG_FAILED, subject=act, actor=actor, at=at, unit_id=act.unit_id, leg=leg.kind)
    _tell_officer("civil_status.leg_failed", act, leg, actor=actor, at=at)


def _tell_officer(template: str, act: BirthAct, leg: Leg, *, actor: Actor, at: datetime) -> None:
    """Who prepared the act is told; the list of legs tells everybody of the office."""
    if act.preparer_id is not None:
        notices.send(template=template, to_user_id=act.preparer_id, actor=actor, at=at, number=act.display_number,
                     leg=leg.title)


# --- What officers do -------------------------------------------------------------------------------------------------


@operation
def resend(*, leg_id: int, clinic_code: str = "", actor: Actor, at: datetime) -> Leg:
    """Send a leg again: to the police as looked into, to the insurance perhaps with another clinic.

    :raises rules.UnknownLeg, access.Forbidden: there is none; the actor may not prepare in its office.
    :raises rules.WrongLegState: it neither failed nor needs verification.
    """
    leg, act, message = _take(leg_id, actor, at)
    if not leg.may_resend:
        raise rules.WrongLegState(state=leg.get_state_display())
    if leg.state == LegState.NEEDS_VERIFICATION:
        _change(leg, verified=True)
    if clinic_code and leg.kind == LegKind.INSURANCE:
        _change(leg, clinic_code=clinic_code)
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
    act = births.note_personal_number(act, number=number, source=source.strip(), actor=actor, at=at)
    _finish(leg, actor=actor, at=at, source=source.strip()[:200])
    _go_on(act, actor=actor, at=at)
    return leg


def _take(leg_id: int, actor: Actor, at: datetime) -> tuple[Leg, BirthAct, Outbound | None]:
    """A leg with its message and act, locked in the order of the house, for who prepares in its office."""
    found = Leg.objects.filter(pk=leg_id).first()
    if found is None:
        raise rules.UnknownLeg()
    access.require(actor, register.Permission.PREPARE, unit_id=found.unit_id, on=localdate(at))
    message = exchange.lock(found.message_id) if found.message_id else None
    act = births.lock_birth(found.act_id)
    leg = Leg.objects.select_for_update().get(pk=leg_id)
    if leg.message_id != found.message_id:  # somebody has sent it again meanwhile
        raise rules.WrongLegState(state=leg.get_state_display())
    return leg, act, message


# --- Rows -------------------------------------------------------------------------------------------------------------


def _finish(leg: Leg, *, actor: Actor, at: datetime, source: str, **columns: Any) -> None:
    verdict = calendar.verdict(at, leg.due_at) if leg.due_at else ""
    _set(leg, LegState.DONE, finished_at=at, verdict=verdict, source=source, reason="", **columns)
    audit.record(rules.Event.LEG_DONE, subject=leg.act, actor=actor, at=at, unit_id=leg.unit_id, leg=leg.kind,
                 verdict=str(verdict), source=source[:200])


def _set(leg: Leg, state: LegState, **columns: Any) -> None:
    """Move a leg along an edge of the table."""
    rules.check_edge(LegState(leg.state), state)
    _change(leg, state=state.value, **columns)


def _change(leg: Leg, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(leg, name, value)
    leg.save(update_fields=list(columns))
