"""The comparison of two sides, the table of classes, the table of states."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.modules.population import comparison, rules
from tuphap.modules.population.comparison import Level, Told
from tuphap.modules.population.rules import Choice, Klass, LifeConflict, State

SIDE = Told("Nguyễn Văn Hòa", "male", "1961-03-05", "Nguyễn Văn Hai", "Trần Thị Mơ", "031061000123")
TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(("field", "value", "level"), [
    ("name", "NGUYỄN VĂN HOÀ", Level.SAME),
    ("name", "Nguyen Van Hoa", Level.FORMAT),
    ("name", "Nguyễn VănHòa", Level.FORMAT),
    ("name", "Nguyễn Văn Hòe", Level.MINOR),
    ("name", "Nguyễn Hòa", Level.MINOR),
    ("name", "Trần Đức Long", Level.MAJOR),
    ("sex", "female", Level.MAJOR),
    ("born_on", "1961", Level.FORMAT),
    ("born_on", "1961-03", Level.FORMAT),
    ("born_on", "1961-05-03", Level.MINOR),
    ("born_on", "1962-03-05", Level.MAJOR),
    ("born_on", "khoảng 1961", Level.MINOR),
    ("father", "NGUYỄN VĂN HAI", Level.SAME),
    ("father", "Lê Đình Phúc", Level.MAJOR),
    ("mother", "", Level.UNTOLD),
    ("number", "031061000124", Level.MAJOR),
])
def test_two_sides_of_a_field(field: str, value: str, level: Level) -> None:
    other = Told(**{**{f: getattr(SIDE, f) for f in Told.__dataclass_fields__}, field: value})
    compared = {one.field: one for one in comparison.compare(SIDE, other)}
    assert compared[field].level is level
    assert all(one.level is Level.SAME for name, one in compared.items() if name != field)


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_differs_is_marked_and_nothing_is_lost(one: str, other: str) -> None:
    mine, theirs = comparison.pieces(one, other)
    assert "".join(p.text for p in mine) == comparison.normalise(one)
    assert "".join(p.text for p in theirs) == comparison.normalise(other)
    kept = ["".join(p.text for p in side if not p.differs) for side in (mine, theirs)]
    assert kept[0] == kept[1]


def levels(*told: Level) -> list[comparison.Compared]:
    return [comparison.Compared("name", "x", "y", level) for level in told]


@pytest.mark.parametrize(("told", "more", "klass"), [
    ([Level.SAME, Level.UNTOLD], {}, Klass.A),
    ([Level.SAME], {"wants_number": True}, Klass.B),
    ([Level.SAME, Level.FORMAT], {}, Klass.B),
    ([Level.FORMAT, Level.MINOR], {}, Klass.C),
    ([Level.MINOR, Level.MAJOR], {"wants_number": True}, Klass.D),
    ([], {"found": False}, Klass.E),
    ([Level.MAJOR], {"has_twin": True}, Klass.G),
    ([Level.SAME], {"conflict": LifeConflict.DEAD_HERE, "has_twin": True}, Klass.H),
])
def test_the_table_of_classes(told: list[Level], more: dict[str, object], klass: Klass) -> None:
    assert rules.classify(levels(*told), **{"found": True, **more}) is klass  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "life", "died", "told", "other", "conflict"), [
    ("KT", "alive", None, None, False, LifeConflict.DEAD_HERE),  # an old book: they had years
    ("KT", "alive", None, date(2026, 3, 8), False, None),  # the police were told yesterday
    ("KT", "alive", None, date(2026, 3, 6), False, LifeConflict.DEAD_HERE),
    ("KT", "dead", date(2026, 3, 1), date(2026, 3, 5), False, None),
    ("KH", "dead", date(2020, 1, 1), None, False, LifeConflict.ACTED_AFTER_DEATH),
    ("KH", "dead", date(2026, 3, 8), None, False, None),  # married, then dead
    ("KH", "alive", None, None, True, LifeConflict.MARRIED_TWICE),
    ("KS", "dead", date(1990, 1, 1), None, True, None),
])
def test_what_cannot_be_in_one_life(
    kind: str, life: str, died: date | None, told: date | None, other: bool, conflict: LifeConflict | None
) -> None:
    assert rules.conflict_in_life(
        kind=kind, registered_on=date(2026, 3, 5), life=life, died_on=died, told_on=told, today=TODAY,
        other_marriage=other,
    ) is conflict


def test_the_table_of_states() -> None:
    assert not [edge for edge in rules.EDGES if edge[0] in rules.OVER]
    for state in State:
        reached = {State.OPEN}
        for _ in State:
            reached |= {after for before, after in rules.EDGES if before in reached}
        assert state in reached
    rules.check_edge(State.WITH_POLICE, State.RESOLVED)
    with pytest.raises(rules.WrongState):
        rules.check_edge(State.RESOLVED, State.OPEN)
    with pytest.raises(rules.WrongState):  # what the police have in hand is not accepted behind their back
        rules.check_edge(State.WITH_POLICE, State.ACCEPTED_DIFFERENCE)


def test_every_class_has_its_choices_and_its_days() -> None:
    for klass in Klass:
        if klass is not Klass.A:
            assert rules.CHOICES[klass]
            assert rules.in_force(rules.TERMS, on=TODAY).value[klass] > 0
            keys = [rules.CHOICE_KEYS[choice] for choice in rules.CHOICES[klass]]
            assert len(set(keys)) == len(keys)
    assert Choice.CONFIRM not in rules.CHOICES[Klass.C]


@pytest.mark.parametrize(("right", "notes", "corrections"), [
    ({}, (), (("born_on", "1961-05-03", "1961-03-05"),)),  # the book is as civil status has it
    ({"born_on": "1961-05-03"}, (("born_on", "1961-05-03"),), ()),  # it was transcribed wrongly
    ({"born_on": "1961-04-03"}, (("born_on", "1961-04-03"),), (("born_on", "1961-05-03", "1961-04-03"),)),  # both
])
def test_what_a_decision_by_the_book_does(
    right: dict[str, str], notes: tuple[object, ...], corrections: tuple[object, ...]
) -> None:
    other = Told(**{**{f: getattr(SIDE, f) for f in Told.__dataclass_fields__}, "born_on": "1961-05-03"})
    made = rules.plan(comparison.compare(SIDE, other), right)
    assert (made.notes, made.corrections) == (notes, corrections)
