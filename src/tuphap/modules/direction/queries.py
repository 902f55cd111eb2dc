"""The director's figures: read through the indicators, never counted here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, localtime
from tuphap.shared.access import api as access
from tuphap.shared.indicators import api as indicators
from tuphap.shared.orgs.models import OrgUnit

from . import rules
from .rules import Figure


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one office (or of all, ``unit`` None)."""

    unit: OrgUnit | None
    numbers: Mapping[str, int]

    @property
    def share(self) -> float | None:
        return rules.on_time_share(self.numbers)

    @property
    def balance(self) -> rules.Balance:
        return rules.balance(self.numbers)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One week or month of the period, cut at its ends, with its figures."""

    first: date
    last: date
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MeanLine:
    """How many rows an indicator with a mean has, and what their numbers come to: of an office, a stretch, or all."""

    number: int = 0
    total: int = 0

    @property
    def mean(self) -> float | None:
        return indicators.mean(self.number, self.total)

    def with_cell(self, cell: indicators.Cell) -> MeanLine:
        return MeanLine(self.number + cell.number, self.total + cell.total)


@dataclass(frozen=True, slots=True)
class Means:
    """An indicator whose mean is told beside its number: in all, by office, by week or month."""

    indicator: indicators.Indicator
    whole: MeanLine
    lines: tuple[tuple[OrgUnit, MeanLine], ...]
    stretches: tuple[tuple[date, date, MeanLine], ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Every figure of a scope at one instant."""

    scope: indicators.Scope
    as_of: datetime
    step: indicators.Step
    shown: tuple[indicators.Indicator, ...]
    others: tuple[tuple[indicators.Indicator, int], ...]
    whole: Line
    lines: tuple[Line, ...]
    stretches: tuple[Stretch, ...]
    means: tuple[Means, ...] = ()

    @property
    def is_balanced(self) -> bool:
        return self.whole.balance.holds and all(line.balance.holds for line in self.lines)

    @property
    def unbalanced(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.balance.holds)


def scope_of(
    actor: Actor, *, at: datetime, period_from: date | None = None, period_to: date | None = None,
    unit_ids: Iterable[int] | None = None, basis: indicators.Basis = indicators.Basis.RESTATED, channel: str = "",
) -> indicators.Scope:
    """A scope within what the actor may see; the last twelve weeks by default.

    :raises tuphap.shared.access.api.Forbidden: no right to see any figure.
    :raises tuphap.shared.indicators.api.OutsideScope: an office beyond it.
    :raises tuphap.shared.indicators.api.ScopeRefused: a bad period.
    """
    access.require_anywhere(actor, rules.Permission.VIEW, on=localdate(at))
    first, last = rules.default_period(localdate(at))
    return indicators.scope_for(
        actor, rules.Permission.VIEW, at=at, period_from=period_from or min(first, period_to or first),
        period_to=period_to or max(last, period_from or last), unit_ids=unit_ids, basis=basis, channel=channel,
    )


def units_of(actor: Actor, *, at: datetime, basis: indicators.Basis) -> list[OrgUnit]:
    """The offices that the actor may choose: today's, and by THEN those that were before them too."""
    scope = scope_of(actor, at=at, basis=basis)
    units = OrgUnit.objects.filter(pk__in=scope.unit_ids).order_by("kind", "sort_key", "pk")
    if basis is indicators.Basis.RESTATED:
        today = localdate(at)
        units = units.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    return list(units)


def office_of(actor: Actor, *, at: datetime) -> OrgUnit | None:
    """The office for which the actor looks at figures: that of their first grant."""
    grants = access.grants_in_force(on=localdate(at)).filter(person_id=actor.user_id, permission=rules.Permission.VIEW)
    first = grants.select_related("unit__parent").order_by("valid_from", "pk").first()
    return first.unit if first else None


def dashboard(scope: indicators.Scope, *, step: indicators.Step = indicators.Step.WEEK) -> Dashboard:
    """Every declared figure of the scope, by office and by week or month; one query counts them all."""
    declared = {indicator.code: indicator for indicator in indicators.indicators}
    shown = tuple(declared[code] for code in Figure if code in declared)
    others = tuple(indicator for code, indicator in declared.items() if code not in set(Figure))
    by_unit: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_stretch: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    totals: dict[str, int] = defaultdict(int)
    codes = [indicator.code for indicator in (*shown, *others)]
    cells = indicators.table(codes, scope, step=step)
    for cell in cells:
        totals[cell.code] += cell.number
        by_unit[cell.unit_id][cell.code] += cell.number
        if cell.period is not None:
            by_stretch[cell.period][cell.code] += cell.number
    shown = tuple(i for i in shown if i.code not in rules.SELDOM or totals[i.code])
    units = OrgUnit.objects.in_bulk([unit for unit, line in by_unit.items() if any(line.get(c, 0) for c in Figure)])
    in_order = sorted(units.values(), key=lambda unit: (unit.kind, unit.sort_key, unit.pk))
    return Dashboard(
        scope=scope, as_of=scope.at or scope.end, step=step, shown=shown,
        others=tuple((indicator, totals[indicator.code]) for indicator in others),
        whole=Line(None, dict(totals)),
        lines=tuple(Line(unit, dict(by_unit[unit.pk])) for unit in in_order),
        stretches=tuple(
            Stretch(first, last, dict(by_stretch.get(begins, {}))) for begins, first, last in stretches(scope, step)
        ),
        means=tuple(_means(indicator, cells, scope, step) for indicator in declared.values() if indicator.mean_of),
    )


def _means(
    indicator: indicators.Indicator, cells: Iterable[indicators.Cell], scope: indicators.Scope, step: indicators.Step
) -> Means:
    whole = MeanLine()
    by_unit: dict[int, MeanLine] = defaultdict(MeanLine)
    by_stretch: dict[date | None, MeanLine] = defaultdict(MeanLine)
    for cell in cells:
        if cell.code == indicator.code:
            whole = whole.with_cell(cell)
            by_unit[cell.unit_id] = by_unit[cell.unit_id].with_cell(cell)
            by_stretch[cell.period] = by_stretch[cell.period].with_cell(cell)
    units = OrgUnit.objects.in_bulk(list(by_unit))
    return Means(
        indicator=indicator, whole=whole,
        lines=tuple(
            (unit, by_unit[unit.pk])
            for unit in sorted(units.values(), key=lambda unit: (unit.kind, unit.sort_key, unit.pk))
        ),
        stretches=tuple(
            (first, last, by_stretch[begins]) for begins, first, last in stretches(scope, step) if begins in by_stretch
        ),
    )


def stretches(scope: indicators.Scope, step: indicators.Step) -> list[tuple[date, date, date]]:
    """The weeks or months of the period: their own first day, and their first and last day within the period."""
    found = []
    here = scope.period_from
    while here <= scope.period_to:
        begins = here - timedelta(days=here.weekday()) if step is indicators.Step.WEEK else here.replace(day=1)
        after = begins + timedelta(days=7) if step is indicators.Step.WEEK else _next_month(begins)
        found.append((begins, here, min(after - timedelta(days=1), scope.period_to)))
        here = after
    return found


def drill(code: str, scope: indicators.Scope) -> tuple[indicators.Indicator, Any]:
    """The rows behind a figure, newest first where they have an instant.

    :raises rules.UnknownFigure: no module declares it.
    """
    indicator = indicators.indicators.get(code)
    if indicator is None:
        raise rules.UnknownFigure()
    order = [f"-{indicator.at_field}"] if indicator.at_field else []
    return indicator, indicators.rows(code, scope).order_by(*order, indicator.label_field, "pk")


def cells(indicator: indicators.Indicator, rows: Any) -> list[tuple[str, list[str]]]:
    """Each row's label, and its columns as people read them (see :func:`titles`)."""
    paths = [indicator.label_field, f"{indicator.unit_field}__name", *(column.path for column in indicator.columns)]
    words: list[dict[str, str]] = [{}, *(dict(column.labels) for column in indicator.columns)]
    return [
        (str(label or ""), [_read(value, names) for value, names in zip(values, words, strict=True)])
        for label, *values in rows.values_list(*paths)
    ]


def titles(indicator: indicators.Indicator) -> list[str]:
    """The heads of :func:`cells`: the office, then the indicator's own columns."""
    return ["Đơn vị", *(column.title for column in indicator.columns)]


def _read(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, datetime):
        return localtime(value).strftime("%H:%M %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else names.get(str(value), str(value))


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
