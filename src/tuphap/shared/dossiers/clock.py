"""The deadline clock: when an answer is due, what a pause, an extension and a change of the calendar do to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.calendar.rules import Limit, LimitUnit

from .rules import DueNotLater, ExtensionTooLate, ExtensionUsed, RestartRule


class Calendar(Protocol):
    """What the clock needs of the working calendar."""

    def is_working_day(self, day: date) -> bool: ...

    def due(self, received_at: datetime, limit: Limit) -> datetime: ...


class ClockMisuse(ValueError):
    """A pause within a pause, an end without a beginning: the edge table forbids it, so this is a defect."""


@dataclass(frozen=True, slots=True)
class Running:
    """A dossier's clock. ``original_due_at`` is the due instant without the extension; pauses move both."""

    limit: Limit
    restart: RestartRule
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    paused_at: datetime | None = None
    extensions: int = 0


def start(calendar: Calendar, *, limit: Limit, restart: RestartRule, at: datetime) -> Running:
    """The clock of a dossier received now: the day of receipt is day 0."""
    due = calendar.due(at, limit)
    return Running(limit=limit, restart=restart, started_at=at, due_at=due, original_due_at=due)


def pause(clock: Running, *, at: datetime) -> Running:
    """Stop the clock.

    :raises ClockMisuse: it stands already.
    """
    if clock.paused_at is not None:
        raise ClockMisuse("a clock is never paused twice")
    return replace(clock, paused_at=at)


def go_on(clock: Running, calendar: Calendar, *, at: datetime) -> Running:
    """Let a paused clock run on: RESTART gives the full limit again, RESUME the rest. Never an earlier due instant.

    :raises ClockMisuse: it is not paused.
    """
    if clock.paused_at is None:
        raise ClockMisuse("only a paused clock goes on")
    if clock.restart is RestartRule.RESTART:
        original = max(calendar.due(at, clock.limit), clock.original_due_at)
    else:
        original = shifted(calendar, clock.limit, due=clock.original_due_at, paused_at=clock.paused_at, at=at)
    due = original
    if clock.extensions:
        due = max(original, shifted(calendar, clock.limit, due=clock.due_at, paused_at=clock.paused_at, at=at))
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
        raise DueNotLater(due=f"{clock.due_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
    return replace(clock, due_at=new_due, extensions=1)


def shifted(calendar: Calendar, limit: Limit, *, due: datetime, paused_at: datetime, at: datetime) -> datetime:
    """``due`` moved by the time that the pause took, in the limit's own units; what was late stays as late."""
    if at <= paused_at:
        return due
    if limit.unit is LimitUnit.HOUR:
        return _shifted_hours(calendar, due=due, paused_at=paused_at, at=at)
    if limit.unit is LimitUnit.DAY:
        return _shifted_days(calendar, due=due, paused_at=paused_at, at=at)
    back = _effective_day(calendar, at)
    passed = _working_days(calendar, localdate(paused_at), back)
    return _close_after(calendar, localdate(due), passed) if passed else due


def _shifted_days(calendar: Calendar, *, due: datetime, paused_at: datetime, at: datetime) -> datetime:
    rest = (localdate(due) - localdate(paused_at)).days
    if rest > 0:
        return max(due, calendar.due(at, Limit(rest, LimitUnit.DAY)))
    passed = (_effective_day(calendar, at) - localdate(paused_at)).days
    return _close_after(calendar, localdate(due) + timedelta(days=passed - 1), 1) if passed > 0 else due


def _shifted_hours(calendar: Calendar, *, due: datetime, paused_at: datetime, at: datetime) -> datetime:
    """Limits in hours are short: the hour of the day is kept and whole working days are added, then the odd time."""
    back = _effective_day(calendar, at)
    passed = _working_days(calendar, localdate(paused_at), back)
    moved = due
    for _ in range(passed):
        moved += timedelta(days=1)
        while not calendar.is_working_day(localdate(moved)):
            moved += timedelta(days=1)
    return moved if due < paused_at else max(moved, at)


def _effective_day(calendar: Calendar, at: datetime) -> date:
    """The working day on which something done at this instant counts: after closing time, the next one."""
    day = localdate(at)
    while not calendar.is_working_day(day) or _close_after(calendar, day - timedelta(days=1), 1) < at:
        day += timedelta(days=1)
    return day


def _working_days(calendar: Calendar, first: date, last: date) -> int:
    """How many working days lie after ``first``, up to and including ``last``."""
    return sum(calendar.is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _close_after(calendar: Calendar, day: date, number: int) -> datetime:
    """Closing time of the ``number``-th working day after ``day``."""
    noon = datetime.combine(day, time(12), tzinfo=VIETNAM)
    return calendar.due(noon, Limit(number, LimitUnit.WORKING_DAY))
