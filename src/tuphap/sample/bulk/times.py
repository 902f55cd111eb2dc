"""The working days of two years by their place, and how many dossiers come on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from tuphap.kernel.clock import VIETNAM, localdate, localtime
from tuphap.shared.calendar.api import Ladder, Limit, LimitUnit, WorkingCalendar
from tuphap.shared.calendar.rules import SAME_DAY_CUT_OFF
from tuphap.shared.orgs.api import REFORM

OPENS, NOON, AFTERNOON, LAST = 7 * 60 + 40, 11 * 60 + 30, 13 * 60 + 30, 16 * 60 + 50  # minutes of the day
YEARS = 2
BEYOND = 150  # days after the present, for what is due or would have happened then
REFORM_AT = datetime.combine(REFORM, time(0, 10), tzinfo=VIETNAM).astimezone(UTC)

# After Tết little is asked for; in August schools want certified copies.
MONTHS = (0.95, 0.70, 1.10, 1.05, 1.05, 1.15, 1.10, 1.25, 1.20, 1.00, 1.00, 1.05)
WEEKDAYS = (1.25, 1.05, 1.00, 0.95, 0.85, 0.35, 0.2)
GROWTH = 0.15  # from the first day to the last
HALF_PROVINCE = 0.55  # before the two provinces became one


class Times:
    """Instants by (place of a working day, minute); places run from before the first day to beyond the last."""

    def __init__(self, calendar: WorkingCalendar, *, until: datetime) -> None:
        self.calendar, self.until, self.last_day = calendar, until, localdate(until)
        self.first_day = self.last_day.replace(day=1) - timedelta(days=YEARS * 365)
        day, self.days = self.first_day, list[date]()
        while day <= self.last_day + timedelta(days=BEYOND):
            if calendar.is_working_day(day):
                self.days.append(day)
            day += timedelta(days=1)
        self.midnights = [datetime.combine(d, time(), tzinfo=VIETNAM).astimezone(UTC) for d in self.days]
        self.places = {d: place for place, d in enumerate(self.days)}
        self.today = max(place for place, d in enumerate(self.days) if d <= self.last_day)
        self.ladder = Ladder(calendar, self.first_day, self.days[-1])
        self._dues: dict[tuple[int, bool, Limit], tuple[datetime, int]] = {}

    def at(self, place: int, minute: int, second: int = 0) -> datetime:
        return self.midnights[place] + timedelta(minutes=minute, seconds=second)

    def after(self, place: int, minute: int, more: int) -> tuple[int, int]:
        """So many minutes of work later: over noon, and on the next working day where this one is over."""
        later = minute + more
        if minute < NOON <= later:
            later += AFTERNOON - NOON
        return (place, later) if later <= LAST else (place + 1, OPENS + later % 45)

    def due(self, place: int, minute: int, limit: Limit) -> tuple[datetime, int]:
        """When what is received then is due, and the place of that day."""
        if limit.unit is LimitUnit.HOUR:
            due = self.calendar.due(self.at(place, minute), limit)
            return due.astimezone(UTC), self.places[localdate(due)]
        key = place, minute >= SAME_DAY_CUT_OFF.hour * 60, limit
        known = self._dues.get(key)
        if known is None:
            due = self.calendar.due(self.at(place, minute), limit)
            known = self._dues[key] = due.astimezone(UTC), self.places[localdate(due)]
        return known

    def closing(self, place: int) -> datetime:
        return self.calendar.closing(self.days[place]).astimezone(UTC)

    def minutes_open(self, place: int) -> tuple[int, int]:
        """From when to when dossiers come on this day; on the last one until a little before the present."""
        if place < self.today or self.days[place] < self.last_day:
            return OPENS, LAST - 10
        now = localtime(self.until)
        return OPENS, min(LAST - 10, now.hour * 60 + now.minute - 1)

    def volumes(self, total: int, seed: int) -> list[int]:
        """How many dossiers come on each day up to the present, by place; ``total`` together."""
        random = Random(seed)  # noqa: S311 - a sample, not a secret
        weights = []
        for place, day in enumerate(self.days[: self.today + 1]):
            growth = 1 + GROWTH * place / (self.today + 1)
            half = HALF_PROVINCE if day < REFORM else 1.0
            first, last = self.minutes_open(place)
            part = max(0, last - first) / (LAST - 10 - OPENS)
            weights.append(MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] * growth * half * part
                           * random.uniform(0.85, 1.15))
        return _parts(total, weights)


def _parts(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole parts after these weights."""
    ends = [round(total * reached / sum(weights)) for reached in accumulate(weights)]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
