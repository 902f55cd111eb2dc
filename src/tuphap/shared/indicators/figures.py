"""Counting: the number of the rows, never another number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Count, DateField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth, TruncWeek, TruncYear
from django.utils.module_loading import import_string

from tuphap.kernel.clock import VIETNAM

from .declarations import Breakdown, Facet, Indicator, breakdowns, indicators, measures, published, traits_of
from .scope import Scope, Step

TRUNCATE = {Step.WEEK: TruncWeek, Step.MONTH: TruncMonth, Step.YEAR: TruncYear}


@dataclass(frozen=True, slots=True)
class Cell:
    """How many rows of one indicator, office (as shown) and, where asked, first day of week or month and facets."""

    code: str
    unit_id: int
    period: date | None
    number: int
    facets: tuple[str, ...] = ()


def rows(code: str, scope: Scope) -> QuerySet[Any]:
    """The rows behind a figure; ``rows(code, scope).count() == count(code, scope)`` always.

    A measure's rows are those over which it is taken; a class's (``breakdown:class``) those that are of it.
    """
    if code in measures:
        return _rows(indicators[measures[code].of], scope)
    whole, _, name = code.partition(":")
    if not name:
        return _rows(indicators[code], scope)
    breakdown = breakdowns[whole]
    found = _rows(indicators[breakdown.of], scope)
    return found.filter(pk__in=[key for key, one in _classes(breakdown, found, scope).items() if one == name])


def count(code: str, scope: Scope) -> int:
    """The figure; of a measure, how many rows it is taken over."""
    if code not in indicators:
        return rows(code, scope).count()
    indicator = indicators[code]
    if not indicator.count:
        return _rows(indicator, scope).count()
    number: int = import_string(indicator.count)(scope)
    return number


def table(
    codes: Iterable[str], scope: Scope, *, step: Step | None = None, facets: Sequence[Facet] = ()
) -> list[Cell]:
    """Every figure of ``codes`` by office and, where asked, by week or month and by ``facets``; one query for all.

    Offices and periods without rows have no cell. A stock (an indicator without ``at_field``) has cells without period.
    """
    families = _families(indicators[code] for code in dict.fromkeys(codes))
    if not families:
        return []
    cells: Counter[tuple[str, int, date | None, tuple[str, ...]]] = Counter()
    for row in _union(families, scope, step, facets):
        told = tuple(row[f"cell_{facet}"] for facet in facets)
        for place, member in enumerate(families[row["cell_code"]]):
            if row[f"cell_number_{place}"]:
                cells[member.code, scope.shown_as(row["cell_unit"]), row["cell_period"], told] += (
                    row[f"cell_number_{place}"]
                )
    return [Cell(*place[:3], number, place[3]) for place, number in cells.items()]


@dataclass(frozen=True, slots=True)
class Margins:
    """Figures by office (as shown), and by the first day of a week, month or year: code, then place, then number."""

    by_unit: Mapping[str, Mapping[int, int]]
    by_period: Mapping[str, Mapping[date, int]]


def margins(codes: Iterable[str], scope: Scope, *, step: Step) -> Margins:
    """Every figure of ``codes`` by office and, apart from that, by period; one query for all.

    :func:`table` tells both at once: a province's offices times its weeks, ten times the rows.
    """
    by_unit: dict[str, Counter[int]] = defaultdict(Counter)
    by_period: dict[str, Counter[date]] = defaultdict(Counter)
    families = _families(indicators[code] for code in dict.fromkeys(codes))
    if not families:
        return Margins(by_unit, by_period)
    with suppress(EmptyResultSet):  # nobody's offices
        counted, given = _union(families, scope, step, ()).query.sql_with_params()
        numbers = ", ".join(f"sum(cell_number_{place})" for place in range(_columns(families)))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT cell_code, cell_unit, cell_period, {numbers} FROM ({counted}) counted"  # noqa: S608  # ours
                " GROUP BY GROUPING SETS ((cell_code, cell_unit), (cell_code, cell_period))", given,
            )
            for code, unit, period, *told in cursor.fetchall():
                for member, number in zip(families[code], told, strict=False):  # the rest of a row is filled up
                    if number and unit is not None:
                        by_unit[member.code][scope.shown_as(unit)] += int(number)
                    elif number and period is not None:
                        by_period[member.code][period] += int(number)
    return Margins(by_unit, by_period)


def _families(asked: Iterable[Indicator]) -> dict[str, list[Indicator]]:
    """Those that one pass over the same rows can count, by the code of the first of them.

    They are parts of one list, told apart by the same fields.
    """
    found: dict[tuple[object, ...], list[Indicator]] = {}
    for one in asked:
        found.setdefault((one.whole.code, one.unit_field, one.at_field, one.facets), []).append(one)
    return {family[0].code: family for family in found.values()}


def _columns(families: Mapping[str, Sequence[Indicator]]) -> int:
    return max(len(family) for family in families.values())


def _union(
    families: Mapping[str, Sequence[Indicator]], scope: Scope, step: Step | None, facets: Sequence[Facet]
) -> QuerySet[Any, dict[str, Any]]:
    """The counts of every family by office, period and facets, one under the other."""
    wanted = [
        _numbered(_grouped(family[0], scope, step, facets, whole=len(family) > 1), family, scope, _columns(families))
        for family in families.values()
    ]
    return reduce(lambda one, other: one.union(other, all=True), wanted)


def _numbered(
    grouped: QuerySet[Any, dict[str, Any]], family: Sequence[Indicator], scope: Scope, columns: int
) -> QuerySet[Any, dict[str, Any]]:
    """A column for each of the family, filled up with noughts to as many as the largest one has."""
    numbers: dict[str, Any] = {
        f"cell_number_{place}": Value(0, output_field=IntegerField()) for place in range(columns)
    }
    for place, one in enumerate(family):
        of_it = one.among(scope) if len(family) > 1 else None
        numbers[f"cell_number_{place}"] = Count("pk", filter=of_it)
    counted: QuerySet[Any, dict[str, Any]] = grouped.annotate(**numbers)
    return counted


@dataclass(frozen=True, slots=True)
class Members:
    """The names of the rows of one indicator, office (as it was) and facets."""

    code: str
    unit_id: int
    facets: tuple[str, ...]
    labels: tuple[str, ...]


def members(codes: Iterable[str], scope: Scope, *, facets: Sequence[Facet] = ()) -> list[Members]:
    """Which rows every figure of ``codes`` counts, by the offices as they were and by ``facets``; one query for all."""
    wanted = [
        _grouped(one, scope, None, facets).annotate(cell_labels=ArrayAgg(Cast(F(one.label_field), CharField())))
        for one in (indicators[code] for code in codes)
    ]
    if not wanted:
        return []
    found = reduce(lambda one, other: one.union(other, all=True), wanted)
    return [
        Members(
            row["cell_code"], row["cell_unit"], tuple(row[f"cell_{facet}"] for facet in facets),
            tuple(sorted(row["cell_labels"])),
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Alike:
    """The records of one office (as it was) that have the same class of every trait, and their names."""

    unit_id: int
    classes: tuple[tuple[str, str], ...]  # trait and class
    labels: tuple[str, ...]


def told_apart(code: str, scope: Scope, *, by: Iterable[str]) -> list[Alike]:
    """The records of a figure by office and by these traits; one query. Every record stands in exactly one group.

    :raises KeyError: no such figure, or one whose records are not told apart so.
    """
    indicator, known = indicators[code], traits_of(code)
    asked = {trait: f"trait_{place}" for place, trait in enumerate(sorted(set(by)))}
    found: QuerySet[Any, dict[str, Any]] = (
        _rows(indicator, scope)
        .order_by()
        .annotate(
            cell_unit=F(f"{indicator.unit_field}_id"),
            **{column: import_string(known[trait].told_by)() for trait, column in asked.items()},
        )
        .values("cell_unit", *asked.values())
        .annotate(cell_labels=ArrayAgg(Coalesce(Cast(F(indicator.label_field), CharField()), Cast("pk", CharField()))))
    )
    return [
        Alike(
            row["cell_unit"], tuple((trait, row[column] or "") for trait, column in asked.items()),
            tuple(sorted(row["cell_labels"])),
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as it was published: by which report, and where that is to be read."""

    number: int
    title: str
    url: str


def published_for(codes: Sequence[str], scope: Scope) -> dict[str, list[Published]]:
    """What was published of these figures for just this question's offices and days."""
    told: dict[str, list[Published]] = {}
    for one in published:
        given: Mapping[str, list[Published]] = import_string(one.told_by)(codes, scope)
        for code, figures in given.items():
            told.setdefault(code, []).extend(figures)
    return told


def by_unit(code: str, scope: Scope) -> dict[int, int]:
    """The figure of each office that has any, by the office's key."""
    return {cell.unit_id: cell.number for cell in table([code], scope)}


def by_period(code: str, scope: Scope, *, step: Step) -> dict[date, int]:
    """The figure of each week or month that has any, by its first day."""
    numbers: Counter[date] = Counter()
    for cell in table([code], scope, step=step):
        if cell.period is not None:
            numbers[cell.period] += cell.number
    return dict(numbers)


def _rows(indicator: Indicator, scope: Scope) -> QuerySet[Any]:
    listed: QuerySet[Any] = import_string(indicator.whole.list)(scope)
    among = indicator.among(scope)
    if among is not None:
        listed = listed.filter(among)
    return listed.filter(**{f"{indicator.unit_field}__in": scope.counted_units()})


def _classes(breakdown: Breakdown, found: QuerySet[Any], scope: Scope) -> Mapping[Any, str]:
    classify: Callable[[QuerySet[Any], Scope], Mapping[Any, str]] = import_string(breakdown.classify)
    return classify(found, scope)


def _grouped(
    indicator: Indicator, scope: Scope, step: Step | None, facets: Sequence[Facet] = (), *, whole: bool = False
) -> QuerySet[Any, dict[str, Any]]:
    """The rows of a figure (``whole``: of the one that it is a part of) by office, period and facets."""
    period: Any = Value(None, output_field=DateField())
    if step is not None and indicator.at_field:
        # The cast is the database's: in a union only the first query's fields say how values are read.
        period = Cast(TRUNCATE[step](indicator.at_field, tzinfo=VIETNAM), DateField())
    rows = _rows(indicator.whole if whole else indicator, scope)
    grouped: QuerySet[Any, dict[str, Any]] = (
        rows
        .order_by()
        .annotate(
            cell_code=Value(indicator.code, output_field=CharField()),
            cell_unit=F(f"{indicator.unit_field}_id"),
            cell_period=period,
            **{f"cell_{facet}": _facet(indicator, facet) for facet in facets},
        )
        .values("cell_code", "cell_unit", "cell_period", *(f"cell_{facet}" for facet in facets))
    )
    return grouped


def _facet(indicator: Indicator, facet: Facet) -> Any:
    """A row's code under a facet, as text; empty where its indicator does not have it."""
    path = indicator.path_of(facet)
    return Cast(F(path), CharField()) if path else Value("", output_field=CharField())
