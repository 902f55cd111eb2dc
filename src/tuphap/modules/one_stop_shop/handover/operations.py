"""The writes of hand-overs: make lists of what waits, sign for them, cancel one that was made by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, localtime
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.notices import api as notices
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.api import operation

from .. import rules
from ..models import HandOver, HandOverLine
from ..rules import Taken
from . import queries
from .queries import Bundle


@operation
def hand_over(*, dossier_ids: Iterable[UUID], actor: Actor, at: datetime) -> list[HandOver]:
    """Put these dossiers on lists, one for each way and receiver.

    :raises rules.NothingToHandOver: none is given.
    :raises rules.HandedOverAlready: some are not the actor's to hand over, or on a list already.
    """
    wanted = list(dict.fromkeys(dossier_ids))[:rules.MOST_HANDED_OVER]
    if not wanted:
        raise rules.NothingToHandOver()
    # Whoever makes a list of the same dossiers at the same time waits here, and finds them on ours.
    list(Dossier.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").values_list("pk"))
    found = queries.waiting(actor, at, only=wanted)
    missing = set(wanted) - {item.dossier.pk for item in found}
    if missing:
        raise rules.HandedOverAlready(codes=_codes_of(missing, actor, at))
    return [_made(bundle, actor, at) for bundle in queries.bundles(found)]


@operation
def take_over(
    *, hand_over_id: UUID, left: Mapping[UUID, str], actor: Actor, at: datetime
) -> HandOver:
    """Sign for a list; ``left``: the dossiers that are not taken, each with its reason.

    :raises rules.UnknownHandOver: the actor may not know of it.
    :raises rules.OwnHandOver, rules.NotTheReceiver: it wants another's signature.
    :raises rules.HandOverSettled: it was signed for or cancelled before.
    :raises rules.ReasonForEach: a dossier is left without a word.
    """
    held = _held(hand_over_id, actor, at)
    if held.made_by_id == actor.user_id:
        raise rules.OwnHandOver()
    if not queries.may_take(held, actor, at):
        raise rules.NotTheReceiver(name=held.to_name)
    lines = list(held.lines.select_related("dossier").order_by("place"))
    silent = [line.dossier.reference for line in lines if line.dossier_id in left and not left[line.dossier_id].strip()]
    if silent:
        raise rules.ReasonForEach(codes=", ".join(silent))
    for line in lines:
        reason = left.get(line.dossier_id, "").strip()[:300]
        line.taken, line.reason = (Taken.LEFT, reason) if reason else (Taken.TAKEN, "")
        line.save(update_fields=["taken", "reason"])
    held.taken_by_id, held.taken_at = actor.user_id, at
    held.save(update_fields=["taken_by", "taken_at"])
    refused = [line.dossier.reference for line in lines if line.is_left]
    audit.record(
        "one_stop.taken_over", subject=held, actor=actor, at=at, unit_id=held.to_unit_id, number=held.number,
        taken=[line.dossier.reference for line in lines if not line.is_left], left=refused,
    )
    if refused:
        notices.send(template="one_stop.hand_over_left", to_user_id=held.made_by_id, actor=actor, at=at,
                     number=held.number, count=len(refused))
    return held


@operation
def cancel(*, hand_over_id: UUID, reason: str, actor: Actor, at: datetime) -> HandOver:
    """Take back a list that nobody has signed for; its dossiers wait again.

    :raises rules.UnknownHandOver: the actor may not know of it.
    :raises rules.NotTheMaker: somebody else made it.
    :raises rules.HandOverSettled: it was signed for or cancelled before.
    :raises rules.VoidReasonRequired: nothing was said.
    """
    held = _held(hand_over_id, actor, at)
    if held.made_by_id != actor.user_id:
        raise rules.NotTheMaker()
    if not reason.strip():
        raise rules.VoidReasonRequired()
    held.cancelled_at, held.cancel_reason = at, reason.strip()[:300]
    held.save(update_fields=["cancelled_at", "cancel_reason"])
    for line in held.lines.order_by("place"):
        line.taken, line.reason = Taken.LEFT, "Phiếu bàn giao đã hủy."
        line.save(update_fields=["taken", "reason"])
    audit.record("one_stop.hand_over_cancelled", subject=held, actor=actor, at=at, unit_id=held.from_unit_id,
                 number=held.number, why=held.cancel_reason)
    return held


def _made(bundle: Bundle, actor: Actor, at: datetime) -> HandOver:
    number = numbering.reserve(
        rules.HAND_OVER_SERIES, unit_id=bundle.from_unit.pk, year=localdate(at).year, actor=actor, at=at
    )
    made = HandOver.objects.create(
        way=bundle.way, from_unit=bundle.from_unit, to_unit=bundle.to_unit, to_person=bundle.to_person,
        reserved=number, made_by_id=actor.user_id or "", made_at=at,
    )
    numbering.bind(number, subject=made)
    numbering.confirm(number, actor=actor, at=at)
    for place, item in enumerate(bundle.items, start=1):
        HandOverLine.objects.create(
            hand_over=made, place=place, dossier=item.dossier, way=bundle.way, step_id=item.step_id, due_at=item.due_at
        )
    audit.record(
        "one_stop.handed_over", subject=made, actor=actor, at=at, unit_id=made.from_unit_id, number=made.number,
        dossiers=[item.dossier.reference for item in bundle.items], late=bundle.late,
    )
    if bundle.to_person is not None and bundle.to_person.pk != actor.user_id:
        notices.send(template="one_stop.hand_over_made", to_user_id=bundle.to_person.pk, actor=actor, at=at,
                     number=made.number, count=len(bundle.items))
    return made


def _held(hand_over_id: UUID, actor: Actor, at: datetime) -> HandOver:
    """The list, locked, while nobody has signed for it."""
    queries.get_visible(hand_over_id, actor, at)
    held = HandOver.objects.select_for_update(of=("self",)).select_related(
        "to_person", "to_unit", "reserved__series", "taken_by"
    ).get(pk=hand_over_id)
    if held.cancelled_at is not None:
        raise rules.HandOverSettled(number=held.number, what="đã bị hủy")
    if held.taken_at is not None and held.taken_by is not None:
        moment = f"{localtime(held.taken_at):%H:%M %d/%m/%Y}"
        raise rules.HandOverSettled(number=held.number, what=f"đã được {held.taken_by.full_name} ký nhận lúc {moment}")
    return held


def _codes_of(dossier_ids: Iterable[UUID], actor: Actor, at: datetime) -> str:
    """What one may know of these dossiers: their codes, of those that one may see."""
    from tuphap.shared.dossiers import api as dossiers

    seen = dossiers.visible(actor, at=at).filter(pk__in=list(dossier_ids)).order_by("code")
    return ", ".join(dossier.reference for dossier in seen) or "đã chọn"
