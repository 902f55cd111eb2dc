"""The calendar as others see it: one table of days, the office's hours, and the rules that count with them.

Who may change the table is asked in ``modules.administration``; the functions here only write, inside its operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Max, Q

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.integrity import constraint_means

from .days import Day, first_table
from .ladder import Ladder
from .models import CalendarDay, OfficeHours
from .rules import (
    DEFAULT_HOURS,
    AfterPause,
    DayKind,
    Hours,
    Limit,
    LimitUnit,
    Verdict,
    WorkingCalendar,
    verdict,
)

__all__ = [
    "AfterPause", "Day", "DayKind", "Hours", "HoursOutOfOrder", "Ladder", "Limit", "LimitUnit", "SourceRequired",
    "Verdict", "WorkingCalendar", "days_of", "history", "hours_of", "ladders", "seed_calendar", "set_days",
    "set_hours", "verdict", "version", "working_calendar",
]

FIRST_DAY = date(2004, 1, 1)
"""The hours that every office has from the start hold since this day."""

_LOCK = 0x0CA1  # the advisory lock under which the table gets its next version


class SourceRequired(Refusal):
    """A day is not changed without naming the document that says so."""

    code = "calendar.source_required"
    message_vi = "Vui lòng ghi văn bản làm căn cứ."


class HoursOutOfOrder(Refusal):
    """Opening, noon and closing must follow each other."""

    code = "calendar.hours_out_of_order"
    message_vi = "Giờ làm việc chưa đúng thứ tự: mở cửa, nghỉ trưa, đóng cửa."


constraint_means("calendar_day_has_source", SourceRequired)
constraint_means("calendar_hours_in_order", HoursOutOfOrder)


def version() -> int:
    """The version of the table; 0 before it is first filled. It rises with every change of days or hours."""
    return max(
        CalendarDay.objects.aggregate(last=Max("version"))["last"] or 0,
        OfficeHours.objects.aggregate(last=Max("version"))["last"] or 0,
    )


def working_calendar(*, office_id: int | None = None) -> WorkingCalendar:
    """The calendar in force, with the hours of this office (or of all); read again only when the table has changed."""
    with connection.cursor() as cursor:
        # The sequences' values are never used twice, not even after a rollback, as a version number would be.
        cursor.execute("SELECT (SELECT max(id) FROM calendar_calendarday), (SELECT max(id) FROM calendar_officehours)")
        state = cursor.fetchone()
    return _read(office_id, state)


def ladders(first: date, last: date) -> Mapping[int | None, Ladder]:
    """Office time between these days, looked up: for each office with hours of its own, and under None for the rest."""
    own = OfficeHours.objects.filter(office_id__isnull=False)
    offices = own.order_by("office_id").values_list("office_id", flat=True).distinct()
    return {office: Ladder(working_calendar(office_id=office), first, last) for office in (None, *offices)}


@lru_cache(maxsize=512)
def _read(office_id: int | None, state: tuple[int | None, int | None]) -> WorkingCalendar:
    del state
    days = {row.date: DayKind(row.kind) for row in _latest_days() if row.switched_on}
    own = _latest_hours(office_id) if office_id is not None else {}
    hours = {**_latest_hours(None), **own}
    if own:
        hours = {since: h for since, h in hours.items() if since in own or since < min(own)}
    holidays = [day.year for day, kind in days.items() if kind is DayKind.HOLIDAY]
    return WorkingCalendar(
        days=days, hours=tuple(hours.items()), until=date(max(holidays), 12, 31) if holidays else None,
        version=version(),
    )


def days_of(year: int) -> list[CalendarDay]:
    """What the table says of this year's days now, switched on or off, in their order."""
    return [row for row in _latest_days() if row.date.year == year]


def history(day: date) -> list[CalendarDay]:
    """Every row that was ever written for a day, the latest first."""
    return list(CalendarDay.objects.filter(date=day).order_by("-version"))


def hours_of(office_id: int | None, *, on: date) -> Hours:
    """The hours of an office on a day."""
    return working_calendar(office_id=office_id).hours_on(on)


def set_days(days: Iterable[Day], *, actor: Actor, at: datetime) -> int:
    """Write these days as one new version of the table, inside the caller's operation; answers the version.

    A day is taken back by writing it with ``switched_on=False``. Open dossiers are recomputed by who counts them.

    :raises SourceRequired: an entry names no document.
    """
    entries = list(days)
    if any(not entry.source_document.strip() for entry in entries):
        raise SourceRequired(field="source_document")
    new = _next_version()
    CalendarDay.objects.bulk_create(
        CalendarDay(
            version=new, date=entry.date, kind=entry.kind, source_document=entry.source_document,
            switched_on=entry.switched_on, note=entry.note, recorded_at=at, recorded_by=actor.name,
        )
        for entry in entries
    )
    audit.record(
        "calendar.days_set", subject=None, actor=actor, at=at, version=new,
        days=[f"{e.date.isoformat()} {e.kind.value if e.switched_on else 'off'}" for e in entries],
    )
    return new


def set_hours(
    hours: Hours, *, office_id: int | None, valid_from: date, source_document: str, actor: Actor, at: datetime
) -> int:
    """Write the hours of one office (or of all that have none of their own) since a day; answers the new version.

    :raises SourceRequired: no document named.
    """
    if not source_document.strip():
        raise SourceRequired(field="source_document")
    new = _next_version()
    OfficeHours.objects.create(
        version=new, office_id=office_id, valid_from=valid_from, opens=hours.opens, noon_from=hours.noon_from,
        noon_to=hours.noon_to, closes=hours.closes, source_document=source_document, recorded_at=at,
        recorded_by=actor.name,
    )
    audit.record(
        "calendar.hours_set", subject=None, actor=actor, at=at, unit_id=office_id, version=new,
        valid_from=valid_from.isoformat(), hours=f"{hours.opens:%H:%M}–{hours.closes:%H:%M}",
    )
    return new


def seed_calendar() -> None:
    """Fill the table for 2024–2027 with what is missing; never touches a day that has a row."""
    _fill(actor=system_actor("seed"), at=now())


@operation
def _fill(*, actor: Actor, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = set(CalendarDay.objects.values_list("date", flat=True))
    missing = [day for day in first_table() if day.date not in known]
    if missing:
        set_days(missing, actor=actor, at=at)
    if not OfficeHours.objects.filter(office_id=None).exists():
        set_hours(
            DEFAULT_HOURS, office_id=None, valid_from=FIRST_DAY, source_document="Giờ hành chính mặc định",
            actor=actor, at=at,
        )


def _next_version() -> int:
    """The next version, for one writer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    return version() + 1


def _latest_days() -> list[CalendarDay]:
    return list(CalendarDay.objects.order_by("date", "-version").distinct("date"))


def _latest_hours(office_id: int | None) -> dict[date, Hours]:
    condition = Q(office_id__isnull=True) if office_id is None else Q(office_id=office_id)
    rows = OfficeHours.objects.filter(condition).order_by("valid_from", "-version").distinct("valid_from")
    return {row.valid_from: Hours(row.opens, row.noon_from, row.noon_to, row.closes) for row in rows}
