"""The clock against a slow reading of the same rules: days and minutes counted one by one, nothing else in common.

The slow reading: a working day counts when the clock was running as the day began, the day of receipt and the day of
resumption being day 0; a minute counts when the office was open and the clock was running.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.calendar.api import AfterPause, DayKind, Hours, Limit, LimitUnit, Verdict, WorkingCalendar, verdict
from tuphap.shared.calendar.days import first_table
from tuphap.shared.calendar.ladder import Ladder
from tuphap.shared.dossiers import clock
from tuphap.shared.dossiers.handling import handled

START = date(2026, 3, 2)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SUMMER = Hours(time(7), time(11), time(13), time(16))
STATE = WorkingCalendar(days={d.date: d.kind for d in first_table() if d.switched_on})


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=VIETNAM)


# -- the slow reading


def works(calendar: WorkingCalendar, day: date) -> bool:
    kind = calendar.days.get(day)
    if kind is None:
        return day.strftime("%A") not in ("Saturday", "Sunday")
    return kind is DayKind.MAKEUP_WORK


def hours(calendar: WorkingCalendar, day: date) -> Hours:
    found = Hours()
    for since, own in sorted(calendar.hours, key=lambda pair: pair[0]):
        if since <= day:
            found = own
    return found


def is_open(calendar: WorkingCalendar, minute: datetime) -> bool:
    """Whether the office works in the minute that begins here."""
    day, clock_time = minute.date(), minute.time()
    if not works(calendar, day):
        return False
    own = hours(calendar, day)
    return own.opens <= clock_time < own.noon_from or own.noon_to <= clock_time < own.closes


def minutes(calendar: WorkingCalendar, a: datetime, b: datetime) -> int:
    """Office minutes between two whole minutes, one by one."""
    number = 0
    while a < b:
        number += is_open(calendar, a)
        a += MINUTE
    return number


def walk(calendar: WorkingCalendar, a: datetime, number: int) -> datetime:
    """The end of the ``number``-th office minute; for none, the next moment at which the office is open."""
    if not number:
        while not is_open(calendar, a) and not (is_open(calendar, a - MINUTE) and works(calendar, a.date())):
            a += MINUTE
        return a
    while number:
        number -= is_open(calendar, a)
        a += MINUTE
    return a


def closing(calendar: WorkingCalendar, day: date, after: datetime) -> datetime:
    """The close of the first working day, from this one on, that does not lie before an instant."""
    while not works(calendar, day) or at(day, hours(calendar, day).closes.hour) < after:
        day += DAY
    return at(day, hours(calendar, day).closes.hour)


def nth(calendar: WorkingCalendar, day: date, number: int) -> date:
    while number:
        day += DAY
        number -= works(calendar, day)
    return day


def slow_due(calendar: WorkingCalendar, came: datetime, limit: Limit) -> datetime:
    day = came.date()
    if limit.unit is LimitUnit.HOUR:
        return walk(calendar, came, limit.value * 60)
    if limit.unit is LimitUnit.DAY:
        return closing(calendar, day + limit.value * DAY, came)
    if limit.unit is LimitUnit.SAME_DAY:
        late = came.hour >= 15 or not works(calendar, day)
        return closing(calendar, nth(calendar, day, 1) if late else day, came)
    return closing(calendar, nth(calendar, day, limit.value), came)


def slow_after(
    calendar: WorkingCalendar, due: datetime, paused: datetime, back: datetime, limit: Limit, rule: AfterPause
) -> datetime:
    """Where one pause moves a due instant."""
    if back <= paused:
        return due
    if rule is AfterPause.RESTART:
        return max(due, slow_due(calendar, back, limit))
    if paused.date() > due.date():
        return due
    if limit.unit is LimitUnit.HOUR:
        return max(due, walk(calendar, back, minutes(calendar, paused, due)))
    left, day = 0, paused.date()
    while day < due.date():
        day += DAY
        left += 1 if limit.unit is LimitUnit.DAY else works(calendar, day)
    end = back.date() + left * DAY if limit.unit is LimitUnit.DAY else nth(calendar, back.date(), left)
    return max(due, closing(calendar, end, back))


def by_beginnings(
    calendar: WorkingCalendar, came: datetime, number: int, pauses: list[tuple[datetime, datetime]]
) -> date:
    """The day on which the ``number``-th day ends that began with the clock running; pauses begin while it runs."""
    day = came.date()
    while number:
        day += DAY
        midnight = at(day, 0)
        running = not any(paused < midnight <= back for paused, back in pauses)
        number -= works(calendar, day) and running
    return day


# -- strategies


calendars = st.builds(
    lambda off, worked, since: WorkingCalendar(
        days={
            **{START + timedelta(days=n): DayKind.MAKEUP_WORK for n in worked},
            **{START + timedelta(days=n): DayKind.HOLIDAY for n in off},
        },
        hours=((START + timedelta(days=since), SUMMER),) if since else (),
    ),
    st.sets(st.integers(0, 90), max_size=25), st.sets(st.integers(0, 90), max_size=12), st.integers(0, 60),
)
limits = st.one_of(
    st.builds(Limit, st.integers(1, 25), st.just(LimitUnit.WORKING_DAY)),
    st.builds(Limit, st.integers(1, 40), st.just(LimitUnit.DAY)),
    st.builds(Limit, st.integers(1, 14), st.just(LimitUnit.HOUR)),
    st.builds(Limit, st.just(1), st.just(LimitUnit.SAME_DAY)),
)
instants = st.integers(0, 20 * 24 * 60).map(lambda n: at(START, 0) + n * MINUTE)


# -- the table of the rules


@pytest.mark.parametrize(("what", "received", "limit", "due"), [
    ("across Tết", at(date(2026, 2, 13)), Limit(3, LimitUnit.WORKING_DAY), at(date(2026, 2, 25), 17)),
    ("across 2/9", at(date(2026, 8, 28)), Limit(3, LimitUnit.WORKING_DAY), at(date(2026, 9, 7), 17)),
    ("a make-up Saturday", at(date(2026, 1, 9)), Limit(2, LimitUnit.WORKING_DAY), at(date(2026, 1, 12), 17)),
    ("the day of receipt is day 0", at(date(2026, 3, 2), 7), Limit(1, LimitUnit.WORKING_DAY), at(date(2026, 3, 3), 17)),
    ("received on a day off", at(date(2026, 3, 7)), Limit(1, LimitUnit.WORKING_DAY), at(date(2026, 3, 9), 17)),
    ("calendar days that end on a day off roll", at(date(2026, 3, 2)), Limit(6, LimitUnit.DAY),
     at(date(2026, 3, 9), 17)),
    ("calendar days that end on a day of work", at(date(2026, 3, 2)), Limit(7, LimitUnit.DAY),
     at(date(2026, 3, 9), 17)),
    ("the same day", at(date(2026, 3, 2), 14, 59), Limit(1, LimitUnit.SAME_DAY), at(date(2026, 3, 2), 17)),
    ("the same day, from 15:00 on", at(date(2026, 3, 2), 15), Limit(1, LimitUnit.SAME_DAY), at(date(2026, 3, 3), 17)),
    ("the same day, Friday from 15:00 on", at(date(2026, 3, 6), 15), Limit(1, LimitUnit.SAME_DAY),
     at(date(2026, 3, 9), 17)),
    ("eight hours", at(date(2026, 3, 2), 10), Limit(8, LimitUnit.HOUR), at(date(2026, 3, 3), 10, 30)),
])
def test_the_cases_of_the_rules_by_both_readings(what: str, received: datetime, limit: Limit, due: datetime) -> None:
    assert STATE.due(received, limit) == slow_due(STATE, received, limit) == due, what


@pytest.mark.parametrize(
    ("rule", "due"), [(AfterPause.RESTART, date(2026, 3, 19)), (AfterPause.RESUME, date(2026, 3, 16))]
)
def test_after_a_pause_the_full_limit_or_the_rest(rule: AfterPause, due: date) -> None:
    limit = Limit(5, LimitUnit.WORKING_DAY)
    begun = clock.start(STATE, limit=limit, rule=rule, at=at(START))
    paused, back = at(date(2026, 3, 5)), at(date(2026, 3, 12))
    after = clock.go_on(clock.pause(begun, at=paused), STATE, at=back)
    assert after.due_at == slow_after(STATE, begun.due_at, paused, back, limit, rule) == at(due, 17)


def test_the_verdict_is_by_days_and_told_against_both_due_dates() -> None:
    begun = clock.start(STATE, limit=Limit(3, LimitUnit.WORKING_DAY), rule=AfterPause.RESTART, at=at(START))
    later = clock.extend(begun, new_due=at(date(2026, 3, 10), 17), at=at(date(2026, 3, 4)))
    ready = at(date(2026, 3, 9))
    assert (verdict(ready, later.due_at), verdict(ready, later.original_due_at)) == (Verdict.EARLY, Verdict.LATE)
    assert verdict(at(date(2026, 3, 10), 23), later.due_at) is Verdict.ON_TIME


# -- laws


@given(calendars, limits, instants)
@settings(max_examples=250)
def test_due_is_what_one_counts_by_hand(calendar: WorkingCalendar, limit: Limit, came: datetime) -> None:
    assert calendar.due(came, limit) == slow_due(calendar, came, limit) >= came


@given(calendars, limits, st.sampled_from(AfterPause), instants, st.integers(0, 30 * 1440), st.integers(0, 12 * 1440))
@settings(max_examples=250)
def test_one_pause_moves_it_as_one_counts_by_hand(calendar, limit, rule, came, wait, length) -> None:
    begun = clock.start(calendar, limit=limit, rule=rule, at=came)
    paused = came + wait * MINUTE
    back = paused + length * MINUTE
    after = clock.go_on(clock.pause(begun, at=paused), calendar, at=back)
    assert after.due_at == slow_after(calendar, begun.due_at, paused, back, limit, rule)


@given(calendars, st.integers(1, 20), instants, st.lists(st.tuples(st.integers(1, 3), st.integers(1, 6)), max_size=3))
@settings(max_examples=150)
def test_a_day_counts_when_it_began_with_the_clock_running(calendar, number, came, gaps) -> None:
    """The whole history at once, for what resumes: no pause is counted twice, none is forgotten."""
    running = clock.start(calendar, limit=Limit(number, LimitUnit.WORKING_DAY), rule=AfterPause.RESUME, at=came)
    pauses, here = [], came
    for wait, length in gaps:
        paused = here + wait * DAY
        if paused.date() >= running.due_at.date():
            break
        here = paused + length * DAY
        pauses.append((paused, here))
        running = clock.go_on(clock.pause(running, at=paused), calendar, at=here)
    assert localdate(running.due_at) == by_beginnings(calendar, came, number, pauses)


@given(calendars, instants, instants)
@settings(max_examples=60)
def test_hours_looked_up_are_the_minutes_counted(calendar: WorkingCalendar, a: datetime, b: datetime) -> None:
    ladder = Ladder(calendar, START, START + 30 * DAY)
    a, b = min(a, b), min(max(a, b), min(a, b) + 4 * DAY)
    assert ladder.hours(a, b) == pytest.approx(minutes(calendar, a, b) / 60)
    assert ladder.hours(b, a) == 0
    days = [a.date() + n * DAY for n in range(1, (b.date() - a.date()).days + 1)]
    assert ladder.days(a, b) == sum(works(calendar, day) for day in days)


@given(calendars, instants, st.lists(st.integers(0, 2 * 24 * 60), min_size=3, max_size=5))
@settings(max_examples=30)
def test_an_office_took_the_minutes_in_which_the_clock_ran(
    calendar: WorkingCalendar, since: datetime, lengths: list[int]
) -> None:
    """Pauses before it, within it, over its end; one that goes on."""
    marks = [since - DAY]
    for length in lengths:
        marks.append(marks[-1] + length * MINUTE)
    pauses: list[tuple[datetime, datetime | None]] = list(zip(marks[::2], marks[1::2], strict=False))
    until = since + 3 * DAY
    if len(marks) % 2:
        pauses.append((marks[-1], None))
    told = handled(since, until, pauses, Ladder(calendar, START - 5 * DAY, START + 40 * DAY))
    ran, stood, minute = 0, 0, since
    while minute < until:
        still = any(start <= minute < (end or until) for start, end in pauses)
        ran += is_open(calendar, minute) and not still
        stood += is_open(calendar, minute) and still
        minute += MINUTE
    assert told.hours == pytest.approx(ran / 60, abs=1e-6)
    assert told.paused_hours == pytest.approx(stood / 60, abs=1e-6)
    days = [since.date() + n * DAY for n in range(1, (until.date() - since.date()).days + 1)]
    if not pauses or all((end or until) <= since or start >= until for start, end in pauses):
        assert told.days == sum(works(calendar, day) for day in days)
    assert 0 <= told.days <= sum(works(calendar, day) for day in days)


class History(RuleBasedStateMachine):
    """Pauses, one extension, transfers to an office of other hours, and calendars that change meanwhile."""

    @initialize(calendar=calendars, other=calendars, limit=limits, rule=st.sampled_from(AfterPause), came=instants)
    def receive(self, calendar, other, limit, rule, came) -> None:
        self.calendar, self.other, self.came, self.at = calendar, other, came, came
        self.clock = clock.start(calendar, limit=limit, rule=rule, at=came)
        self.slow = self.slow_original = slow_due(calendar, came, limit)
        self.pauses: list[tuple[datetime, datetime | None]] = []

    @rule(length=st.integers(1, 6 * 24 * 60))
    def wait(self, length: int) -> None:
        self.at += length * MINUTE

    @precondition(lambda self: self.clock.paused_at is None)
    @rule()
    def pause(self) -> None:
        self.clock = clock.pause(self.clock, at=self.at)
        self.pauses.append((self.at, None))
        with pytest.raises(clock.ClockMisuse):
            clock.pause(self.clock, at=self.at)

    @precondition(lambda self: self.clock.paused_at is not None)
    @rule()
    def go_on(self) -> None:
        paused, limit = self.pauses[-1][0], self.clock.limit
        self.slow_original = slow_after(
            self.calendar, self.slow_original, paused, self.at, limit, self.clock.rule
        )
        if self.clock.extensions:
            moved = slow_after(self.calendar, self.slow, paused, self.at, limit, AfterPause.RESUME)
            self.slow = max(self.slow_original, moved)
        else:
            self.slow = self.slow_original
        self.clock = clock.go_on(self.clock, self.calendar, at=self.at)
        self.pauses[-1] = (paused, self.at)

    @precondition(lambda self: self.clock.paused_at is None and not self.clock.extensions)
    @rule(days=st.integers(1, 10))
    def extend(self, days: int) -> None:
        if self.at < self.clock.due_at:
            self.slow = self.clock.due_at + days * DAY
            self.clock = clock.extend(self.clock, new_due=self.slow, at=self.at)

    @rule()
    def transfer(self) -> None:
        """Another office goes on with the same clock, by its own hours."""
        self.calendar, self.other = self.other, self.calendar

    @rule(off=st.sets(st.integers(0, 60), max_size=6))
    def recompute(self, off: set[int]) -> None:
        """The calendar has changed: the history is counted anew, and what was promised beyond it stays promised."""
        days = {**self.calendar.days, **{START + n * DAY: DayKind.HOLIDAY for n in off}}
        self.calendar = WorkingCalendar(days=days, hours=self.calendar.hours)
        limit, rule, promised = self.clock.limit, self.clock.rule, self.clock.due_at
        again = clock.start(self.calendar, limit=limit, rule=rule, at=self.came)
        slow = slow_due(self.calendar, self.came, limit)
        for paused, back in self.pauses:
            again = clock.pause(again, at=paused)
            if back is not None:
                again = clock.go_on(again, self.calendar, at=back)
                slow = slow_after(self.calendar, slow, paused, back, limit, rule)
        self.slow_original, self.slow = slow, max(promised, slow) if self.clock.extensions else slow
        due = max(promised, again.due_at) if self.clock.extensions else again.due_at
        self.clock = clock.Running(
            limit=limit, rule=rule, started_at=self.came, due_at=due, original_due_at=again.original_due_at,
            paused_at=again.paused_at, extensions=self.clock.extensions,
        )

    @invariant()
    def sound(self) -> None:
        if not hasattr(self, "clock"):
            return
        assert (self.clock.due_at, self.clock.original_due_at) == (self.slow, self.slow_original)
        assert self.clock.due_at >= self.clock.original_due_at >= self.came
        ended = [(a, b) for a, b in self.pauses if b is not None]
        assert all(a <= b for a, b in ended)
        assert all(b <= c for (_, b), (c, _) in zip(ended, self.pauses[1:], strict=False)), "never paused twice"
        stood = sum(((b or self.at) - a for a, b in self.pauses), timedelta(0))
        assert timedelta(0) <= stood <= self.at - self.came


def test_any_history_by_both_readings() -> None:
    run_state_machine_as_test(History, settings=settings(max_examples=40, stateful_step_count=20, deadline=None))


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_many_histories_by_both_readings() -> None:
    run_state_machine_as_test(History, settings=settings(max_examples=1500, stateful_step_count=40, deadline=None))
