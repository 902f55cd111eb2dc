"""What people are called: by sex, by year of birth, after a father, like a brother."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import words
from .rates import PeopleRates
from .vocabulary import Ids, Vocabulary

PARTS = 4  # of a name: surname, two middle names, given name; 0 where there is none
SURNAME, MIDDLE, SECOND_MIDDLE, GIVEN = range(PARTS)

_OLD_UNTIL, _NEW_FROM = 1955, 2010
_Numbers = NDArray[np.int64]


def name_vocabulary() -> Vocabulary:
    """A vocabulary of everything that people are called."""
    lists = (words.SURNAMES, words.HIGHLAND_SURNAMES, *words.MIDDLES.values(), *words.GIVEN.values(),
             *words.HIGHLAND_MIDDLES.values(), *words.HIGHLAND_GIVEN.values())
    found = dict.fromkeys(part for each in lists for word in words.weighted(each)[0] for part in word.split("+"))
    found.pop("-")
    return Vocabulary(found)


@dataclass(frozen=True, slots=True)
class _Urn:
    """Words, or pairs of words, to be drawn with their weights."""

    ids: Ids
    upto: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, count: int) -> Ids:
        drawn: Ids = self.ids[np.searchsorted(self.upto, rng.random(count), side="right")]
        return drawn


class Namer:
    """Draws names. One name is a row of ``PARTS`` word numbers."""

    def __init__(self, vocabulary: Vocabulary, rates: PeopleRates) -> None:
        self._vocabulary, self._rates = vocabulary, rates
        self._surnames = (self._urn(words.SURNAMES), self._urn(words.HIGHLAND_SURNAMES))
        self._middles = {key: self._urn(text, middle=True) for key, text in words.MIDDLES.items()}
        self._given = {key: self._urn(text) for key, text in words.GIVEN.items()}
        self._highland_middles = {sex: self._urn(text, middle=True) for sex, text in words.HIGHLAND_MIDDLES.items()}
        self._highland_given = {sex: self._urn(text) for sex, text in words.HIGHLAND_GIVEN.items()}

    def _urn(self, text: str, *, middle: bool = False) -> _Urn:
        drawn, weights = words.weighted(text)
        upto = np.cumsum(np.power(weights, 1.03 * (1 - self._rates.evenness)))
        ids = self._pairs(drawn) if middle else self._vocabulary.ids(drawn)
        return _Urn(ids, upto[:-1] / upto[-1])

    def _pairs(self, middles: Sequence[str]) -> Ids:
        parts = [("" if middle == "-" else middle).split("+") for middle in middles]
        return np.array([[self._vocabulary.id(each) for each in (*part, "")[:2]] for part in parts], np.int32)

    def surnames(self, rng: np.random.Generator, highland: NDArray[np.bool_]) -> Ids:
        """Surnames of people without known parents."""
        lowland, other = (urn.draw(rng, len(highland)) for urn in self._surnames)
        return np.where(highland, other, lowland)

    def complete(
        self, rng: np.random.Generator, names: Ids, *, woman: NDArray[np.bool_], year: NDArray[np.int16],
        highland: NDArray[np.bool_],
    ) -> None:
        """Give middle and given names to rows that have a surname."""
        new = rng.random((2, len(names))) < np.clip((year - _OLD_UNTIL) / (_NEW_FROM - _OLD_UNTIL), 0, 1)
        old_way = highland & (rng.random(len(names)) < 0.7)
        for sex, is_woman in (("Nam", False), ("Nữ", True)):
            for generation in (0, 1):
                rows = np.flatnonzero((woman == is_woman) & (new[0] == generation))
                names[rows, MIDDLE:GIVEN] = self._middles[sex, generation].draw(rng, len(rows))
                rows = np.flatnonzero((woman == is_woman) & (new[1] == generation))
                names[rows, GIVEN] = self._given[sex, generation].draw(rng, len(rows))
            rows = np.flatnonzero((woman == is_woman) & old_way)
            names[rows, MIDDLE:GIVEN] = self._highland_middles[sex].draw(rng, len(rows))
            names[rows, GIVEN] = self._highland_given[sex].draw(rng, len(rows))

    def strangers(self, rng: np.random.Generator, surnames: Ids, *, woman: bool, year: NDArray[np.int16]) -> Ids:
        """Names of other people with these surnames, of about that generation."""
        names = np.zeros((len(surnames), PARTS), np.int32)
        names[:, SURNAME] = surnames
        self.complete(rng, names, woman=np.full(len(names), woman), year=year, highland=np.zeros(len(names), bool))
        return names


def share_names(
    rng: np.random.Generator, names: Ids, *, elder: _Numbers, twin: NDArray[np.bool_], elders: Ids,
    same_sex: NDArray[np.bool_], rates: PeopleRates,
) -> None:
    """Some children bear the middle name of the one before them, whose row and name ``elder`` and ``elders`` hold."""
    chance = np.where(twin, rates.twins_shared_middle, rates.shared_middle)
    rows = np.flatnonzero((elder >= 0) & same_sex & (rng.random(len(names)) < chance))
    names[rows, MIDDLE:GIVEN] = elders[rows, MIDDLE:GIVEN]


def make_namesakes(
    rng: np.random.Generator, names: Ids, *, home: NDArray[np.int16], woman: NDArray[np.bool_], mother: Ids,
    rate: float,
) -> None:
    """Some neighbours with one surname, born in the same year, are given the same whole name: cousins mostly."""
    order = np.lexsort((rng.random(len(names)), woman, names[:, SURNAME], home))
    first, second = order[:-1], order[1:]
    alike = (home[first] == home[second]) & (names[first, SURNAME] == names[second, SURNAME]) \
        & (woman[first] == woman[second]) & (mother[first] != mother[second])
    alike &= rng.random(len(first)) < rate
    names[second[alike], MIDDLE:] = names[first[alike], MIDDLE:]
