"""The deadline clock of one dossier: start, pause, go on, extend. Pure; the counting itself is the calendar's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tuphap.kernel.clock import localdate, localtime
from tuphap.shared.calendar.api import AfterPause, Limit, WorkingCalendar

from .rules import DueNotLater, ExtensionTooLate, ExtensionUsed


class ClockMisuse(ValueError):
    """A pause within a pause, an end without a beginning: the edge table forbids it, so this is a defect."""


@dataclass(frozen=True, slots=True)
class Running:
    """A dossier's clock. ``original_due_at`` is the due instant without the extension; pauses move both."""

    limit: Limit
    rule: AfterPause
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    paused_at: datetime | None = None
    extensions: int = 0


def start(calendar: WorkingCalendar, *, limit: Limit, rule: AfterPause, at: datetime) -> Running:
    """The clock of a dossier received now: the day of receipt is day 0."""
    due = calendar.due(at, limit)
    return Running(limit=limit, rule=rule, started_at=at, due_at=due, original_due_at=due)


def pause(clock: Running, *, at: datetime) -> Running:
    """Stop the clock.

    :raises ClockMisuse: it stands already.
    """
    if clock.paused_at is not None:
        raise ClockMisuse("a clock is never paused twice")
    return replace(clock, paused_at=at)


def go_on(clock: Running, calendar: WorkingCalendar, *, at: datetime) -> Running:
    """Let a paused clock run on: RESTART gives the full limit again, RESUME the rest. Never an earlier due instant.

    A clock of the RESUME kind that was paused after its due day has nothing left and stays late.

    :raises ClockMisuse: it is not paused.
    """
    if clock.paused_at is None:
        raise ClockMisuse("only a paused clock goes on")
    original = _moved(clock, calendar, due=clock.original_due_at, rule=clock.rule, at=at)
    due = original
    if clock.extensions:
        due = max(original, _moved(clock, calendar, due=clock.due_at, rule=AfterPause.RESUME, at=at))
    return replace(clock, due_at=due, original_due_at=original, paused_at=None)


def extend(clock: Running, *, new_due: datetime, at: datetime) -> Running:
    """Give one later due instant, once and before the old one has passed.

    :raises ExtensionUsed: it was extended before.
    :raises ExtensionTooLate: the due instant has passed.
    :raises DueNotLater: the new instant is not after the old.
    """
    if clock.extensions:
        raise ExtensionUsed()
    if at >= clock.due_at:
        raise ExtensionTooLate()
    if new_due <= clock.due_at:
        raise DueNotLater(due=f"{localtime(clock.due_at):%H:%M %d/%m/%Y}")
    return replace(clock, due_at=new_due, extensions=1)


def _moved(clock: Running, calendar: WorkingCalendar, *, due: datetime, rule: AfterPause, at: datetime) -> datetime:
    """Where the pause that ends now moves one due instant."""
    if clock.paused_at is None or at <= clock.paused_at:
        return due
    if rule is AfterPause.RESUME and localdate(clock.paused_at) > localdate(due):
        return due
    moved = calendar.due_after_pause(
        due_at=due, paused_at=clock.paused_at, resumed_at=at, limit=clock.limit, rule=rule
    )
    return max(due, moved)
