"""Closed periods: which there are, and how they stand against the figures of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Scope
from tuphap.shared.orgs.models import OrgUnit

from . import freezing, report, rules
from .freezing import Difference
from .models import Closing
from .rules import Period


def closings_of(period: Period) -> QuerySet[Closing]:
    """Every closing of a period, the latest first."""
    return Closing.objects.filter(kind=period.kind, first=period.first).order_by("-version")


def closing_office(actor: Actor, *, at: datetime) -> OrgUnit:
    """The office for which the actor closes figures: that of their first grant.

    :raises access.Forbidden: none.
    """
    grants = access.grants_in_force(on=localdate(at)).filter(
        person_id=actor.user_id, permission=rules.Permission.CLOSE
    )
    first = grants.select_related("unit").order_by("valid_from", "pk").first()
    if first is None:
        raise access.Forbidden(permission=rules.Permission.CLOSE, reason=str(access.Reason.NO_SUCH_PERMISSION))
    return first.unit


def may_close(actor: Actor, *, at: datetime) -> bool:
    return access.may_anywhere(actor, rules.Permission.CLOSE, on=localdate(at))


def require_closer(actor: Actor, *, at: datetime) -> None:
    """:raises access.Forbidden: the actor may close the figures of no office."""
    access.require_anywhere(actor, rules.Permission.CLOSE, on=localdate(at))


def visible(scope: Scope) -> QuerySet[Closing]:
    """The closings that hold figures of offices of this scope."""
    units = sorted(scope.counted_units())
    return Closing.objects.filter(units__overlap=units).select_related("office", "reopening")


def get_visible(closing_id: int, scope: Scope) -> Closing:
    """:raises rules.UnknownClosing: none, or of other offices."""
    closing = visible(scope).filter(pk=closing_id).first()
    if closing is None:
        raise rules.UnknownClosing()
    return closing


def closed_over(scope: Scope) -> Closing | None:
    """The closing in force whose period is just this scope's."""
    return visible(scope).filter(
        first=scope.period_from, last=scope.period_to, reopening__isnull=True
    ).order_by("-closed_at").first()


@dataclass(frozen=True, slots=True)
class Standing:
    """A period and its closings, the latest first."""

    period: Period
    closings: tuple[Closing, ...]
    is_over: bool

    @property
    def in_force(self) -> Closing | None:
        return next((closing for closing in self.closings if not closing.is_reopened), None)

    @property
    def may_be_closed(self) -> bool:
        return self.is_over and self.in_force is None


def standings(year: int, scope: Scope, *, at: datetime) -> list[Standing]:
    """Every period of a year, with its closings as far as they concern this scope."""
    found: dict[tuple[str, object], list[Closing]] = {}
    for closing in visible(scope).filter(first__year=year).order_by("-version"):
        found.setdefault((closing.kind, closing.first), []).append(closing)
    today = localdate(at)
    return [
        Standing(period, tuple(found.get((period.kind.value, period.first), ())), today > period.last)
        for period in rules.periods_of(year)
    ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A closed period beside the figures of now. ``changed``: the records by which any figure differs."""

    closing: Closing
    is_whole: bool
    differences: tuple[Difference, ...]

    @property
    def differing(self) -> tuple[Difference, ...]:
        return tuple(one for one in self.differences if one.differs)

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(sorted({label for one in self.differences for label in (*one.added, *one.removed)}))


def compare(closing: Closing, scope: Scope) -> Comparison:
    """What was frozen within a scope beside what is counted there now."""
    live = report.report(scope.within(closing.first, closing.last)).whole.now
    values = {code: live.value(code) for code in rules.FIGURES if code in live.readings}
    found = freezing.differences(closing, scope, live=values)
    return Comparison(closing, freezing.is_whole(closing), tuple(found))


def frozen_values(closing: Closing, scope: Scope) -> dict[str, float | None]:
    """What each figure was when it was frozen; figures that were not frozen for this scope are left out."""
    labels = freezing.frozen_labels(closing, scope)
    counts: dict[str, float | None] = {
        code: len(labels.get(code, ())) for code in rules.FIGURES if code in indicators.indicators
    }
    return counts | dict(freezing.frozen_readings(closing, scope))
