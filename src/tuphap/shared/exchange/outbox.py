"""Sending: a message is written in the caller's transaction, delivered after its commit, one at a time for a subject.

The truth is in the rows: jobs only come and look. Whoever takes the message at a lane's head puts the lane ahead by a
lease, calls outside any transaction, and enters the result with its effect in one. Killed at any point, the lease ends
and another takes it up under the same id; the other side knows the id, and an answer takes effect here once.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.module_loading import import_string
from pydantic import BaseModel

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import is_writing, operation

from . import breaker, calls, envelope, owners, transport
from .declarations import OutboundKind, outbound_kinds, services
from .models import Lane, Outbound
from .rules import DONE, LEASE, MOST_TRIES, Event, NoSuchMessage, NotDead, Sent, UnknownKind, wait_after
from .transport import Outcome, Result

log = logging.getLogger(__name__)

POST = system_actor("exchange")
DELIVER = "exchange.deliver"
AT_ONCE = 50  # messages of one lane that one job delivers before it lets others through


def send(
    *, kind: str, subject: str, body: BaseModel | dict[str, Any], unit_id: int, actor: Actor, at: datetime,
    dossier_code: str = "", purpose: str = "",
) -> Outbound:
    """Queue a message, within the operation that gives the occasion for it; it is delivered when that commits.

    :param kind: code of a declared :class:`OutboundKind`.
    :param subject: what the message is about ("birth:17"); messages of one subject to one service go one after
        another, each when the one before has been answered or given up.
    :param unit_id: the office in whose name it goes, and whose people look after it.
    :param purpose: why; the kind's own words by default.
    :raises UnknownKind: no module declares it.
    :raises pydantic.ValidationError: the body is not of the kind's schema (a defect of the caller).
    :raises RuntimeError: outside an operation.
    """
    declared = outbound_kinds.get(kind)
    if declared is None:
        raise UnknownKind(kind=kind)
    if not is_writing():
        raise RuntimeError("a message is sent in the operation that gives the occasion for it")
    text = envelope.canonical(declared.body.model_validate(_plain(body)).model_dump(mode="json"))
    lane_id, sequence = _next_place(declared.service, subject, at)
    message = Outbound(
        lane_id=lane_id, sequence=sequence, kind=kind, service=declared.service, subject=subject,
        dossier_code=dossier_code, purpose=purpose or declared.purpose, unit_id=unit_id, user_id=actor.user_id,
        body=text, created_at=at,
    )
    message.request_hash = envelope.request_hash(_headers(message), text.encode())
    message.save(force_insert=True)
    audit.record(
        Event.QUEUED, subject=message, actor=actor, at=at, unit_id=unit_id, kind=kind, service=declared.service,
        dossier=dossier_code, sequence=sequence,
    )
    nudge(lane_id)
    return message


def nudge(lane_id: int) -> None:
    """Queue a job that looks at this lane; in a transaction it is queued when that commits."""
    from .tasks import deliver

    deliver.defer(lane_id=lane_id)


def deliver(lane_id: int) -> None:
    """Deliver what is due in this lane, one message after another, until nothing is."""
    for _ in range(AT_ONCE):
        taken = take(lane_id, now())
        if taken is None:
            return
        settle(taken, transport.call(
            services[taken.kind.service], taken.kind.code, _headers(taken.message), taken.message.body.encode(),
            answer=taken.kind.answer,
        ))
    nudge(lane_id)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in somebody's hands for the time of a lease. ``tries``: with this one."""

    message: Outbound
    kind: OutboundKind
    tries: int


def take(lane_id: int, at: datetime) -> Taken | None:
    """The message at the head of the lane, if it is due and its service may be called; it is leased to the caller."""
    with transaction.atomic():
        lane = Lane.objects.select_for_update(skip_locked=True).filter(pk=lane_id, due_at__lte=at).first()
        if lane is None:
            return None
        head = _head(lane_id)
        kind = outbound_kinds.get(head.kind) if head is not None else None
        if head is None or head.state == Sent.DEAD or kind is None:
            _put(lane, due_at=None, blocked=head is not None)
            return None
        if head.state == Sent.WAITING:
            deadline = (head.accepted_at or at) + kind.answer_within
            if at < deadline:
                _put(lane, due_at=deadline)
                return None
        else:
            permitted, until = breaker.may_call(kind.service, at)
            if not permitted:
                _put(lane, due_at=(until or at) + wait_after(1, chance=random.random()), waits=True)  # noqa: S311
                return None
            _put(lane, due_at=at + LEASE, tries=lane.tries + 1)
            return Taken(head, kind, lane.tries)
    _bury(head.pk, code="no_answer", detail="Bên nhận đã tiếp nhận nhưng không trả lời trong thời hạn.", at=at)
    return None


def settle(taken: Taken, result: Result) -> None:
    """Enter what a call came to."""
    service, at = taken.kind.service, now()
    away = False
    if result.outcome in (Outcome.AWAY, Outcome.BROKEN):
        away = breaker.failed(service, result.code, at) and result.outcome is Outcome.AWAY
    elif result.outcome is not Outcome.UNSIGNED:
        breaker.succeeded(service, at)
    message_id = taken.message.pk
    try:
        if result.outcome is Outcome.ANSWERED:
            note_answered(message_id=message_id, result=result, actor=POST, at=at)
        elif result.outcome is Outcome.ACCEPTED:
            note_accepted(message_id=message_id, result=result, actor=POST, at=at)
        elif result.outcome is Outcome.REFUSED:
            note_dead(message_id=message_id, code=result.code, detail=result.detail, result=result, actor=POST, at=at)
        else:
            # A service that is away as a whole, or our own signer, uses up nobody's tries.
            spared = away or result.outcome is Outcome.UNSIGNED
            _not_delivered(taken, result, counts=not spared, at=at)
    except Exception as fault:  # the effect failed: nothing is entered, the answer will be the same next time
        log.warning("message %s: its answer could not be entered: %s", message_id, type(fault).__name__)
        broken = Result(Outcome.BROKEN, "effect_failed", result.at, result.milliseconds, result.request_hash,
                        detail="Chưa ghi nhận được trả lời.", status=result.status, answer_hash=result.answer_hash)
        _not_delivered(taken, broken, counts=True, at=at)


def _not_delivered(taken: Taken, result: Result, *, counts: bool, at: datetime) -> None:
    if counts and taken.tries >= MOST_TRIES:
        note_dead(message_id=taken.message.pk, code=result.code, detail=result.detail, result=result, actor=POST, at=at)
    else:
        wait = wait_after(taken.tries, chance=random.random())  # noqa: S311
        note_not_delivered(message_id=taken.message.pk, result=result, counts=counts, again_at=at + wait, actor=POST,
                           at=at)


def _bury(message_id: UUID, *, code: str, detail: str, at: datetime) -> None:
    note_dead(message_id=message_id, code=code, detail=detail, result=None, actor=POST, at=at)


# -- what is entered -----------------------------------------------------------------------------------------------


@operation
def note_answered(*, message_id: UUID, result: Result, actor: Actor, at: datetime) -> Outbound:
    """Record the answer and its effect, in one transaction and once; an answer to an ended message changes nothing.

    An effect that the module's rules refuse makes a dead letter: the other side has acted, and a person must look.
    """
    message = _locked(message_id)
    calls.note_out(message, result)
    if message.state in DONE:
        return message
    message.tries += 1
    assert result.answer is not None
    return answered(message, answer=result.answer, text=result.text, hashed=result.answer_hash, actor=actor, at=at)


def answered(
    message: Outbound, *, answer: BaseModel, text: str, hashed: str, actor: Actor, at: datetime
) -> Outbound:
    """The answer has come, with the call or later through the inbox: its effect, the record, the next message."""
    kind = outbound_kinds[message.kind]
    message.answer, message.answer_hash = text, hashed
    if kind.on_answer:
        try:
            with transaction.atomic():
                _run(kind.on_answer, message=message, answer=answer, actor=actor, at=at)
        except Refusal as refusal:
            if refusal.status >= 500 or refusal.code == "operation.busy":
                raise
            return _die(message, code=f"effect:{refusal.code}"[:120], detail=refusal.message, actor=actor, at=at)
    message.state, message.ended_at, message.last_error, message.last_detail = Sent.ANSWERED.value, at, "", ""
    message.save()
    audit.record(Event.ANSWERED, subject=message, actor=actor, at=at, unit_id=message.unit_id, kind=message.kind,
                 service=message.service, dossier=message.dossier_code, answer_hash=hashed)
    _next_one(message, at)
    return message


@operation
def note_accepted(*, message_id: UUID, result: Result, actor: Actor, at: datetime) -> None:
    """The other side has it and will answer later; the lane waits for that."""
    message = _locked(message_id)
    calls.note_out(message, result)
    if message.state != Sent.QUEUED:
        return
    message.state, message.accepted_at, message.last_error, message.last_detail = Sent.WAITING.value, at, "", ""
    message.tries += 1
    message.save()
    audit.record(Event.ACCEPTED, subject=message, actor=actor, at=at, unit_id=message.unit_id, service=message.service)
    lane = Lane.objects.select_for_update().get(pk=message.lane_id)
    _put(lane, due_at=at + outbound_kinds[message.kind].answer_within, tries=0)


@operation
def note_not_delivered(
    *, message_id: UUID, result: Result, counts: bool, again_at: datetime, actor: Actor, at: datetime
) -> None:
    """A try has failed; the lane comes up again later."""
    message = _locked(message_id)
    calls.note_out(message, result)
    if message.state != Sent.QUEUED:
        return
    message.tries += 1
    message.last_error, message.last_detail = result.code[:120], result.detail[:300]
    message.save()
    audit.record(Event.TRIED, subject=message, actor=actor, at=at, unit_id=message.unit_id, service=message.service,
                 error=message.last_error, tries=message.tries)
    lane = Lane.objects.select_for_update().get(pk=message.lane_id)
    tries = lane.tries if counts else max(lane.tries - 1, 0)
    _put(lane, due_at=again_at, tries=tries, waits=not counts and result.outcome is Outcome.AWAY)


@operation
def note_dead(
    *, message_id: UUID, code: str, detail: str, result: Result | None, actor: Actor, at: datetime
) -> None:
    """It cannot be delivered: a dead letter that waits for its owner, and whose subject waits with it."""
    message = _locked(message_id)
    if result is not None:
        calls.note_out(message, result)
        message.tries += 1
    if message.state in DONE or message.state == Sent.DEAD:
        return
    _die(message, code=code, detail=detail, actor=actor, at=at)


def _die(message: Outbound, *, code: str, detail: str, actor: Actor, at: datetime) -> Outbound:
    message.state, message.dead_at = Sent.DEAD.value, at
    message.last_error, message.last_detail = code[:120], detail[:300]
    message.save()
    audit.record(Event.DEAD, subject=message, actor=actor, at=at, unit_id=message.unit_id, service=message.service,
                 kind=message.kind, dossier=message.dossier_code, error=message.last_error)
    _tell_module(message, reason=message.last_error, final=False, actor=actor, at=at)
    owners.tell(services[message.service], unit_id=message.unit_id, actor=actor, at=at)
    lane = Lane.objects.select_for_update().get(pk=message.lane_id)
    _put(lane, due_at=None, tries=0, blocked=True)
    return message


def close(message: Outbound, *, reason: str, actor: Actor, at: datetime) -> None:
    """Give a dead letter up; its module hears of it, and its subject goes on."""
    message.state, message.ended_at = Sent.GIVEN_UP.value, at
    message.closed_by_id, message.closed_reason = actor.user_id, reason[:300]
    message.save()
    _tell_module(message, reason=message.last_error, final=True, actor=actor, at=at)
    _next_one(message, at)


def revive(message: Outbound, at: datetime) -> None:
    """Let a dead letter be tried again, under its id."""
    message.state, message.dead_at, message.accepted_at = Sent.QUEUED.value, None, None
    message.save()
    lane = Lane.objects.select_for_update().get(pk=message.lane_id)
    _put(lane, due_at=at, tries=0)
    nudge(message.lane_id)


def lock(message_id: UUID) -> Outbound:
    """A module's own message, locked before whatever else its operation locks.

    :raises NoSuchMessage: there is none.
    """
    message = Outbound.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None:
        raise NoSuchMessage()
    return message


def drop(message: Outbound, *, reason: str, actor: Actor, at: datetime) -> None:
    """Give up a dead letter that is locked, for the module that sent it and has asked whether the actor may.

    :raises NotDead: it is on its way, or has ended.
    """
    if message.state != Sent.DEAD:
        raise NotDead()
    close(message, reason=reason, actor=actor, at=at)
    audit.record(Event.GIVEN_UP, subject=message, actor=actor, at=at, unit_id=message.unit_id,
                 service=message.service, reason=message.closed_reason)


# -- inside ----------------------------------------------------------------------------------------------------------


def _tell_module(message: Outbound, *, reason: str, final: bool, actor: Actor, at: datetime) -> None:
    """What the module does about a failure; where a rule of its own refuses, the failure is kept all the same."""
    kind = outbound_kinds.get(message.kind)
    if kind is None or not kind.on_failure:
        return
    try:
        with transaction.atomic():
            _run(kind.on_failure, message=message, reason=reason, final=final, actor=actor, at=at)
    except Refusal as refusal:
        log.warning("message %s: the module refused to hear of its failure: %s", message.pk, refusal.code)


def _run(dotted: str, **told: Any) -> None:
    function: Callable[..., Any] = import_string(dotted)
    function(**told)


def _next_one(message: Outbound, at: datetime) -> None:
    """The message has ended: whatever follows it in its lane is due. The lane is locked last, see :func:`send`."""
    lane = Lane.objects.select_for_update().get(pk=message.lane_id)
    waiting = Outbound.objects.filter(lane=lane, sequence__gt=message.sequence).exclude(state__in=DONE).exists()
    _put(lane, due_at=at if waiting else None, tries=0)
    if waiting:
        nudge(lane.pk)


def _head(lane_id: int) -> Outbound | None:
    return Outbound.objects.filter(lane_id=lane_id).exclude(state__in=DONE).order_by("sequence").first()


def _locked(message_id: UUID) -> Outbound:
    return Outbound.objects.select_for_update(of=("self",)).get(pk=message_id)


def _put(
    lane: Lane, *, due_at: datetime | None, tries: int | None = None, waits: bool = False, blocked: bool = False
) -> None:
    lane.due_at, lane.waits_for_service, lane.is_blocked = due_at, waits, blocked
    if tries is not None:
        lane.tries = tries
    lane.save(update_fields=["due_at", "waits_for_service", "is_blocked", "tries"])


def _next_place(service: str, subject: str, at: datetime) -> tuple[int, int]:
    """Lane and number of a new message. Who sends for the same subject waits here until we have committed.

    A lane that is waiting for something keeps its time, one behind a dead letter stays still; in an empty one the
    message is due at once. The lane's row alone decides: it is the one thing that this statement sees as it is *now*.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO exchange_lane (service, subject, last_sequence, due_at, tries, waits_for_service, is_blocked)
            VALUES (%s, %s, 1, %s, 0, false, false)
            ON CONFLICT (service, subject) DO UPDATE SET
                last_sequence = exchange_lane.last_sequence + 1,
                due_at = CASE WHEN NOT exchange_lane.is_blocked
                    THEN COALESCE(exchange_lane.due_at, EXCLUDED.due_at) END
            RETURNING id, last_sequence
            """,
            [service, subject, at],
        )
        lane_id, sequence = cursor.fetchone()
    return lane_id, sequence


def _headers(message: Outbound) -> dict[str, str]:
    return transport.headers_for(
        message_id=str(message.pk), kind=message.kind, dossier_code=message.dossier_code, purpose=message.purpose,
        user=calls.user_header(message.user_id), subject=message.subject, sequence=message.sequence,
    )


def _plain(body: BaseModel | dict[str, Any]) -> dict[str, Any]:
    return body.model_dump() if isinstance(body, BaseModel) else body
