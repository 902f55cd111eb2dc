"""The clock's rules against the worked examples of the procedures, and laws that must hold for every instant."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.calendar.days import first_table
from tuphap.shared.calendar.rules import (
    AfterPause,
    DayKind,
    Hours,
    Limit,
    LimitUnit,
    Verdict,
    WorkingCalendar,
    verdict,
)

STATE = WorkingCalendar(
    days={d.date: d.kind for d in first_table() if d.switched_on}, until=date(2027, 12, 31)
)
START = datetime(2024, 1, 1, tzinfo=VIETNAM)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=1350)).map(lambda length: START + length)
DAYS = st.dates(date(2024, 1, 1), date(2027, 10, 1))
LIMITS = st.builds(Limit, st.integers(0, 40), st.sampled_from(LimitUnit))


def at(day: int, month: int, year: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


def working(value: int) -> Limit:
    return Limit(value, LimitUnit.WORKING_DAY)


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        (at(13, 2, 2026), working(3), at(25, 2, 2026, 17)),  # across Tết Bính Ngọ
        (at(28, 8, 2026), working(3), at(7, 9, 2026, 17)),  # across 29/08–02/09
        (at(9, 1, 2026), working(2), at(12, 1, 2026, 17)),  # Saturday 10/01 is worked
        (at(31, 12, 2025), working(1), at(5, 1, 2026, 17)),  # 01/01 and the swapped 02/01, then the weekend
        (at(24, 4, 2026), working(1), at(28, 4, 2026, 17)),  # Hùng Kings on Sunday, Monday off in its stead
        (at(29, 4, 2027), working(1), at(4, 5, 2027, 17)),  # 1/5 on Saturday, Monday off in its stead
        (at(25, 4, 2025), working(3), at(29, 4, 2025, 17)),  # Saturday 26/04/2025 is worked
        (at(26, 11, 2026, 14, 59), Limit(0, LimitUnit.SAME_DAY), at(26, 11, 2026, 17)),
        (at(26, 11, 2026, 15, 0), Limit(0, LimitUnit.SAME_DAY), at(27, 11, 2026, 17)),
        (at(27, 11, 2026, 15, 0), Limit(0, LimitUnit.SAME_DAY), at(30, 11, 2026, 17)),  # Friday afternoon
        (at(28, 11, 2026, 9), Limit(0, LimitUnit.SAME_DAY), at(30, 11, 2026, 17)),  # filed on a Saturday
        (at(20, 11, 2026), Limit(9, LimitUnit.DAY), at(30, 11, 2026, 17)),  # ends on a Sunday, rolls
        (at(20, 11, 2026), Limit(10, LimitUnit.DAY), at(30, 11, 2026, 17)),
        (at(23, 11, 2026), Limit(8, LimitUnit.HOUR), at(24, 11, 2026, 10, 30)),
        (at(23, 11, 2026, 11, 45), Limit(1, LimitUnit.HOUR), at(23, 11, 2026, 14, 30)),  # over noon
        (at(20, 11, 2026, 20), Limit(8, LimitUnit.HOUR), at(24, 11, 2026, 8)),  # Friday evening
    ],
)
def test_worked_examples(received: datetime, limit: Limit, due: datetime) -> None:
    assert STATE.due(received, limit) == due


def test_the_day_of_culture_is_a_switch() -> None:
    day = date(2026, 11, 24)
    assert STATE.is_working_day(day)
    switched = WorkingCalendar(days={**STATE.days, day: DayKind.HOLIDAY})
    assert not switched.is_working_day(day)
    assert switched.due(at(23, 11, 2026), working(1)) == at(25, 11, 2026, 17)


@pytest.mark.parametrize(
    ("first", "last"),
    [((2024, 2, 8), (2024, 2, 14)), ((2025, 1, 25), (2025, 2, 2)), ((2026, 2, 14), (2026, 2, 22)),
     ((2026, 8, 29), (2026, 9, 2)), ((2026, 1, 1), (2026, 1, 4)), ((2025, 8, 30), (2025, 9, 2)),
     ((2024, 4, 27), (2024, 5, 1)), ((2025, 4, 30), (2025, 5, 4)), ((2027, 2, 4), (2027, 2, 10))],
)
def test_the_long_holidays(first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    day = date(*first)
    while day <= date(*last):
        assert not STATE.is_working_day(day)
        day += timedelta(days=1)
    assert STATE.is_working_day(day)


@pytest.mark.parametrize("day", [(2024, 5, 4), (2025, 4, 26), (2026, 1, 10), (2026, 8, 22)])
def test_the_make_up_saturdays(day: tuple[int, int, int]) -> None:
    assert date(*day).weekday() == 5 and STATE.is_working_day(date(*day))


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_every_year_has_its_eleven_statutory_days(year: int) -> None:
    holidays = [d for d, kind in STATE.days.items() if d.year == year and kind is DayKind.HOLIDAY]
    assert len(holidays) == 11
    swapped = [k for d, k in STATE.days.items() if d.year == year and k in (DayKind.SWAPPED_OFF, DayKind.MAKEUP_WORK)]
    assert swapped.count(DayKind.SWAPPED_OFF) == swapped.count(DayKind.MAKEUP_WORK)
    on_weekends = sum(d.weekday() >= 5 for d in holidays)
    made_good = sum(k is DayKind.COMPENSATION for d, k in STATE.days.items() if d.year == year)
    assert made_good == on_weekends


def test_the_verdict_compares_days() -> None:
    due = at(25, 2, 2026, 17)
    assert verdict(at(24, 2, 2026, 23, 59), due) is Verdict.EARLY
    assert verdict(at(25, 2, 2026, 0, 1), due) is verdict(at(25, 2, 2026, 19), due) is Verdict.ON_TIME
    assert verdict(at(26, 2, 2026, 0, 1), due) is Verdict.LATE


def test_a_pause_restarts_or_resumes() -> None:
    received, limit = at(2, 3, 2026), working(5)  # Monday; due Monday 9/3
    due, paused, resumed = STATE.due(received, limit), at(4, 3, 2026), at(16, 3, 2026)
    assert due == at(9, 3, 2026, 17)

    def after(rule: AfterPause, lim: Limit = limit, old: datetime = due, since: datetime = paused) -> datetime:
        return STATE.due_after_pause(due_at=old, paused_at=since, resumed_at=resumed, limit=lim, rule=rule)

    assert after(AfterPause.RESTART) == at(23, 3, 2026, 17)
    assert after(AfterPause.RESUME) == at(19, 3, 2026, 17)  # three days were left: 5/3, 6/3, 9/3
    assert after(AfterPause.RESUME, since=at(10, 3, 2026)) == at(16, 3, 2026, 17)  # was late already: today
    days = Limit(10, LimitUnit.DAY)
    assert after(AfterPause.RESUME, days, STATE.due(received, days)) == at(24, 3, 2026, 17)
    hours = Limit(8, LimitUnit.HOUR)
    assert after(AfterPause.RESUME, hours, STATE.due(received, hours), at(2, 3, 2026, 11)) == at(17, 3, 2026, 9, 30)
    with pytest.raises(ValueError, match="before it was paused"):
        STATE.due_after_pause(due_at=due, paused_at=resumed, resumed_at=paused, limit=limit, rule=AfterPause.RESUME)


def test_hours_of_the_office_by_their_day() -> None:
    summer = Hours(time(7, 0), time(11, 30), time(13, 0), time(16, 30))
    office = WorkingCalendar(hours=((date(2026, 5, 1), summer),))
    assert office.due(at(29, 4, 2026), working(1)) == at(30, 4, 2026, 17)
    assert office.due(at(29, 4, 2026), working(2)) == at(1, 5, 2026, 16, 30)
    assert office.working_hours_between(at(1, 5, 2026, 6), at(1, 5, 2026, 22)) == 8.0
    assert office.working_hours_between(at(30, 4, 2026, 6), at(30, 4, 2026, 22)) == 7.5
    with pytest.raises(ValueError, match="order"):
        Hours(time(8), time(7), time(13), time(17))


def test_what_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="negative"):
        Limit(-1, LimitUnit.DAY)
    with pytest.raises(ValueError, match="forward"):
        STATE.add_working_days(date(2026, 1, 5), -1)
    with pytest.raises(ValueError, match="forward"):
        STATE.add_working_time(at(5, 1, 2026), timedelta(seconds=-1))


@given(INSTANTS, LIMITS)
def test_due_is_never_before_the_receipt_and_always_in_office_time(received: datetime, limit: Limit) -> None:
    due = STATE.due(received, limit)
    assert due >= received
    assert STATE.is_working_day(localdate(due))
    hours = STATE.hours_on(localdate(due))
    assert hours.opens <= due.timetz().replace(tzinfo=None) <= hours.closes


@given(INSTANTS, INSTANTS, LIMITS)
def test_who_comes_first_is_due_first(one: datetime, other: datetime, limit: Limit) -> None:
    first, second = sorted((one, other))
    assert STATE.due(first, limit) <= STATE.due(second, limit)


@given(INSTANTS, st.integers(0, 40), st.integers(0, 40), st.sampled_from(LimitUnit))
def test_a_longer_limit_is_not_due_sooner(received: datetime, one: int, other: int, unit: LimitUnit) -> None:
    short, long = sorted((one, other))
    assert STATE.due(received, Limit(short, unit)) <= STATE.due(received, Limit(long, unit))


@given(DAYS, st.integers(1, 60))
def test_counting_forward_and_between_agree(day: date, n: int) -> None:
    end = STATE.add_working_days(day, n)
    assert STATE.is_working_day(end)
    assert STATE.working_days_between(day, end) == n
    assert STATE.working_days_between(end, day) == -n


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(a: date, b: date, c: date) -> None:
    assert STATE.working_days_between(a, b) + STATE.working_days_between(b, c) == STATE.working_days_between(a, c)


@given(DAYS, st.integers(0, 200))
def test_working_days_are_what_one_counts_by_hand(day: date, span: int) -> None:
    by_hand = sum(STATE.is_working_day(day + timedelta(days=i)) for i in range(1, span + 1))
    assert STATE.working_days_between(day, day + timedelta(days=span)) == by_hand


@given(DAYS)
def test_rolling_goes_to_the_next_working_day(day: date) -> None:
    rolled = STATE.roll(day)
    assert rolled >= day and STATE.is_working_day(rolled)
    assert not any(STATE.is_working_day(day + timedelta(days=i)) for i in range((rolled - day).days))


@given(INSTANTS, st.integers(0, 40 * 60).map(lambda m: timedelta(minutes=m)))
def test_office_time_is_spent_as_it_is_counted(start: datetime, length: timedelta) -> None:
    end = STATE.add_working_time(start, length)
    assert end >= start and STATE.working_time_between(start, end) == length


@given(INSTANTS, LIMITS, st.integers(0, 60 * 24 * 60), st.integers(0, 60 * 24 * 60), st.sampled_from(AfterPause))
def test_a_pause_never_shortens_the_limit(
    received: datetime, limit: Limit, wait: int, stand: int, rule: AfterPause
) -> None:
    due, paused = STATE.due(received, limit), received + timedelta(minutes=wait)
    resumed = paused + timedelta(minutes=stand)
    new = STATE.due_after_pause(due_at=due, paused_at=paused, resumed_at=resumed, limit=limit, rule=rule)
    assert new >= resumed
    if paused <= due:
        assert new >= due


@given(INSTANTS, st.integers(0, 30))
def test_a_pause_of_no_length_changes_nothing(received: datetime, n: int) -> None:
    due = STATE.due(received, working(n))
    assert STATE.due_after_pause(
        due_at=due, paused_at=received, resumed_at=received, limit=working(n), rule=AfterPause.RESUME
    ) == due
