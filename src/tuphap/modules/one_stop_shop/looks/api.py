"""Who has looked at my data, over HTTP."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now

from . import queries

router = Router(tags=["Dữ liệu của tôi"])


class LookOut(Schema):
    """One look: the office and post of who looked, what at, why, and in which dossier."""

    at: datetime
    office: str
    post: str
    what: str
    purpose: str
    dossier: str


class LooksIn(Schema):
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=200)


@router.get("/looks", response=list[LookOut], summary="Ai đã xem dữ liệu của tôi")
def looks(request: HttpRequest, wanted: Query[LooksIn]) -> list[queries.Seen]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.own_looks(actor)
    return queries.told(found.entries[wanted.offset : wanted.offset + wanted.limit], found.codes,
                        on=localdate(now()))
