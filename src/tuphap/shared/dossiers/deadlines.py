"""Between the rows and the pure clock: a dossier's clock read from its row, and written back."""

from __future__ import annotations

from datetime import datetime

from tuphap.kernel.clock import localdate
from tuphap.shared.calendar import api as calendar
from tuphap.shared.calendar.api import AfterPause, Ladder, Limit, LimitUnit, verdict

from . import clock
from .handling import handled
from .models import Custody, Dossier, Pause, Procedure
from .rules import Overlay


def limit_of(procedure: Procedure) -> Limit:
    """The procedure's time limit as the calendar counts it."""
    return Limit(procedure.limit_value, LimitUnit(procedure.limit_unit))


def start(dossier: Dossier, *, at: datetime) -> None:
    """Start the clock of a dossier that is being received."""
    working = calendar.working_calendar(office_id=dossier.resolving_unit_id)
    rule = AfterPause(dossier.procedure.restart_rule)
    begun = clock.start(working, limit=limit_of(dossier.procedure), rule=rule, at=at)
    dossier.due_at, dossier.original_due_at = begun.due_at, begun.original_due_at


def pause(dossier: Dossier, overlay: Overlay, *, at: datetime, reason: str) -> None:
    """Stop the clock and open the row of the pause."""
    clock.pause(running(dossier), at=at)
    Pause.objects.create(dossier=dossier, kind=overlay, started_at=at, reason=reason)


def go_on(dossier: Dossier, *, at: datetime) -> None:
    """Close the open pause and let the clock run on by the procedure's rule."""
    working = calendar.working_calendar(office_id=dossier.resolving_unit_id)
    after = clock.go_on(running(dossier), working, at=at)
    dossier.due_at, dossier.original_due_at = after.due_at, after.original_due_at
    close_pause(dossier, at=at)


def close_pause(dossier: Dossier, *, at: datetime) -> None:
    """End the open pause, if any; the due instant stays."""
    dossier.pauses.filter(ended_at__isnull=True).update(ended_at=at)


def extend(dossier: Dossier, *, new_due: datetime, at: datetime) -> None:
    """Give the one extension.

    :raises rules.ExtensionUsed: there was one.
    :raises rules.ExtensionTooLate: the due instant has passed.
    :raises rules.DueNotLater: the new one is not later.
    """
    after = clock.extend(running(dossier), new_due=new_due, at=at)
    dossier.due_at, dossier.extension_count = after.due_at, after.extensions


def recompute(dossier: Dossier) -> None:
    """Count the due instants anew, see :func:`counted_now`."""
    dossier.due_at, dossier.original_due_at = counted_now(dossier)


def counted_now(dossier: Dossier) -> tuple[datetime, datetime]:
    """The due and the original due instant by the calendar as it is now: receipt and each pause, in their order."""
    if dossier.received_at is None:
        raise ValueError("a dossier that was not received has no clock")
    working = calendar.working_calendar(office_id=dossier.resolving_unit_id)
    rule = AfterPause(dossier.procedure.restart_rule)
    after = clock.start(working, limit=limit_of(dossier.procedure), rule=rule, at=dossier.received_at)
    for one in dossier.pauses.order_by("started_at"):
        after = clock.pause(after, at=one.started_at)
        if one.ended_at is not None:
            after = clock.go_on(after, working, at=one.ended_at)
    # An extended instant was promised as a day of its own; it never comes before the original one.
    promised = dossier.due_at if dossier.extension_count else None
    return (max(promised, after.due_at) if promised else after.due_at), after.original_due_at


def judge(dossier: Dossier, *, ready_at: datetime) -> None:
    """Keep the verdicts on a result that is ready: against the due instant in force and against the original one."""
    if dossier.due_at is None or dossier.original_due_at is None:
        raise ValueError("a result without a receipt")
    dossier.verdict = verdict(ready_at, dossier.due_at)
    dossier.original_verdict = verdict(ready_at, dossier.original_due_at)


def begin_custody(dossier: Dossier, *, came: Custody.Came, at: datetime) -> None:
    """The office that resolves it owes the answer from now on."""
    Custody.objects.create(
        dossier=dossier, unit=dossier.resolving_unit, came=came, since=at, channel=dossier.channel,
        procedure=dossier.procedure,
    )


def end_custody(dossier: Dossier, *, outcome: Custody.Outcome, at: datetime) -> None:
    """End the office's stretch, if one is open, and keep how long the office took."""
    stretch = dossier.custodies.filter(until__isnull=True).first()
    if stretch is None:
        return
    working = calendar.working_calendar(office_id=stretch.unit_id)
    told = handled(
        stretch.since, at, dossier.pauses.values_list("started_at", "ended_at"),
        Ladder(working, localdate(stretch.since), localdate(at)),
    )
    stretch.until, stretch.outcome = at, outcome
    if outcome is Custody.Outcome.RESOLVED:  # judged by now
        stretch.verdict, stretch.original_verdict = dossier.verdict, dossier.original_verdict
        stretch.electronic = bool(dossier.result.get("documents"))
    stretch.handling_hours, stretch.handling_days, stretch.paused_hours = told.hours, told.days, told.paused_hours
    stretch.save()


def running(dossier: Dossier) -> clock.Running:
    """The clock of a received dossier as its row tells it."""
    if dossier.received_at is None or dossier.due_at is None or dossier.original_due_at is None:
        raise ValueError("a dossier that was not received has no clock")
    paused = dossier.pauses.filter(ended_at__isnull=True).values_list("started_at", flat=True).first()
    return clock.Running(
        limit=limit_of(dossier.procedure), rule=AfterPause(dossier.procedure.restart_rule),
        started_at=dossier.received_at, due_at=dossier.due_at, original_due_at=dossier.original_due_at,
        paused_at=paused, extensions=dossier.extension_count,
    )
