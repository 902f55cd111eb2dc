"""The edge table as a whole: unambiguous, every state reached, nothing after the end, four levels kept apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.shared.dossiers import rules
from tuphap.shared.dossiers.rules import EDGES, PAUSES, TERMINAL, Action, Clock, Guard, Level, Overlay, State

STANDINGS = [(state, overlay) for state in State for overlay in Overlay if overlay is not Overlay.EXTENDED]


def _after(edge: rules.Edge, overlay: Overlay) -> tuple[State, Overlay]:
    return edge.to, overlay if edge.leaves is None else edge.leaves


def _reachable() -> set[tuple[State, Overlay]]:
    seen, todo = set(), [(State.DRAFT, Overlay.NONE)]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += [_after(edge, here[1]) for edge in rules.edges_from(*here)]
    return seen


REACHABLE = _reachable()


def test_an_action_leads_one_way_from_each_standing() -> None:
    for state, overlay in STANDINGS:
        actions = [edge.action for edge in rules.edges_from(state, overlay)]
        assert len(actions) == len(set(actions)), (state, overlay)


def test_every_state_and_every_overlay_is_reached() -> None:
    assert {state for state, _ in REACHABLE} == set(State)
    assert {overlay for _, overlay in REACHABLE} == set(Overlay) - {Overlay.EXTENDED}


def test_from_everywhere_an_end_is_reached() -> None:
    for start in REACHABLE:
        seen, todo = set(), [start]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += [_after(edge, here[1]) for edge in rules.edges_from(*here)]
        assert any(state in TERMINAL for state, _ in seen), start


def test_nothing_leads_out_of_an_end_and_no_end_lies_under_an_overlay() -> None:
    assert not [edge for edge in EDGES if edge.source in TERMINAL]
    assert not [(state, overlay) for state, overlay in REACHABLE if state in TERMINAL and overlay]


def test_every_standing_that_is_no_end_has_somebody_to_move_it() -> None:
    """Beside the platform's own timers: a person, or the platform where it alone acts."""
    for state, overlay in REACHABLE:
        if state in TERMINAL:
            continue
        movers = {level for edge in rules.edges_from(state, overlay) for level in edge.by}
        assert movers - {Level.SYSTEM} or state is State.AWAITING_SIGNATURE, (state, overlay)


def test_pauses_begin_and_end_with_the_clock() -> None:
    for edge in EDGES:
        leaves_pause = edge.leaves in PAUSES
        assert leaves_pause == (edge.clock is Clock.PAUSE), edge
        if edge.clock is Clock.PAUSE:
            assert edge.under == (Overlay.NONE,), "a clock is never paused twice"
        if edge.clock is Clock.CONTINUE:
            assert set(edge.under) <= PAUSES and edge.leaves is Overlay.NONE
        if edge.leaves is Overlay.NONE and edge.to not in TERMINAL and set(edge.under) & PAUSES:
            assert edge.clock is Clock.CONTINUE, "no pause ends unseen by the clock"


def test_the_clock_starts_once_and_stops_where_the_answer_is_given() -> None:
    starts = [edge for edge in EDGES if edge.clock is Clock.START]
    assert [(e.source, e.action, e.form) for e in starts] == [(State.SUBMITTED, Action.RECEIVE, "01")]
    for edge in EDGES:
        ends_after_receipt = edge.source in rules.IN_HAND and edge.to not in rules.IN_HAND
        assert ends_after_receipt == (edge.clock is Clock.STOP), edge


def test_the_forms_are_those_of_the_circular() -> None:
    forms = {action: {edge.form for edge in EDGES if edge.action is action} for action in Action}
    assert forms[Action.RECEIVE] == {"01"}
    assert forms[Action.ASK_SUPPLEMENT] == {"02"}
    assert forms[Action.REFUSE] == {"03"}
    assert forms[Action.EXTEND] == {"04"}
    assert forms[Action.STOP] == {"05"}


def test_who_prepares_never_signs() -> None:
    for edge in EDGES:
        if edge.action is Action.APPROVE:
            assert edge.by == (Level.LEADER,) and Guard.NOT_PREPARER in edge.guards
        if edge.action is Action.PROPOSE:
            assert edge.by == (Level.CASE_OFFICER,)


def test_what_the_applicant_may_do_is_little() -> None:
    allowed = {edge.action for edge in EDGES if Level.APPLICANT in edge.by}
    assert allowed == {Action.SUBMIT, Action.ANSWER_SUPPLEMENT, Action.WITHDRAW}


def test_everything_has_its_words() -> None:
    assert set(rules.STATE_TITLES) == set(State)
    assert set(rules.ACTION_TITLES) == set(Action)
    assert set(rules.OVERLAY_TITLES) == set(Overlay)
    assert set(rules.LEVEL_TITLES) == set(Level)
    assert {edge.action for edge in EDGES} == set(Action)
    assert {guard for edge in EDGES for guard in edge.guards} == set(Guard)


@given(st.lists(st.sampled_from(list(Action)), max_size=60))
def test_a_walk_never_leaves_the_reachable_standings(actions: list[Action]) -> None:
    state, overlay = State.DRAFT, Overlay.NONE
    for action in actions:
        try:
            edge = rules.find_edge(state, overlay, action)
        except rules.StateConflict as refused:
            assert refused.params["current"] == state
            assert not [e for e in rules.edges_from(state, overlay) if e.action is action]
            continue
        state, overlay = _after(edge, overlay)
        assert (state, overlay) in REACHABLE


@pytest.mark.parametrize("code", [
    "H31.15-260804-0001", "H57.132-260804-0583", "H02.17-240321-0001", "000.00.17.H02-200318-0005",
    "H31-260804-123456", " h31.15-260804-0001 ",
])
def test_codes_of_every_time_are_taken(code: str) -> None:
    assert rules.check_code(code) == code.strip().upper()


@pytest.mark.parametrize("code", [
    "", "H31.15-260230-0001", "H31.15-261301-0001", "H31.15-260804-001", "H31.15-260804-1234567", "31.15-260804-0001",
    "H31.1500-260804-0001", "000.0.17.H02-200318-0005", "H31.15-260804-0001\n7", "H31.15 260804 0001",
])
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(rules.BadCode):
        rules.check_code(code)


@given(st.dates(min_value=__import__("datetime").date(2000, 1, 1), max_value=__import__("datetime").date(2068, 12, 31)),
       st.integers(1, 999999))
def test_what_we_compose_we_accept(day, number) -> None:
    code = rules.compose_code(agency="H31.15", day=day, number=number)
    assert rules.check_code(code) == code


def test_a_rating_is_open_for_whole_days_after_the_return() -> None:
    assert rules.last_day_of_rating(returned_on=date(2026, 3, 2), days=30) == date(2026, 4, 1)
    assert set(rules.STAR_TITLES) == set(range(rules.FEWEST_STARS, rules.MOST_STARS + 1))
