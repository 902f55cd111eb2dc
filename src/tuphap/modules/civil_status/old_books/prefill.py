"""What a request for a copy tells of the entry that it is about, as the first page of a transcription knows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from tuphap.kernel.actor import Actor
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from ..copies import declaration
from ..models import OldEntry
from . import declare, queries


def asked_for(dossier_id: UUID, actor: Actor, at: datetime) -> declaration.AnyTarget | None:
    """The act of which this request wants a copy; None where it asks for something else or is not whole.

    :raises dossiers.UnknownDossier: the actor does not see it.
    """
    dossier = dossiers.get_visible(dossier_id, actor, at)
    if dossier.procedure.handler not in (declaration.COPY, declaration.CONFIRMATION):
        return None
    try:
        return declaration.read(dossier).target
    except ValidationError:
        return None


def line(target: declaration.AnyTarget, actor: Actor, at: datetime) -> dict[str, Any]:
    """For the page that asks where the entry stands."""
    number, _, year = target.number.partition("/")
    office = _office(target, int(year), actor, at)
    kinds = [kind.code for kind in declare.KINDS.values() if kind.book is target.book]
    return {
        "what": kinds[0] if len(kinds) == 1 else "", "unit": office.pk if office is not None else None,
        "office_name": target.office_then or (office.name if office is not None else ""), "year": int(year),
        "number": number, "volume": target.volume.upper(), "registered_on": target.registered_on,
    }


def _office(target: declaration.AnyTarget, year: int, actor: Actor, at: datetime) -> OrgUnit | None:
    """The one office that was there in that year, of those in whose books the actor transcribes; None: several were."""
    area = target.office.unit()
    areas = [area, *orgs.predecessors(area)]
    day = target.registered_on or date(year, 12, 31)
    then = queries.offices_of(actor, at).filter(orgs.valid_on(max(day, orgs.EARLIEST)), admin_unit__in=areas)
    found = list(then[:2])
    return found[0] if len(found) == 1 else None


def part(entry: OldEntry, part: declare.Part, actor: Actor, at: datetime) -> dict[str, dict[str, str]]:
    """Of a page that nobody has filled yet: the page number, or the name of the first whom the entry is about."""
    if entry.dossier_id is None or part.code in entry.content:
        return {}
    target = asked_for(entry.dossier_id, actor, at)
    if target is None:
        return {}
    if part.code == declare.LINE and target.page:
        return {"page": {"raw": target.page}}
    return {"name": {"raw": target.name}} if part.role == entry.entry_kind.main[0] else {}
