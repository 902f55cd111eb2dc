"""The table: filled once, changed only by new versions, read again when it has changed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.db import ProgrammingError, connection

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import VIETNAM
from tuphap.shared.audit.models import Entry
from tuphap.shared.calendar import api as calendar
from tuphap.shared.calendar.api import Day, DayKind, Hours, Limit, LimitUnit
from tuphap.shared.calendar.models import CalendarDay, OfficeHours
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_days")]
AT = datetime(2026, 11, 2, 9, tzinfo=VIETNAM)
CULTURE_DAY = date(2026, 11, 24)


@operation
def change(days, *, actor, at) -> int:
    return calendar.set_days(days, actor=actor, at=at)


@operation
def open_at(hours, *, office_id, valid_from, source, actor, at) -> int:
    return calendar.set_hours(
        hours, office_id=office_id, valid_from=valid_from, source_document=source, actor=actor, at=at)


def change_days(*days: Day) -> int:
    return change(list(days), actor=system_actor("test"), at=AT)


def test_the_state_s_days_are_there() -> None:
    table = calendar.working_calendar()
    assert table.until == date(2027, 12, 31) and table.covers(date(2027, 6, 1)) and not table.covers(date(2028, 1, 3))
    received = datetime(2026, 2, 13, 10, tzinfo=VIETNAM)
    assert table.due(received, Limit(3, LimitUnit.WORKING_DAY)) == datetime(2026, 2, 25, 17, tzinfo=VIETNAM)
    assert [row.date.isoformat() for row in calendar.days_of(2026)][:3] == ["2026-01-01", "2026-01-02", "2026-01-10"]
    assert all(row.source_document for row in CalendarDay.objects.all())


def test_a_change_is_a_new_version_and_is_seen_at_once() -> None:
    before = calendar.version()
    assert calendar.working_calendar().is_working_day(CULTURE_DAY)
    new = change_days(Day(CULTURE_DAY, DayKind.HOLIDAY, "Luật sửa đổi Bộ luật Lao động"))
    assert new == calendar.version() == calendar.working_calendar().version == before + 1
    assert not calendar.working_calendar().is_working_day(CULTURE_DAY)
    change_days(Day(CULTURE_DAY, DayKind.HOLIDAY, "Đính chính", switched_on=False))
    assert calendar.working_calendar().is_working_day(CULTURE_DAY)
    assert [row.switched_on for row in calendar.history(CULTURE_DAY)] == [False, True, False]
    assert Entry.objects.filter(event="calendar.days_set", facts__version=new).count() == 1


def test_a_change_rolled_back_leaves_no_trace_in_what_is_remembered() -> None:
    undone = calendar.version() + 1

    @operation
    def mistake(*, actor, at) -> None:
        assert calendar.set_days([Day(CULTURE_DAY, DayKind.HOLIDAY, "Nhầm")], actor=actor, at=at) == undone
        assert not calendar.working_calendar().is_working_day(CULTURE_DAY)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        mistake(actor=system_actor("test"), at=AT)
    assert calendar.working_calendar().is_working_day(CULTURE_DAY)
    assert change_days(Day(date(2026, 11, 25), DayKind.HOLIDAY, "Thử")) == undone  # the same version, another content
    assert calendar.working_calendar().is_working_day(CULTURE_DAY)
    assert not calendar.working_calendar().is_working_day(date(2026, 11, 25))


def test_filling_again_changes_nothing() -> None:
    change_days(Day(CULTURE_DAY, DayKind.HOLIDAY, "Luật sửa đổi Bộ luật Lao động"))
    before = (calendar.version(), CalendarDay.objects.count(), OfficeHours.objects.count())
    calendar.seed_calendar()
    assert (calendar.version(), CalendarDay.objects.count(), OfficeHours.objects.count()) == before


def test_an_office_may_have_hours_of_its_own() -> None:
    early = Hours(time(7, 0), time(11, 30), time(13, 0), time(16, 30))
    open_at(early, office_id=7, valid_from=date(2026, 6, 1), source="Quyết định 12/QĐ-UBND",
            actor=system_actor("test"), at=AT)
    assert calendar.hours_of(7, on=date(2026, 6, 1)) == early
    assert calendar.hours_of(7, on=date(2026, 5, 31)) == Hours()
    assert calendar.hours_of(8, on=date(2026, 6, 1)) == Hours()
    later = Hours(time(8, 0), time(12, 0), time(13, 0), time(17, 0))
    open_at(later, office_id=None, valid_from=date(2026, 9, 1), source="Quyết định của UBND thành phố",
            actor=system_actor("test"), at=AT)
    assert calendar.hours_of(8, on=date(2026, 9, 1)) == later
    assert calendar.hours_of(7, on=date(2026, 9, 1)) == early


def test_nothing_is_changed_without_its_source() -> None:
    with pytest.raises(calendar.SourceRequired):
        change_days(Day(CULTURE_DAY, DayKind.HOLIDAY, " "))
    with pytest.raises(calendar.SourceRequired):
        open_at(Hours(), office_id=None, valid_from=AT.date(), source="", actor=system_actor("test"), at=AT)


@pytest.mark.parametrize("table", ["calendar_calendarday", "calendar_officehours"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET version = version + 1"])
def test_the_application_cannot_rewrite_the_table(table: str, change: str) -> None:
    with setting_up(), pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_the_calendar_costs_one_query(django_assert_num_queries) -> None:
    calendar.working_calendar()
    with django_assert_num_queries(1):
        calendar.working_calendar()
