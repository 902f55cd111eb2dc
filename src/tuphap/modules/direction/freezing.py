"""What is frozen of a period, and its fingerprint. Reads; the writing is the operation's."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Facet, Scope

from . import report, rules
from .models import Closing

FACETS = (Facet.SECTOR, Facet.PROCEDURE, Facet.CHANNEL)


@dataclass(frozen=True, slots=True)
class Figure:
    """The records that one figure counts in one office, sector, procedure and channel."""

    code: str
    unit_id: int
    sector: str
    procedure: str
    channel: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure says of one office, or of all."""

    code: str
    unit_id: int | None
    value: float | None
    base: int
    has_source: bool


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything that is kept of a period."""

    figures: tuple[Figure, ...]
    measures: tuple[Measure, ...]


def figures_of(scope: Scope) -> list[Figure]:
    """Every count of the statistics with its records, by the offices as they were."""
    found = []
    for members in indicators.members(report.counts(), scope, facets=FACETS):
        sector, procedure, channel = members.facets
        found.append(Figure(members.code, members.unit_id, sector, procedure, channel, members.labels))
    return found


def freeze(scope: Scope) -> Frozen:
    """What the statistics say of a period now.

    :raises rules.Unbalanced: what came is not what went and what is left: it is not closed.
    """
    told = report.report(scope)
    told.require_balance()
    lines = [(line.unit.pk if line.unit else None, line) for line in (told.whole, *told.lines)]
    measures = [
        Measure(code, unit, reading.value, reading.base, reading.has_source)
        for unit, line in lines for code, reading in sorted(line.now.readings.items())
    ]
    return Frozen(tuple(sorted(figures_of(scope), key=_order)), tuple(measures))


def _order(figure: Figure) -> tuple[str, int, str, str, str]:
    return figure.code, figure.unit_id, figure.sector, figure.procedure, figure.channel


def fingerprint(
    *, period: rules.Period, version: int, office_id: int, units: Iterable[int], closed_at: datetime, closed_by: str,
    basis: str, frozen: Frozen,
) -> str:
    """SHA-256 over all that is frozen in its one spelling: whoever changes a figure afterwards is found out."""
    told: dict[str, Any] = {
        "kind": period.kind, "first": period.first.isoformat(), "version": version, "office": office_id,
        "units": sorted(units), "closed_at": closed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "closed_by": closed_by, "basis": basis,
        "figures": sorted([f.code, f.unit_id, f.sector, f.procedure, f.channel, list(f.labels)]
                          for f in frozen.figures),
        "measures": sorted(([m.code, m.unit_id or 0, m.value, m.base, m.has_source] for m in frozen.measures),
                           key=lambda row: (row[0], row[1])),
    }
    spelled = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(spelled.encode()).hexdigest()


def is_whole(closing: Closing) -> bool:
    """Whether what is kept is still what was frozen."""
    rows = closing.figures.order_by("code", "unit_id", "sector", "procedure", "channel").values_list(
        "code", "unit_id", "sector", "procedure", "channel", "labels"
    )
    measures = closing.measures.values_list("code", "unit_id", "value", "base", "has_source")
    frozen = Frozen(
        tuple(Figure(*row[:5], tuple(row[5])) for row in rows), tuple(Measure(*row) for row in measures)
    )
    return closing.hash == fingerprint(
        period=closing.period, version=closing.version, office_id=closing.office_id, units=closing.units,
        closed_at=closing.closed_at, closed_by=str(closing.closed_by_id), basis=closing.basis, frozen=frozen,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure as it was frozen and as it is now, and the records by which they differ."""

    code: str
    frozen: float | None
    live: float | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def change(self) -> float | None:
        if self.frozen is None or self.live is None:
            return None
        return self.live - self.frozen

    @property
    def differs(self) -> bool:
        return bool(self.added or self.removed) or self.frozen != self.live


def frozen_labels(closing: Closing, scope: Scope) -> dict[str, list[str]]:
    """The records of each frozen figure within a scope: its offices (on its basis), sector, procedure, channel."""
    rows = closing.figures.filter(unit__in=scope.counted_units())
    for field, wanted in (("sector", scope.sector), ("procedure", scope.procedure), ("channel", scope.channel)):
        if wanted:
            rows = rows.filter(**{field: wanted})
    told: dict[str, list[str]] = defaultdict(list)
    for code, labels in rows.values_list("code", "labels"):
        told[code] += labels
    return told


def live_labels(closing: Closing, scope: Scope) -> dict[str, list[str]]:
    """The same of the figures as they are now."""
    told: dict[str, list[str]] = defaultdict(list)
    for figure in figures_of(scope.within(closing.first, closing.last)):
        told[figure.code] += figure.labels
    return told


def frozen_readings(closing: Closing, scope: Scope) -> Mapping[str, float | None]:
    """What the frozen measures say of a scope: of all its offices together, or of one as it was; else nothing.

    A mean cannot be made of the means of its parts, so what was not frozen as a whole is not told.
    """
    counted = scope.counted_units()
    if scope.facets or (len(counted) != 1 and not set(closing.units) <= counted):
        return {}
    unit = next(iter(counted)) if len(counted) == 1 else None
    return dict(closing.measures.filter(unit=unit, has_source=True).values_list("code", "value"))


def differences(closing: Closing, scope: Scope, *, live: Mapping[str, float | None]) -> list[Difference]:
    """Every figure of the statistics, frozen and live; ``live`` are the measures as they are now."""
    then, now = frozen_labels(closing, scope), live_labels(closing, scope)
    readings = frozen_readings(closing, scope)
    found = []
    for code in rules.FIGURES:
        if code in indicators.measures:
            if code in readings:
                found.append(Difference(code, readings[code], live.get(code)))
            continue
        before, after = then.get(code, []), now.get(code, [])
        found.append(Difference(
            code, len(before), len(after), _more(after, before), _more(before, after)
        ))
    return found


def _more(these: Iterable[str], than: Iterable[str]) -> tuple[str, ...]:
    """What stands more often among these than among those."""
    return tuple(sorted(Counter(these) - Counter(than)))
