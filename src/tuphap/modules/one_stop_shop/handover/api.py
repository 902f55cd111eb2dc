"""Hand-overs over HTTP: the lists, what goes on them, the signature of who takes over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tuphap.kernel.clock import now
from tuphap.shared.operation.http import actor_of, once_of

from ..models import HandOver
from ..rules import MOST_HANDED_OVER
from . import operations, queries

router = Router(tags=["Một cửa"])
_MOST = 100


class HandOverLineOut(Schema):
    dossier: str
    due_at: datetime
    taken: str
    reason: str


class HandOverOut(Schema):
    """A list of dossiers whose papers go from one to another."""

    id: UUID
    number: str
    way: str
    from_unit: str
    to_unit: str
    to_person: str
    made_by: str
    made_at: datetime
    taken_by: str
    taken_at: datetime | None
    cancelled_at: datetime | None
    lines: list[HandOverLineOut]


class HandOverIn(Schema):
    dossier_ids: list[UUID] = Field(min_length=1, max_length=MOST_HANDED_OVER)


class LeftIn(Schema):
    dossier_id: UUID
    reason: str = Field(min_length=1, max_length=300)


class TakeOverIn(Schema):
    left: list[LeftIn] = Field(default_factory=list, max_length=MOST_HANDED_OVER)


class CancelIn(Schema):
    reason: Annotated[str, Field(min_length=1, max_length=300)]




def _told(request: HttpRequest, hand_over_id: UUID) -> dict[str, Any]:
    """The list as it stands now."""
    return _out(queries.get_visible(hand_over_id, actor_of(request), now()))


def _out(found: HandOver) -> dict[str, Any]:
    return {
        "id": found.pk, "number": found.number, "way": found.way, "from_unit": found.from_unit.code,
        "to_unit": found.to_unit.code, "to_person": found.to_person.full_name if found.to_person else "",
        "made_by": found.made_by.full_name, "made_at": found.made_at,
        "taken_by": found.taken_by.full_name if found.taken_by else "", "taken_at": found.taken_at,
        "cancelled_at": found.cancelled_at,
        "lines": [
            {"dossier": line.dossier.reference, "due_at": line.due_at, "taken": line.taken, "reason": line.reason}
            for line in found.lines.all()
        ],
    }


@router.get("/hand-overs", response=list[HandOverOut], summary="Các phiếu bàn giao")
def hand_overs(request: HttpRequest) -> list[dict[str, Any]]:
    return [_out(one) for one in queries.visible(actor_of(request), now()).prefetch_related("lines__dossier")[:_MOST]]


@router.post("/hand-overs", response={201: list[HandOverOut]}, summary="Lập phiếu bàn giao")
def make_hand_over(request: HttpRequest, body: HandOverIn) -> Status[list[dict[str, Any]]]:
    """One list for each way and receiver."""
    made = operations.hand_over(dossier_ids=body.dossier_ids, actor=actor_of(request), at=now(), once=once_of(request))
    return Status(201, [_told(request, one.pk) for one in made])


@router.get("/hand-overs/{uuid:hand_over_id}", response=HandOverOut, summary="Một phiếu bàn giao")
def hand_over(request: HttpRequest, hand_over_id: UUID) -> dict[str, Any]:
    return _told(request, hand_over_id)


@router.post("/hand-overs/{uuid:hand_over_id}/take-over", response=HandOverOut, summary="Ký nhận phiếu bàn giao")
def take_over(request: HttpRequest, hand_over_id: UUID, body: TakeOverIn) -> dict[str, Any]:
    left = {one.dossier_id: one.reason for one in body.left}
    operations.take_over(hand_over_id=hand_over_id, left=left, actor=actor_of(request), at=now(), once=once_of(request))
    return _told(request, hand_over_id)


@router.post("/hand-overs/{uuid:hand_over_id}/cancel", response=HandOverOut, summary="Hủy phiếu bàn giao")
def cancel_hand_over(request: HttpRequest, hand_over_id: UUID, body: CancelIn) -> dict[str, Any]:
    operations.cancel(
        hand_over_id=hand_over_id, reason=body.reason, actor=actor_of(request), at=now(), once=once_of(request)
    )
    return _told(request, hand_over_id)
