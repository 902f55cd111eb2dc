"""Forms as data: what fills a cell, what makes a form's sums come out or not, what a period is. Pure."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.modules.reporting import layout, rules, seeds
from tuphap.modules.reporting.layout import Group, Layout
from tuphap.modules.reporting.rules import Level, Period, PeriodKind, Stage

BIRTHS, OTHERS = layout.parse(seeds.BIRTHS_LAYOUT), layout.parse(seeds.OTHERS_LAYOUT)
SEXES, TIMES = ["male", "female"], ["on_time", "late", "again"]


def births(
    *labels: str, sex: str = "male", timeliness: str = "on_time", parentage: str = "wedlock", place: str = "here",
    element: str = "domestic", channel: str = "other", number: str = "given",
) -> Group:
    return Group(source_of(timeliness), {
        "sex": sex, "timeliness": timeliness, "parentage": parentage, "place": place, "element": element,
        "channel": channel, "number": number,
    }, labels)


def source_of(timeliness: str) -> str:
    """Births anew are a figure of their own."""
    return f"civil_status.births_{'again' if timeliness == 'again' else 'new'}"


def codes(faults: list[layout.Fault]) -> list[tuple[str, str]]:
    return [(layout.key_of(fault.cell), fault.refusal.code) for fault in faults]


# --- Filling ----------------------------------------------------------------------------------------------------------


def test_a_record_stands_in_every_cell_whose_conditions_it_answers_to() -> None:
    groups = [births("a", "b"), births("c", sex="female", timeliness="late", parentage="other", channel="online"),
              births("d", timeliness="again")]
    told = layout.filled(BIRTHS, groups)
    assert (told["births", "all"], told["births", "male"], told["births", "female"]) == (3, 2, 1)
    assert (told["births", "on_time"], told["births", "late"], told["births", "online"]) == (2, 1, 1)
    assert (told["births_other", "female"], told["births_wedlock", "all"]) == (1, 2)
    assert (told["births_again", "all"], told["births_again", "male"]) == (1, 1)
    assert not layout.faults(BIRTHS, told)
    assert [g.labels for g in layout.standing_in(BIRTHS, ("births", "late"), groups)] == [("c",)]


def test_cells_that_cannot_be_are_no_cells() -> None:
    cells = set(BIRTHS.cells())
    assert ("births_again", "late") not in cells  # an act anew is neither in time nor late
    assert ("births", "late") in cells
    with pytest.raises(rules.UnknownCell):
        layout.standing_in(BIRTHS, ("births_again", "on_time"), [])
    with pytest.raises(rules.UnknownCell):
        layout.standing_in(BIRTHS, ("births", "nothing"), [])


classes = st.fixed_dictionaries({
    "sex": st.sampled_from(SEXES), "timeliness": st.sampled_from(TIMES),
    "parentage": st.sampled_from(["wedlock", "other", "foundling"]), "place": st.sampled_from(["here", "abroad"]),
    "element": st.sampled_from(["domestic", "foreign"]), "channel": st.sampled_from(["online", "other"]),
    "number": st.sampled_from(["given", "pin_pending"]),
})


@given(st.lists(st.tuples(classes, st.integers(0, 40)), max_size=12, unique_by=lambda one: tuple(one[0].items())))
def test_whatever_is_counted_the_sums_of_the_form_come_out(told: list[tuple[dict[str, str], int]]) -> None:
    groups = [Group(source_of(each["timeliness"]), each, tuple(map(str, range(n)))) for each, n in told]
    assert not layout.faults(BIRTHS, layout.filled(BIRTHS, groups))


@given(
    st.lists(st.tuples(classes, st.integers(0, 40)), max_size=12, unique_by=lambda one: tuple(one[0].items())),
    st.integers(1, 366), st.integers(0, 366),
)
def test_what_is_expected_of_the_days_left_keeps_the_sums_and_the_proportion(
    told: list[tuple[dict[str, str], int]], days: int, left: int
) -> None:
    groups = [Group(source_of(each["timeliness"]), each, ("",) * n) for each, n in told]
    rest = layout.expected(groups, counted_days=days, days_left=left)
    values = layout.filled(BIRTHS, rest)
    assert not layout.faults(BIRTHS, values)
    for source in map(source_of, ("on_time", "again")):
        had, may_come = ([len(g.labels) for g in some if g.source == source] for some in (groups, rest))
        assert sum(may_come) == round(sum(number * left / days for number in had))
        assert abs(sum(may_come) - sum(had) * left / days) <= 0.500001


def test_a_record_of_no_class_is_found_out() -> None:
    told = layout.filled(BIRTHS, [births("a"), births("b", sex="")])
    assert ("births/all", "reporting.sum_mismatch") in codes(layout.faults(BIRTHS, told))


def test_broken_sums_are_told_with_both_numbers_and_the_names_of_the_parts() -> None:
    told = layout.filled(BIRTHS, [births("a", "b")])
    told["births", "female"] = 1
    wrong = layout.faults(BIRTHS, told)
    # 1 + 2 is not 2; and of the girls, no line below tells what they are
    assert codes(wrong) == [("births/all", "reporting.sum_mismatch"), ("births/female", "reporting.sum_mismatch"),
                            ("births/female", "reporting.sum_mismatch")]
    assert "tổng ghi 2 nhưng các phần cộng lại là 3 (Nam, Nữ)" in wrong[0].refusal.message
    told["births", "female"] = 0
    online = [("births", "online"), ("births_wedlock", "online"), ("births_here", "online")]
    told |= dict.fromkeys(online, 3)
    assert codes(layout.faults(BIRTHS, told)) == [
        (layout.key_of(cell), "reporting.part_over_whole") for cell in online]
    told |= dict.fromkeys(online, -1)
    assert codes(layout.faults(BIRTHS, told))[:3] == [
        (layout.key_of(cell), "reporting.negative") for cell in online]


def test_two_forms_of_one_office_say_the_same() -> None:
    here = dict.fromkeys(OTHERS.cells(), 0) | {("births_again", "all"): 1, ("births_again", "domestic"): 1}
    other = {seeds.BIRTHS: dict.fromkeys(BIRTHS.cells(), 0)}
    assert codes(layout.differing(OTHERS, here, other)) == [("births_again/all", "reporting.forms_differ")]
    other[seeds.BIRTHS]["births_again", "all"] = 1
    assert not layout.differing(OTHERS, here, other)
    assert not layout.differing(OTHERS, here, {})  # the other form was not begun: nothing to hold against


@pytest.mark.parametrize(("new", "estimate", "before", "asked"), [
    (100, 100, 100, []), (120, 100, None, []), (121, 100, None, ["estimate"]), (79, 100, None, ["estimate"]),
    (150, None, 100, []), (151, None, 100, ["year"]), (49, None, 100, ["year"]), (50, None, 100, []),
    (1, 0, 0, ["estimate", "year"]), (0, 0, 0, []),
])
def test_great_changes_are_explained(new: int, estimate: int | None, before: int | None, asked: list[str]) -> None:
    cell = ("births", "all")
    told = layout.doubts(
        BIRTHS, {cell: new}, estimate=None if estimate is None else {cell: estimate},
        year_before=None if before is None else {cell: before},
    )
    assert [doubt.code.partition(":")[0] for doubt in told] == asked


# --- Layouts ----------------------------------------------------------------------------------------------------------


def spoilt(change: Any) -> dict[str, Any]:
    told = deepcopy(seeds.MARRIAGES_LAYOUT)
    change(told)
    return told


@pytest.mark.parametrize(("change", "what"), [
    (lambda told: told["rows"].append(told["rows"][0]), "dòng marriages có hai lần"),
    (lambda told: told["columns"].append(told["columns"][0]), "cột all có hai lần"),
    (lambda told: told["row_sums"][0]["parts"].append("nothing"), "không có dòng nothing"),
    (lambda told: told["main"].append(["marriages", "nothing"]), "không có cột nothing"),
    (lambda told: told["rows"][0].update(code="Bad code"), "rows.0.code"),
    (lambda told: told.update(columns=[]), "columns"),
    (lambda told: told.update(more=1), "more"),
])
def test_a_form_that_does_not_hang_together_is_refused(change: Any, what: str) -> None:
    with pytest.raises(rules.BadLayout, match=what):
        layout.parse(spoilt(change))


def test_every_form_that_is_brought_reads_back_as_it_was() -> None:
    for form in seeds.FORMS:
        told = layout.parse(form["lay"])
        assert Layout.model_validate(told.model_dump(mode="json")) == told
        assert not told.typed()  # nothing that the platform counts is typed


# --- Periods ----------------------------------------------------------------------------------------------------------


def test_the_periods_of_a_year_and_their_days() -> None:
    told = {one.code: (one.first, one.cut_off, one.last) for one in rules.periods_of(2026)}
    start = date(2026, 1, 1)
    assert told == {
        "2026.6-thang.uoc-tinh": (start, date(2026, 5, 31), date(2026, 6, 30)),
        "2026.6-thang.chinh-thuc": (start, date(2026, 6, 30), date(2026, 6, 30)),
        "2026.nam.uoc-tinh": (start, date(2026, 10, 31), date(2026, 12, 31)),
        "2026.nam.chinh-thuc": (start, date(2026, 12, 31), date(2026, 12, 31)),
    }
    year = rules.period("2025.nam.chinh-thuc")
    assert (year.due_on(Level.COMMUNE), year.due_on(Level.PROVINCE)) == (date(2026, 1, 15), date(2026, 3, 15))
    assert year.title == "Năm 2025 (chính thức)"
    assert rules.periods_of(2015) == []


@pytest.mark.parametrize(("today", "code"), [
    (date(2026, 6, 30), "2026.6-thang.uoc-tinh"), (date(2026, 7, 1), "2026.6-thang.chinh-thuc"),
    (date(2026, 10, 31), "2026.6-thang.chinh-thuc"), (date(2026, 11, 1), "2026.nam.uoc-tinh"),
    (date(2027, 1, 1), "2026.nam.chinh-thuc"), (date(2026, 5, 31), "2025.nam.chinh-thuc"),
])
def test_which_period_was_last_to_be_counted(today: date, code: str) -> None:
    assert rules.last_counted(today).code == code


@pytest.mark.parametrize("code", ["", "2026", "2026.nam", "2026.quy.chinh-thuc", "abcd.nam.chinh-thuc", "2015.nam.x"])
def test_what_is_no_period(code: str) -> None:
    with pytest.raises(rules.UnknownPeriod):
        rules.period(code)


def test_what_is_held_against_what() -> None:
    official = rules.period("2026.6-thang.chinh-thuc")
    estimate = rules.estimate_of(official)
    assert isinstance(estimate, Period)
    assert (estimate.kind, estimate.stage) == (PeriodKind.HALF, Stage.ESTIMATE)
    assert rules.estimate_of(estimate) is None
    before = rules.year_before(official)
    assert before is not None
    assert before.code == "2025.6-thang.chinh-thuc"


@pytest.mark.parametrize(("opened", "closed", "days"), [
    (date(2004, 1, 1), None, (date(2025, 1, 1), date(2025, 12, 31))),
    (date(2004, 1, 1), date(2025, 7, 1), (date(2025, 1, 1), date(2025, 6, 30))),
    (date(2025, 7, 1), None, (date(2025, 7, 1), date(2025, 12, 31))),
    (date(2004, 1, 1), date(2025, 1, 1), None),
    (date(2026, 1, 1), None, None),
])
def test_an_office_reports_the_days_on_which_it_stood(
    opened: date, closed: date | None, days: tuple[date, date] | None
) -> None:
    assert rules.days_within(rules.period("2025.nam.chinh-thuc"), opened, closed) == days
