"""Receiving: a message is kept under its source and id, handled once and in order, answered the same every time.

What came earlier than its turn is held until the missing one arrives; nothing that was signed by a known partner and
is in order of form is ever dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.module_loading import import_string
from pydantic import BaseModel, ValidationError

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import now
from tuphap.kernel.ids import new_id
from tuphap.kernel.refusal import Conflict, Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from . import envelope, outbox, owners, transport
from .declarations import ExchangeService, InboundKind, inbound_kinds, outbound_kinds, services
from .models import Inbound, Outbound, Stream
from .rules import DONE, HOLD, MOST_TRIES, Event, Received

log = logging.getLogger(__name__)

RELEASE = "exchange.release"
# Dead letters that only waited too long for a missing one: when it comes after all, they go on by themselves.
GAP = "gap"


class UnknownMessageKind(Refusal):
    code = "exchange.kind_unknown"
    message_vi = "Không có loại thông điệp này."


class BodyRefused(Refusal):
    """The body is not of the schema; ``where`` names fields, never values."""

    code = "exchange.schema"
    message_vi = "{where}"


class UnknownReply(Refusal):
    code = "exchange.reply_unknown"
    message_vi = "Không có thông điệp được trả lời."


class IdUsed(Conflict):
    code = "exchange.id_used"
    message_vi = "Mã thông điệp đã được dùng cho một thông điệp khác."


@dataclass(frozen=True, slots=True)
class Letter:
    """A message from outside whose sender and form are beyond doubt."""

    service: ExchangeService
    message_id: UUID
    kind: str
    reply_to: UUID | None
    subject: str
    sequence: int | None
    dossier_code: str
    purpose: str
    user: str
    text: str
    request_hash: str


def agency(service: ExchangeService) -> Actor:
    """The other agency as one who acts."""
    return Actor(kind=ActorKind.AGENCY, name=service.title)


def known(letter: Letter) -> Inbound | None:
    """The message as it was kept the first time, if it was.

    :raises IdUsed: the id stands for another message.
    """
    row = Inbound.objects.filter(client=letter.service.client, message_id=letter.message_id).first()
    if row is not None and row.request_hash != letter.request_hash:
        raise IdUsed()
    return row


def check_form(letter: Letter) -> None:
    """Refuse what no module declares or what is not of its schema, before anything is kept.

    :raises UnknownMessageKind, UnknownReply, BodyRefused:
    """
    _read(letter.service, letter.kind, letter.text, reply_to=letter.reply_to)


@operation
def receive(*, letter: Letter, actor: Actor, at: datetime) -> Inbound:
    """Keep a message and, if it is its turn, handle it: one transaction. A repeated one finds what the first did.

    :raises IdUsed: the id stands for another message.
    """
    _alone(letter)
    before = known(letter)
    if before is not None:
        return before
    kept = Inbound(
        client=letter.service.client, message_id=letter.message_id, service=letter.service.code, kind=letter.kind,
        reply_to_id=letter.reply_to, subject=letter.subject, sequence=letter.sequence,
        dossier_code=letter.dossier_code, purpose=letter.purpose, remote_user=letter.user,
        unit_id=_unit(letter, at), body=letter.text, request_hash=letter.request_hash, state=Received.HELD.value,
        received_at=at,
    )
    kept.save(force_insert=True)
    audit.record(Event.RECEIVED, subject=kept, actor=actor, at=at, unit_id=kept.unit_id, kind=kept.kind,
                 service=kept.service, dossier=kept.dossier_code, sequence=kept.sequence)
    if kept.sequence is None:
        _handle(kept, actor=actor, at=at)
        return kept
    stream = _stream(kept.client, kept.subject)
    if kept.sequence == stream.next_sequence:
        _handle(kept, actor=actor, at=at)
        _advance(stream, kept.sequence)
    elif kept.sequence < stream.next_sequence:
        _die(kept, "late", actor=actor, at=at)  # its place was passed over by a person, or is taken
    else:
        audit.record(Event.HELD, subject=kept, actor=actor, at=at, unit_id=kept.unit_id,
                     awaits=stream.next_sequence)
    return kept


def release(stream_id: int) -> None:
    """Handle, one after another, the held messages of a stream whose turn has come."""
    while True:
        stream = Stream.objects.get(pk=stream_id)
        held = _waiting(stream).filter(sequence=stream.next_sequence).first()
        if held is None:
            return
        at = now()
        try:
            handle_held(message_id=held.pk, actor=agency(services[held.service]), at=at)
        except Exception as fault:
            log.warning("held message %s could not be handled: %s", held.pk, type(fault).__name__)
            note_held_failed(message_id=held.pk, actor=agency(services[held.service]), at=at)
            return  # the next look takes it up again


@operation
def handle_held(*, message_id: UUID, actor: Actor, at: datetime) -> None:
    """Handle a held message if it is its turn; nothing where another has."""
    message = _locked(message_id)
    stream = _stream(message.client, message.subject)
    if not _is_waiting(message) or message.sequence != stream.next_sequence:
        return
    _handle(message, actor=actor, at=at, held=True)
    _advance(stream, message.sequence)


@operation
def note_held_failed(*, message_id: UUID, actor: Actor, at: datetime) -> None:
    """Handling has broken; after too many times its owner must look, and the stream goes on."""
    message = _locked(message_id)
    if not _is_waiting(message):
        return
    message.tries += 1
    if message.tries < MOST_TRIES:
        message.save()
        audit.record(Event.TRIED, subject=message, actor=actor, at=at, unit_id=message.unit_id, tries=message.tries)
        return
    _die(message, "effect_failed", actor=actor, at=at)
    assert message.sequence is not None
    _advance(_stream(message.client, message.subject), message.sequence)


@operation
def note_gap(*, message_id: UUID, actor: Actor, at: datetime) -> None:
    """The missing message did not come in time: the held one waits for its owner."""
    message = _locked(message_id)
    if message.state == Received.HELD:
        _die(message, GAP, actor=actor, at=at)


def look(at: datetime) -> None:
    """Take up streams whose turn has come, and let what waited too long become dead letters."""
    from .tasks import release as job

    waiting = Inbound.objects.filter(state=Received.HELD)
    for client, subject in waiting.order_by("client", "subject").values_list("client", "subject").distinct()[:500]:
        stream = Stream.objects.filter(client=client, subject=subject).first()
        if stream is not None and _waiting(stream).filter(sequence=stream.next_sequence).exists():
            job.defer(stream_id=stream.pk)
    for pk, service in waiting.filter(received_at__lt=at - HOLD).values_list("pk", "service")[:500]:
        note_gap(message_id=pk, actor=agency(services[service]), at=at)


def again(message: Inbound, *, actor: Actor, at: datetime) -> None:
    """Handle a dead letter as its owner wishes; what was missing before it is passed over."""
    _handle(message, actor=actor, at=at, held=True)
    if message.sequence is not None:
        stream = _stream(message.client, message.subject)
        if message.sequence >= stream.next_sequence:
            _advance(stream, message.sequence)


def pass_over(message: Inbound, *, reason: str, actor: Actor, at: datetime) -> None:
    """Leave a dead letter unhandled for good; its subject goes on after it."""
    message.state, message.handled_at = Received.GIVEN_UP.value, at
    message.closed_by_id, message.closed_reason = actor.user_id, reason[:300]
    message.save()
    if message.sequence is not None:
        stream = _stream(message.client, message.subject)
        if message.sequence >= stream.next_sequence:
            _advance(stream, message.sequence)


# -- inside ----------------------------------------------------------------------------------------------------------


def _handle(message: Inbound, *, actor: Actor, at: datetime, held: bool = False) -> None:
    """The effect and the answer. A refusal of the module is the answer; where nobody waits for it, a dead letter.

    :raises Refusal: of the moment (somebody else holds it): nothing is kept, the sender or the next look comes again.
    """
    try:
        with transaction.atomic():
            answer = _effect(message, actor=actor, at=at)
    except Refusal as refusal:
        if refusal.status >= 500 or refusal.code == "operation.busy":
            raise
        message.error, message.status = refusal.code[:120], min(max(refusal.status, 400), 499)
        told: dict[str, Any] = {"code": refusal.code, "detail": refusal.message}
        if faults := [problem for problem in refusal.problems if problem.field]:
            told["problems"] = [{"field": p.field, "code": p.code, "detail": p.message} for p in faults]
        message.answer = envelope.canonical(told)
        if held:
            _die(message, message.error, actor=actor, at=at)
            return
        message.state, message.handled_at = Received.REFUSED.value, at
        message.save()
        audit.record(Event.REFUSED, subject=message, actor=actor, at=at, unit_id=message.unit_id,
                     service=message.service, reason=message.error)
        return
    message.state, message.handled_at, message.status, message.error = Received.HANDLED.value, at, 200, ""
    message.answer, message.dead_at = envelope.canonical(answer), None
    message.save()
    audit.record(Event.HANDLED, subject=message, actor=actor, at=at, unit_id=message.unit_id, service=message.service,
                 kind=message.kind)


def _effect(message: Inbound, *, actor: Actor, at: datetime) -> Any:
    kind, body = _read(services[message.service], message.kind, message.body, reply_to=message.reply_to_id)
    if kind is None:
        assert message.reply_to_id is not None
        ours = Outbound.objects.select_for_update(of=("self",)).get(pk=message.reply_to_id)
        if ours.state not in DONE:
            hashed = envelope.b64(envelope.digest(message.body.encode()))
            outbox.answered(ours, answer=body, text=message.body, hashed=hashed, actor=actor, at=at)
        return {"outcome": "recorded"}
    function: Callable[..., Any] = import_string(kind.handle)
    answer = function(body=body, message=message, actor=actor, at=at)
    if isinstance(answer, BaseModel):
        return answer.model_dump(mode="json")
    return answer if answer is not None else {"outcome": "recorded"}


def _alone(letter: Letter) -> None:
    """Wait for whoever takes in the same message just now."""
    name = f"exchange {letter.service.client} {letter.message_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _read(
    service: ExchangeService, code: str, text: str, *, reply_to: UUID | None
) -> tuple[InboundKind | None, BaseModel]:
    """The declared kind (None for an answer to a message of ours) and the body by its schema."""
    kind: InboundKind | None = None
    if reply_to is not None:
        ours = Outbound.objects.filter(pk=reply_to, service=service.code).first()
        asked = outbound_kinds.get(ours.kind) if ours is not None else None
        if asked is None or asked.code != code:
            raise UnknownReply()
        schema = asked.answer
    else:
        kind = inbound_kinds.get(code)
        if kind is None or kind.source != service.code:
            raise UnknownMessageKind()
        schema = kind.body
    try:
        return kind, schema.model_validate_json(text)
    except ValidationError as wrong:
        raise BodyRefused(where=transport.faults(wrong)) from wrong


def _unit(letter: Letter, at: datetime) -> int:
    """The office concerned: of the message that is answered, as its kind says, or the Department."""
    if letter.reply_to is not None:
        return Outbound.objects.values_list("unit_id", flat=True).get(pk=letter.reply_to)
    kind, body = _read(letter.service, letter.kind, letter.text, reply_to=None)
    if kind is not None and kind.unit:
        function: Callable[[BaseModel], int | None] = import_string(kind.unit)
        found = function(body)
        if found is not None:
            return found
    return owners.department_id(at)


def _die(message: Inbound, error: str, *, actor: Actor, at: datetime) -> None:
    message.state, message.error, message.dead_at, message.status = Received.DEAD.value, error[:120], at, 202
    message.save()
    audit.record(Event.DEAD, subject=message, actor=actor, at=at, unit_id=message.unit_id, service=message.service,
                 kind=message.kind, error=message.error)
    owners.tell(services[message.service], unit_id=message.unit_id, actor=actor, at=at)


def _is_waiting(message: Inbound) -> bool:
    return message.state == Received.HELD or (message.state == Received.DEAD and message.error == GAP)


def _waiting(stream: Stream) -> Any:
    mine = Inbound.objects.filter(client=stream.client, subject=stream.subject)
    return mine.filter(state=Received.HELD) | mine.filter(state=Received.DEAD, error=GAP)


def _stream(client: str, subject: str) -> Stream:
    Stream.objects.bulk_create([Stream(client=client, subject=subject)], ignore_conflicts=True)
    return Stream.objects.select_for_update().get(client=client, subject=subject)


def _advance(stream: Stream, handled: int | None) -> None:
    """The next in turn; if it is here already, a job handles it."""
    from .tasks import release as job

    assert handled is not None
    stream.next_sequence = handled + 1
    stream.save()
    if _waiting(stream).filter(sequence=stream.next_sequence).exists():
        job.defer(stream_id=stream.pk)


def _locked(message_id: UUID) -> Inbound:
    return Inbound.objects.select_for_update(of=("self",)).get(pk=message_id)


def new_request_id() -> str:
    """What our side calls one answer (``X-Road-Request-Id``)."""
    return str(new_id())
