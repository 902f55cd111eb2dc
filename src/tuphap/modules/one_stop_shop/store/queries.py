"""Every signed result of a citizen, and of those for whom they file, with how it stands in the register today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers.api import Dossier

from .. import queries as desk
from . import rules


@dataclass(frozen=True, slots=True)
class StoredResult:
    """One signed paper: which, of whom, how it stands, and whether the citizen may hold it."""

    document: Document
    title: str
    dossier: Dossier
    whose: str
    may_hold: bool

    @property
    def number(self) -> str:
        return str(self.document.register_line.get("number", ""))

    @property
    def standing(self) -> Document.Standing:
        return Document.Standing(self.document.register_state)

    @property
    def in_force(self) -> bool:
        return self.standing is Document.Standing.IN_FORCE


def with_results(actor: Actor, at: datetime) -> QuerySet[Dossier]:
    """The dossiers of a citizen that have led to signed papers, the latest result first; nothing for anybody else."""
    if actor.kind is not ActorKind.CITIZEN:
        return Dossier.objects.none()
    found = desk.visible(actor, at=at).filter(result__has_key="documents", result_ready_at__isnull=False)
    return found.order_by("-result_ready_at", "-pk")


def results(found: Iterable[Dossier], actor: Actor, at: datetime) -> list[StoredResult]:
    """The papers of these dossiers, in their order."""
    shown = list(found)
    told = {dossier.pk: {UUID(paper["id"]): paper["title"] for paper in _papers(dossier)} for dossier in shown}
    known = (
        Document.objects.select_related("unit", "file", "replaced_by")
        .filter(pk__in=[pk for keys in told.values() for pk in keys], state=Document.State.SIGNED).in_bulk()
    )
    return [
        StoredResult(
            known[key], title, dossier, dossier.represents.name if dossier.represents else "",
            desk.may_hold_result(dossier, actor, at),
        )
        for dossier in shown for key, title in told[dossier.pk].items() if key in known
    ]


def usable(actor: Actor, at: datetime, *, most: int = 100) -> list[StoredResult]:
    """What may be taken into a new dossier: in force, and theirs to hold."""
    return [r for r in results(with_results(actor, at)[:most], actor, at) if r.may_hold and r.in_force]


def get(document_id: UUID, actor: Actor, at: datetime) -> StoredResult:
    """One paper of the store.

    :raises rules.UnknownResult: there is none, or it is another's.
    """
    holding = with_results(actor, at).filter(result__documents__contains=[{"id": str(document_id)}])
    found = next((r for r in results(holding[:1], actor, at) if r.document.pk == document_id), None)
    if found is None:
        raise rules.UnknownResult()
    return found


def content(found: StoredResult) -> bytes:
    """The signed file, byte for byte."""
    return documents.content(found.document)


def _papers(dossier: Dossier) -> list[dict[str, Any]]:
    papers: list[dict[str, Any]] = dossier.result.get("documents") or []
    return papers
