"""An act as it would be written today, for pages that show a declaration; it is never saved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tuphap.kernel.clock import localdate
from tuphap.shared.dossiers.models import Dossier

from ..answers import party_columns_of
from ..models import Act, Party
from .blocks import Declaration
from .kinds import EventKind


def draft(kind: EventKind, declared: Declaration, dossier: Dossier, *, at: datetime) -> Act:
    """The act with its people at hand, without a number."""
    happened, unit, today = declared.event_on(), dossier.resolving_unit, localdate(at)
    target = declared.find_target()
    act = Act(
        kind=kind.book, event=kind.event, unit=unit, unit_name=unit.name, year=today.year, number=0,
        registered_on=today, target=target,
        facts=facts_of(declared, target, on=localdate(dossier.submitted_at or dossier.received_at or at)),
        event_on=happened.isoformat() if happened else "", notes=declared.remark(),
    )
    people = [Party(act=act, **columns) for columns in people_of(declared, target)]
    act._prefetched_objects_cache = {"parties": people}  # type: ignore[attr-defined]  # as a query with its prefetch would leave it
    return act


def facts_of(declared: Declaration, target: Act | None, *, on: date) -> dict[str, Any]:
    """What only this kind of act keeps: declared, and read from the act that it is about."""
    return {**declared.facts(declared_on=on), **(declared.facts_about(target) if target is not None else {})}


def people_of(declared: Declaration, target: Act | None) -> list[dict[str, Any]]:
    """One row of :class:`Party` a person: those declared, and those taken over from the act that it is about."""
    rows = [party_columns_of(role, block, sex) for role, block, sex in declared.people()]
    return [*(declared.people_from(target) if target is not None else []), *rows]
