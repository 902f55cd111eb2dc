"""What direction writes: the closing of a period, and its taking back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.api import operation

from . import freezing, periods, rules
from .models import Closing, FrozenFigure, FrozenMeasure, Reopening
from .rules import Event, Period, PeriodKind, Permission


@operation
def close_period(*, kind: str, first: date, basis: str, actor: Actor, at: datetime) -> Closing:
    """Freeze the figures of a period for every office over which the actor may close: with their lists and a hash.

    :raises access.Forbidden: no such permission anywhere.
    :raises rules.BadPeriod: no such period.
    :raises rules.PeriodNotOver: it has not ended.
    :raises rules.BasisRequired: no ground is named.
    :raises rules.PeriodClosed: it is closed already for some of these offices.
    :raises rules.Unbalanced: the figures do not balance.
    """
    access.require_anywhere(actor, Permission.CLOSE, on=localdate(at))
    if kind not in set(PeriodKind):
        raise rules.BadPeriod()
    assert actor.user_id is not None  # who holds a grant has an account
    period, ground = Period(PeriodKind(kind), first), tidy(basis)[:300]
    if localdate(at) <= period.last:
        raise rules.PeriodNotOver(period=period.title)
    if not ground:
        raise rules.BasisRequired()
    scope = indicators.scope_for(
        actor, Permission.CLOSE, at=at, period_from=period.first, period_to=period.last, basis=indicators.Basis.THEN
    )
    _wait_for_others(period)
    if periods.closings_of(period).filter(units__overlap=sorted(scope.unit_ids), reopening__isnull=True).exists():
        raise rules.PeriodClosed()
    office = periods.closing_office(actor, at=at)
    version = periods.closings_of(period).filter(office=office).count() + 1
    frozen = freezing.freeze(scope)
    closing = Closing.objects.create(
        kind=period.kind, first=period.first, last=period.last, version=version, office=office,
        units=sorted(scope.unit_ids), closed_at=at, closed_by_id=actor.user_id, closed_by_name=actor.name,
        basis=ground, hash=freezing.fingerprint(
            period=period, version=version, office_id=office.pk, units=scope.unit_ids, closed_at=at,
            closed_by=str(actor.user_id), basis=ground, frozen=frozen,
        ),
    )
    FrozenFigure.objects.bulk_create([
        FrozenFigure(
            closing=closing, code=f.code, unit_id=f.unit_id, sector=f.sector, procedure=f.procedure,
            channel=f.channel, number=len(f.labels), labels=list(f.labels),
        )
        for f in frozen.figures
    ], batch_size=500)
    FrozenMeasure.objects.bulk_create([
        FrozenMeasure(
            closing=closing, code=m.code, unit_id=m.unit_id, value=m.value, base=m.base, has_source=m.has_source
        )
        for m in frozen.measures
    ], batch_size=500)
    audit.record(
        Event.CLOSED, subject=closing, actor=actor, at=at, unit_id=office.pk, kind=period.kind,
        first=period.first.isoformat(), version=version, hash=closing.hash, basis=ground, units=len(scope.unit_ids),
    )
    return closing


@operation
def reopen_period(*, closing_id: int, reason: str, actor: Actor, at: datetime) -> Closing:
    """Take a closing back; its figures stay, and the period may be closed anew.

    :raises rules.UnknownClosing: no such closing.
    :raises access.Forbidden: the actor may not close figures for the office that did.
    :raises rules.ReasonRequired: no reason is given.
    :raises rules.AlreadyReopened: it was taken back before.
    """
    access.require_anywhere(actor, Permission.CLOSE, on=localdate(at))
    closing = Closing.objects.select_related("office", "reopening").filter(pk=closing_id).first()
    if closing is None:
        raise rules.UnknownClosing()
    access.require(actor, Permission.CLOSE, unit_id=closing.office_id, on=localdate(at))
    assert actor.user_id is not None  # who holds a grant has an account
    why = tidy(reason)[:300]
    if not why:
        raise rules.ReasonRequired()
    if closing.is_reopened:
        raise rules.AlreadyReopened()
    Reopening.objects.create(closing=closing, at=at, by_id=actor.user_id, by_name=actor.name, reason=why)
    audit.record(
        Event.REOPENED, subject=closing, actor=actor, at=at, unit_id=closing.office_id, kind=closing.kind,
        first=closing.first.isoformat(), version=closing.version, hash=closing.hash, reason=why,
    )
    return closing


def _wait_for_others(period: Period) -> None:
    """Two closings of one period come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"direction.close {period.kind} {period.first}"]
        )
