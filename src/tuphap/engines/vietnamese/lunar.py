"""The Vietnamese lunar calendar: months begin on the day of the new moon, in UTC+7.

From astronomy: the times of new moons and the sun's longitude by the leading terms of their usual series, good to a few
minutes. The eleventh month holds the winter solstice; in a year of thirteen months the first without a change of the
sun's sign is the leap month. Old almanacs that were reckoned for other meridians differ in a few years by a day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_EPOCH = date(2000, 1, 1).toordinal() - 2451545  # a day's ordinal less its Julian day number
_SYNODIC = 29.530588861
_ZONE = 7 / 24
_STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
_BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")


@dataclass(frozen=True, slots=True)
class LunarDate:
    """A day of the lunar calendar; ``year`` is the solar year in which that lunar year began."""

    year: int
    month: int
    day: int
    leap: bool = False


def to_lunar(day: date) -> LunarDate:
    """The lunar date of a day."""
    number = day.toordinal()
    span = day.year + 1 if number >= _eleventh(day.year) else day.year
    start, month, leap = max(entry for entry in _months(span) if entry[0] <= number)
    return LunarDate(span - 1 if month >= 11 else span, month, number - start + 1, leap)


def to_solar(lunar: LunarDate) -> date | None:
    """The day of a lunar date; ``None`` where there is none: a 30th of a short month, a leap month that was not."""
    starts = _months(lunar.year + 1 if lunar.month >= 11 else lunar.year)
    for at, (start, month, leap) in enumerate(starts[:-1]):
        if (month, leap) == (lunar.month, lunar.leap):
            found = start + lunar.day - 1
            return date.fromordinal(found) if lunar.day >= 1 and found < starts[at + 1][0] else None
    return None


def stem_and_branch(year: int) -> str:
    """The name of a lunar year: 1964 → ``Giáp Thìn``."""
    return f"{_STEMS[(year - 4) % 10]} {_BRANCHES[(year - 4) % 12]}"


@lru_cache(maxsize=512)
def _months(year: int) -> tuple[tuple[int, int, bool], ...]:
    """From the eleventh month before lunar ``year`` to the one in it: first day (ordinal), number, whether leap."""
    first, last = _eleventh(year - 1), _eleventh(year)
    k = round((first - _EPOCH - 2451550.1) / _SYNODIC)
    while _new_moon_day(k) > first:
        k -= 1
    while _new_moon_day(k + 1) <= first:
        k += 1
    days = [_new_moon_day(k)]
    while days[-1] < last:
        k += 1
        days.append(_new_moon_day(k))
    leap = None
    if len(days) == 14:
        leap = next(i for i in range(1, 13) if _sign(days[i]) == _sign(days[i + 1]))
    found, month = [], 10
    for i, start in enumerate(days):
        month = month if i == leap else month % 12 + 1
        found.append((start, month, i == leap))
    return tuple(found)


@lru_cache(maxsize=512)
def _eleventh(year: int) -> int:
    """The first day of the month that holds the winter solstice of a solar year."""
    solstice = date(year, 12, 18).toordinal()
    while _sign(solstice + 1) != 9:  # the sun reaches 270° in the course of this day
        solstice += 1
    k = math.floor((solstice - _EPOCH - 2451550.1) / _SYNODIC) + 1
    while _new_moon_day(k) > solstice:
        k -= 1
    return _new_moon_day(k)


@lru_cache(maxsize=4096)
def _new_moon_day(k: int) -> int:
    return math.floor(_new_moon(k) + 0.5 + _ZONE) + _EPOCH


def _new_moon(k: int) -> float:
    """The time of the k-th new moon after January 2000, as a Julian date of universal time."""
    t = k / 1236.85
    jde = 2451550.09766 + _SYNODIC * k + 0.00015437 * t * t
    sun = math.radians(2.5534 + 29.1053567 * k)
    moon = math.radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = math.radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = math.radians(124.7746 - 1.56375588 * k)
    e = 1 - 0.002516 * t
    jde += (
        -0.4072 * math.sin(moon) + 0.17241 * e * math.sin(sun) + 0.01608 * math.sin(2 * moon)
        + 0.01039 * math.sin(2 * latitude) + 0.00739 * e * math.sin(moon - sun) - 0.00514 * e * math.sin(moon + sun)
        + 0.00208 * e * e * math.sin(2 * sun) - 0.00111 * math.sin(moon - 2 * latitude)
        - 0.00057 * math.sin(moon + 2 * latitude) + 0.00056 * e * math.sin(2 * moon + sun)
        - 0.00042 * math.sin(3 * moon) + 0.00042 * e * math.sin(sun + 2 * latitude)
        + 0.00038 * e * math.sin(sun - 2 * latitude)
        - 0.00024 * e * math.sin(2 * moon - sun) - 0.00017 * math.sin(node)
    )
    return jde - _delta(2000 + 100 * t) / 86400


def _delta(year: float) -> float:
    """By how many seconds the clocks of the turning earth are behind the even time of the sky, to some seconds."""
    return 24.0 if year < 1945 else 24.0 + 0.72 * (min(year, 2000) - 1945) + 0.35 * max(0.0, year - 2000)


def _sign(ordinal: int) -> int:
    """In which twelfth of its way the sun stands when a day begins in UTC+7: 9 from the winter solstice on."""
    return int(_sun(ordinal - _EPOCH - 0.5 - _ZONE) // 30)


def _sun(julian: float) -> float:
    """The sun's apparent longitude in degrees."""
    t = (julian + 64 / 86400 - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    m = math.radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * math.sin(m) + (0.019993 - 0.000101 * t) * math.sin(2 * m)
        + 0.000289 * math.sin(3 * m)
    )
    omega = math.radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * math.sin(omega)) % 360

