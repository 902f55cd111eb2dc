"""Figures that are no counts: sums, means, percentiles and shares, each over a list that one can open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import CharField, DateField, F, FloatField, QuerySet, Value
from django.db.models.functions import Cast

from tuphap.kernel.clock import VIETNAM

from .declarations import Facet, Indicator, Kind, Measure, breakdowns, indicators, measures
from .figures import TRUNCATE, _classes, _rows
from .scope import Scope, Step

WHOLE = None
"""The group that holds every row."""

Group = int | str | None
"""An office (as shown), a facet's code, or :data:`WHOLE`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure of one group: its value, and the number of rows that it is taken over.

    ``value`` None: there is nothing to take it over. ``has_source`` False: what it needs, nobody records yet.
    """

    code: str
    value: float | None
    base: int = 0
    has_source: bool = True


def read(measure: Measure, *, numbers: Mapping[str, int], values: Sequence[float] = ()) -> Reading:
    """A measure from the counts of its group (SHARE) or from the values of the group's rows (the others)."""
    if not has_source(measure):
        return Reading(measure.code, None, has_source=False)
    if measure.kind is Kind.SHARE:
        whole = numbers.get(measure.of, 0)
        share = 100 * numbers.get(measure.part, 0) / whole if whole else None
        return Reading(measure.code, share, whole)
    if not values:
        return Reading(measure.code, 0.0 if measure.kind is Kind.SUM else None)
    taken: dict[Kind, Callable[[Sequence[float]], float]] = {Kind.SUM: sum, Kind.MEAN: _mean, Kind.P90: p90}
    return Reading(measure.code, taken[measure.kind](values), len(values))


def p90(values: Sequence[float]) -> float:
    """The least value that is not exceeded by nine tenths of them (nearest rank).

    :raises ValueError: of nothing.
    """
    if not values:
        raise ValueError("no percentile of nothing")
    return sorted(values)[ceil(0.9 * len(values)) - 1]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def has_source(measure: Measure) -> bool:
    """Whether a module declares what the measure is made of."""
    return measure.of in indicators and (measure.kind is not Kind.SHARE or measure.part in indicators)


def codes_for(codes: Iterable[str]) -> tuple[str, ...]:
    """The indicators whose counts the shares among these measures need."""
    wanted: dict[str, None] = {}
    for measure in map(measures.__getitem__, codes):
        if measure.kind is Kind.SHARE and has_source(measure):
            wanted |= {measure.of: None, measure.part: None}
    return tuple(wanted)


def measured(
    codes: Iterable[str], scope: Scope, *, numbers: Mapping[Group, Mapping[str, int]], by: Facet | Step | None = None,
) -> dict[Group, dict[str, Reading]]:
    """Each measure of each group, and of all rows together (:data:`WHOLE`).

    The groups are the offices as shown, or with ``by`` a facet's codes, or the first days of weeks or months (ISO).
    ``numbers`` are the counts of each group as
    :func:`~.figures.table` gave them, :data:`WHOLE` among them. What needs the values of rows costs one query for each
    list, whatever the number of rows.
    """
    asked = [measures[code] for code in codes]
    valued = _valued(asked, scope, by)
    groups = {WHOLE, *numbers, *(group for found in valued.values() for group in found)}
    return {
        group: {
            measure.code: read(
                measure, numbers=numbers.get(group, {}),
                values=valued.get((measure.of, measure.field), {}).get(group, ()),
            )
            for measure in asked
        }
        for group in groups
    }


def values_of(code: str, rows: QuerySet[Any]) -> dict[Any, float]:
    """The value of each of these rows under a measure that has values, by its key.

    :raises KeyError: no such measure.
    """
    return {key: float(value) for key, value in rows.order_by().values_list("pk", measures[code].field)}


def broken_down(code: str, scope: Scope, *, by: Facet | Step | None = None) -> dict[Group, Counter[str]]:
    """How many rows of each class, by office as shown or by facet, and of all together (:data:`WHOLE`)."""
    breakdown = breakdowns[code]
    found = _rows(indicators[breakdown.of], scope)
    groups = _groups(indicators[breakdown.of], found, scope, by)
    told: dict[Group, Counter[str]] = defaultdict(Counter)
    for key, name in _classes(breakdown, found, scope).items():
        told[WHOLE][name] += 1
        told[groups[key]][name] += 1
    return told


def _valued(
    asked: Iterable[Measure], scope: Scope, by: Facet | Step | None
) -> dict[tuple[str, str], dict[Group, list[float]]]:
    """The values that the measures are made of: for each list and field, by group."""
    fields: dict[str, set[str]] = defaultdict(set)
    for measure in asked:
        if measure.field and has_source(measure):
            fields[measure.of].add(measure.field)
    told: dict[tuple[str, str], dict[Group, list[float]]] = defaultdict(lambda: defaultdict(list))
    for of, wanted in sorted(fields.items()):
        for group, values in _by_group(indicators[of], scope, by, sorted(wanted)):
            for field, of_group in values.items():
                told[of, field][WHOLE].extend(of_group)
                told[of, field][group].extend(of_group)
    return told


def _by_group(
    indicator: Indicator, scope: Scope, by: Facet | Step | None, fields: Sequence[str]
) -> Iterator[tuple[Group, dict[str, list[float]]]]:
    """The values of these fields, one list a group: the database gathers them, a million come in a few hundred rows."""
    told = (
        _rows(indicator, scope)
        .order_by()
        .annotate(cell_group=_group(indicator, by))
        .values("cell_group")
        .annotate(**{f"cell_{place}": ArrayAgg(Cast(F(field), FloatField())) for place, field in enumerate(fields)})
    )
    for row in told:
        yield _name(row["cell_group"], scope, by), {
            field: row[f"cell_{place}"] for place, field in enumerate(fields)
        }


def _group(indicator: Indicator, by: Facet | Step | None) -> Any:
    """What tells a row's group, in the database: its office, the first day of its period, its code under a facet."""
    if by is None:
        return F(f"{indicator.unit_field}_id")
    path = indicator.at_field if isinstance(by, Step) else indicator.path_of(by)
    if not path:
        return Value("", output_field=CharField())
    if isinstance(by, Step):
        return Cast(TRUNCATE[by](path, tzinfo=VIETNAM), DateField())
    return Cast(F(path), CharField())


def _name(told: Any, scope: Scope, by: Facet | Step | None) -> Group:
    if by is None:
        return scope.shown_as(told)
    return told.isoformat() if isinstance(told, date) else told


def _groups(indicator: Indicator, found: QuerySet[Any], scope: Scope, by: Facet | Step | None) -> dict[Any, Group]:
    """The group of each row, by its key."""
    told = found.order_by().annotate(cell_group=_group(indicator, by)).values_list("pk", "cell_group")
    return {key: _name(group, scope, by) for key, group in told}
