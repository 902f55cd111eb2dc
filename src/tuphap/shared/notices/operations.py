"""The writes of notices that people and the post do; sending is :func:`.api.send`, part of another's operation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import NotFound
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .models import Notice, Outgoing
from .queries import inbox

MOST_ATTEMPTS = 8


@operation
def mark_read(*, notice_id: UUID, actor: Actor, at: datetime) -> Notice:
    """Note when the actor opened a notice of theirs; opening it again changes nothing.

    :raises NotFound: no such notice, or another's.
    """
    notice = inbox(actor).filter(pk=notice_id).select_for_update().first()
    if notice is None:
        raise NotFound()
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
        audit.record("notices.read", subject=notice, actor=actor, at=at, template=notice.template)
    return notice


@operation
def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Note that the actor has seen every notice of theirs; answers how many were new."""
    new = inbox(actor).filter(read_at__isnull=True)
    if not new.exists():
        return 0
    number = new.update(read_at=at)
    audit.record("notices.all_read", subject=None, actor=actor, at=at, number=number)
    return number


@operation
def note_sent(*, outgoing_id: UUID, actor: Actor, at: datetime) -> None:
    """The carrier took it."""
    outgoing = Outgoing.objects.select_for_update().get(pk=outgoing_id)
    outgoing.state, outgoing.sent_at, outgoing.last_error = Outgoing.State.SENT, at, ""
    outgoing.attempts += 1
    outgoing.save(update_fields=["state", "sent_at", "last_error", "attempts"])
    audit.record("notices.sent", subject=outgoing, actor=actor, at=at, channel=outgoing.channel)


@operation
def note_not_sent(*, outgoing_id: UUID, error: str, actor: Actor, at: datetime) -> Outgoing:
    """The carrier did not take it; after the last attempt it counts as failed and waits for a person."""
    outgoing = Outgoing.objects.select_for_update().get(pk=outgoing_id)
    outgoing.attempts += 1
    outgoing.last_error = error[:300]
    outgoing.state = Outgoing.State.FAILED if outgoing.attempts >= MOST_ATTEMPTS else Outgoing.State.QUEUED
    outgoing.save(update_fields=["state", "last_error", "attempts"])
    audit.record(
        "notices.not_sent", subject=outgoing, actor=actor, at=at, channel=outgoing.channel, attempts=outgoing.attempts,
        error=outgoing.last_error,
    )
    return outgoing
