"""What a figure is asked for: by whom, which offices, which days, on which basis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import F, Q

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.orgs.models import OrgUnit

from .declarations import Facet


class Basis(StrEnum):
    """Whose figures an office's are, after units were merged.

    THEN: of the offices as they were; a commune that was merged away keeps its own line. RESTATED: of today's offices,
    each with what its predecessors did.
    """

    THEN = "then"
    RESTATED = "restated"


class Step(StrEnum):
    """By what a period is cut: weeks begin on Monday."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class ScopeRefused(Refusal):
    """A period that ends before it begins, or is longer than a report may be."""

    code = "indicators.bad_period"
    message_vi = "Kỳ báo cáo không hợp lệ: ngày cuối phải sau ngày đầu và kỳ không dài quá 10 năm."
    field = "period_to"


class OutsideScope(Denied):
    """An office whose figures the actor may not see was asked for."""

    code = "indicators.unit_forbidden"
    message_vi = "Ông/bà không có quyền xem số liệu của đơn vị này."


LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Scope:
    """The question behind a figure. Periods are whole days of Việt Nam, both ends included.

    ``unit_ids`` are offices (OrgUnit keys); under :attr:`Basis.RESTATED` each stands for itself and for every office
    that it followed. ``at`` is the instant of asking: a stock is that of the period's end or of ``at``, whichever was
    first. ``channel``, ``procedure`` and ``sector`` narrow further where the rows have them; empty means all.
    """

    actor: Actor
    unit_ids: frozenset[int]
    period_from: date
    period_to: date
    basis: Basis = Basis.THEN
    channel: str = ""
    procedure: str = ""
    sector: str = ""
    at: datetime | None = None
    successors: dict[int, int] = field(default_factory=dict, compare=False, repr=False)
    counted: dict[frozenset[int], frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.period_to < self.period_from or self.period_to - self.period_from > LONGEST:
            raise ScopeRefused()
        object.__setattr__(self, "unit_ids", frozenset(self.unit_ids))
        object.__setattr__(self, "basis", Basis(self.basis))

    @property
    def start(self) -> datetime:
        """The first instant of the period."""
        return datetime.combine(self.period_from, time.min, tzinfo=VIETNAM)

    @property
    def end(self) -> datetime:
        """The first instant after the period."""
        return datetime.combine(self.period_to + timedelta(days=1), time.min, tzinfo=VIETNAM)

    @property
    def moment(self) -> datetime:
        """The instant of which a stock (pending) is told."""
        return self.end if self.at is None else min(self.end, self.at)

    @property
    def until(self) -> datetime:
        """The end of what is counted: of the period, or the instant of asking; never before the period begins."""
        return max(self.start, self.moment)

    def counted_units(self) -> frozenset[int]:
        """The offices whose rows count; looked up once for a scope and all that were made of it."""
        if self.basis is Basis.THEN:
            return self.unit_ids
        if self.unit_ids not in self.counted:
            followed = (old for old in self._successors() if self.shown_as(old) in self.unit_ids)
            self.counted[self.unit_ids] = self.unit_ids | frozenset(followed)
        return self.counted[self.unit_ids]

    def shown_as(self, unit_id: int) -> int:
        """The office of the scope under which a row of ``unit_id`` is counted: itself, or the last that followed it."""
        if self.basis is Basis.THEN:
            return unit_id
        followed, line = self._successors(), [unit_id]
        while (after := followed.get(line[-1])) is not None and after not in line:
            line.append(after)
        return next((unit for unit in reversed(line) if unit in self.unit_ids), unit_id)

    def narrowed_by(self, facet: Facet, code: str) -> Scope:
        """The same question about one sector, procedure or channel alone."""
        changes: Any = {str(facet): code}
        return replace(self, **changes)

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The facets by which the question is narrowed."""
        return tuple(facet for facet in Facet if getattr(self, facet))

    def matching(self, paths: Iterable[tuple[Facet, str]]) -> Q:
        """The rows that are of the scope's sector, procedure and channel; ``paths`` as an indicator names them."""
        return Q(**{path: getattr(self, facet) for facet, path in paths if getattr(self, facet)})

    def within(self, period_from: date, period_to: date) -> Scope:
        """The same question about other days."""
        return replace(self, period_from=period_from, period_to=period_to)

    def narrowed(self, *unit_ids: int) -> Scope:
        """The same question about some of its offices."""
        return replace(self, unit_ids=self.unit_ids & frozenset(unit_ids))

    def _successors(self) -> dict[int, int]:
        """Each closed office and its successor; read once for a scope, for a country has some ten thousand."""
        if not self.successors:
            self.successors.update(OrgUnit.objects.filter(successor__isnull=False).values_list("pk", F("successor")))
        return self.successors


def scope_for(
    actor: Actor, permission: str, *, at: datetime, period_from: date, period_to: date,
    unit_ids: Iterable[int] | None = None, basis: Basis = Basis.THEN, channel: str = "", procedure: str = "",
    sector: str = "",
) -> Scope:
    """A scope that holds no office which the actor may not see.

    ``unit_ids`` None means every office that they may see. Whoever may see an office may see, restated, what its
    predecessors did; and as it was then, the predecessors themselves.

    :raises OutsideScope: an office beyond the actor's grants was asked for.
    :raises ScopeRefused: a bad period.
    """
    granted = access.units_where(actor, permission, on=localdate(at))
    whole = Scope(
        actor=actor, unit_ids=granted, period_from=period_from, period_to=period_to, basis=Basis.RESTATED,
        channel=channel, procedure=procedure, sector=sector, at=at,
    )
    allowed = whole.counted_units()
    asked = allowed if unit_ids is None else frozenset(unit_ids)
    if not asked <= allowed:
        raise OutsideScope(unit_id=min(asked - allowed))
    return replace(whole, unit_ids=asked, basis=Basis(basis))
