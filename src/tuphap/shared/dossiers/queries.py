"""Reads: always through what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.lookups import DataContains
from django.db.models import DateTimeField, Q, QuerySet, Value

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate

from . import rules
from .engine import follow_law
from .handlers import handlers
from .models import ALL_OF_IT, Dossier, InstantRange
from .sight import sight_of

RELATED = ("procedure", "receiving_unit", "resolving_unit", "assigned_to")
"""What lists and pages of dossiers read with them."""


def visible(actor: Actor, *, at: datetime) -> QuerySet[Dossier]:
    """The dossiers that the actor may see: a citizen's own; for staff, those of their offices. No order is given.

    See :mod:`.sight`.
    """
    return Dossier.objects.select_related(*RELATED).filter(sight_of(actor, at=at).where())


def open_at(instant: datetime) -> Q:
    """Which stretches had begun and not ended before this instant, by the index that knows them (of ``Custody``)."""
    return Q(DataContains(InstantRange("since", "until", ALL_OF_IT), Value(instant, DateTimeField())))


def essentials(found: Iterable[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
    """What a leader must see of each dossier before deciding; asked of each kind's handler once, however many."""
    of_kind: dict[str, list[Dossier]] = {}
    for dossier in found:
        of_kind.setdefault(dossier.procedure.handler, []).append(dossier)
    told: dict[UUID, list[tuple[str, str]]] = {}
    for code, group in of_kind.items():
        told |= handlers[code].essentials_of(group)
    return told


def get_visible(reference: str | UUID, actor: Actor, at: datetime) -> Dossier:
    """One dossier by its code, the code of its submission, or its key.

    :raises UnknownDossier: there is none, or the actor may not know of it.
    """
    # Looked up by its name alone and judged in memory: the condition for many rows costs more than all the rest.
    sight, named = sight_of(actor, at=at), Dossier.objects.select_related(*RELATED).filter(_named(reference))
    found = next((dossier for dossier in named.order_by("pk") if sight.has(dossier)), None)
    if found is None:
        raise rules.UnknownDossier()
    follow_law(found, on=localdate(at))
    return found


def _named(reference: str | UUID) -> Q:
    if isinstance(reference, UUID):
        return Q(pk=reference)
    text = reference.strip()
    try:
        return Q(pk=UUID(text))
    except ValueError:
        return Q(code=text.upper()) | Q(submission_code=text.upper()) | Q(external_code=text)


def by_code_and_phone(code: str, last_four: str) -> Dossier:
    """The dossier that an anonymous visitor follows: by a code and the last four digits of the telephone given.

    :raises UnknownDossier: no such pair; which half was wrong is not told.
    """
    digits = last_four.strip()
    if len(digits) != 4 or not digits.isdigit():
        raise rules.UnknownDossier()
    text = code.strip().upper()
    found = (
        Dossier.objects.select_related(*RELATED)
        .filter(Q(code=text) | Q(submission_code=text), applicant_phone__endswith=digits)
        .exclude(state=rules.State.DRAFT).first()
    )
    if found is None:
        raise rules.UnknownDossier()
    return found
