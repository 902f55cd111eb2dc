"""Office time looked up instead of counted: for figures over many records. Pure, as :mod:`.rules`."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from itertools import accumulate

from tuphap.kernel.clock import localdate

from .rules import WorkingCalendar

_DAY = timedelta(days=1)


class Ladder:
    """The office time and the working days of a calendar between two days, added up once.

    Agrees with :meth:`WorkingCalendar.working_time_between` and :meth:`WorkingCalendar.working_days_between` for
    instants within the days; what lies outside them counts as nothing.
    """

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        days = [first + i * _DAY for i in range((last - first).days + 1)]
        worked = [calendar.is_working_day(day) for day in days]
        spans = [
            (start.timestamp(), end.timestamp())
            for day, is_worked in zip(days, worked, strict=True) if is_worked
            for start, end in calendar.hours_on(day).spans(day)
        ]
        self._first, self._days = first, [0, *accumulate(worked)]
        self._starts = [start for start, _ in spans]
        self._lengths = [end - start for start, end in spans]
        self._before = [0.0, *accumulate(self._lengths)]

    def hours(self, a: datetime, b: datetime) -> float:
        """The hours of work between two instants; none when ``b`` is the earlier."""
        return max(self._passed(b) - self._passed(a), 0.0) / 3600

    def days(self, a: datetime, b: datetime) -> int:
        """The working days after the day of ``a`` up to and with that of ``b``; none when ``b`` is the earlier."""
        return max(self._day(localdate(b)) - self._day(localdate(a)), 0)

    def _passed(self, at: datetime) -> float:
        """The seconds of work from the first day until ``at``."""
        instant = at.timestamp()
        place = bisect_right(self._starts, instant) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(instant - self._starts[place], self._lengths[place])

    def _day(self, day: date) -> int:
        """The working days from the first day up to and with ``day``."""
        return self._days[min(max((day - self._first).days + 1, 0), len(self._days) - 1)]
