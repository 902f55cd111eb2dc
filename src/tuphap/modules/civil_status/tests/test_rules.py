"""The law of civil status as pure functions, judged by days and ages counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tuphap.modules.civil_status import rules
from tuphap.shared.people.api import PartialDate


def born(text: str) -> PartialDate:
    return PartialDate.parse(text)


@pytest.mark.parametrize(
    ("birth", "declared", "expected"),
    [
        ("2026-03-05", date(2026, 3, 5), rules.Timeliness.ON_TIME),
        ("2026-03-05", date(2026, 5, 4), rules.Timeliness.ON_TIME),  # the sixtieth day after the birth
        ("2026-03-05", date(2026, 5, 5), rules.Timeliness.LATE),
        ("2026-03", date(2026, 5, 30), rules.Timeliness.ON_TIME),  # may have been born on the 31st
        ("2026-03", date(2026, 5, 31), rules.Timeliness.LATE),
        ("1990", date(2026, 1, 2), rules.Timeliness.LATE),
    ],
)
def test_sixty_days_without_the_day_of_birth(birth: str, declared: date, expected: rules.Timeliness) -> None:
    assert rules.timeliness(born_on=born(birth), declared_on=declared) is expected


def test_a_birth_that_lies_ahead_is_refused_and_one_known_in_part_is_not() -> None:
    today = date(2026, 3, 5)
    rules.check_born(born_on=born("2026-03-05"), today=today)
    rules.check_born(born_on=born("2026"), today=today)
    for ahead in ("2026-03-06", "2026-04", "2027"):
        with pytest.raises(rules.BornInTheFuture):
            rules.check_born(born_on=born(ahead), today=today)


@pytest.mark.parametrize(
    ("mother", "child", "odd"),
    [
        ("1996-01-01", "2026-03-05", False),
        ("2016-03-06", "2026-03-05", True),  # nine years, and a day short of ten
        ("2016-03-05", "2026-03-05", False),
        ("1960-03-05", "2026-03-05", True),  # sixty-six
        ("1960-03-06", "2026-03-05", False),
        ("2016", "2026", False),  # the years alone allow ten
        ("1959", "2026", True),
    ],
)
def test_age_of_the_mother(mother: str, child: str, odd: bool) -> None:
    assert rules.mother_age_is_odd(mother_born_on=born(mother), child_born_on=born(child)) is odd


@pytest.mark.parametrize(
    ("married", "recognition", "father", "refusal"),
    [
        (True, False, True, None),
        (True, False, False, rules.FatherMissing),
        (False, False, False, None),
        (False, False, True, rules.FatherNotAllowed),
        (False, True, True, None),
        (False, True, False, rules.FatherMissing),
    ],
)
def test_the_father_of_married_and_unmarried_parents(
    married: bool, recognition: bool, father: bool, refusal: type[Exception] | None
) -> None:
    def ask() -> None:
        rules.check_father(parents_married=married, recognition=recognition, father_given=father)

    if refusal is None:
        ask()
    else:
        with pytest.raises(refusal):
            ask()


def test_order_among_twins() -> None:
    rules.check_twins(count=2, order=2)
    for count, order in ((1, 2), (2, 0), (2, 3)):
        with pytest.raises(rules.TwinOrder):
            rules.check_twins(count=count, order=order)


def test_a_foundling_is_announced_for_seven_days() -> None:
    rules.check_foundling(posted_from=date(2026, 3, 1), posted_to=date(2026, 3, 8), on=date(2026, 3, 8))
    for start, end, today in (
        (None, None, date(2026, 3, 8)),
        (date(2026, 3, 1), date(2026, 3, 7), date(2026, 3, 8)),
        (date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 7)),
    ):
        with pytest.raises(rules.FoundlingNotPosted):
            rules.check_foundling(posted_from=start, posted_to=end, on=today)


def test_competence_follows_the_parts_of_a_divided_commune() -> None:
    assert rules.competent_by_residence(resolving="11311", residences=[frozenset({"11300", "11311"})])
    assert not rules.competent_by_residence(resolving="11311", residences=[frozenset({"11300"}), frozenset()])


def test_dates_in_an_impossible_order() -> None:
    rules.check_before(earlier=born("1996"), later=born("1996-05"), what="", field="f")
    with pytest.raises(rules.DateOrder) as refused:
        rules.check_before(
            earlier=born("2027"), later=born("2026-05-01"), what="Mẹ sinh sau con.", field="mother.born_on"
        )
    assert refused.value.message == "Mẹ sinh sau con."
    assert refused.value.field == "mother.born_on"


@pytest.mark.parametrize(
    "table",
    [
        rules.DECLARE_WITHIN_DAYS, rules.MOTHER_AGE_YEARS, rules.FATHER_AGE_YEARS, rules.BETWEEN_BIRTHS_DAYS,
        rules.MARRIAGE_AGE_YEARS, rules.FOUNDLING_POSTING_DAYS, rules.FATHER_DEAD_DAYS, rules.BIRTH_COMPETENCE,
        rules.CANCELLING_AUTHORITY,
    ],
)
@given(day=st.dates(min_value=date(2016, 1, 1), max_value=date(2060, 1, 1)))
def test_exactly_one_row_holds_on_every_day_of_the_law(table: tuple[rules.InForce[object], ...], day: date) -> None:
    holding = [r for r in table if r.valid_from <= day and (r.valid_to is None or day < r.valid_to)]
    assert [rules.in_force(table, on=day)] == holding
    assert holding[0].legal_basis


def test_since_july_2025_another_commune_may_receive() -> None:
    before = rules.in_force(rules.BIRTH_COMPETENCE, on=date(2025, 6, 30)).value
    after = rules.in_force(rules.BIRTH_COMPETENCE, on=date(2025, 7, 1)).value
    assert (before.anyone_in_province_receives, after.anyone_in_province_receives) == (False, True)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2060, 1, 1)), st.integers(0, 120))
def test_a_year_passes_on_the_birthday(day: date, years: int) -> None:
    later = date(day.year + years, day.month, min(day.day, 28))
    counted = rules.years_between(day, later)
    assert counted == (years if (later.month, later.day) >= (day.month, day.day) else years - 1)


# --- Marriage and death -----------------------------------------------------------------------------------------------

ENDS = st.sampled_from([None, rules.AnnotationKind.DIVORCE, rules.AnnotationKind.DEATH])


@given(st.lists(ENDS))
def test_one_is_married_while_any_marriage_holds_and_else_what_the_last_left(ended_by: list[Any]) -> None:
    state = rules.marital_state(ended_by)
    assert (state == rules.MaritalState.MARRIED) == (None in ended_by)
    if state != rules.MaritalState.MARRIED:
        last = {rules.AnnotationKind.DIVORCE: "divorced", rules.AnnotationKind.DEATH: "widowed"}
        assert state == (last[ended_by[-1]] if ended_by else "single")


@given(st.dates(date(1950, 1, 1), date(2006, 12, 31)), st.dates(date(2016, 1, 1), date(2030, 1, 1)), st.booleans())
def test_the_age_of_marriage_is_counted_in_full_years(born: date, on: date, male: bool) -> None:
    assume(born <= on)
    years = 20 if male else 18
    has_birthday = (on.month, on.day) >= (born.month, born.day)
    of_age = on.year - born.year - (not has_birthday) >= years
    try:
        rules.check_marriage_age(born_on=PartialDate.of(born), male=male, on=on, who="Bên", field="x")
    except rules.UnderAge:
        assert not of_age
    else:
        assert of_age
    # Of the year alone nobody is refused who might be of age, and nobody passes unasked who might not be.
    year = PartialDate(born.year)
    assert rules.may_be_under_age(born_on=year, male=male, on=on) or on.year - born.year > years - 1
    if of_age:
        rules.check_marriage_age(born_on=year, male=male, on=on, who="Bên", field="x")


@pytest.mark.parametrize(("born", "died", "group"), [
    ("2026-03-01", "2026-03-02", "0-5"), ("2020-03-02", "2026-03-01", "0-5"), ("2020-03-01", "2026-03-01", "6-15"),
    ("2010-03-02", "2026-03-01", "6-15"), ("2010-03-01", "2026-03-01", "16+"), ("1941", "2026-03-01", "16+"),
    ("2020", "2026", "0-5"), ("", "2026-03-01", ""),
])
def test_the_ages_by_which_the_dead_are_counted(born: str, died: str, group: str) -> None:
    born_on = PartialDate.parse(born) if born else None
    assert rules.death_age_group(born_on=born_on, died_on=PartialDate.parse(died)) == group


def test_a_death_is_declared_within_fifteen_days_of_the_next() -> None:
    died = PartialDate.parse("2026-03-01")
    assert rules.death_timeliness(died_on=died, declared_on=date(2026, 3, 16)) == rules.Timeliness.ON_TIME
    assert rules.death_timeliness(died_on=died, declared_on=date(2026, 3, 17)) == rules.Timeliness.LATE
    month = PartialDate.parse("2026-03")
    assert rules.death_timeliness(died_on=month, declared_on=date(2026, 4, 15)) == rules.Timeliness.ON_TIME


@pytest.mark.parametrize(("day", "months", "then"), [
    (date(2026, 3, 9), 6, date(2026, 9, 9)), (date(2026, 8, 31), 6, date(2027, 2, 28)),
    (date(2027, 8, 31), 6, date(2028, 2, 29)), (date(2026, 12, 15), 1, date(2027, 1, 15)),
])
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert rules.months_after(day, months) == then


def test_every_kind_of_act_that_is_registered_has_all_that_it_needs() -> None:
    """A kind left out of one of the tables would fail a clerk on the day of the first act."""
    assert rules.SERIES.keys() == rules.EVENT_NAMES.keys()
    assert {kind for kind, _ in rules.PAPER_TITLES} == rules.SERIES.keys()
    assert len(set(rules.SERIES.values())) == len(rules.SERIES)


@pytest.mark.parametrize(("married", "ended", "born", "presumed"), [
    (date(2024, 1, 1), None, "2026-03-05", True),
    (date(2026, 3, 5), None, "2026-03-05", True),
    (date(2026, 3, 6), None, "2026-03-05", False),  # married after the birth
    (date(2024, 1, 1), date(2025, 5, 9), "2026-03-05", True),  # the 300th day after its end
    (date(2024, 1, 1), date(2025, 5, 8), "2026-03-05", False),
    (date(2024, 1, 1), date(2025, 5, 8), "2026-03", True),  # of a month any day may be meant
])
def test_a_husband_is_presumed_to_be_the_father(married: date, ended: date | None, born: str, presumed: bool) -> None:
    assert rules.is_presumed_father(married_on=married, ended_on=ended, born_on=PartialDate.parse(born)) is presumed
