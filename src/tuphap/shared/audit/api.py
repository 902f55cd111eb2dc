"""What every operation calls: tell the log what happened, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from tuphap.kernel.actor import Actor

from .models import Entry
from .reactions import react


def record(
    event: str,
    *,
    subject: models.Model | None,
    actor: Actor,
    at: datetime,
    unit_id: int | None = None,
    **facts: Any,
) -> Entry:
    """Write one entry and wake the reactions that modules have declared for this event.

    :param event: dotted name, declared by its module (``"civil_status.birth.approved"``).
    :param facts: identifiers, hashes, numbers, states; never the content of a record.
    :raises RuntimeError: outside a transaction, where change and entry could part.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit entries are written in the transaction of the change that they tell of")
    entry = Entry.objects.create(
        at=at,
        event=str(event),
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_name=actor.name,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        unit_id=unit_id,
        purpose=actor.purpose,
        ip=actor.ip,
        session_id=actor.session_id,
        request_id=actor.request_id,
        facts=_plain(facts),
    )
    react(entry)
    return entry


def record_denial(reason: str, *, operation: str, actor: Actor, at: datetime, params: Mapping[str, Any]) -> None:
    """Keep, in a transaction of its own, that somebody was refused and why."""
    with transaction.atomic():
        record(
            "access.denied", subject=None, actor=actor, at=at, unit_id=params.get("unit_id"), reason=reason,
            operation=operation, details=_plain(params),
        )


def record_read(
    *, subject: models.Model | None, actor: Actor, at: datetime, purpose: str, what: str, unit_id: int | None = None,
    **facts: Any,
) -> None:
    """Keep that a sensitive record was looked at, and for what purpose (a read has no change to stand beside)."""
    with transaction.atomic():
        entry_actor = Actor(
            kind=actor.kind, name=actor.name, user_id=actor.user_id, ip=actor.ip, session_id=actor.session_id,
            request_id=actor.request_id, purpose=purpose,
        )
        record("record.read", subject=subject, actor=entry_actor, at=at, unit_id=unit_id, what=what, **facts)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON can hold them."""
    return {key: value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else str(value)
            for key, value in facts.items()}
