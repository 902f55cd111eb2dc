"""How places and lines of old books are read; without a database."""

from __future__ import annotations

from datetime import date

import pytest

from tuphap.modules.civil_status.fields import Kind
from tuphap.modules.civil_status.old_books import declare, rules
from tuphap.modules.civil_status.old_books.rules import EDGES, EntryState, InBook, Line
from tuphap.modules.civil_status.rules import BookKind

LINE = Line("Ủy ban nhân dân xã An Hồng", False, 1998, "01", "15", date(1998, 3, 20))


@pytest.mark.parametrize(("kind", "raw", "value", "understood", "read"), [
    (Kind.NAME, "  NGUYỄN  VĂN LÂM ", "", "Nguyễn Văn Lâm", False), (Kind.NAME, "Nguyễn v. Lâm", "Nguyễn Văn Lâm",
                                                                      "Nguyễn Văn Lâm", True),
    (Kind.DAY, "5-3-1998", "", "1998-03-05", False), (Kind.DAY, "3.1998", "", "1998-03", False),
    (Kind.DAY, "1975", "", "1975", False), (Kind.DAY, "năm Ất Mão", "1975", "1975", True),
    (Kind.SEX, "trai", "", "male", False), (Kind.SEX, "NỮ", "", "female", False),
    (Kind.SEX, "đàn bà", "nữ", "female", True),
    (Kind.TEXT, "Trạm xá  xã", "", "Trạm xá xã", False),
])
def test_what_is_written_is_kept_beside_what_it_means(
    kind: Kind, raw: str, value: str, understood: str, read: bool
) -> None:
    found = rules.read("Mục", kind, raw, value)
    assert (found["raw"], found["value"], found["read"]) == (" ".join(raw.split()), understood, read)


@pytest.mark.parametrize(("kind", "raw", "value"), [
    (Kind.NAME, "N.V.L 2", ""), (Kind.NAME, "?", "?"), (Kind.DAY, "31/02/1998", ""), (Kind.DAY, "rằm", "rằm"),
    (Kind.SEX, "x", ""), (Kind.TEXT, "", ""), (Kind.TEXT, "", "x"),
])
def test_what_cannot_be_understood_is_refused(kind: Kind, raw: str, value: str) -> None:
    with pytest.raises(rules.NotRead):
        rules.read("Mục", kind, raw, value)


@pytest.mark.parametrize("standing", [InBook.NOT_STATED, InBook.ILLEGIBLE])
def test_nothing_and_unreadable_are_values_of_their_own(standing: InBook) -> None:
    assert rules.read("Mục", Kind.DAY, "", standing=standing) == {
        "raw": "", "value": "", "standing": str(standing), "read": False}
    with pytest.raises(rules.NotRead):
        rules.read("Mục", Kind.TEXT, "Kinh", standing=standing)


def test_an_entry_goes_one_way_until_it_is_entered() -> None:
    for last in (EntryState.ENTERED, EntryState.WITHDRAWN):
        assert not [edge for edge in EDGES if edge[0] is last]
    assert {one for one, other in EDGES if other is EntryState.ENTERED} == {EntryState.PROPOSED}


@pytest.mark.parametrize(("day", "years"), [
    (date(1998, 12, 31), 0), (date(1999, 6, 1), 0), (date(2000, 1, 1), 2), (date(2005, 1, 1), 7),
])
def test_a_book_goes_on_into_the_next_year(day: date, years: int) -> None:
    assert rules.years_over(Line("x", False, 1998, "01", "15", day)) == years


def test_a_line_is_checked_against_the_day() -> None:
    rules.check_line(LINE, today=date(1998, 3, 20))
    with pytest.raises(rules.DayOutsideBook):
        rules.check_line(LINE, today=date(1998, 3, 19))


def test_every_book_has_its_entries_and_every_entry_its_people() -> None:
    assert {kind.book for kind in declare.KINDS.values()} == set(BookKind)
    for kind in declare.KINDS.values():
        roles = [part.role for part in kind.parts if part.role is not None]
        assert set(kind.main) <= set(roles)
        assert len(roles) == len(set(roles))
        if kind.happened:
            part, _, place = kind.happened.partition(".")
            assert Kind.DAY in {one.kind for one in kind.part(part).places if one.code == place}
