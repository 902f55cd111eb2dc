"""Who kept books at which time, by every name under which a file may call them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.shared.access import api as access
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.api import OrgUnit

from ..rules import Permission

if TYPE_CHECKING:
    import polars as pl

_KINDS = (OrgUnit.Kind.COMMUNE, OrgUnit.Kind.DISTRICT, OrgUnit.Kind.DEPARTMENT)
_LONG_AGO = date(1945, 1, 1)


def table(actor: Actor, *, on: date) -> pl.DataFrame:
    """The offices as ``reading.OFFICES`` has them. When the oldest began is not recorded: they are taken to have been
    there before as well. What the platform itself loads may be of any of them.
    """
    import polars as pl

    from . import reading

    may = None if actor.kind is ActorKind.SYSTEM else access.units_where(actor, Permission.MANAGE, on=on)
    found = OrgUnit.objects.filter(kind__in=_KINDS).select_related("admin_unit__parent__parent").order_by("pk")
    rows = [
        (name, unit.pk, unit.name, _LONG_AGO if unit.valid_from <= orgs.EARLIEST else unit.valid_from, unit.valid_to,
         may is None or unit.pk in may)
        for unit in found for name in _names(unit)
    ]
    frame = pl.DataFrame(rows, schema=reading.OFFICES, orient="row")
    return frame.with_columns(reading.office_key(pl.col("key"))).unique(maintain_order=True)


def _names(unit: OrgUnit) -> Iterator[str]:
    """By code, by name, and by name with those above it."""
    place = unit.admin_unit
    yield from (unit.code, place.code, unit.name, unit.short_name, place.name)
    above, names = place.parent, [place.name]
    while above is not None:
        names.append(above.name)
        yield ", ".join(names)
        above = above.parent
