"""The clock: worked cases, and what holds for every calendar, pause and extension."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.calendar.api import AfterPause, DayKind, Limit, LimitUnit, WorkingCalendar
from tuphap.shared.dossiers import clock
from tuphap.shared.dossiers.rules import DueNotLater, ExtensionTooLate, ExtensionUsed

PLAIN = WorkingCalendar()
START = date(2026, 3, 2)  # a Monday


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=VIETNAM)


def of_march(day: int, hour: int = 9) -> datetime:
    return at(date(2026, 3, day), hour)


def begun(rule: AfterPause, value: int = 5, unit: LimitUnit = LimitUnit.WORKING_DAY) -> clock.Running:
    return clock.start(PLAIN, limit=Limit(value, unit), rule=rule, at=of_march(2))


def test_restart_gives_the_full_limit_again() -> None:
    running = begun(AfterPause.RESTART)
    assert running.due_at == of_march(9, 17)
    after = clock.go_on(clock.pause(running, at=of_march(5)), PLAIN, at=of_march(12))
    assert after.due_at == after.original_due_at == of_march(19, 17)


def test_resume_gives_the_rest() -> None:
    """Paused on the third working day of five: two are left, counted from the day on which it goes on."""
    after = clock.go_on(clock.pause(begun(AfterPause.RESUME), at=of_march(5)), PLAIN, at=of_march(12))
    assert after.due_at == of_march(16, 17)


def test_a_pause_within_one_day_moves_nothing_of_what_resumes() -> None:
    running = begun(AfterPause.RESUME)
    assert clock.go_on(clock.pause(running, at=of_march(4, 8)), PLAIN, at=of_march(4, 16)).due_at == running.due_at


def test_what_was_late_when_it_paused_stays_late() -> None:
    running = begun(AfterPause.RESUME)
    after = clock.go_on(clock.pause(running, at=of_march(11)), PLAIN, at=of_march(20))
    assert after.due_at == running.due_at


def test_an_extension_survives_a_pause_and_keeps_its_distance() -> None:
    running = clock.extend(begun(AfterPause.RESUME), new_due=of_march(13, 17), at=of_march(4))
    after = clock.go_on(clock.pause(running, at=of_march(5)), PLAIN, at=of_march(6))
    assert (after.original_due_at, after.due_at) == (of_march(10, 17), of_march(16, 17))


def test_an_extension_is_given_once_in_time_and_forward() -> None:
    running = begun(AfterPause.RESTART)
    with pytest.raises(DueNotLater):
        clock.extend(running, new_due=running.due_at, at=of_march(4))
    with pytest.raises(ExtensionTooLate):
        clock.extend(running, new_due=of_march(20), at=running.due_at)
    extended = clock.extend(running, new_due=of_march(20), at=of_march(4))
    assert extended.original_due_at == running.due_at
    with pytest.raises(ExtensionUsed):
        clock.extend(extended, new_due=of_march(25), at=of_march(5))


def test_misuse_is_a_defect() -> None:
    running = begun(AfterPause.RESTART)
    with pytest.raises(clock.ClockMisuse):
        clock.go_on(running, PLAIN, at=of_march(4))
    with pytest.raises(clock.ClockMisuse):
        clock.pause(clock.pause(running, at=of_march(4)), at=of_march(5))


def test_days_and_same_day_limits_pause_too() -> None:
    days = clock.go_on(
        clock.pause(begun(AfterPause.RESUME, 15, LimitUnit.DAY), at=of_march(4)), PLAIN, at=of_march(9)
    )
    assert days.due_at == at(date(2026, 3, 23), 17), "13 days are left; the 22nd is a Sunday"
    same = clock.go_on(
        clock.pause(begun(AfterPause.RESTART, 1, LimitUnit.SAME_DAY), at=of_march(2, 10)), PLAIN, at=of_march(4, 15)
    )
    assert same.due_at == of_march(5, 17)


calendars = st.builds(
    lambda off, worked: WorkingCalendar(days={
        **{START + timedelta(days=n): DayKind.MAKEUP_WORK for n in worked},
        **{START + timedelta(days=n): DayKind.HOLIDAY for n in off},
    }),
    st.sets(st.integers(0, 200), max_size=40), st.sets(st.integers(0, 200), max_size=20),
)
limits = st.one_of(
    st.builds(Limit, st.integers(1, 30), st.just(LimitUnit.WORKING_DAY)),
    st.builds(Limit, st.integers(1, 60), st.just(LimitUnit.DAY)),
    st.builds(Limit, st.integers(1, 80), st.just(LimitUnit.HOUR)),
    st.builds(Limit, st.just(1), st.just(LimitUnit.SAME_DAY)),
)


@given(calendars, limits, st.sampled_from(AfterPause), st.integers(0, 40 * 24 * 60), st.integers(0, 40 * 24 * 60))
@settings(max_examples=300)
def test_a_pause_never_brings_the_due_instant_forward(calendar, limit, rule, before, length) -> None:
    running = clock.start(calendar, limit=limit, rule=rule, at=at(START))
    assert running.due_at >= running.started_at
    paused_at = at(START) + timedelta(minutes=before)
    back_at = paused_at + timedelta(minutes=length)
    after = clock.go_on(clock.pause(running, at=paused_at), calendar, at=back_at)
    assert after.due_at >= running.due_at
    assert after.paused_at is None
    if localdate(paused_at) <= localdate(running.due_at) and length:
        assert after.due_at >= back_at, "what was in time has time left when it goes on"
    if rule is AfterPause.RESTART and length:
        assert after.due_at >= calendar.due(back_at, limit)


class Life(RuleBasedStateMachine):
    """Any history of pauses, extensions and waiting that the edge table allows."""

    @initialize(calendar=calendars, limit=limits, rule=st.sampled_from(AfterPause))
    def receive(self, calendar: WorkingCalendar, limit: Limit, rule: AfterPause) -> None:
        self.calendar, self.at = calendar, at(START)
        self.clock = clock.start(calendar, limit=limit, rule=rule, at=self.at)
        self.pauses: list[tuple[datetime, datetime]] = []

    @rule(minutes=st.integers(1, 20 * 24 * 60))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @precondition(lambda self: self.clock.paused_at is None)
    @rule()
    def pause(self) -> None:
        self.clock = clock.pause(self.clock, at=self.at)

    @precondition(lambda self: self.clock.paused_at is not None)
    @rule()
    def go_on(self) -> None:
        before, paused_at = self.clock, self.clock.paused_at
        self.clock = clock.go_on(self.clock, self.calendar, at=self.at)
        self.pauses.append((paused_at, self.at))
        assert self.clock.due_at >= before.due_at
        assert self.clock.original_due_at >= before.original_due_at

    @precondition(lambda self: self.clock.paused_at is None)
    @rule(days=st.integers(1, 30))
    def extend(self, days: int) -> None:
        before = self.clock
        try:
            self.clock = clock.extend(before, new_due=before.due_at + timedelta(days=days), at=self.at)
        except ExtensionUsed:
            assert before.extensions == 1
        except ExtensionTooLate:
            assert self.at >= before.due_at and not before.extensions
        else:
            assert self.clock.original_due_at == before.original_due_at

    @precondition(lambda self: self.clock.paused_at is not None)
    @rule()
    def pause_again(self) -> None:
        with pytest.raises(clock.ClockMisuse):
            clock.pause(self.clock, at=self.at)

    @invariant()
    def sound(self) -> None:
        if not hasattr(self, "clock"):
            return
        assert self.clock.due_at >= self.clock.original_due_at >= self.clock.started_at
        assert self.clock.extensions <= 1
        assert all(end <= start for (_, end), (start, _) in zip(self.pauses, self.pauses[1:], strict=False))


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestLife = Life.TestCase
