"""Written dates, and the calendar of the moon against the days of Tết."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.engines.vietnamese import date_in_words
from tuphap.engines.vietnamese.dates import Doubt, WrittenDate, alternatives, as_lunar, read_date
from tuphap.engines.vietnamese.lunar import LunarDate, stem_and_branch, to_lunar, to_solar

DAYS = st.dates(date(1890, 1, 1), date(2060, 12, 31))
TET = (
    "30/1 17/2 6/2 26/1 14/2 3/2 24/1 11/2 31/1 19/2 8/2 27/1 15/2 5/2 25/1 13/2 2/2 22/1 10/2 29/1 17/2 6/2 27/1 "
    "14/2 3/2 24/1 12/2 31/1 18/2 8/2 28/1 15/2 5/2 25/1 13/2 1/2 21/1 9/2 29/1 16/2 6/2 27/1 15/2 3/2 23/1 11/2 31/1 "
    "18/2 7/2 28/1 16/2 5/2 25/1 13/2 2/2 21/1 9/2 29/1 17/2 6/2 27/1 15/2 4/2 23/1 10/2 31/1 19/2 7/2 28/1 16/2 5/2 "
    "24/1 12/2 1/2 22/1 9/2 29/1 17/2 7/2 26/1 14/2 3/2 23/1 10/2 31/1 19/2 8/2 28/1 16/2 5/2 25/1 12/2 1/2 22/1 10/2 "
    "29/1 17/2 6/2 26/1 13/2 2/2"
)
"""New Year's days of 1930–2030 in UTC+7; almanacs of the time, reckoned for UTC+8, have 1935 and 1965 a day later."""


def _known(text: str, latest: int | None = None) -> tuple[int | None, int | None, int | None, Doubt]:
    found = read_date(text, latest=latest)
    return found.year, found.month, found.day, found.doubts


@pytest.mark.parametrize(
    "written",
    [
        "5-3-1961", "05/03/1961", "1961-03-05", "5.3.1961", "ngày 5 tháng 3 năm 1961", "05031961", "5 / 3 / 1961",
        "Ngày năm tháng ba năm một nghìn chín trăm sáu mươi mốt", "sinh ngày 05 tháng 03 năm 1961",
        "1961-03-05 00:00:00",
        "mùng 5 tháng 3/1961", "ngµy 5 th¸ng 3 n¨m 1961", "NGAY 5 THANG 3 NAM 1961",
    ],
)
def test_whole_days(written: str) -> None:
    assert _known(written) == (1961, 3, 5, Doubt.NONE)
    assert read_date(written).whole == date(1961, 3, 5)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("03/1961", (1961, 3, None, Doubt.NONE)), ("1961", (1961, None, None, Doubt.NONE)),
        ("sinh năm 1961", (1961, None, None, Doubt.NONE)), ("00/00/1961", (1961, None, None, Doubt.NONE)),
        ("ngày … tháng … năm 1961", (1961, None, None, Doubt.NONE)),
        ("tháng năm năm 1961", (1961, 5, None, Doubt.NONE)),
        ("01/01/1961", (1961, 1, 1, Doubt.FILLER)), ("5.3.61", (1961, 3, 5, Doubt.SHORT_YEAR)),
        ("5/3/1961 (âl)", (1961, 3, 5, Doubt.LUNAR)), ("rằm tháng Bảy 1961 âm lịch", (1961, 7, 15, Doubt.LUNAR)),
        ("30/2/1961 AL", (1961, 2, 30, Doubt.LUNAR)), ("1954/1955", (1954, None, None, Doubt.TWO_YEARS)),
        ("1954-55", (1954, None, None, Doubt.TWO_YEARS)), ("31/02/1980", (1980, 2, None, Doubt.IMPOSSIBLE)),
        ("05/25/1990", (1990, 5, 25, Doubt.IMPOSSIBLE)), ("23/22/1993", (1993, None, None, Doubt.IMPOSSIBLE)),
        ("tháng Giêng năm Giáp Thìn", (1964, 1, None, Doubt.SHORT_YEAR)),
        ("Canh Tý", (1960, None, None, Doubt.SHORT_YEAR)),
        ("Ất Tỵ", (1965, None, None, Doubt.SHORT_YEAR)), ("không rõ", (None, None, None, Doubt.UNREADABLE)),
        ("", (None, None, None, Doubt.NONE)),
    ],
)
def test_what_is_known(written: str, known: tuple[int | None, int | None, int | None, Doubt]) -> None:
    assert _known(written) == known


def test_the_year_of_the_entry_decides_the_century() -> None:
    assert _known("1/2/15", 1950)[0] == 1915
    assert _known("1/2/15", 2016)[0] == 2015
    assert _known("Giáp Thìn", 1960)[0] == 1904


@given(st.text(max_size=40) | st.from_regex(r"[0-9xX/. -]{1,14}(năm|tháng|âl)?", fullmatch=True))
def test_nothing_is_refused(text: str) -> None:
    found = read_date(text)
    assert found.month is not None or found.day is None
    assert found.whole is None or found.whole.year == found.year


@given(DAYS)
def test_days_in_every_form(day: date) -> None:
    for form in (f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day.day}.{day.month}.{day.year}", date_in_words(day)):
        if form[0].isdigit() or day.year >= 1900:
            assert read_date(form).whole == day, form


def test_other_days_that_may_be_meant() -> None:
    swapped, solar = alternatives(read_date("5-3-1961"))
    assert (swapped.month, swapped.day) == (5, 3)
    assert solar.whole == date(1961, 4, 19)
    assert alternatives(WrittenDate(1961)) == ()
    assert as_lunar(date(1961, 4, 19)) == WrittenDate(1961, 3, 5, Doubt.LUNAR)


def test_new_years() -> None:
    for year, written in zip(range(1930, 2031), TET.split(), strict=True):
        day, month = map(int, written.split("/"))
        assert to_solar(LunarDate(year, 1, 1)) == date(year, month, day)


@given(DAYS)
def test_there_and_back(day: date) -> None:
    assert to_solar(to_lunar(day)) == day


def test_months_that_are_not() -> None:
    assert to_lunar(date(2023, 3, 22)) == LunarDate(2023, 2, 1, leap=True)
    assert to_solar(LunarDate(2024, 2, 1, leap=True)) is None
    assert to_solar(LunarDate(2024, 13, 1)) is None
    assert [to_solar(LunarDate(2023, m, 30)) is None for m in range(1, 13)].count(True) >= 5


def test_names_of_years() -> None:
    assert [stem_and_branch(year) for year in (1964, 1965, 1960, 2026)] == ["Giáp Thìn", "Ất Tỵ", "Canh Tý", "Bính Ngọ"]
