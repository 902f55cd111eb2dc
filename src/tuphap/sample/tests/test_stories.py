"""The sample's stories: pure, the same for the same seed, each step after the last, the newest at every step."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.sample.stories import Act, Story, stories
from tuphap.shared.dossiers.rules import IN_HAND, Action, Overlay, State, find_edge

CARDLESS = "11824"
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
    dense = {"11329": FIRST, CARDLESS: FIRST, "10525": date(2025, 7, 1)}
    return list(stories(count=300, first=FIRST, until=until, dense=dense, others={"11311": FIRST}, days=Weekdays(),
                        seed=seed, without_certificate=CARDLESS))


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


# What each act does to a dossier, as actions of the engine's edge table.
ACTIONS: dict[Act, tuple[Action, ...]] = {
    Act.START_ONLINE: (),
    Act.SUBMIT: (Action.SUBMIT,),
    Act.FILE_AT_COUNTER: (Action.SUBMIT, Action.RECEIVE),
    Act.ASK_SUPPLEMENT: (Action.ASK_SUPPLEMENT,),
    Act.ASK_AFTER_RECEIPT: (Action.ASK_SUPPLEMENT,),
    Act.ANSWER_SUPPLEMENT: (Action.ANSWER_SUPPLEMENT,),
    Act.RECEIVE: (Action.RECEIVE,),
    Act.ASSIGN: (Action.ASSIGN,),
    Act.BEGIN: (Action.BEGIN,),
    Act.PAUSE_FEE: (Action.PAUSE_FEE,),
    Act.RESUME: (Action.RESUME,),
    Act.ASK_AGENCY: (Action.ASK_AGENCY,),
    Act.AGENCY_ANSWERS: (Action.RESUME,),
    Act.TRANSFER: (Action.TRANSFER,),
    Act.PROPOSE: (Action.PROPOSE,),
    Act.SEND_BACK: (Action.SEND_BACK,),
    Act.EXTEND: (Action.EXTEND,),
    Act.APPROVE: (Action.APPROVE, Action.SIGNED),
    Act.RETURN: (Action.RETURN,),
    Act.CLOSE: (Action.CLOSE,),
    Act.REFUSE: (Action.REFUSE,),
    Act.WITHDRAW: (Action.WITHDRAW,),
    Act.RATE: (),
    Act.HAND_TO_POST: (Action.HAND_TO_POST,),
    Act.POST_DELIVERED: (Action.RETURN,),
}
PATIENCE = timedelta(days=30)  # the timer stops what was not supplemented


def _stands(story: Story, until: datetime) -> tuple[State, Overlay, bool]:
    """Where the story leaves its dossier, by the engine's own table: step, what lies over it, whether extended."""
    state, overlay, extended = State.DRAFT, Overlay.NONE, False
    for step in story.steps:
        actions = ACTIONS[step.act]
        if step.act is Act.APPROVE and story.unsigned:
            actions = (Action.APPROVE,)
        for action in actions:
            edge = find_edge(state, overlay, action)
            extended = extended or action is Action.EXTEND
            state, overlay = edge.to, overlay if edge.leaves is None else edge.leaves
    waiting = state is State.NEEDS_SUPPLEMENT or overlay is Overlay.PAUSED_APPLICANT
    if waiting and until - story.steps[-1].at > PATIENCE:
        state, overlay = find_edge(state, overlay, Action.STOP).to, Overlay.NONE
    return state, overlay, extended


def test_every_story_follows_the_edge_table() -> None:
    for seed in range(8):
        for story in _told(seed):
            _stands(story, UNTIL)


MORNINGS = [datetime(2026, 11, day, hour, 0, tzinfo=VIETNAM) for day in (20, 21, 22, 23, 24, 25) for hour in (9, 14)]


@pytest.mark.parametrize("until", [*MORNINGS, UNTIL, datetime(2026, 2, 25, 10, 0, tzinfo=VIETNAM)])
def test_whenever_it_is_filled_the_sample_holds_every_step_and_everything_that_lies_over_one(until: datetime) -> None:
    standing = Counter(_stands(story, until) for story in _told(until=until))
    assert {state for state, _, _ in standing} == set(State), standing
    over = {overlay: {s for s, o, _ in standing if o is overlay} for overlay in Overlay if overlay}
    assert over[Overlay.PAUSED_APPLICANT] == {State.ASSIGNED}
    assert over[Overlay.PAUSED_FEE] == {State.ASSIGNED}
    assert over[Overlay.WAITING_OTHER_AGENCY] == {State.IN_PROCESS}
    assert any(extended and state in IN_HAND for state, _, extended in standing)


def test_a_dossier_sent_to_the_wrong_commune_goes_on_to_the_one_of_the_family() -> None:
    moved = [story for story in _told() if any(step.act is Act.TRANSFER for step in story.steps)]
    assert len(moved) >= 2
    assert all(story.home and story.home != story.commune for story in moved)
    assert not any(story.home for story in _told() if not any(s.act in (Act.SUBMIT, Act.START_ONLINE)
                                                              for s in story.steps))


def test_some_papers_go_by_post_and_arrive_another_day() -> None:
    posted = [story for story in _told() if any(step.act is Act.POST_DELIVERED for step in story.steps)]
    assert len(posted) >= 10 and all(story.by_post for story in posted)
    for story in posted:
        when = {step.act: step.at for step in story.steps}
        assert localdate(when[Act.HAND_TO_POST]) < localdate(when[Act.POST_DELIVERED]) and Act.RETURN not in when


def test_a_signature_is_missing_only_where_the_leader_has_no_certificate() -> None:
    unsigned = [story for story in _told() if story.unsigned]
    assert {story.commune for story in unsigned} == {CARDLESS}
    assert all(story.steps[-1].act is Act.APPROVE for story in unsigned)
    with_all = list(stories(count=300, first=FIRST, until=UNTIL, dense={"11329": FIRST}, others={}, days=Weekdays(),
                            seed=31))
    assert not any(story.unsigned for story in with_all)


def test_a_weekday_morning_leaves_its_own_steps_open() -> None:
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)
    assert any(localdate(s.steps[-1].at) == localdate(monday) for s in _told(until=monday))
