"""Names of scans, gaps, samples, what is typed: pure."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.refusal import Invalid
from tuphap.modules.civil_status.public import ENTRY_KINDS, InBook, Part, Place
from tuphap.modules.civil_status.tests.paper import BIRTH, NOTHING, UNREAD, raw
from tuphap.modules.digitisation import content, rules
from tuphap.modules.digitisation.rules import ScanName, State

SAMPLE = "KS.2005.01.2006-03-15.002.pdf"
KIND = ENTRY_KINDS["civil_status.birth"]


def named(name: str) -> ScanName | None:
    return rules.read_name(name, pattern=rules.NAME_PATTERN)


def test_a_name_says_which_line_of_which_book() -> None:
    assert named(SAMPLE) == ScanName("KS", 2005, "01", date(2006, 3, 15), 2, "")
    assert named("a/b/KH.1998.02B.1998-12-01.15A.PDF") == ScanName("KH", 1998, "02B", date(1998, 12, 1), 15, "A")


@pytest.mark.parametrize("written", [
    "TĐCC.1998.01.1998-05-02.7.pdf", unicodedata.normalize("NFD", "TĐCC.1998.01.1998-05-02.7.pdf"),
    "T\u00d0CC.1998.01.1998-05-02.7.pdf", "T\u0189CC.1998.01.1998-05-02.7.pdf",
])
def test_the_letter_is_the_same_however_it_was_typed(written: str) -> None:
    found = named(written)
    assert found is not None
    assert (found.kind, found.line) == ("TĐCC", "07")


def test_a_name_from_anywhere_is_a_name_that_can_be_kept() -> None:
    assert rules.plain_name("C:\\quét\\bìa\x00 \t trước.pdf") == "bìa trước.pdf"


@pytest.mark.parametrize("wrong", [
    "KS.2005.01.2006-02-30.002.pdf", "KS.2005.1.2006-03-15.002.pdf", "KX.2005.01.2006-03-15.002.pdf", "bia.pdf",
    "KS.2005.01.2006-03-15.000.pdf", "KS.2005.01.2006-03-15.002.pdf.exe", "KS.2005.01.2006-03-15.00002.pdf",
])
def test_other_names_say_nothing(wrong: str) -> None:
    assert named(wrong) is None


@given(st.sampled_from(["KS", "KH", "KT", "GH", "CMC", "TĐCC", "HN", "GC"]), st.integers(1945, 2025),
       st.integers(1, 99), st.dates(date(1945, 1, 1), date(2025, 6, 30)), st.integers(1, 9999),
       st.sampled_from(["", "A", "Z"]))
def test_what_is_written_by_the_pattern_is_read_back(
    kind: str, year: int, volume: int, day: date, number: int, suffix: str
) -> None:
    found = named(f"{kind}.{year}.{volume:02d}.{day}.{number:03d}{suffix}.pdf")
    assert found == ScanName(kind, year, f"{volume:02d}", day, number, suffix)


@pytest.mark.parametrize(("folder", "fits"), [
    ("", True), ("tỉnh/huyện/xã/KS/2005/KS.2005.01", True), ("KS.2005.01", True), ("2005/KS.2005.01", True),
    ("KS/2006/KS.2006.01", False), ("xã/KS.2005.02", False), ("x\\KS\\2005\\KS.2005.01", True),
])
def test_folders_are_those_of_the_book(folder: str, fits: bool) -> None:
    name = named(SAMPLE)
    assert name is not None
    assert rules.folder_fits(folder, name) is fits


@given(st.sets(st.integers(1, 300)))
def test_runs_name_every_number_once(numbers: set[int]) -> None:
    told = [n for first, last in rules.runs(numbers) for n in range(first, last + 1)]
    assert told == sorted(numbers)


def test_gaps_read_as_people_write_them() -> None:
    assert rules.run_words({1, 2, 3, 7, 9, 10}) == "1–3, 7, 9–10"


def test_a_pattern_must_read_what_is_needed() -> None:
    rules.check_pattern(rules.NAME_PATTERN)
    for wrong in (r"(?P<kind>KS", r"(?P<kind>KS)\.(?P<year>\d+)"):
        with pytest.raises(rules.BadPractice):
            rules.check_pattern(wrong)


def test_the_sample_is_of_its_share_and_stays_so() -> None:
    drawn = {n for n in range(1, 20_001) if rules.is_keyed_twice(n, percent=5)}
    assert 800 < len(drawn) < 1200
    assert drawn == {n for n in range(1, 20_001) if rules.is_keyed_twice(n, percent=5)}
    assert drawn < {n for n in range(1, 20_001) if rules.is_keyed_twice(n, percent=20)}
    assert not any(rules.is_keyed_twice(n, percent=0) for n in range(1, 500))
    assert all(rules.is_keyed_twice(n, percent=100) for n in range(1, 500))


def test_every_state_is_reached_and_named() -> None:
    reached, waiting = set(), set(rules.FIRST_STATES)
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting |= {to for of, to in rules.EDGES if of is here} - reached
    assert reached == set(State) == set(rules.STATE_TITLES) == set(rules.STATE_TONES)


# --- What is typed ----------------------------------------------------------------------------------------------------


def place_of(path: str) -> tuple[Part, Place]:
    return next((part, place) for at, part, place in content.places(KIND) if at == path)


@pytest.mark.parametrize(("path", "typed", "value", "read"), [
    ("child.name", "NGUYỄN VĂN LÂM", "Nguyễn Văn Lâm", False),
    ("child.name", "Nguyễn Thị Hoà", "Nguyễn Thị Hòa", False),  # the tone in its one place, beside what is written
    ("child.born_on", "5-3-1998", "1998-03-05", False),
    ("child.born_on", "mồng năm tháng Ba", "", False),  # written so: nothing is refused, nothing made up
    ("child.sex", "trai", "male", False),
    ("child.personal_number", "123", "", False),
])
def test_a_place_is_kept_as_written_beside_what_it_means(path: str, typed: str, value: str, read: bool) -> None:
    _, place = place_of(path)
    found = content.read_place(place, raw=typed)
    assert (found["raw"], found["value"], found["standing"], found["read"]) == (typed, value, "given", read)


def test_signs_stand_for_nothing_and_for_not_readable() -> None:
    _, place = place_of("child.ethnicity")
    assert content.read_place(place, raw="-")["standing"] == InBook.NOT_STATED
    assert content.read_place(place, raw="?")["standing"] == InBook.ILLEGIBLE
    for wrong in ({"raw": ""}, {"raw": "Kinh", "standing": "not_stated"}, {"raw": "", "value": "Kinh"}):
        with pytest.raises(rules.NotKeyed):
            content.read_place(place, **wrong)


def test_every_open_place_is_told_at_once() -> None:
    typed = {**BIRTH, "child": {**BIRTH["child"], "name": raw(""), "sex": raw("")}, "line": {}}
    with pytest.raises(Invalid) as refused:
        content.read_all(KIND, typed)
    assert {one.field for one in refused.value.problems} == {
        "child.name", "child.sex", "line.page", "line.signer_name", "line.signer_title"}


def test_a_person_whom_the_book_has_not_is_left_empty() -> None:
    read = content.read_all(KIND, BIRTH)
    assert {one["standing"] for one in read["father"].values()} == {"not_stated"}
    assert content.unread(KIND, read) == []
    day = content.read_all(KIND, {**BIRTH, "child": {**BIRTH["child"], "born_on": UNREAD}})
    assert content.unread(KIND, day) == ["Người được khai sinh: Ngày, tháng, năm sinh"]


def test_two_keyings_differ_where_they_say_something_else() -> None:
    first = content.read_all(KIND, BIRTH)
    second = content.read_all(KIND, {**BIRTH, "child": {**BIRTH["child"], "name": raw(" NGUYỄN  VĂN LAM"),
                                                        "ethnicity": UNREAD, "sex": raw("trai ")}})
    assert [one.path for one in content.differences(KIND, first, second)] == ["child.name", "child.ethnicity"]
    assert content.differences(KIND, first, first) == []
    assert NOTHING != UNREAD
