"""Blocking: who may be whom. A pair is looked at when both sides have one key the same.

Two rounds. The first is narrow (number; day of birth with given name) and settles most entries; the second looks widely
for the others, through names, years, communes and parents, so that slips in any one of them leave a way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import Entries, Persons
from .syllables import SYLLABLE, Syllables

Keys = NDArray[np.int64]
Rows = NDArray[np.bool_]


class NameKeys(NamedTuple):
    given_at_all: Rows
    surname: Keys  # by sound, as all others but folded and exact
    given: Keys
    surname_given: Keys
    bag: Keys  # all words in any order
    sound: Keys
    folded: Keys
    exact: Keys


class Way(NamedTuple):
    """One way to a candidate: its number, the rows that have it, their keys."""

    number: int
    rows: NDArray[np.int32]
    keys: Keys


NUMBER, DAY_GIVEN = 1, 2
FIRST_ROUND = (NUMBER, DAY_GIVEN)


def mix(*parts: NDArray[Any]) -> Keys:
    """One key of several columns."""
    key = np.full(len(parts[0]), 0x1234567, np.uint64)
    for part in parts:
        key = (key ^ part.astype(np.int64).view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    return key.view(np.int64)


def name_keys(words: NDArray[np.int32], length: NDArray[np.int8], syllables: Syllables) -> NameKeys:
    """The keys of a column of names."""
    if not len(syllables):  # nobody bears a name
        syllables = np.zeros(1, SYLLABLE)
    sound = np.where(words >= 0, syllables["sound"][words], 0)
    folded = np.where(words >= 0, syllables["folded"][words], 0)
    written = np.where(words >= 0, syllables["written"][words], 0)
    surname = sound[:, 0]
    given = sound[np.arange(len(words)), np.maximum(length.astype(np.int64) - 1, 0)]
    return NameKeys(
        length > 0, surname, given, mix(surname, given), mix(*np.sort(sound, axis=1).T), mix(*sound.T), mix(*folded.T),
        mix(*written.T),
    )


def of_civil(side: Entries, syllables: Syllables, *, wide: bool) -> list[Way]:
    """The ways of entries: the narrow ones, or all."""
    home = [side["home_now"], side["birth_now"], side["office_now"]]
    ways = _Ways(side, syllables, homes=home, civil=True)
    ways.add(NUMBER, side["number"] > 0, side["number"])
    ways.narrow()
    if wide:
        ways.wide()
    return ways.made


def of_population(side: Persons, syllables: Syllables, *, wide: bool = True) -> list[Way]:
    """The ways of persons."""
    ways = _Ways(side, syllables, homes=[side["home_now"], side["birth_now"]], civil=False)
    ways.add(NUMBER, side["personal_number"] > 0, side["personal_number"])
    ways.add(NUMBER, side["old_number"] > 0, side["old_number"])
    ways.narrow()
    if wide:
        ways.wide()
    return ways.made


class _Ways:
    def __init__(
        self, side: Entries | Persons, syllables: Syllables, *, homes: list[NDArray[np.int32]], civil: bool,
    ) -> None:
        self.made: list[Way] = []
        self.civil = civil
        self.homes = homes
        self.name, self.father, self.mother = (
            name_keys(side["words"][:, role], side["length"][:, role], syllables) for role in range(3)
        )
        self.year, self.month = side["year"].astype(np.int64), side["month"].astype(np.int64)
        self.day = side["day"].astype(np.int64)
        self.month_day = self.month * 100 + self.day
        self.date = self.year * 10_000 + self.month_day
        # 1 January is what was written where the day was not known: it would bring thousands together.
        self.whole = (self.year > 0) & (self.month > 0) & (self.day > 0) & (self.month_day != 101)
        self.dated = self.year > 0

    def add(self, number: int, rows: Rows, *parts: NDArray[Any]) -> None:
        which = np.flatnonzero(rows)
        self.made.append(Way(number, which.astype(np.int32), mix(*(part[which] for part in parts))))

    def narrow(self) -> None:
        self.add(DAY_GIVEN, self.whole & self.name.given_at_all, self.date, self.name.given)

    def wide(self) -> None:
        """Each way forgives other slips; of those tried, the ones are left out that found nobody whom others do not."""
        name, father, mother, year = self.name, self.father, self.mother, self.year
        here = name.given_at_all
        self._name_and_year(3, here)
        self.add(4, self.whole & here, name.bag, self.month_day)
        self._near(5, here & ~self.dated if self.civil else here, name.bag)
        for bucket in self._buckets():
            self._near(6, here & bucket.rows, name.bag, bucket.year)
        self.add(7, here & mother.given_at_all, name.bag, mother.bag)
        self.add(8, here & father.given_at_all, name.bag, father.bag)
        self._near(9, here & self.dated, name.given, year)
        self.add(10, self.dated & father.given_at_all & mother.given_at_all, father.bag, mother.bag, year)
        self.add(11, self.dated & mother.given_at_all, mother.bag, name.given, year)
        self.add(12, self.dated & father.given_at_all, father.bag, name.given, year)
        self.add(13, self.whole & here, name.surname_given, self.month_day)
        self._near(14, self.whole, self.date)

    def _name_and_year(self, number: int, here: Rows) -> None:
        """The name and the year, and where both know them the month or the day."""
        name, year = self.name, self.year
        whole, vague = here & self.whole, here & self.dated & ~self.whole
        any_day, no_day = np.zeros_like(year), np.full_like(year, -1)
        self.add(number, whole, name.bag, year, self.month)
        self.add(number, whole, name.bag, year, 100 + self.day)
        if self.civil:
            self.add(number, whole, name.bag, year, no_day)
            for shift in (-1, 0, 1):
                self.add(number, vague, name.bag, year + shift, any_day)
        else:
            self.add(number, vague, name.bag, year, no_day)
            self.add(number, here & self.dated, name.bag, year, any_day)

    def _buckets(self) -> Iterator[_Shifted]:
        """Four years at a time; an entry's year may be wrong by three."""
        bucket = self.year // 4
        yield _Shifted(self.dated, bucket)
        if self.civil:
            for shift in (-3, 3):
                near = (self.year + shift) // 4
                yield _Shifted(self.dated & (near != bucket), near)

    def _near(self, number: int, rows: Rows, *parts: NDArray[Any]) -> None:
        """With each commune that a row has to do with."""
        seen: list[NDArray[np.int32]] = []
        for home in self.homes:
            fresh = rows & (home >= 0)
            for other in seen:
                fresh &= home != other
            seen.append(home)
            self.add(number, fresh, *parts, home)


class _Shifted(NamedTuple):
    rows: Rows
    year: Keys
