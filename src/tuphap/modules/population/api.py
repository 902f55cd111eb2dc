"""Matching with the population database over HTTP: tickets, what is decided about them, batches, figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema
from ninja.responses import Status

from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit

from . import operations, queries, rules
from .comparison import Level
from .models import Batch, Ticket
from .queries import Filter
from .rules import BatchState, Choice, Klass, Permission, State

router = Router(tags=["Đối chiếu dân cư"])
_MOST = 500
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]


class FieldOut(Schema):
    """Both values of a field, and how they agree."""

    field: str
    civil: str
    population: str
    level: Level


class TicketOut(Schema):
    """One discrepancy as it stands."""

    id: int
    klass: Klass
    state: State
    unit_code: str
    act_id: UUID | None
    record_key: str | None
    name: str
    conflict: str
    due: date
    opened_at: datetime
    closed_at: datetime | None
    compared: list[FieldOut]
    choice: str
    reason: str
    minutes: str
    is_proposed: bool
    verdict: str
    verdict_note: str


class TicketStepOut(Schema):
    state: State
    title: str
    at: datetime
    by: str
    note: str


class WholeTicketOut(TicketOut):
    steps: list[TicketStepOut]


class TicketsAsked(Schema):
    klass: Klass | None = None
    state: State | None = None
    waiting: bool = Field(False, description="Chỉ phiếu chưa xong")
    late: bool = Field(False, description="Chỉ phiếu quá hạn")
    year: int | None = Field(None, ge=1900, le=2200)


class DecisionIn(Schema):
    """How a ticket is to end; ``right``: what the book says, field by field, with the choice ``book``."""

    choice: Choice
    right: dict[str, Annotated[str, Field(max_length=100)]] = Field({}, max_length=10)
    reason: str = Field("", max_length=500)
    minutes: str = Field("", max_length=200)


class TicketReasonIn(Schema):
    reason: str = Field(max_length=500)


class ManyIn(Schema):
    tickets: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(max_length=rules.MOST_IN_BULK)


class ManyOut(Schema):
    confirmed: int


class BatchIn(Schema):
    unit_code: str = Field(max_length=30, description="Mã định danh đơn vị")
    kinds: list[str] = Field(["KS", "KH", "KT"], max_length=10)
    year_from: int = Field(ge=1900, le=2200)
    year_to: int = Field(ge=1900, le=2200)


class BatchOut(Schema):
    """A matching run, and how far it is."""

    id: UUID
    unit_code: str
    kinds: list[str]
    year_from: int
    year_to: int
    state: BatchState
    percent: int
    counts: dict[str, int]
    begun_at: datetime
    ended_at: datetime | None
    failure: str


class FiguresOut(Schema):
    """How far matching is in the offices that the caller may see."""

    people: int
    confirmed: int
    proposed: int
    unfound: int
    by_klass: dict[str, int]
    by_field: dict[str, int]
    by_state: dict[str, int]
    corrected: int
    sent_back: int
    pulled_at: datetime | None


@router.get("/population/figures", response=FiguresOut, summary="Tình hình đối chiếu")
def figures(request: HttpRequest) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = queries.board(actor, at)
    return {name: getattr(found, name) for name in FiguresOut.model_fields if name != "pulled_at"} | {
        "pulled_at": queries.pulled_at()}


@router.get("/population/tickets", response=list[TicketOut], summary="Phiếu đối chiếu")
def tickets(request: HttpRequest, asked: Query[TicketsAsked]) -> list[dict[str, Any]]:
    """The most pressing five hundred of them."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    wanted = Filter(klass=str(asked.klass or ""), state=str(asked.state or ("waiting" if asked.waiting else "")),
                    year=asked.year, late=asked.late)
    return [_out(one) for one in queries.listed(actor, at, wanted)[:_MOST]]


@router.get("/population/tickets/{ticket_id}", response=WholeTicketOut, summary="Một phiếu đối chiếu")
def ticket(request: HttpRequest, ticket_id: Key) -> dict[str, Any]:
    found = queries.get(ticket_id, actor_of(request), now())
    return {**_out(found), "steps": list(found.steps.all())}


@router.post("/population/tickets/{ticket_id}/decide", response=TicketOut, summary="Quyết định, đề xuất xử lý")
def decide(request: HttpRequest, ticket_id: Key, told: DecisionIn) -> dict[str, Any]:
    """Of class D and H, and where an act is to be noted, it is proposed; another confirms."""
    return _after(request, ticket_id, operations.decide, told, choice=str(told.choice), right=told.right,
                  reason=told.reason, minutes=told.minutes)


@router.post("/population/tickets/{ticket_id}/confirm", response=TicketOut, summary="Xác nhận đề xuất")
def confirm(request: HttpRequest, ticket_id: Key) -> dict[str, Any]:
    return _after(request, ticket_id, operations.confirm, None)


@router.post("/population/tickets/{ticket_id}/send-back", response=TicketOut, summary="Không đồng ý với đề xuất")
def send_back(request: HttpRequest, ticket_id: Key, told: TicketReasonIn) -> dict[str, Any]:
    return _after(request, ticket_id, operations.send_back, told, reason=told.reason)


@router.post("/population/tickets/{ticket_id}/reopen", response=TicketOut, summary="Mở lại phiếu chờ công dân")
def reopen(request: HttpRequest, ticket_id: Key, told: TicketReasonIn) -> dict[str, Any]:
    return _after(request, ticket_id, operations.reopen, told, reason=told.reason)


@router.post("/population/confirm-many", response=ManyOut, summary="Xác nhận hàng loạt phiếu nhóm B")
def confirm_many(request: HttpRequest, told: ManyIn) -> dict[str, int]:
    """All of them, or none."""
    count = operations.confirm_many(
        ticket_ids=told.tickets, actor=actor_of(request), at=now(), once=once_of(request, told))
    return {"confirmed": count}


@router.get("/population/batches", response=list[BatchOut], summary="Đợt đối chiếu")
def batches(request: HttpRequest) -> list[dict[str, Any]]:
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    return [_batch(one) for one in queries.batches(actor, at)[:_MOST]]


@router.post("/population/batches", response={201: BatchOut}, summary="Lập đợt đối chiếu")
def begin_batch(request: HttpRequest, told: BatchIn) -> Status[dict[str, Any]]:
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.MATCH, on=localdate(at))
    unit = OrgUnit.objects.filter(code=told.unit_code).order_by("-valid_from").first()
    if unit is None:
        raise rules.UnknownUnit()
    made = operations.begin_batch(
        unit_id=unit.pk, kinds=told.kinds, year_from=told.year_from, year_to=told.year_to, actor=actor, at=at,
        once=once_of(request, told))
    return Status(201, _batch(made))


@router.get("/population/batches/{uuid:batch_id}", response=BatchOut, summary="Một đợt đối chiếu")
def batch(request: HttpRequest, batch_id: UUID) -> dict[str, Any]:
    return _batch(queries.get_batch(batch_id, actor_of(request), now()))


def _after(request: HttpRequest, ticket_id: int, verb: Any, told: Schema | None, **more: Any) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    queries.get(ticket_id, actor, at)
    return _out(verb(ticket_id=ticket_id, actor=actor, at=at, once=once_of(request, told), **more))


def _out(ticket: Ticket) -> dict[str, Any]:
    return {
        **{name: getattr(ticket, name) for name in (
            "id", "klass", "state", "act_id", "name", "conflict", "due", "opened_at", "closed_at", "compared", "choice",
            "reason", "minutes", "is_proposed", "verdict", "verdict_note")},
        "unit_code": ticket.unit.code, "record_key": ticket.record.key if ticket.record is not None else None,
    }


def _batch(batch: Batch) -> dict[str, Any]:
    return {**{name: getattr(batch, name) for name in (
        "id", "kinds", "year_from", "year_to", "state", "percent", "counts", "begun_at", "ended_at", "failure")},
        "unit_code": batch.unit.code}
