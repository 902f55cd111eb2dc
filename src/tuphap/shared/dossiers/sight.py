"""Which dossiers somebody sees: one answer, asked of the database for many rows, of a single row in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access

from .handlers import Levels, desk, handlers
from .levels import own_number
from .models import Dossier
from .rules import State

Kinds = Mapping[frozenset[int], list[str]]
"""Handlers' codes by the offices in which they are seen."""


@dataclass(frozen=True, slots=True)
class OfStaff:
    """What members of staff see: those that their desks received or resolve, and those of their kinds in their offices.

    A draft is alone its filer's, or the desk's that typed it.
    """

    desks: frozenset[int]
    kinds: Kinds

    def where(self) -> Q:
        """The condition on many rows."""
        seen = Q(resolving_unit__in=self.desks) | Q(receiving_unit__in=self.desks) | of_kinds(self.kinds)
        return seen & (~Q(state=State.DRAFT) | Q(applicant_user__isnull=True))

    def has(self, dossier: Dossier) -> bool:
        """Whether it is true of this row."""
        if dossier.state == State.DRAFT and dossier.applicant_user_id is not None:
            return False
        if dossier.resolving_unit_id in self.desks or dossier.receiving_unit_id in self.desks:
            return True
        return any(
            dossier.resolving_unit_id in units and dossier.procedure.handler in codes
            for units, codes in self.kinds.items()
        )


@dataclass(frozen=True, slots=True)
class OfCitizen:
    """What citizens see: what they filed, what was filed for them, what they brought to a desk under their number."""

    user_id: UUID
    number: str

    def where(self) -> Q:
        """The condition on many rows."""
        mine = Q(applicant_user_id=self.user_id)
        if not self.number:
            return mine
        told = Q(represented_number=self.number) | Q(applicant_user__isnull=True, applicant_key=self.number)
        return mine | (told & ~Q(state=State.DRAFT))

    def has(self, dossier: Dossier) -> bool:
        """Whether it is true of this row."""
        if dossier.applicant_user_id == self.user_id:
            return True
        if not self.number or dossier.state == State.DRAFT:
            return False
        brought = dossier.applicant_user_id is None and dossier.applicant_key == self.number
        return brought or dossier.represented_number == self.number


@dataclass(frozen=True, slots=True)
class OfNobody:
    """Programs and visitors see none."""

    def where(self) -> Q:
        """The condition on many rows."""
        return Q(pk__in=())

    def has(self, dossier: Dossier) -> bool:
        """Whether it is true of this row."""
        return False


Sight = OfStaff | OfCitizen | OfNobody


def sight_of(actor: Actor, *, at: datetime) -> Sight:
    """What the actor sees today."""
    if actor.user_id is None:
        return OfNobody()
    if actor.kind is ActorKind.CITIZEN:
        return OfCitizen(actor.user_id, own_number(actor))
    if actor.kind is not ActorKind.STAFF:
        return OfNobody()
    on, here = localdate(at), desk()
    desks: frozenset[int] = frozenset()
    for permission in (here.view, here.receive, here.assign, here.hand_out):
        desks |= access.units_where(actor, permission, on=on)
    # Who prepares, reviews or signs a kind of dossier sees those of it that their office resolves.
    return OfStaff(desks, kinds_where(actor, lambda levels: (levels.prepare, levels.review, levels.sign), on=on))


def kinds_where(actor: Actor, permissions: Callable[[Levels], Iterable[str]], *, on: date) -> Kinds:
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


def of_kinds(kinds: Kinds) -> Q:
    """The dossiers of these kinds that these offices resolve (see :func:`kinds_where`)."""
    found = Q(pk__in=())
    for units, codes in kinds.items():
        found |= Q(procedure__handler__in=codes, resolving_unit__in=units)
    return found
