"""The rows of the population database, a part at a time: one a person, newer and cleaner than the books."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .civil import SEXES
from .columns import named, or_null, without
from .damage import Damager, Flags, place_tones_anew
from .dates import FULL, YEAR, Dates, spell_dates
from .entries import DEATHS_FROM, OLDEST
from .naming import SURNAME, Namer
from .numbers import Numbers, spell_numbers
from .people import LAST, NOBODY, People
from .places import Province
from .rates import Rates
from .vocabulary import AS_WRITTEN, ENCODINGS, UPPER, Ids, Vocabulary, style_of

_Numbers = NDArray[np.int64]
_OLD = 1985  # parents of those born before are often not recorded
_NEVER_SURE = 1955  # the born before know a year at best


def choose_population(rng: np.random.Generator, people: People, *, count: int, rates: Rates) -> _Numbers:
    """Who stands in the database, in no order: some of the dead, and of the living as many as there is room for."""
    dead = rng.permutation(np.flatnonzero(
        (people.dies >= DEATHS_FROM) & (people.dies <= LAST) & (people.year > OLDEST)))
    kept = round(len(dead) * rates.entries.dead_kept)
    living = rng.permutation(np.flatnonzero(people.dies > LAST))
    # More of the dead only where there are too few living.
    inside = np.concatenate([dead[:kept], living, dead[kept:]])[:count]
    return rng.permutation(inside).astype(np.int64)


@dataclass(slots=True)
class PopulationWriter:
    """Writes people as rows of ``pop``."""

    people: People
    numbers: Numbers
    province: Province
    vocabulary: Vocabulary
    namer: Namer
    rates: Rates
    born_at: _Numbers
    places: pl.Series

    def frame(self, rng: np.random.Generator, persons: _Numbers, *, start: int) -> pl.DataFrame:
        """The rows of these people, which begin with row ``start`` of all."""
        rates, people, count = self.rates.population, self.people, len(persons)
        nine = np.where(rng.random(count) < rates.without_nine, 0, self.numbers.nine_now[persons])
        texts = {}
        for column, digits, zero_lost, number in (("cccd", 12, rates.zero_lost[0], self.numbers.twelve[persons]),
                                                  ("cmnd", 9, rates.zero_lost[1], nine)):
            texts[column], _ = spell_numbers(rng, number, np.full(count, digits), zero_lost=zero_lost,
                                             faults=rates.number)
        wrong = rng.random(count) < rates.sex_wrong
        return pl.DataFrame({
            "pop_id": named("P", pl.int_range(start, start + count, eager=True)),
            **texts,
            "ho_ten": self._names(rng, persons, people.names[persons], woman=people.woman[persons], case=UPPER),
            "gioi_tinh": pl.Series(SEXES[(people.woman[persons] ^ wrong).astype(np.int64)]),
            "ngay_sinh": self._dates(rng, persons),
            "ho_ten_cha": self._parents(rng, persons, people.father[persons], (rates.old_father, rates.father)),
            "ho_ten_me": self._parents(rng, persons, people.mother[persons], (rates.old_mother, rates.mother)),
            **self._places(rng, persons),
        })

    def _names(
        self, rng: np.random.Generator, persons: _Numbers, names: Ids, *, woman: Flags, case: int,
    ) -> pl.Series:
        there = np.flatnonzero(names[:, SURNAME])
        some = names[there]
        damager = Damager(self.vocabulary, self.namer, self.rates.names, scale=self.rates.population.name)
        damager.damage(rng, some, woman=woman[there], year=self.people.year[persons[there]])
        place_tones_anew(self.vocabulary, some, rng.random(len(some)) < 0.5)
        names[there] = some
        style = style_of(np.full(len(names), case), np.full(len(names), ENCODINGS.index("nfc")))
        return or_null(self.vocabulary.render(names, style))

    def _parents(
        self, rng: np.random.Generator, persons: _Numbers, parents: Ids, missing: tuple[float, float],
    ) -> pl.Series:
        """The parents' names; ``missing``: how often they are not there, for the old and for the young."""
        chance = np.where(self.people.year[persons] < _OLD, *missing)
        known = (parents != NOBODY) & (rng.random(len(persons)) >= chance)
        names = np.where(known[:, None], self.people.names[parents], 0)
        return self._names(rng, persons, names, woman=self.people.woman[parents], case=AS_WRITTEN)

    def _dates(self, rng: np.random.Generator, persons: _Numbers) -> pl.Series:
        rates, count = self.rates.population, len(persons)
        dates, form = Dates.of_days(self.people.born[persons]), np.full(count, FULL)
        off = np.flatnonzero(rng.random(count) < rates.year)
        dates.year[off] += rng.choice([-2, -1, 1, 2], len(off))
        young = (self.people.year[persons] >= _NEVER_SURE).astype(np.int64)
        first = rng.random(count) < np.array(rates.first_of_january)[young]
        dates.day[first] = dates.month[first] = 1
        form[rng.random(count) < np.array(rates.year_only)[young]] = YEAR
        return spell_dates(dates, form)

    def _places(self, rng: np.random.Generator, persons: _Numbers) -> dict[str, pl.Series]:
        rates, province, count = self.rates.population, self.province, len(persons)
        born = self.born_at[persons]
        born = np.where(rng.random(count) < rates.birth_place_other,
                        rng.integers(province.others, len(province.texts), count), born)
        renamed = (born < province.size) & (rng.random(count) < rates.birth_place_new)
        born = np.where(renamed, province.successors[np.where(renamed, born, 0)], born)
        lives = self.people.lives[persons].astype(np.int64)
        lives = np.where(rng.random(count) < rates.residence_old, lives, province.successors[lives])
        style = style_of(np.full(count, AS_WRITTEN), np.full(count, ENCODINGS.index("nfc")))
        born_text, lives_text = (
            self.places.gather(province.index(place, style, (rng.random(count) < 0.04).astype(np.int64)))
            for place in (born, lives)
        )
        return {"noi_sinh": without(born_text, rng.random(count) < rates.birth_place), "thuong_tru": lives_text}
