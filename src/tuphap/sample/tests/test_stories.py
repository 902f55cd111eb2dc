"""The sample's stories: pure, the same for the same seed, each step after the last, the newest at every step."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.sample.stories import Act, Story, stories

UNTIL = datetime(2026, 11, 21, 13, 30, tzinfo=VIETNAM)
FIRST = date(2025, 5, 5)


class Weekdays:
    """Monday to Friday."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def add_working_days(self, day: date, n: int) -> date:
        while n:
            day += timedelta(days=1)
            n -= self.is_working_day(day)
        return day


def _told(seed: int = 31, until: datetime = UNTIL) -> list[Story]:
    dense = {"11329": FIRST, "10525": date(2025, 7, 1)}
    return list(stories(count=300, first=FIRST, until=until, dense=dense, others={"11311": FIRST}, days=Weekdays(),
                        seed=seed))


def test_the_same_seed_tells_the_same_stories() -> None:
    assert _told() == _told()
    assert _told() != _told(seed=32)


def test_every_step_comes_after_the_one_before_and_begins_with_a_filing() -> None:
    for seed in range(8):
        for story in _told(seed):
            times = [step.at for step in story.steps]
            assert times == sorted(times) and len(set(times)) == len(times), story
            assert story.steps[0].act in (Act.START_ONLINE, Act.FILE_AT_COUNTER)
            assert times[-1] <= UNTIL


def test_births_come_before_their_declaration_and_communes_only_since_they_joined() -> None:
    for story in _told():
        declared = localdate(story.steps[0].at)
        assert story.birth.born_on < declared
        assert story.commune != "10525" or declared >= date(2025, 7, 1)


def test_the_last_days_stand_at_every_step() -> None:
    last = Counter(story.steps[-1].act for story in _told())
    standing = {Act.START_ONLINE, Act.SUBMIT, Act.FILE_AT_COUNTER, Act.RECEIVE, Act.ASSIGN, Act.PROPOSE, Act.APPROVE}
    assert len(standing & set(last)) >= 5, last
    assert {Act.REFUSE, Act.WITHDRAW, Act.ASK_SUPPLEMENT} <= set(last)
    assert last[Act.CLOSE] > 200


def test_a_weekday_morning_leaves_its_own_steps_open() -> None:
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)
    assert any(localdate(s.steps[-1].at) == localdate(monday) for s in _told(until=monday))
