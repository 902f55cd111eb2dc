"""Dates as old books write them: partly known, by the lunar calendar, two years in one, in words. None is refused."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import IntFlag
from functools import lru_cache

from .legacy import repair
from .lunar import LunarDate, to_lunar, to_solar
from .text import fold


class Doubt(IntFlag):
    """What is to be known of a written date besides its numbers; stored as a number."""

    NONE = 0
    FILLER = 1  # 01/01: written where the day was not known, as often as for a birth on New Year's Day
    LUNAR = 2  # said to be of the lunar calendar
    TWO_YEARS = 4  # 1954/1955: the first is taken
    UNREADABLE = 8  # something is written and no year found
    SHORT_YEAR = 16  # two digits, or the name of a year in the cycle of sixty: the century is a guess
    IMPOSSIBLE = 32  # a day or month that does not exist was left out, or stood in the other's place


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """What is known of a date. A day may be known only with its month; month and day may be without a year."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    doubts: Doubt = Doubt.NONE

    @property
    def whole(self) -> date | None:
        """The day, where all of it is known and exists in the solar calendar."""
        if self.year is None or self.month is None or self.day is None:
            return None
        exists = self.day <= monthrange(self.year, self.month)[1]
        return date(self.year, self.month, self.day) if exists else None


LATEST = 2029
"""Years of two digits are read up to this one, unless the caller knows a latest year."""
LATEST_NAMED = 1989
"""The same for years that are named by stem and branch: who was born later has a date in numbers."""
EARLIEST = 1800

_WORDS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}
_NAMED = {"gieng": 1, "chap": 12, "ram": 15}
_STEMS = {"giap": 0, "at": 1, "binh": 2, "dinh": 3, "mau": 4, "ky": 5, "canh": 6, "tan": 7, "nham": 8, "quy": 9,
          "qui": 9}
_BRANCHES = {
    "suu": 1, "dan": 2, "mao": 3, "meo": 3, "thin": 4, "ti": 5, "ty": 5, "ngo": 6, "mui": 7, "than": 8, "dau": 9,
    "tuat": 10, "hoi": 11,
}
_UNIT = "mot|hai|ba|tu|bon|lam|sau|bay|tam|chin"
_TENS = rf"(?:(?:hai|ba)\s+)?muoi(?:\s+(?:{_UNIT}))?|(?:hai|ba)\s+(?:{_UNIT})"
_DAY = rf"(?:(?:mung|mong)\s+)?(?:\d{{1,2}}|ram|{_TENS}|{_UNIT}|nam)"
# The form left blank is "ngày … tháng … năm 1961": there năm is no number, as it is in "tháng năm năm 1961".
_MONTH = rf"(?:\d{{1,2}}|gieng|chap|muoi(?:\s+(?:mot|hai))?|{_UNIT}|nam(?=\s+nam\b|\s*[/-]|$))"
_SPOKEN = re.compile(
    rf"(?:\b(?:ngay\s*)?(?P<day>{_DAY})[\s,]+)?\bthang\s*(?P<month>{_MONTH})(?![a-z\d])[\s,/.-]*(?P<rest>.*)",
)
_LUNAR = re.compile(r"\(?\s*(?:\ba\.?\s?l\b\.?|\bam\s+lich\b|\bngay am\b)\s*\)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[t\s]\d{1,2}:\d{2}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2}|[x?.…_-]{1,3})\s*[-/.\s,]\s*(\d{1,2}|[x?…_]{1,3})\s*[-/.\s,]\s*(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[-/.\s]\s*(\d{4})")
_TWO = re.compile(r"\b(\d{4})\s*(?:[-/,+]|hoac|hay)\s*(\d{4}|\d{2})\b")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4})")
_YEAR = re.compile(r"(?<!\d)(1[89]\d{2}|20\d{2})(?!\d)")
_BRANCH = re.compile(rf"\b({'|'.join(_STEMS)})\s+({'|'.join(_BRANCHES)})\b")
_SPELLED_YEAR = re.compile(r"(mot nghin chin tram|mot ngan chin tram|hai nghin|hai ngan)\s*(?:khong tram\s*)?(.*)")


def read_date(text: str | None, *, latest: int | None = None) -> WrittenDate:
    """What a book says of a date, in whatever way it does.

    :param latest: no year after this one is meant (that of the entry): it decides the century of ``5.3.61`` and of
        ``Giáp Thìn``. ``None``: :data:`LATEST` and :data:`LATEST_NAMED`.
    """
    return _read(text or "", latest)


def alternatives(written: WrittenDate) -> tuple[WrittenDate, ...]:
    """The other days that may be meant: day and month exchanged; and the solar day of what was written by the moon."""
    found = []
    if written.month and written.day and written.day <= 12 and written.day != written.month:
        found.append(WrittenDate(written.year, written.day, written.month, written.doubts))
    if written.year and written.month and written.day:
        for leap in (False, True):
            solar = to_solar(LunarDate(written.year, written.month, written.day, leap))
            if solar:
                found.append(WrittenDate(solar.year, solar.month, solar.day, written.doubts & ~Doubt.LUNAR))
    return tuple(found)


def as_lunar(day: date) -> WrittenDate:
    """How somebody who reckons by the moon writes a day."""
    moon = to_lunar(day)
    return WrittenDate(moon.year, moon.month, moon.day, Doubt.LUNAR)


@lru_cache(maxsize=1 << 16)
def _read(text: str, latest: int | None) -> WrittenDate:
    plain = fold(text if text.isascii() else repair(text)).strip(" .,;:")
    if not plain:
        return WrittenDate()
    doubts = Doubt.NONE
    without = _LUNAR.sub(" ", plain).strip(" .,;:()")
    if without != plain and _LUNAR.search(plain):
        doubts, plain = Doubt.LUNAR, without
    for way in (_two_years, _iso, _day_first, _month_year, _run, _spoken, _year_alone):
        found = way(plain, latest)
        if found is not None:
            return _checked(*found, doubts)
    return WrittenDate(doubts=doubts | Doubt.UNREADABLE)


_Found = tuple[int | None, int | None, int | None, Doubt]


def _two_years(plain: str, latest: int | None) -> _Found | None:
    found = _TWO.search(plain)
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    near = abs(first % 100 - second % 100) <= 5 or abs(first - second) <= 5
    apart = len(found[2]) == 4 or second > 12
    return (first, None, None, Doubt.TWO_YEARS) if near and apart and _is_year(first) else None


def _iso(plain: str, latest: int | None) -> _Found | None:
    found = _ISO.fullmatch(plain)
    return (int(found[1]), int(found[2]), int(found[3] or 0), Doubt.NONE) if found else None


def _day_first(plain: str, latest: int | None) -> _Found | None:
    found = _DAY_FIRST.search(plain)
    if found is None:
        return None
    year, doubts = _year(found[3], latest)
    return year, _int(found[2]), _int(found[1]), doubts


def _month_year(plain: str, latest: int | None) -> _Found | None:
    found = _MONTH_YEAR.fullmatch(plain.removeprefix("thang").strip())
    return (int(found[2]), int(found[1]), None, Doubt.NONE) if found else None


def _run(plain: str, latest: int | None) -> _Found | None:
    found = _RUN.fullmatch(plain)
    return (int(found[3]), int(found[2]), int(found[1]), Doubt.NONE) if found and _is_year(int(found[3])) else None


def _spoken(plain: str, latest: int | None) -> _Found | None:
    found = _SPOKEN.search(plain)
    if found is None:
        return None
    year, doubts = _any_year(found["rest"], latest)
    return year, _number(found["month"]), _number(found["day"]), doubts


def _year_alone(plain: str, latest: int | None) -> _Found | None:
    year, doubts = _any_year(plain, latest)
    return None if year is None else (year, None, None, doubts)


def _any_year(plain: str, latest: int | None) -> tuple[int | None, Doubt]:
    found = _YEAR.search(plain)
    if found:
        return int(found[1]), Doubt.NONE
    named = _BRANCH.search(plain)
    if named:
        return _named_year(named[1], named[2], latest)
    spelled = _SPELLED_YEAR.search(plain)
    if spelled:
        return (1900 if "chin tram" in spelled[1] else 2000) + (_number(spelled[2].strip()) or 0), Doubt.NONE
    only = re.fullmatch(r"(?:(?:sinh\s*)?nam\s*)?(\d{2})", plain.strip(" .,()"))
    return _year(only[1], latest) if only else (None, Doubt.NONE)


def _named_year(stem: str, branch: str, latest: int | None) -> tuple[int | None, Doubt]:
    """Without marks Tý and Tỵ are alike: stems and branches go in pairs of like evenness."""
    at = _STEMS[stem]
    to = 0 if branch in ("ty", "ti") and at % 2 == 0 else _BRANCHES[branch]
    if at % 2 != to % 2:
        return None, Doubt.NONE
    last = latest or LATEST_NAMED
    return next(y for y in range(last, last - 60, -1) if (y - 4) % 10 == at and (y - 4) % 12 == to), Doubt.SHORT_YEAR


def _year(digits: str, latest: int | None) -> tuple[int | None, Doubt]:
    number = int(digits)
    if len(digits) == 4:
        return number, Doubt.NONE
    last = latest or LATEST
    year = last - last % 100 + number
    return year if year <= last else year - 100, Doubt.SHORT_YEAR


def _checked(year: int | None, month: int | None, day: int | None, doubts: Doubt, said: Doubt) -> WrittenDate:
    """Without what cannot be: zeros stand for what is not known; a day above twelve cannot be a month."""
    doubts |= said
    if year is not None and not _is_year(year):
        year, doubts = None, doubts | (Doubt.IMPOSSIBLE if year else Doubt.NONE)
    month, day = month or None, day or None
    if month and day and 12 < month <= 31 and day <= 12:
        month, day, doubts = day, month, doubts | Doubt.IMPOSSIBLE
    if month and month > 12:
        month, day, doubts = None, None, doubts | Doubt.IMPOSSIBLE
    if month and day and day > _longest(year, month, lunar=Doubt.LUNAR in doubts):
        day, doubts = None, doubts | Doubt.IMPOSSIBLE
    if month is None:
        day = None
    if (month, day) == (1, 1):
        doubts |= Doubt.FILLER
    if year is None and month is None:
        doubts |= Doubt.UNREADABLE
    return WrittenDate(year, month, day, doubts)


def _longest(year: int | None, month: int, *, lunar: bool) -> int:
    """29 and 30 February are days of lunar months that were not called so: kept only where the moon is named."""
    return 30 if lunar else monthrange(year or 2000, month)[1]


def _is_year(year: int) -> bool:
    return EARLIEST <= year <= LATEST + 70


def _int(digits: str) -> int | None:
    return int(digits) if digits.isdecimal() else None


def _number(words: str | None) -> int | None:
    """A number up to ninety-nine in digits or in words without marks; ``None`` for nought."""
    total = 0
    for word in (words or "").split():
        if word.isdecimal():
            return int(word) or None
        if word in _NAMED:
            return _NAMED[word]
        if word == "muoi":
            total = max(total, 1) * 10
        elif word in _WORDS:  # hai mốt is twenty-one
            total = total * (10 if 0 < total < 10 else 1) + _WORDS[word]
    return total or None
