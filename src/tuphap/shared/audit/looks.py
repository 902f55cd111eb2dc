"""Who looked at what the platform holds about one person: read from the log, by the records that are about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.shared.plug import Registry

from .api import record_read
from .models import Entry

READ = "record.read"
# Within this time the same person at the same page looks once: pages draw themselves anew while work goes on.
ONE_LOOK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """Records about people, whose reads the log tells of.

    :param subject_type: as entries name it (``dossiers.dossier``).
    :param find: dotted path of ``fn(*, user_id, number) -> Mapping[str, str]``: the keys of the records that are about
        the citizen with this account and personal number, each with the code of its dossier.
    :param events: which entries are reads of them.
    """

    subject_type: str
    find: str
    events: tuple[str, ...] = (READ,)

    def install(self) -> None:
        personal_records.add(self.subject_type, self)


personal_records: Registry[PersonalRecords] = Registry("personal records")


@dataclass(frozen=True, slots=True)
class Looks:
    """Entries, latest first, and the dossier's code of each record by (type, key)."""

    entries: QuerySet[Entry]
    codes: Mapping[tuple[str, str], str]


def looks_at(*, user_id: UUID, number: str) -> Looks:
    """What others read of this person's records; their own reads are none. By the index of subjects."""
    codes: dict[tuple[str, str], str] = {}
    about = Q(pk__in=())
    for records in personal_records:
        find: Callable[..., Mapping[str, str]] = import_string(records.find)
        found = find(user_id=user_id, number=number)
        codes |= {(records.subject_type, key): code for key, code in found.items()}
        if found:
            about |= Q(subject_type=records.subject_type, subject_id__in=list(found), event__in=records.events)
    entries = Entry.objects.filter(about).exclude(actor_id=user_id).order_by("-at", "-pk")
    return Looks(entries, codes)


def note_look(
    *, subject: models.Model, actor: Actor, at: datetime, purpose: str, what: str, unit_id: int | None = None,
    **facts: Any,
) -> bool:
    """Keep that an official or another's program read a record about somebody; whether it was a new look.

    A citizen's own reads are nobody else's, and are not kept.
    """
    if actor.kind not in (ActorKind.STAFF, ActorKind.AGENCY):
        return False
    again = Entry.objects.filter(
        actor_id=actor.user_id, at__gte=at - ONE_LOOK, at__lte=at, event=READ, facts__what=what,
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk),
    )
    if again.exists():
        return False
    record_read(subject=subject, actor=actor, at=at, purpose=purpose, what=what, unit_id=unit_id, **facts)
    return True
