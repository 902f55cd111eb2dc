"""What every operation calls: tell the log what happened, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Any

from django.db import models, transaction

from tuphap.kernel.actor import Actor

from .models import Entry
from .reactions import Reaction as Reaction
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
        actor_name=_short(actor.name, "actor_name"),
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        unit_id=unit_id,
        purpose=_short(actor.purpose, "purpose"),
        ip=_short(actor.ip, "ip"),
        session_id=_short(actor.session_id, "session_id"),
        request_id=_short(actor.request_id, "request_id"),
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
    """Keep that a sensitive record was looked at, and for what purpose (a read has no change to stand beside).

    :param purpose: why, in a few words; a read without a purpose is a defect of the page.
    :param what: which read it was ("search", "civil_status.act").
    :raises ValueError: no purpose.
    """
    if not purpose.strip():
        raise ValueError("a sensitive read has a purpose")
    with transaction.atomic():
        reader = replace(actor, purpose=purpose)
        record("record.read", subject=subject, actor=reader, at=at, unit_id=unit_id, what=what, **facts)


def reads_since(since: datetime, *, actor: Actor, what: str) -> int:
    """How many sensitive reads of this kind the actor has made since then: to stop looking up in bulk."""
    mine = Entry.objects.filter(actor_id=actor.user_id, at__gte=since, event="record.read", facts__what=what)
    return mine.count()


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as a JSON column can hold them, however deep."""
    return {str(key): _plain_value(value) for key, value in facts.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, str):
        return str(value).replace("\x00", "")  # PostgreSQL keeps no such sign
    if isinstance(value, Mapping):
        return _plain(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain_value(item) for item in value]
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, models.Model):
        return str(value.pk)
    return _plain_value(str(value))


def _short(text: str, field: str) -> str:
    """What fits into the column: a name or address from outside must not keep an entry from being written."""
    length: int = Entry._meta.get_field(field).max_length  # type: ignore[union-attr,assignment]
    return text.replace("\x00", "")[:length]
