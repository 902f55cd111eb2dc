"""The clock of a dossier: working days, limits, pauses and the verdict. Pure: no Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tuphap.kernel.clock import VIETNAM, localdate, localtime

SAME_DAY_CUT_OFF = time(15, 0)
"""What is due the same day and came at this hour or later is due the next working day (Nghị định 23/2015/NĐ-CP art. 7,
which the decisions that publish same-day procedures repeat)."""

_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """What the table says of a day; a day that it does not name is worked from Monday to Friday."""

    HOLIDAY = "HOLIDAY"
    COMPENSATION = "COMPENSATION"
    SWAPPED_OFF = "SWAPPED_OFF"
    MAKEUP_WORK = "MAKEUP_WORK"

    @property
    def is_worked(self) -> bool:
        return self is DayKind.MAKEUP_WORK

    @property
    def label(self) -> str:
        return _DAY_LABELS[self]


_DAY_LABELS = {
    DayKind.HOLIDAY: "Nghỉ lễ, tết",
    DayKind.COMPENSATION: "Nghỉ bù",
    DayKind.SWAPPED_OFF: "Nghỉ hoán đổi",
    DayKind.MAKEUP_WORK: "Làm bù",
}


class LimitUnit(StrEnum):
    """In what a time limit is counted. An hour is an hour of work."""

    WORKING_DAY = "WD"
    DAY = "DAY"
    HOUR = "HOUR"
    SAME_DAY = "SAME_DAY"

    @property
    def label(self) -> str:
        return {"WD": "ngày làm việc", "DAY": "ngày", "HOUR": "giờ làm việc", "SAME_DAY": "trong ngày"}[self.value]


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit, as a procedure states it. ``value`` is not looked at for ``SAME_DAY``.

    :raises ValueError: negative.
    """

    value: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("a time limit is not negative")

    def __str__(self) -> str:
        return "trong ngày làm việc" if self.unit is LimitUnit.SAME_DAY else f"{self.value:02d} {self.unit.label}"


class AfterPause(StrEnum):
    """How a clock that was stopped goes on: with the full limit again, or with what was left of it."""

    RESTART = "RESTART"
    RESUME = "RESUME"


class Verdict(StrEnum):
    """Ready before the day, on the day, after the day."""

    EARLY = "EARLY"
    ON_TIME = "ON_TIME"
    LATE = "LATE"

    @property
    def label(self) -> str:
        return {"EARLY": "trước hạn", "ON_TIME": "đúng hạn", "LATE": "quá hạn"}[self.value]


def verdict(ready_at: datetime, due_at: datetime) -> Verdict:
    """Compare the day on which the result was ready (not collected) with the day on which it was due."""
    ready, due = localdate(ready_at), localdate(due_at)
    if ready == due:
        return Verdict.ON_TIME
    return Verdict.EARLY if ready < due else Verdict.LATE


@dataclass(frozen=True, slots=True)
class Hours:
    """The office hours of a working day, morning and afternoon.

    :raises ValueError: not in order.
    """

    opens: time = time(7, 30)
    noon_from: time = time(11, 30)
    noon_to: time = time(13, 30)
    closes: time = time(17, 0)

    def __post_init__(self) -> None:
        if not self.opens < self.noon_from <= self.noon_to < self.closes:
            raise ValueError("office hours are not in order")

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
        """The two stretches of work of this day, as instants."""
        return (
            (_instant(day, self.opens), _instant(day, self.noon_from)),
            (_instant(day, self.noon_to), _instant(day, self.closes)),
        )


DEFAULT_HOURS = Hours()


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked, and from when to when.

    ``days`` are the exceptions to Monday–Friday; ``hours`` are the office's hours by the day from which they hold, in
    any order (:data:`DEFAULT_HOURS` before the first). ``until`` is the last day for which the State has published its
    holidays; later days are counted by the weekday alone.
    """

    days: Mapping[date, DayKind] = field(default_factory=dict)
    hours: tuple[tuple[date, Hours], ...] = ()
    until: date | None = None
    version: int = 0

    def covers(self, day: date) -> bool:
        """Whether the holidays of this day's year are known."""
        return self.until is not None and day <= self.until

    def is_working_day(self, day: date) -> bool:
        """A make-up day is worked, any other named day is off, the rest follows the weekday."""
        kind = self.days.get(day)
        return day.weekday() < _SATURDAY if kind is None else kind.is_worked

    def hours_on(self, day: date) -> Hours:
        """The office hours that hold on this day."""
        holding = [(since, hours) for since, hours in self.hours if since <= day]
        return max(holding, key=lambda pair: pair[0])[1] if holding else DEFAULT_HOURS

    def closing(self, day: date) -> datetime:
        """The instant at which the office closes on this day."""
        return _instant(day, self.hours_on(day).closes)

    def roll(self, day: date) -> date:
        """The day itself if it is worked, else the next that is (Civil Code 2015 art. 148.5)."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``, which itself is day 0; for 0, ``day`` rolled forward.

        :raises ValueError: ``n`` is negative.
        """
        if n < 0:
            raise ValueError("working days are counted forward")
        if n == 0:
            return self.roll(day)
        while n:
            day += _DAY
            n -= self.is_working_day(day)
        return day

    def due(self, received_at: datetime, limit: Limit) -> datetime:
        """When what was received at this instant must be ready; never before the receipt.

        N working days end when the office closes on the N-th working day after the day of receipt. Calendar days that
        end on a day off roll to the next working day. Hours are hours of work. What is due the same day and came at
        15:00 or later, or on a day off, is due on the next working day.
        """
        received = localtime(received_at)
        day = received.date()
        match limit.unit:
            case LimitUnit.HOUR:
                return self.add_working_time(received_at, timedelta(hours=limit.value))
            case LimitUnit.SAME_DAY:
                late = received.time() >= SAME_DAY_CUT_OFF or not self.is_working_day(day)
                end = self.add_working_days(day, 1 if late else 0)
            case LimitUnit.WORKING_DAY:
                end = self.add_working_days(day, limit.value)
            case LimitUnit.DAY:
                end = self.roll(day + limit.value * _DAY)
        return self._closing_after(received_at, end)

    def due_after_pause(
        self, *, due_at: datetime, paused_at: datetime, resumed_at: datetime, limit: Limit, rule: AfterPause
    ) -> datetime:
        """When a result is due whose clock stood still between two instants; never before the resumption.

        RESTART gives the full limit from the resumption. RESUME gives what was left: the working days (hours, calendar
        days) between the pause and the old due date; a clock that was stopped after its due date has none left.

        :raises ValueError: resumed before it was paused.
        """
        if resumed_at < paused_at:
            raise ValueError("resumed before it was paused")
        if rule is AfterPause.RESTART:
            return self.due(resumed_at, limit)
        if limit.unit is LimitUnit.HOUR:
            return self.add_working_time(resumed_at, self.working_time_between(paused_at, due_at))
        resumed, paused, due = localdate(resumed_at), localdate(paused_at), localdate(due_at)
        if limit.unit is LimitUnit.DAY:
            end = self.roll(resumed + max(due - paused, timedelta(0)))
        else:
            end = self.add_working_days(resumed, max(self.working_days_between(paused, due), 0))
        return self._closing_after(resumed_at, end)

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie after ``a`` up to and with ``b``; negative when ``b`` is the earlier."""
        if b < a:
            return -self.working_days_between(b, a)
        weeks, rest = divmod((b - a).days, 7)
        count = weeks * _SATURDAY + sum((a + i * _DAY).weekday() < _SATURDAY for i in range(1, rest + 1))
        for day, kind in self.days.items():
            if a < day <= b:
                count += kind.is_worked - (day.weekday() < _SATURDAY)
        return count

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """How much of the office's time lies between two instants; none when ``b`` is the earlier."""
        total = timedelta(0)
        day, last = localdate(a), localdate(b)
        while day <= last:
            if self.is_working_day(day):
                for start, end in self.hours_on(day).spans(day):
                    total += max(min(end, b) - max(start, a), timedelta(0))
            day += _DAY
        return total

    def working_hours_between(self, a: datetime, b: datetime) -> float:
        """:meth:`working_time_between` in hours."""
        return self.working_time_between(a, b) / timedelta(hours=1)

    def add_working_time(self, at: datetime, length: timedelta) -> datetime:
        """The instant by which so much office time has passed since ``at``; for none, ``at`` moved into office time.

        :raises ValueError: ``length`` is negative.
        """
        if length < timedelta(0):
            raise ValueError("working time is counted forward")
        day = localdate(at)
        while True:
            if self.is_working_day(day):
                for start, end in self.hours_on(day).spans(day):
                    begin = max(start, at)
                    if begin < end and begin + length <= end:
                        return begin + length
                    length -= max(end - begin, timedelta(0))
            day += _DAY

    def _closing_after(self, at: datetime, day: date) -> datetime:
        """When the office closes on ``day``; if that has passed already, when it closes on the next working day."""
        closing = self.closing(day)
        return closing if closing >= at else self.closing(self.add_working_days(day, 1))


def _instant(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=VIETNAM)
