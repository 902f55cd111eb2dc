"""How long an office took: its time within the stretch, less what passed while the clock stood still. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class OfficeTime(Protocol):
    """What counts an office's time between two instants; the calendar's ladders do."""

    def hours(self, a: datetime, b: datetime) -> float:
        """Hours of work; none when ``b`` is the earlier."""

    def days(self, a: datetime, b: datetime) -> int:
        """Working days after the day of ``a`` up to and with that of ``b``; none when ``b`` is the earlier."""


@dataclass(frozen=True, slots=True)
class Handled:
    """Hours of work and working days that an office took, and the hours of work during which the clock stood still."""

    hours: float
    days: int
    paused_hours: float


def handled(
    since: datetime, until: datetime, pauses: Iterable[tuple[datetime, datetime | None]], time: OfficeTime
) -> Handled:
    """What the office took of the stretch from ``since`` to ``until``. Pauses do not count as handling.

    :param pauses: of the dossier, in any office; one that goes on has no end.
    """
    within = [(max(start, since), min(end or until, until)) for start, end in pauses]
    stood = [(start, end) for start, end in within if start < end]
    paused_hours = sum(time.hours(start, end) for start, end in stood)
    paused_days = sum(time.days(start, end) for start, end in stood)
    return Handled(
        hours=max(time.hours(since, until) - paused_hours, 0.0),
        days=max(time.days(since, until) - paused_days, 0),
        paused_hours=paused_hours,
    )
