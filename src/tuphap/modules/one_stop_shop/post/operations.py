"""What the desk does with results that go by post; the step of the dossier and the parcel change together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier, Overlay
from tuphap.shared.operation.api import Once, constraint_means, operation

from ..models import Parcel
from . import rules
from .rules import ParcelState

constraint_means("one_stop_parcel_tracking", rules.TrackingUsed)


@operation
def hand_to_post(
    *, dossier_id: UUID, tracking_no: str, actor: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """The post has taken the result, under this number.

    :raises rules.BadTracking, rules.TrackingUsed: not such a number, or another dossier's.
    :raises dossiers.NotByPost, dossiers.NoPostalAddress: nobody asked for it by post, or said where to.
    """
    number = rules.tracking(tracking_no)
    dossier = dossiers.take(dossier_id, version=version)
    dossiers.advance(dossier, Action.HAND_TO_POST, actor=actor, at=at, note=f"Số vận đơn {number}.",
                     tracking_no=number)
    Parcel.objects.create(
        dossier=dossier, tracking_no=number, to=dossier.post_to, state=ParcelState.HANDED, handed_at=at,
        handed_by_id=actor.user_id,
    )
    return dossier


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one dossier among several."""

    dossier_id: UUID
    refusal: Refusal | None = None


def hand_each(
    *, tracking_nos: Mapping[UUID, str], actor: Actor, at: datetime, once: Once | None = None
) -> list[Handed]:
    """Hand several over, each in a transaction of its own: one that is refused does not hold up the others."""
    outcomes = []
    for dossier_id, number in tracking_nos.items():
        key = {"once": Once(f"{once.key}.{dossier_id}"[:120], once.body)} if once else {}
        try:
            hand_to_post(dossier_id=dossier_id, tracking_no=number, actor=actor, at=at, **key)
        except Refusal as refusal:
            outcomes.append(Handed(dossier_id, refusal))
        else:
            outcomes.append(Handed(dossier_id))
    return outcomes


@operation
def mark_delivered(
    *, dossier_id: UUID, actor: Actor, at: datetime, received_by: str = "", version: int | None = None
) -> Dossier:
    """The addressee has the result: it counts as handed out.

    :raises rules.UnknownParcel: nothing of this dossier is with the post.
    """
    dossier = dossiers.take(dossier_id, version=version)
    if dossier.overlay != Overlay.AT_POST:
        raise rules.UnknownParcel()
    dossiers.advance(dossier, Action.RETURN, actor=actor, at=at, way=Dossier.ResultWay.POST, received_by=received_by)
    _end(dossier, ParcelState.DELIVERED, at=at, note=received_by)
    return dossier


@operation
def mark_returned(
    *, dossier_id: UUID, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """The post has brought it back: it lies at the desk again, and the applicant is told.

    :raises rules.UnknownParcel: nothing of this dossier is with the post.
    :raises dossiers.ReasonRequired: no reason.
    """
    dossier = dossiers.take(dossier_id, version=version)
    dossiers.advance(dossier, Action.POST_RETURNED, actor=actor, at=at, note=reason)
    _end(dossier, ParcelState.RETURNED, at=at, note=reason)
    return dossier


def _end(dossier: Dossier, state: ParcelState, *, at: datetime, note: str) -> None:
    parcel = Parcel.objects.select_for_update().filter(dossier=dossier, state=ParcelState.HANDED).first()
    if parcel is None:
        raise rules.UnknownParcel()
    parcel.state, parcel.ended_at, parcel.note = state, at, note.strip()[:300]
    parcel.save(update_fields=["state", "ended_at", "note"])
