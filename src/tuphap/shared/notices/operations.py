"""The writes of notices that people and the post do; sending is :func:`.api.send`, part of another's operation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Denied, NotFound
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .declarations import Channel
from .models import Notice, Outgoing, Preference
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
    """The carrier took it; what it has reported meanwhile stays."""
    outgoing = Outgoing.objects.select_for_update().get(pk=outgoing_id)
    if outgoing.state == Outgoing.State.QUEUED:
        outgoing.state, outgoing.sent_at = Outgoing.State.SENT, at
    outgoing.last_error = ""
    outgoing.attempts += 1
    outgoing.save(update_fields=["state", "sent_at", "last_error", "attempts"])
    audit.record("notices.sent", subject=outgoing, actor=actor, at=at, channel=outgoing.channel)


@operation
def note_stale(*, outgoing_id: UUID, actor: Actor, at: datetime) -> None:
    """Nobody is rung for it any more; it is told on the page."""
    outgoing = Outgoing.objects.select_for_update().get(pk=outgoing_id)
    if outgoing.state == Outgoing.State.QUEUED:
        outgoing.state = Outgoing.State.STALE
        outgoing.save(update_fields=["state"])
        audit.record("notices.stale", subject=outgoing, actor=actor, at=at, channel=outgoing.channel)


@operation
def hold_back(*, outgoing_id: UUID, until: datetime, actor: Actor, at: datetime) -> None:
    """It is night for who is to be told: the message goes out when their quiet hours are over."""
    from .tasks import deliver

    outgoing = Outgoing.objects.select_for_update().get(pk=outgoing_id)
    outgoing.held_until = until
    outgoing.save(update_fields=["held_until"])
    audit.record("notices.held_back", subject=outgoing, actor=actor, at=at, channel=outgoing.channel)
    deliver.configure(schedule_at=until).defer(outgoing_id=str(outgoing_id))


@operation
def note_report(*, outgoing_id: UUID, arrived: bool, actor: Actor, at: datetime) -> Outgoing:
    """The gateway says whether a message arrived. The first word counts: reports come twice and in any order.

    :raises NotFound: there is no such message.
    """
    outgoing = Outgoing.objects.select_for_update().filter(pk=outgoing_id).first()
    if outgoing is None:
        raise NotFound()
    if outgoing.reported_at is None and outgoing.state in (Outgoing.State.QUEUED, Outgoing.State.SENT):
        outgoing.state = Outgoing.State.DELIVERED if arrived else Outgoing.State.FAILED
        outgoing.sent_at, outgoing.reported_at = outgoing.sent_at or at, at
        outgoing.last_error = "" if arrived else "gateway: not delivered"
        outgoing.save(update_fields=["state", "sent_at", "reported_at", "last_error"])
        audit.record("notices.reported", subject=outgoing, actor=actor, at=at, channel=outgoing.channel,
                     arrived=arrived)
    return outgoing


@operation
def set_preferences(
    *, channels: Collection[Channel], quiet_from: time, quiet_to: time, actor: Actor, at: datetime
) -> Preference:
    """Choose by which ways one is told outside, and in which hours not. One's own page tells everything anyway.

    :raises Denied: nobody is logged in.
    """
    if actor.user_id is None:
        raise Denied()
    told = {channel.value: channel in channels for channel in Channel}
    kept, _ = Preference.objects.update_or_create(
        user_id=actor.user_id, defaults={**told, "quiet_from": quiet_from, "quiet_to": quiet_to, "changed_at": at}
    )
    audit.record("notices.preferences_set", subject=kept, actor=actor, at=at, **told)
    return kept


@operation
def note_not_sent(
    *, outgoing_id: UUID, error: str, actor: Actor, at: datetime, for_good: bool = False
) -> Outgoing:
    """The carrier did not take it; after the last attempt, or refused, it counts as failed and waits for a person."""
    outgoing = Outgoing.objects.select_for_update().get(pk=outgoing_id)
    outgoing.attempts += 1
    outgoing.last_error = error[:300]
    given_up = for_good or outgoing.attempts >= MOST_ATTEMPTS
    outgoing.state = Outgoing.State.FAILED if given_up else Outgoing.State.QUEUED
    outgoing.save(update_fields=["state", "last_error", "attempts"])
    audit.record(
        "notices.not_sent", subject=outgoing, actor=actor, at=at, channel=outgoing.channel, attempts=outgoing.attempts,
        error=outgoing.last_error,
    )
    return outgoing
