"""Reads of events for the pages of their dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from pydantic import ValidationError

from tuphap.kernel.clock import now
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.indicators.api import Scope

from .. import rules
from ..models import Act
from ..rules import ActState, BookKind
from .drafts import draft
from .kinds import Section, kind_of


def essentials(found: Sequence[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
    """What a leader sees of each before deciding: who, and on which day."""
    return {dossier.pk: _told(dossier) for dossier in found}


def _told(dossier: Dossier) -> list[tuple[str, str]]:
    kind = kind_of(dossier)
    try:
        act = draft(kind, kind.declaration.model_validate(dossier.answers), dossier, at=now())
    except ValidationError:
        return []
    lines = [line for section in kind.sections(act) for line in section.lines[:2]]
    return [(kind.title, kind.headline(act)), *lines[:4]]


# --- Figures: each the length of a list -------------------------------------------------------------------------------


def _acts(kind: BookKind, scope: Scope) -> QuerySet[Act]:
    """Acts entered in the book within the period; cancelled ones are no longer counted, nor those from old books, which
    nobody signed here."""
    return (
        Act.objects.filter(
            kind=kind, state=ActState.REGISTERED, signed_at__gte=scope.start,
            signed_at__lt=scope.end,
        )
        .select_related("unit")
        .order_by("signed_at", "pk")
    )


def marriages(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.MARRIAGE, scope).exclude(event=rules.MARRIAGE_AGAIN)


def marriages_again(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.MARRIAGE, scope).filter(event=rules.MARRIAGE_AGAIN)


def deaths(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.DEATH, scope).exclude(event=rules.DEATH_AGAIN)


def deaths_again(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.DEATH, scope).filter(event=rules.DEATH_AGAIN)


def marital_statuses(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.MARITAL_STATUS, scope)


def guardianships(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.GUARDIANSHIP, scope).filter(event=rules.GUARDIANSHIP)


def guardianships_ended(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.GUARDIANSHIP, scope).filter(event=rules.GUARDIANSHIP_END)


def supervisions(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.GUARDIANSHIP, scope).filter(event=rules.SUPERVISION)


def supervisions_ended(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.GUARDIANSHIP, scope).filter(event=rules.SUPERVISION_END)


def recognitions(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.RECOGNITION, scope)


def changes(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.CHANGE, scope)


def foreign_marriages(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.FOREIGN, scope).filter(event=rules.FOREIGN_MARRIAGE)


def foreign_divorces(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.FOREIGN, scope).filter(event=rules.FOREIGN_DIVORCE)


def foreign_others(scope: Scope) -> QuerySet[Act]:
    return _acts(BookKind.FOREIGN, scope).filter(event=rules.FOREIGN_OTHER)


# --- The declaration --------------------------------------------------------------------------------------------------


def declared_sections(dossier: Dossier) -> tuple[Section, ...]:
    """The declaration as the register will tell it; empty while it is not whole."""
    kind = kind_of(dossier)
    try:
        declared = kind.declaration.model_validate(dossier.answers)
    except ValidationError:
        return ()
    return kind.sections(draft(kind, declared, dossier, at=now()))
