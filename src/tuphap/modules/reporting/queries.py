"""Reads of reports: what an office owes, what the department has, what a cell is made of, what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Problem
from tuphap.shared.access import api as access
from tuphap.shared.access.models import Grant
from tuphap.shared.indicators import api as indicators
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from . import counting, layout, rules
from .layout import Cell, Group
from .models import Form, Report
from .rules import Level, Period, Permission, State

# --- Forms ------------------------------------------------------------------------------------------------------------


def forms_of(period: Period) -> list[Form]:
    """The forms by which this period is reported, by code."""
    return list(Form.objects.filter(_holds(period.last)).order_by("code"))


def form_in_force(code: str, period: Period) -> Form:
    """The version of a form by which this period is reported.

    :raises rules.UnknownForm: no form of this code.
    :raises rules.FormNotInForce: none of its versions holds then.
    """
    found = Form.objects.filter(_holds(period.last), code=code).first()
    if found is None:
        if not Form.objects.filter(code=code).exists():
            raise rules.UnknownForm()
        raise rules.FormNotInForce(form=code)
    return found


def get_form(form_id: int) -> Form:
    """:raises rules.UnknownForm: none."""
    found = Form.objects.filter(pk=form_id).first()
    if found is None:
        raise rules.UnknownForm()
    return found


def _holds(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


# --- Reports ----------------------------------------------------------------------------------------------------------


def visible(actor: Actor, at: datetime) -> QuerySet[Report]:
    """The reports of the offices that the actor may see, and of those whose place they took."""
    seen = access.units_where(actor, Permission.VIEW, on=localdate(at))
    return Report.objects.filter(unit__in=orgs.with_predecessors(seen)).select_related(
        "form", "unit__admin_unit", "reserved", "document", "amends", "amendment"
    )


def get_visible(report_id: UUID, actor: Actor, at: datetime) -> Report:
    """One report.

    :raises access.Forbidden: the actor may see no reports at all.
    :raises rules.UnknownReport: none, or of an office that the actor may not see.
    """
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = visible(actor, at).filter(pk=report_id).first()
    if found is None:
        raise rules.UnknownReport()
    return found


def latest(form: Form, unit: OrgUnit, period: Period) -> Report | None:
    """The latest version of one report, if it was begun."""
    return _of(period).filter(form=form, unit=unit).order_by("-version").first()


def _of(period: Period) -> QuerySet[Report]:
    return Report.objects.filter(year=period.year, kind=period.kind, stage=period.stage)


def others(report: Report) -> dict[str, dict[Cell, int]]:
    """The other forms of the same office and period that were begun, by code: their latest versions' figures."""
    told: dict[str, dict[Cell, int]] = {}
    found = _of(report.period).filter(unit=report.unit).exclude(form=report.form).select_related("form")
    for one in found.order_by("version"):
        told[one.form.code] = _comparable(one)
    return told


def faults(report: Report) -> list[layout.Fault]:
    """What is wrong with a report's figures, by themselves and beside the office's other forms.

    A summary is not held against another: each may count other communes, whose own reports were.
    """
    lay = report.form.lay
    apart = [] if report.is_summary else layout.differing(lay, _comparable(report), others(report))
    return [*layout.faults(lay, report.values), *apart]


def _comparable(report: Report) -> dict[Cell, int]:
    """What another form can be held against: of an estimate, what was counted."""
    return layout.cells_of(report.counted) if report.is_estimate else report.values


def _sent_values(report: Report, period: Period | None) -> dict[Cell, int] | None:
    """What the same office sent after the same form for another period; None where it sent none."""
    if period is None:
        return None
    sent = _of(period).filter(
        form__code=report.form.code, unit=report.unit, state__in=[str(state) for state in rules.SENT]
    )
    found = sent.select_related("form").order_by("-version").first()
    return found.values if found else None


def doubts(report: Report) -> list[layout.Doubt]:
    """What has changed so much that it is to be explained."""
    return layout.doubts(
        report.form.lay, report.values, estimate=_sent_values(report, rules.estimate_of(report.period)),
        year_before=_sent_values(report, rules.year_before(report.period)),
    )


def problems(report: Report) -> list[Problem]:
    """Everything for which the report cannot go before the leader yet, each beside its place on the page."""
    told = [problem for fault in faults(report) for problem in fault.refusal.problems]
    for place, doubt in enumerate(doubts(report)):
        if not report.explanations.get(doubt.code):
            wanted = rules.ExplanationRequired(what=doubt.text, field=explanation_field(place))
            told += wanted.problems
    if not any(report.values.values()) and not report.confirmed_zero:
        told += rules.ZeroNotConfirmed().problems
    return told


def explanation_field(place: int) -> str:
    """The name of the box in which the doubt of this place is explained."""
    return f"giai_trinh_{place}"


# --- Who reports ------------------------------------------------------------------------------------------------------


def reporters(department: OrgUnit, period: Period, *, at: datetime) -> list[OrgUnit]:
    """The offices of a province that stood within a period: each reports the days on which it did, by name."""
    today = orgs.offices(
        kind=OrgUnit.Kind.COMMUNE, within=department.admin_unit.province, on=localdate(at)
    ).values_list("pk", flat=True)
    found = OrgUnit.objects.filter(pk__in=orgs.with_predecessors(today), kind=OrgUnit.Kind.COMMUNE)
    return [
        unit for unit in found.select_related("successor").order_by("sort_key", "code", "valid_from")
        if rules.days_within(period, unit.valid_from, unit.valid_to) is not None
    ]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The reports that a summary counts, and the offices that have none."""

    parts: tuple[Report, ...]
    missing: tuple[OrgUnit, ...]


def accepted(form: Form, department: OrgUnit, period: Period, *, at: datetime) -> Accepted:
    """What can be summed up now: of each office the latest version that the department has taken in."""
    found: dict[int, Report] = {}
    rows = _of(period).filter(form=form, level=Level.COMMUNE, state__in=[str(state) for state in rules.COUNTED])
    for report in rows.order_by("version"):
        found[report.unit_id] = report
    offices = reporters(department, period, at=at)
    return Accepted(
        tuple(found[office.pk] for office in offices if office.pk in found),
        tuple(office for office in offices if office.pk not in found),
    )


# --- What an office owes, what the department has ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owed:
    """One report that an office owes, as it stands; ``report`` None: nobody has begun it."""

    unit: OrgUnit
    form: Form
    period: Period
    report: Report | None
    today: date
    is_at_work: bool = True

    @property
    def state(self) -> State:
        return State(self.report.state) if self.report else State.OPEN

    @property
    def title(self) -> str:
        return rules.STATE_TITLES[self.state] if self.is_at_work or self.report else "Chưa dùng hệ thống"

    @property
    def tone(self) -> str:
        return rules.STATE_TONES[self.state]

    @property
    def due(self) -> date:
        return self.report.due if self.report else self.period.due_on(Level.COMMUNE)

    @property
    def is_expected(self) -> bool:
        """Whether the report is waited for here, or was begun."""
        return self.is_at_work or self.report is not None

    @property
    def is_sent(self) -> bool:
        return self.state in rules.SENT

    @property
    def is_late(self) -> bool:
        """Sent after its day, or not sent and its day has gone by."""
        sent_on = localdate(self.report.sent_at) if self.report and self.report.sent_at else None
        return rules.is_late(sent_on, due=self.due, today=self.today)

    @property
    def may_be_begun(self) -> bool:
        return self.report is None and self.today > self.period.cut_off


def current_reports(period: Period, units: Iterable[int]) -> dict[tuple[int, int], Report]:
    """The latest version of each office's reports for a period, by office and form."""
    rows = _of(period).filter(unit__in=list(units)).select_related("form", "unit", "reserved").order_by("version")
    return {(report.unit_id, report.form_id): report for report in rows}


def owed(units: Sequence[OrgUnit], period: Period, *, at: datetime) -> list[Owed]:
    """What these offices owe for a period: one line for each office and form."""
    forms, today = forms_of(period), localdate(at)
    found = current_reports(period, [unit.pk for unit in units])
    working = at_work(units)
    return [
        Owed(unit, form, period, found.get((unit.pk, form.pk)), today, unit.pk in working)
        for unit in units if rules.days_within(period, unit.valid_from, unit.valid_to) is not None
        for form in forms
    ]


def at_work(units: Iterable[OrgUnit]) -> frozenset[int]:
    """Those offices for which somebody may or might sign reports here: the others do not work with the platform."""
    signing = Grant.objects.filter(permission=Permission.SIGN, unit__in=[unit.pk for unit in units])
    return frozenset(signing.values_list("unit_id", flat=True))


def own_offices(actor: Actor, at: datetime, *, period: Period) -> list[OrgUnit]:
    """The offices for which the actor prepares or signs reports of this period: their own, and what it followed."""
    today = localdate(at)
    held = access.units_where(actor, Permission.PREPARE, on=today) | access.units_where(
        actor, Permission.SIGN, on=today)
    found = OrgUnit.objects.filter(pk__in=orgs.with_predecessors(held), kind=OrgUnit.Kind.COMMUNE)
    return [
        unit for unit in found.select_related("successor").order_by("-valid_from", "sort_key")
        if rules.days_within(period, unit.valid_from, unit.valid_to) is not None
    ]


def departments(actor: Actor, at: datetime) -> list[OrgUnit]:
    """The departments of today whose communes' reports the actor may see."""
    today = localdate(at)
    held = Grant.objects.filter(person_id=actor.user_id, permission=Permission.VIEW).values("unit_id")
    seen = access.units_where(actor, Permission.VIEW, on=today)
    found = orgs.offices(kind=OrgUnit.Kind.DEPARTMENT, on=today).filter(pk__in=seen).filter(pk__in=held)
    return list(found.select_related("admin_unit", "parent").order_by("code"))


def summaries(department: OrgUnit, period: Period) -> dict[int, Report]:
    """The department's own reports for a period, by form: the latest version of each."""
    rows = _of(period).filter(unit=department).select_related("form", "reserved").order_by("version")
    return {report.form_id: report for report in rows}


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A form for a department: its own summary, if there is one, and how many communes' reports are accepted."""

    form: Form
    report: Report | None
    accepted: int


@dataclass(frozen=True, slots=True)
class Board:
    """How far a department's communes are with a period: a line an office, a report owed a form, and its summaries."""

    department: OrgUnit
    forms: list[Form]
    lines: list[tuple[OrgUnit, list[Owed]]]
    summaries: list[SummaryLine]

    @property
    def working_lines(self) -> list[tuple[OrgUnit, list[Owed]]]:
        """The lines of the offices that work with the platform, or did for this period."""
        return [(unit, owed) for unit, owed in self.lines if any(one.is_expected for one in owed)]

    @property
    def expected(self) -> list[Owed]:
        return [one for _, owed in self.lines for one in owed if one.is_expected]

    @property
    def sent(self) -> list[Owed]:
        return [one for one in self.expected if one.is_sent]

    @property
    def late(self) -> list[Owed]:
        """Not sent, and their day has gone by."""
        return [one for one in self.expected if one.is_late and not one.is_sent]

    @property
    def waiting(self) -> list[Owed]:
        return [one for one in self.expected if one.state is State.SUBMITTED]

    @property
    def not_at_work(self) -> int:
        return sum(not any(one.is_at_work for one in owed) for _, owed in self.lines)


def board(department: OrgUnit, period: Period, *, at: datetime) -> Board:
    """What the department's communes have sent for a period, and what it has made of it."""
    offices, forms, found = reporters(department, period, at=at), forms_of(period), summaries(department, period)
    by_unit: dict[int, list[Owed]] = {unit.pk: [] for unit in offices}
    accepted: Counter[int] = Counter()
    for one in owed(offices, period, at=at):
        by_unit[one.unit.pk].append(one)
        accepted[one.form.pk] += one.state in rules.COUNTED
    return Board(
        department, forms, [(unit, by_unit[unit.pk]) for unit in offices],
        [SummaryLine(form, found.get(form.pk), accepted[form.pk]) for form in forms],
    )


def count_waiting(*, actor: Actor, at: datetime) -> int:
    """How many reports wait for this person: to be signed, to be mended, to be checked."""
    today = localdate(at)
    found = Q(pk__in=[])
    for permission, states in (
        (Permission.SIGN, (State.READY,)), (Permission.PREPARE, (State.RETURNED,)),
        (Permission.CHECK, (State.SUBMITTED,)),
    ):
        units = access.units_where(actor, permission, on=today)
        if units:
            found |= Q(unit__in=orgs.with_predecessors(units), state__in=[str(state) for state in states])
    return Report.objects.filter(found).count()


# --- What a cell is made of -------------------------------------------------------------------------------------------


def groups_of(report: Report) -> list[Group]:
    """The records that a commune's report counts, as they were when it was counted."""
    return [Group(row.source, row.classes, tuple(row.labels)) for row in report.groups.order_by("pk")]


def labels_of(report: Report, cell: Cell) -> list[str]:
    """The records of one cell, by name: just as many as it counts.

    :raises rules.UnknownCell: no such cell.
    """
    found = layout.standing_in(report.form.lay, cell, groups_of(report))
    return sorted(label for group in found for label in group.labels)


def parts_of(report: Report) -> list[Report]:
    """The communes' reports that a summary counts, by name of office."""
    return list(
        Report.objects.filter(summaries__summary=report).select_related("form", "unit", "reserved")
        .order_by("unit__sort_key")
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that was sent, and what is counted now."""

    cell: Cell
    name: str
    sent: int
    live: int
    added: tuple[str, ...]
    removed: tuple[str, ...]


def changed_since(report: Report, *, actor: Actor, at: datetime) -> list[Changed]:
    """Where the records of a commune's report say something else now than when it was counted."""
    lay, kept = report.form.lay, groups_of(report)
    live = counting.count(
        lay, unit_id=report.unit_id, first=report.first, last=report.last, actor=actor, at=at
    )
    before, after = layout.filled(lay, kept), layout.filled(lay, live)
    told = []
    for cell in before:
        then, now = _labels(lay, cell, kept), _labels(lay, cell, live)
        if then != now:
            told.append(Changed(
                cell, lay.name(cell), before[cell], after[cell], _more(now, then), _more(then, now)
            ))
    return told


def _labels(lay: layout.Layout, cell: Cell, groups: Sequence[Group]) -> list[str]:
    return sorted(label for group in layout.standing_in(lay, cell, groups) for label in group.labels)


def _more(these: Sequence[str], than: Sequence[str]) -> tuple[str, ...]:
    """What stands more often among these than among those, as often as it does."""
    return tuple(sorted((Counter(these) - Counter(than)).elements()))


def may(actor: Actor, report: Report, permission: Permission, at: datetime) -> bool:
    """Whether the actor holds a permission over the office that answers for this report today."""
    heir = orgs.restate(report.unit_id, on=localdate(at))
    return heir is not None and access.may(actor, permission, unit_id=heir.pk, on=localdate(at))


def offices_named(keys: Iterable[int]) -> list[str]:
    return list(OrgUnit.objects.filter(pk__in=list(keys)).order_by("sort_key").values_list("short_name", flat=True))


def published(codes: Sequence[str], scope: indicators.Scope) -> dict[str, list[indicators.Published]]:
    """What locked reports say of these figures for just these days: an office's own, or of all, the department's.

    A row whose records are narrowed to some classes tells another figure, and is left out.
    """
    if scope.facets:
        return {}
    level = Level.COMMUNE if len(scope.unit_ids) == 1 else Level.PROVINCE
    locked = Report.objects.filter(
        unit__in=scope.unit_ids, level=level, first=scope.period_from, last=scope.period_to, state=State.LOCKED,
        stage=rules.Stage.OFFICIAL,
    ).select_related("form", "unit", "reserved")
    told: dict[str, list[indicators.Published]] = {}
    for report in locked:
        lay = report.form.lay
        whole = next((column.code for column in lay.columns if not column.where), None)
        for row in lay.rows:
            if row.source in codes and not row.where and whole is not None:
                told.setdefault(row.source, []).append(indicators.Published(
                    report.values[row.code, whole], f"Báo cáo số {report.number}, biểu {report.code}",
                    report.get_absolute_url(),
                ))
    return told
