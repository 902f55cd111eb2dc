"""The director's figures: read through the indicators, never counted here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, localtime
from tuphap.shared.access import api as access
from tuphap.shared.dossiers.api import Procedure
from tuphap.shared.indicators import api as indicators
from tuphap.shared.orgs.models import OrgUnit

from . import rules
from .rules import Figure

K = TypeVar("K")


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
class Measured:
    """A measure of the first page, with the list that it is taken over: in all, by office, by week or month."""

    measure: indicators.Measure
    indicator: indicators.Indicator
    whole: indicators.Reading
    lines: tuple[tuple[OrgUnit, indicators.Reading], ...]
    stretches: tuple[tuple[date, date, indicators.Reading], ...]


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
    measured: tuple[Measured, ...] = ()

    @property
    def is_balanced(self) -> bool:
        return self.whole.balance.holds and all(line.balance.holds for line in self.lines)

    @property
    def unbalanced(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.balance.holds)


def scope_of(
    actor: Actor, *, at: datetime, period_from: date | None = None, period_to: date | None = None,
    unit_ids: Iterable[int] | None = None, basis: indicators.Basis = indicators.Basis.RESTATED, channel: str = "",
    sector: str = "", procedure: str = "",
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
        sector=sector, procedure=procedure,
    )


def units_of(actor: Actor, *, at: datetime, basis: indicators.Basis) -> list[OrgUnit]:
    """The offices that the actor may choose: today's, and by THEN those that were before them too."""
    scope = scope_of(actor, at=at, basis=basis)
    units = OrgUnit.objects.filter(pk__in=scope.unit_ids).order_by("kind", "sort_key", "pk")
    if basis is indicators.Basis.RESTATED:
        today = localdate(at)
        # What nothing followed (a district's office) goes on telling its own past.
        units = units.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today) | Q(successor__isnull=True))
    return list(units)


def procedures() -> list[tuple[str, str, str]]:
    """Code, present name and sector of every procedure that there is or was, by name."""
    rows = Procedure.objects.order_by("code", "-valid_from").distinct("code").values_list("code", "name", "sector")
    return sorted(rows, key=lambda row: row[1])


def office_of(actor: Actor, *, at: datetime) -> OrgUnit | None:
    """The office for which the actor looks at figures: that of their first grant."""
    grants = access.grants_in_force(on=localdate(at)).filter(person_id=actor.user_id, permission=rules.Permission.VIEW)
    first = grants.select_related("unit__parent").order_by("valid_from", "pk").first()
    return first.unit if first else None


def dashboard(scope: indicators.Scope, *, step: indicators.Step = indicators.Step.WEEK) -> Dashboard:
    """Every declared figure of the scope, by office and by week or month; one query counts them all.

    A measure of the first page costs four queries more.
    """
    declared = {i.code: i for i in indicators.indicators if all(i.path_of(facet) for facet in scope.facets)}
    shown = tuple(declared[code] for code in Figure if code in declared)
    measured = [m for m in indicators.measures if m.on_first_page and m.of in declared]
    elsewhere = {*Figure, *(m.of for m in measured)}
    others = tuple(i for code, i in declared.items() if code not in elsewhere and not i.in_detail)
    codes = [indicator.code for indicator in (*shown, *others)]
    told = indicators.margins(codes, scope, step=step)
    totals: dict[str, int] = defaultdict(int, {code: sum(units.values()) for code, units in told.by_unit.items()})
    by_unit, by_stretch = _turned(told.by_unit), _turned(told.by_period)
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
        measured=tuple(_measured(measure, scope, step) for measure in measured),
    )


def _turned(by_code: Mapping[str, Mapping[K, int]]) -> dict[K, dict[str, int]]:
    """By place and then by code."""
    found: dict[K, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for code, places in by_code.items():
        for place, number in places.items():
            found[place][code] = number
    return found


def _measured(measure: indicators.Measure, scope: indicators.Scope, step: indicators.Step) -> Measured:
    by_unit, by_stretch = (
        {group: told[measure.code] for group, told in indicators.measured(
            [measure.code], scope, numbers={}, by=by).items()}
        for by in (None, step)
    )
    units = OrgUnit.objects.in_bulk([group for group in by_unit if isinstance(group, int)])
    return Measured(
        measure=measure, indicator=indicators.indicators[measure.of], whole=by_unit[indicators.WHOLE],
        lines=tuple(
            (unit, by_unit[unit.pk])
            for unit in sorted(units.values(), key=lambda unit: (unit.kind, unit.sort_key, unit.pk))
        ),
        stretches=tuple(
            (first, last, by_stretch[begins.isoformat()]) for begins, first, last in stretches(scope, step)
            if begins.isoformat() in by_stretch
        ),
    )


def stretches(scope: indicators.Scope, step: indicators.Step) -> list[tuple[date, date, date]]:
    """The weeks, months or years of the period: their own first day, and their first and last day within the period."""
    found = []
    here = scope.period_from
    while here <= scope.period_to:
        match step:
            case indicators.Step.WEEK:
                begins = here - timedelta(days=here.weekday())
                after = begins + timedelta(days=7)
            case indicators.Step.MONTH:
                begins = here.replace(day=1)
                after = (begins + timedelta(days=31)).replace(day=1)
            case indicators.Step.YEAR:
                begins, after = here.replace(month=1, day=1), date(here.year + 1, 1, 1)
        found.append((begins, here, min(after - timedelta(days=1), scope.period_to)))
        here = after
    return found


@dataclass(frozen=True, slots=True)
class Drill:
    """The list behind a figure. Of a measure: the list that it is taken over, with each row's part in it."""

    title: str
    indicator: indicators.Indicator
    rows: Any
    measure: indicators.Measure | None = None
    part: Any = None

    @property
    def titles(self) -> list[str]:
        """The heads of :meth:`cells`: the office, then the indicator's own columns, then the measured value."""
        value = [_value_title(self.measure)] if self.measure else []
        return ["Đơn vị", *(column.title for column in self.indicator.columns), *value]

    def reading(self, scope: indicators.Scope) -> indicators.Reading | None:
        """The measure itself; None for a count."""
        if self.measure is None:
            return None
        counted: dict[str, int] = defaultdict(int)
        for cell in indicators.table(indicators.codes_for([self.measure.code]), scope):
            counted[cell.code] += cell.number
        found = indicators.measured([self.measure.code], scope, numbers={indicators.WHOLE: counted})
        return found[indicators.WHOLE][self.measure.code]

    def cells(self, rows: Any) -> list[tuple[str, list[str]]]:
        """Some of the rows: each one's label, and its columns as people read them."""
        columns = self.indicator.columns
        paths = ["pk", self.indicator.label_field, f"{self.indicator.unit_field}__name", *(c.path for c in columns)]
        words: list[dict[str, str]] = [{}, *(dict(column.labels) for column in columns)]
        told = list(rows.values_list(*paths))
        values = self._values([key for key, *_ in told])
        return [
            (
                str(label or ""),
                [*(_read(value, names) for value, names in zip(row, words, strict=True)), *values.get(key, ())],
            )
            for key, label, *row in told
        ]

    def _values(self, keys: list[Any]) -> dict[Any, list[str]]:
        """What each of these rows is worth to the measure, in words."""
        if self.measure is None:
            return {}
        rows = self.rows.model._default_manager.filter(pk__in=keys)
        if self.measure.kind is indicators.Kind.SHARE:
            part = set(self.part.filter(pk__in=keys).values_list("pk", flat=True)) if self.part is not None else set()
            return {key: ["Có" if key in part else "Không"] for key in keys}
        worth = indicators.values_of(self.measure.code, rows)
        return {key: [rules.number_words(worth[key], 2)] for key in keys}


def drill(code: str, scope: indicators.Scope) -> Drill:
    """The rows behind a figure, newest first where they have an instant.

    :raises rules.UnknownFigure: no module declares it.
    """
    measure = indicators.measures.get(code)
    whole, _, name = code.partition(":")
    breakdown = indicators.breakdowns.get(whole)
    of = measure.of if measure else breakdown.of if breakdown else code
    indicator = indicators.indicators.get(of)
    if indicator is None or (breakdown and name not in dict(breakdown.classes)):
        raise rules.UnknownFigure()
    order = [f"-{indicator.at_field}"] if indicator.at_field else []
    rows = indicators.rows(code, scope).order_by(*order, indicator.label_field, "pk")
    title = measure.title if measure else indicator.title
    if breakdown:
        title = f"{breakdown.title}: {dict(breakdown.classes)[name].lower()}"
    part = None
    if measure and measure.kind is indicators.Kind.SHARE and indicators.has_source(measure):
        part = indicators.rows(measure.part, scope)
    return Drill(title=title, indicator=indicator, rows=rows, measure=measure, part=part)


def _value_title(measure: indicators.Measure) -> str:
    if measure.kind is not indicators.Kind.SHARE:
        return measure.unit_vi[:1].upper() + measure.unit_vi[1:]
    part = indicators.indicators.get(measure.part)
    return part.title if part else "Tính vào tỷ lệ"


def _read(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, datetime):
        return localtime(value).strftime("%H:%M %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else names.get(str(value), str(value))
