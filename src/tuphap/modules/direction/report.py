"""The statistics: every figure of a scope by one kind of line, beside the same days of the year before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count

from tuphap.shared.dossiers.api import Dossier, Procedure
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import WHOLE, Facet, Group, Reading, Scope, Step
from tuphap.shared.orgs.api import OrgUnit, Succession

from . import rules
from .index import NO_SOURCE, Index, index_of
from .queries import stretches
from .rules import Cut

FACETS = {Cut.SECTOR: Facet.SECTOR, Cut.PROCEDURE: Facet.PROCEDURE, Cut.CHANNEL: Facet.CHANNEL}


def reading_words(reading: Reading, measure: indicators.Measure | None = None) -> str:
    """A measure in words, with its unit where the measure is given."""
    if not reading.has_source:
        return NO_SOURCE
    if reading.value is None:
        return "—"
    words = rules.number_words(reading.value)
    return words if measure is None else f"{words}{'' if measure.unit_vi == '%' else ' '}{measure.unit_vi}"


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts and measures of one line."""

    numbers: Mapping[str, int]
    readings: Mapping[str, Reading]

    def value(self, code: str) -> float | None:
        """What a figure says: a whole number for a count; None for a measure of nothing, or without a source."""
        if code in self.readings:
            return self.readings[code].value
        return self.numbers.get(code, 0)

    def has_source(self, code: str) -> bool:
        return self.readings[code].has_source if code in self.readings else code in indicators.indicators

    def words(self, code: str) -> str:
        """A figure in words: a number, "—", or that there is no source."""
        if code in self.readings:
            return reading_words(self.readings[code])
        return rules.number_words(self.numbers.get(code, 0))


NOTHING = Figures({}, {})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it tells of, its figures, and those of the same days of the year before.

    ``scope`` is the question that the line answers: the lists behind its figures are those of this scope. ``unit`` and
    ``depth`` place an office in the tree of offices.
    """

    code: str
    title: str
    scope: Scope
    now: Figures
    before: Figures = NOTHING
    unit: OrgUnit | None = None
    depth: int = 0

    def change(self, code: str) -> float | None:
        return rules.change(self.now.value(code), self.before.value(code))

    @property
    def balance(self) -> rules.Balance:
        return rules.full_balance(self.now.numbers)


@dataclass(frozen=True, slots=True)
class Report:
    """The statistics of a scope at one instant. ``divided``: offices whose past is told under a main successor."""

    scope: Scope
    as_of: datetime
    cut: Cut
    whole: Line
    lines: tuple[Line, ...]
    causes: tuple[tuple[str, str, int], ...]
    index: Index | None
    before: tuple[date, date]
    divided: tuple[tuple[str, str], ...] = ()

    @property
    def unbalanced(self) -> tuple[Line, ...]:
        return tuple(line for line in (self.whole, *self.lines) if not line.balance.holds)

    @property
    def is_balanced(self) -> bool:
        return not self.unbalanced

    def require_balance(self) -> None:
        """:raises rules.Unbalanced: what came is not what went and what is left, in some line."""
        if not self.is_balanced:
            raise rules.Unbalanced()


@dataclass(slots=True)
class _Told:
    """Figures by group, as they are gathered."""

    numbers: dict[Group, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    readings: dict[Group, dict[str, Reading]] = field(default_factory=dict)

    def of(self, group: Group) -> Figures:
        empty = {code: indicators.read(measure, numbers={}) for code, measure in _measures().items()}
        return Figures(dict(self.numbers.get(group, {})), self.readings.get(group, empty))


def report(scope: Scope, *, cut: Cut = Cut.UNIT) -> Report:
    """Every figure of the statistics; how many queries it costs does not depend on the number of dossiers.

    Cut by period, it costs one more for each week, month or year, as stocks are told of each one's end.
    """
    earlier = scope.within(*rules.year_before(scope.period_from, scope.period_to))
    now, before = _gather(scope, cut), _gather(earlier, cut)
    whole = Line("", "Cộng", scope, now.of(WHOLE), before.of(WHOLE))
    classes = dict(indicators.breakdowns[rules.CAUSES].classes) if rules.CAUSES in indicators.breakdowns else {}
    counted = indicators.broken_down(rules.CAUSES, scope)[WHOLE] if classes else Counter()
    return Report(
        scope=scope, as_of=scope.at or scope.end, cut=cut, whole=whole, lines=tuple(_lines(scope, cut, now, before)),
        causes=tuple((f"{rules.CAUSES}:{code}", title, counted[code]) for code, title in classes.items()),
        index=index_of(whole.now.readings, on=scope.period_to),
        before=(earlier.period_from, earlier.period_to), divided=divided(scope),
    )


def _measures() -> dict[str, indicators.Measure]:
    return {measure.code: measure for measure in indicators.measures if measure.code in _WANTED}


_WANTED = frozenset(rules.FIGURES)


def counts() -> list[str]:
    """The indicators of the statistics, and those that its shares are made of."""
    own = [code for code in rules.FIGURES if code in indicators.indicators]
    return list(dict.fromkeys([*own, *indicators.codes_for(_measures())]))


def _gather(scope: Scope, cut: Cut) -> _Told:
    told = _Told()
    facet, step = FACETS.get(cut), step_of(scope) if cut is Cut.PERIOD else None
    for cell in indicators.table(counts(), scope, step=step, facets=[facet] if facet else []):
        told.numbers[WHOLE][cell.code] += cell.number
        if step is not None and cell.period is not None:
            told.numbers[cell.period.isoformat()][cell.code] += cell.number
        elif step is None:
            told.numbers[cell.facets[0] if facet else cell.unit_id][cell.code] += cell.number
    stocks = [code for code in counts() if not indicators.indicators[code].at_field]
    for begins, first, last in stretches(scope, step) if step else ():
        for cell in indicators.table(stocks, scope.within(first, last)):
            told.numbers[begins.isoformat()][cell.code] += cell.number
    told.readings = indicators.measured(_measures(), scope, numbers=told.numbers, by=step or facet)
    return told


def step_of(scope: Scope) -> Step:
    """Weeks for a month, months for up to two years, years for anything longer."""
    days = (scope.period_to - scope.period_from).days
    return Step.WEEK if days <= 31 else Step.MONTH if days <= 731 else Step.YEAR


def _lines(scope: Scope, cut: Cut, now: _Told, before: _Told) -> Iterable[Line]:
    if cut is Cut.PERIOD:
        yield from _periods(scope, now, before)
        return
    groups: set[Group] = {group for group in (*now.numbers, *before.numbers) if _is_any(group, now, before)} - {WHOLE}
    if cut is Cut.UNIT:
        yield from _units(scope, groups, now, before)
        return
    facet = FACETS[cut]
    titles = _titles(cut, groups)
    for group in sorted(groups, key=lambda g: (titles[g], str(g))):
        code = str(group)
        part = scope.narrowed_by(facet, code)
        yield Line(code if cut is Cut.PROCEDURE else "", titles[group], part, now.of(group), before.of(group))


def _is_any(group: Group, *told: _Told) -> bool:
    return any(number for one in told for number in one.numbers.get(group, {}).values())


def _titles(cut: Cut, groups: Iterable[Group]) -> dict[Group, str]:
    if cut is Cut.CHANNEL:
        channels: dict[str, str] = dict(Dossier.Channel.choices)
        return {group: channels.get(str(group), str(group)) for group in groups}
    if cut is Cut.SECTOR:
        return {group: str(group) for group in groups}
    rows = Procedure.objects.filter(code__in=[str(g) for g in groups]).order_by("code", "valid_from")
    names = dict(rows.values_list("code", "name"))
    return {group: names.get(str(group), str(group)) for group in groups}


def _units(scope: Scope, groups: set[Group], now: _Told, before: _Told) -> Iterable[Line]:
    """The offices as a tree: each below the one that stands over it, as far as that one has figures or parts here."""
    units = OrgUnit.objects.select_related("parent").in_bulk([group for group in groups if isinstance(group, int)])
    for unit, depth in tree(units.values()):
        yield Line(
            unit.code, unit.name, scope.narrowed(unit.pk), now.of(unit.pk), before.of(unit.pk), unit=unit, depth=depth
        )


def tree(units: Iterable[OrgUnit]) -> list[tuple[OrgUnit, int]]:
    """Offices in order, each after its parent where that is among them, with its depth."""
    known = {unit.pk: unit for unit in units}
    below: dict[int | None, list[OrgUnit]] = defaultdict(list)
    for unit in sorted(known.values(), key=lambda u: (u.kind, u.sort_key, u.pk)):
        below[unit.parent_id if unit.parent_id in known else None].append(unit)
    placed: list[tuple[OrgUnit, int]] = []

    def place(parent: int | None, depth: int) -> None:
        for unit in below[parent]:
            placed.append((unit, depth))
            place(unit.pk, depth + 1)

    place(None, 0)
    return placed


def _periods(scope: Scope, now: _Told, before: _Told) -> Iterable[Line]:
    step = step_of(scope)
    earlier = stretches(scope.within(*rules.year_before(scope.period_from, scope.period_to)), step)
    for place, (begins, first, last) in enumerate(stretches(scope, step)):
        # Weeks of two years do not begin on the same days.
        then = before.of(earlier[place][0].isoformat()) if step is not Step.WEEK and place < len(earlier) else NOTHING
        title = {
            Step.WEEK: f"{first:%d/%m} – {last:%d/%m/%Y}", Step.MONTH: f"Tháng {begins:%m/%Y}",
            Step.YEAR: f"Năm {begins:%Y}",
        }[step]
        yield Line("", title, scope.within(first, last), now.of(begins.isoformat()), then)


def divided(scope: Scope) -> tuple[tuple[str, str], ...]:
    """Communes that were divided and whose whole past is told under one successor here, each with that one's name."""
    if scope.basis is indicators.Basis.THEN:
        return ()
    past = scope.counted_units()
    rows = OrgUnit.objects.filter(pk__in=past, successor__isnull=False, admin_unit__in=_split()).order_by("sort_key")
    return tuple(rows.values_list("name", "successor__name"))


def _split() -> Sequence[int]:
    rows = Succession.objects.order_by().values("old").annotate(heirs=Count("new", distinct=True)).filter(heirs__gt=1)
    return list(rows.values_list("old", flat=True))
