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
from .syllables import Syllables

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
    def __init__(self, side: Entries | Persons, syllables: Syllables, *, homes: list[NDArray[np.int32]], civil: bool) -> None:
        self.made: list[Way] = []
        self.civil = civil
        self.homes = homes
        self.name, self.father, self.mother = (
            name_keys(side["words"][:, role], side["length"][:, role], syllables) for role in range(3)
        )
        self.year, self.month = side["year"].astype(np.int64), side["month"].astype(np.int64)
        self.month_day = self.month * 100 + side["day"]
        self.date = self.year * 10_000 + self.month_day
        # 1 January is what was written where the day was not known: it would bring thousands together.
        self.whole = (self.year > 0) & (self.month > 0) & (side["day"] > 0) & (self.month_day != 101)
        self.dated = self.year > 0

    def add(self, number: int, rows: Rows, *parts: NDArray[Any]) -> None:
        which = np.flatnonzero(rows)
        self.made.append(Way(number, which.astype(np.int32), mix(*(part[which] for part in parts))))

    def narrow(self) -> None:
        self.add(DAY_GIVEN, self.whole & self.name.given_at_all, self.date, self.name.given)

    def wide(self) -> None:
        name, father, mother, year = self.name, self.father, self.mother, self.year
        here = name.given_at_all
        self.add(3, self.whole & here, self.date, name.surname)
        for shifted in self._years():
            self.add(4, shifted.rows & here, name.bag, shifted.year)
        self.add(5, self.whole & here, name.bag, self.month_day)
        self._near(6, here, name.bag)
        self.add(7, here & mother.given_at_all, name.bag, mother.bag)
        self.add(8, here & father.given_at_all, name.bag, father.bag)
        self._near(9, here & self.dated, name.surname_given, year)
        self._near(10, here & self.dated, name.given, year)
        self.add(11, self.dated & here & mother.given_at_all, name.surname_given, year, mother.given)
        self.add(12, self.dated & father.given_at_all & mother.given_at_all, father.bag, mother.bag, year)
        self.add(13, self.dated & mother.given_at_all, mother.bag, name.given, year)
        self.add(14, self.dated & father.given_at_all, father.bag, name.given, year)
        self.add(15, self.whole & mother.given_at_all, self.date, mother.given)
        self.add(16, self.whole & father.given_at_all, self.date, father.given)
        self.add(17, self.whole & here, name.surname_given, self.month_day)
        self._near(18, self.whole, self.date)

    def _years(self) -> Iterator[_Shifted]:
        """The year; an entry that has the year only, or a day in its last months, may mean the next or the one before."""
        yield _Shifted(self.dated, self.year)
        if self.civil:
            yield _Shifted(self.dated & ((self.month == 0) | (self.month >= 11)), self.year + 1)
            yield _Shifted(self.dated & (self.month == 0), self.year - 1)

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
