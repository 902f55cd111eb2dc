"""Reads: always through what the actor may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access

from . import rules
from .engine import follow_law
from .handlers import Levels, desk, handlers
from .levels import own_number
from .models import Dossier

_RELATED = ("procedure", "receiving_unit", "resolving_unit", "assigned_to")


def visible(actor: Actor, *, at: datetime) -> QuerySet[Dossier]:
    """The dossiers that the actor may see: a citizen's own; for staff, those of their offices. No order is given.

    A citizen also sees what was filed for them, and what they brought to a desk, by their personal number. A draft is
    alone its filer's, or the desk's that typed it.
    """
    found = Dossier.objects.select_related(*_RELATED)
    if actor.user_id is None:
        return found.none()
    if actor.kind is ActorKind.CITIZEN:
        return found.filter(_of_citizen(actor))
    if actor.kind is not ActorKind.STAFF:
        return found.none()
    on = localdate(at)
    return found.filter(_of_desk(actor, on) | _of_handlers(actor, on)).filter(
        ~Q(state=rules.State.DRAFT) | Q(applicant_user__isnull=True)
    )


def _of_citizen(actor: Actor) -> Q:
    mine = Q(applicant_user_id=actor.user_id)
    number = own_number(actor)
    if not number:
        return mine
    sent = ~Q(state=rules.State.DRAFT)
    return mine | (Q(represented_number=number) & sent) | (Q(applicant_user__isnull=True, applicant_key=number) & sent)


def essentials(found: Iterable[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
    """What a leader must see of each dossier before deciding; asked of each kind's handler once, however many."""
    of_kind: dict[str, list[Dossier]] = {}
    for dossier in found:
        of_kind.setdefault(dossier.procedure.handler, []).append(dossier)
    told: dict[UUID, list[tuple[str, str]]] = {}
    for code, group in of_kind.items():
        told |= handlers[code].essentials_of(group)
    return told


def _of_desk(actor: Actor, on: date) -> Q:
    here = desk()
    units: frozenset[int] = frozenset()
    for permission in (here.view, here.receive, here.assign, here.hand_out):
        units |= access.units_where(actor, permission, on=on)
    return Q(resolving_unit__in=units) | Q(receiving_unit__in=units)


def _of_handlers(actor: Actor, on: date) -> Q:
    """Who prepares, reviews or signs a kind of dossier sees those of it that their office resolves."""
    return of_kinds(kinds_where(actor, lambda levels: (levels.prepare, levels.review, levels.sign), on=on))


def kinds_where(
    actor: Actor, permissions: Callable[[Levels], Iterable[str]], *, on: date
) -> dict[frozenset[int], list[str]]:
    """Handlers' codes by the offices in which the actor holds one of these permissions of theirs; none without any.

    Most kinds share their permissions: one clause of a query then stands for all of them.
    """
    found: dict[frozenset[int], list[str]] = {}
    for handler in handlers:
        units: frozenset[int] = frozenset()
        for permission in filter(None, permissions(handler.permissions)):
            units |= access.units_where(actor, permission, on=on)
        if units:
            found.setdefault(units, []).append(handler.code)
    return found


def of_kinds(kinds: Mapping[frozenset[int], list[str]]) -> Q:
    """The dossiers of these kinds that these offices resolve (see :func:`kinds_where`)."""
    found = Q(pk__in=())
    for units, codes in kinds.items():
        found |= Q(procedure__handler__in=codes, resolving_unit__in=units)
    return found


def get_visible(reference: str | UUID, actor: Actor, at: datetime) -> Dossier:
    """One dossier by its code, the code of its submission, or its key.

    :raises UnknownDossier: there is none, or the actor may not know of it.
    """
    found = visible(actor, at=at).filter(_named(reference)).first()
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
        Dossier.objects.select_related(*_RELATED)
        .filter(Q(code=text) | Q(submission_code=text), applicant_phone__endswith=digits)
        .exclude(state=rules.State.DRAFT).first()
    )
    if found is None:
        raise rules.UnknownDossier()
    return found
