"""The exchange over HTTP, for programs of those who look after it: the same rights and operations as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tuphap.kernel.clock import now
from tuphap.shared.operation.http import actor_of, once_of

from . import operations, queries
from .models import Inbound, Outbound, ServiceState
from .rules import BreakerState, Received, Sent

router = Router(tags=["Liên thông"])


class ServiceOut(Schema):
    """One system: its breaker, what waits for it, its last day."""

    code: str
    title: str
    client: str
    breaker: BreakerState
    again_at: datetime | None
    last_success_at: datetime | None
    queued: int
    waiting: int
    dead: int
    calls: int
    failed: int
    half_ms: int | None
    most_ms: int | None


class BreakerOut(Schema):
    """A circuit breaker."""

    service: str
    state: BreakerState


class SentOut(Schema):
    """A message of ours, without its content."""

    id: UUID
    kind: str
    service: str
    subject: str
    sequence: int
    dossier_code: str
    purpose: str
    unit_code: str = Field(alias="unit.code")
    state: Sent
    tries: int
    last_error: str
    created_at: datetime
    ended_at: datetime | None
    request_hash: str
    answer_hash: str


class ReceivedOut(Schema):
    """A message of another agency, without its content."""

    id: UUID
    message_id: UUID
    client: str
    kind: str
    service: str
    reply_to: UUID | None = Field(alias="reply_to_id")
    subject: str
    sequence: int | None
    dossier_code: str
    unit_code: str = Field(alias="unit.code")
    state: Received
    error: str
    received_at: datetime
    handled_at: datetime | None


class SentPage(Schema):
    """Some of the messages found, newest first, and how many there are."""

    count: int
    items: list[SentOut]


class ReceivedPage(Schema):
    """Some of the messages found, newest first, and how many there are."""

    count: int
    items: list[ReceivedOut]


class CallOut(Schema):
    """One line of the log of calls."""

    at: datetime
    result: str
    status: int | None
    milliseconds: int
    request_hash: str
    answer_hash: str


class SentInFull(SentOut):
    """With its calls."""

    calls: list[CallOut]


class SentAsked(Schema):
    """Which messages of ours."""

    service: str = Field("", max_length=60)
    state: Sent | None = None
    text: str = Field("", max_length=120, description="Mã hồ sơ, mã thông điệp hoặc đối tượng")
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000)


class ReceivedAsked(Schema):
    """Which messages of other agencies."""

    service: str = Field("", max_length=60)
    state: Received | None = None
    text: str = Field("", max_length=120, description="Mã hồ sơ, mã thông điệp hoặc đối tượng")
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000)


class MessageReasonIn(Schema):
    """Why."""

    reason: str = Field(max_length=300)


@router.get("/exchange/services", response=list[ServiceOut], summary="Tình trạng các hệ thống liên thông")
def list_services(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "code": line.service.code, "title": line.service.title, "client": line.service.client,
            "breaker": line.state.state, "again_at": line.state.until, "last_success_at": line.state.last_success_at,
            "queued": line.queued, "waiting": line.waiting, "dead": line.dead, "calls": line.calls,
            "failed": line.failed, "half_ms": line.half, "most_ms": line.most,
        }
        for line in queries.board(actor_of(request), at=now())
    ]


@router.post("/exchange/services/{code}/resume", response=BreakerOut, summary="Nối lại với một hệ thống")
def resume(request: HttpRequest, code: str) -> ServiceState:
    return operations.resume_service(service=code, actor=actor_of(request), at=now(), once=once_of(request))


@router.get("/exchange/messages", response=SentPage, summary="Thông điệp gửi đi")
def list_messages(request: HttpRequest, asked: Query[SentAsked]) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    queries.require(actor, at)
    found = queries.outbound(actor, at=at, service=asked.service, state=asked.state or "", text=asked.text)
    return {"count": found.count(), "items": list(found[asked.offset : asked.offset + asked.limit])}


@router.get("/exchange/messages/{uuid:message_id}", response=SentInFull, summary="Một thông điệp gửi đi")
def get_message(request: HttpRequest, message_id: UUID) -> Outbound:
    found = queries.one_outbound(actor_of(request), message_id, at=now())
    found.calls = list(queries.calls_of(found))  # type: ignore[attr-defined]
    return found


@router.post("/exchange/messages/{uuid:message_id}/send-again", response=SentOut, summary="Gửi lại một thông điệp")
def send_again(request: HttpRequest, message_id: UUID) -> Outbound:
    return operations.send_again(message_id=message_id, actor=actor_of(request), at=now(), once=once_of(request))


@router.post("/exchange/messages/{uuid:message_id}/give-up", response=SentOut, summary="Dừng gửi một thông điệp")
def give_up(request: HttpRequest, message_id: UUID, asked: MessageReasonIn) -> Outbound:
    return operations.give_up(
        message_id=message_id, reason=asked.reason, actor=actor_of(request), at=now(), once=once_of(request)
    )


@router.get("/exchange/received", response=ReceivedPage, summary="Thông điệp nhận về")
def list_received(request: HttpRequest, asked: Query[ReceivedAsked]) -> dict[str, Any]:
    actor, at = actor_of(request), now()
    queries.require(actor, at)
    found = queries.inbound(actor, at=at, service=asked.service, state=asked.state or "", text=asked.text)
    return {"count": found.count(), "items": list(found[asked.offset : asked.offset + asked.limit])}


@router.post(
    "/exchange/received/{uuid:message_id}/handle-again", response=ReceivedOut,
    summary="Xử lý lại một thông điệp nhận về",
)
def handle_again(request: HttpRequest, message_id: UUID) -> Inbound:
    return operations.handle_again(message_id=message_id, actor=actor_of(request), at=now(), once=once_of(request))


@router.post(
    "/exchange/received/{uuid:message_id}/pass-over", response=ReceivedOut, summary="Bỏ qua một thông điệp nhận về"
)
def pass_over(request: HttpRequest, message_id: UUID, asked: MessageReasonIn) -> Inbound:
    return operations.pass_over(
        message_id=message_id, reason=asked.reason, actor=actor_of(request), at=now(), once=once_of(request)
    )

