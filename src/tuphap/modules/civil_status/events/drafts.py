"""An act as it would be written today, for pages that show a declaration; it is never saved."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.clock import localdate
from tuphap.shared.dossiers.models import Dossier

from ..answers import party_columns_of
from ..models import Act, Party
from .blocks import Declaration
from .kinds import EventKind


def draft(kind: EventKind, declared: Declaration, dossier: Dossier, *, at: datetime) -> Act:
    """The act with its people at hand, without a number."""
    happened, unit, today = declared.event_on(), dossier.resolving_unit, localdate(at)
    act = Act(
        kind=kind.book, unit=unit, unit_name=unit.name, year=today.year, number=0, registered_on=today,
        facts=declared.facts(declared_on=localdate(dossier.submitted_at or dossier.received_at or at)),
        event_on=happened.isoformat() if happened else "", notes=declared.remark(),
    )
    people = [Party(act=act, **party_columns_of(role, block, sex)) for role, block, sex in declared.people()]
    act._prefetched_objects_cache = {"parties": people}  # type: ignore[attr-defined]  # as a query with its prefetch would leave it
    return act
