"""Figures that are no counts: sums, means, percentiles and shares, each over a list that one can open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

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
    :func:`~.figures.table` gave them, :data:`WHOLE` among them. What needs the values of rows costs as many queries
    as there are lists, whatever the number of rows.
    """
    asked = [measures[code] for code in codes]
    valued = _valued(asked, scope, by)
    groups = {WHOLE, *numbers, *(group for found in valued.values() for group in found)}
    return {
        group: {
            measure.code: read(
                measure, numbers=numbers.get(group, {}),
                values=valued.get((measure.of, measure.values, measure.value), {}).get(group, ()),
            )
            for measure in asked
        }
        for group in groups
    }


def values_of(code: str, rows: QuerySet[Any]) -> dict[Any, float]:
    """The value of each of these rows under a measure that has values, by its key.

    :raises KeyError: no such measure.
    """
    measure = measures[code]
    given: Mapping[Any, Mapping[str, float]] = import_string(measure.values)(rows)
    return {key: values[measure.value] for key, values in given.items()}


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
) -> dict[tuple[str, str, str], dict[Group, list[float]]]:
    """The values that the measures are made of: for each list, function and value, by group."""
    lists = {(m.of, m.values) for m in asked if m.values and has_source(m)}
    told: dict[tuple[str, str, str], dict[Group, list[float]]] = defaultdict(lambda: defaultdict(list))
    for of, path in sorted(lists):
        found = _rows(indicators[of], scope)
        groups = _groups(indicators[of], found, scope, by)
        given: Callable[[QuerySet[Any]], Mapping[Any, Mapping[str, float]]] = import_string(path)
        for key, values in given(found).items():
            for name, value in values.items():
                told[of, path, name][WHOLE].append(value)
                told[of, path, name][groups[key]].append(value)
    return told


def _groups(indicator: Indicator, found: QuerySet[Any], scope: Scope, by: Facet | Step | None) -> dict[Any, Group]:
    """The group of each row, by its key."""
    told = found.order_by()
    if by is None:
        office = F(f"{indicator.unit_field}_id")
        rows = told.annotate(cell_group=office).values_list("pk", "cell_group")
        return {key: scope.shown_as(unit) for key, unit in rows}
    if isinstance(by, Step):
        if not indicator.at_field:
            return dict.fromkeys(told.values_list("pk", flat=True), "")
        period = Cast(TRUNCATE[by](indicator.at_field, tzinfo=VIETNAM), DateField())
        return {key: day.isoformat() for key, day in told.annotate(cell_group=period).values_list("pk", "cell_group")}
    path = indicator.path_of(by)
    if not path:
        return dict.fromkeys(told.values_list("pk", flat=True), "")
    return dict(told.annotate(cell_group=Cast(F(path), CharField())).values_list("pk", "cell_group"))
