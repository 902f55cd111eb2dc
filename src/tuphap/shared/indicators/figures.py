"""Counting: the number of the rows, never another number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from django.db.models import CharField, Count, DateField, F, QuerySet, Sum, Value
from django.db.models.functions import Cast, TruncMonth, TruncWeek
from django.utils.module_loading import import_string

from tuphap.kernel.clock import VIETNAM

from .declarations import Indicator, indicators
from .scope import Scope, Step

_TRUNCATE = {Step.WEEK: TruncWeek, Step.MONTH: TruncMonth}


@dataclass(frozen=True, slots=True)
class Cell:
    """How many rows of one indicator, office (as shown) and, where asked, first day of the week or month.

    ``total``: what the rows' numbers come to, where the indicator has a mean.
    """

    code: str
    unit_id: int
    period: date | None
    number: int
    total: int = 0


def mean(number: int, total: int) -> float | None:
    """The mean of so many numbers that come to this total, to two decimals; None of no numbers."""
    return round(total / number, 2) if number else None


def rows(code: str, scope: Scope) -> QuerySet[Any]:
    """The rows behind a figure; ``rows(code, scope).count() == count(code, scope)`` always."""
    return _rows(indicators[code], scope)


def count(code: str, scope: Scope) -> int:
    """The figure."""
    indicator = indicators[code]
    if not indicator.count:
        return _rows(indicator, scope).count()
    number: int = import_string(indicator.count)(scope)
    return number


def table(codes: Iterable[str], scope: Scope, *, step: Step | None = None) -> list[Cell]:
    """Every figure of ``codes`` by office and, with ``step``, by week or month; one query for all of them.

    Offices and periods without rows have no cell. A stock (an indicator without ``at_field``) has cells without period.
    """
    wanted = [_grouped(indicators[code], scope, step) for code in codes]
    if not wanted:
        return []
    found = reduce(lambda one, other: one.union(other, all=True), wanted)
    cells: Counter[tuple[str, int, date | None]] = Counter()
    totals: Counter[tuple[str, int, date | None]] = Counter()
    for row in found:
        place = row["cell_code"], scope.shown_as(row["cell_unit"]), row["cell_period"]
        cells[place] += row["cell_number"]
        totals[place] += row["cell_total"]
    return [Cell(*place, number, totals[place]) for place, number in cells.items()]


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
    listed: QuerySet[Any] = import_string(indicator.list)(scope)
    return listed.filter(**{f"{indicator.unit_field}__in": scope.counted_units()})


def _grouped(indicator: Indicator, scope: Scope, step: Step | None) -> QuerySet[Any, dict[str, Any]]:
    period: Any = Value(None, output_field=DateField())
    if step is not None and indicator.at_field:
        # The cast is the database's: in a union only the first query's fields say how values are read.
        period = Cast(_TRUNCATE[step](indicator.at_field, tzinfo=VIETNAM), DateField())
    total: Any = Sum(indicator.mean_of) if indicator.mean_of else Value(0)
    grouped: QuerySet[Any, dict[str, Any]] = (
        _rows(indicator, scope)
        .order_by()
        .annotate(
            cell_code=Value(indicator.code, output_field=CharField()),
            cell_unit=F(f"{indicator.unit_field}_id"),
            cell_period=period,
        )
        .values("cell_code", "cell_unit", "cell_period")
        .annotate(cell_number=Count("pk"), cell_total=total)
    )
    return grouped
